import { Cl, serializeCV } from '@stacks/transactions';
import { assert, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { fromHex } from '../../../base/bytes.ts';
import { decodeClarity } from '../../../chains/stacks/wire/clarity-decode.ts';
import { clarityText } from '../../../chains/stacks/wire/clarity-text.ts';
import { readClarity } from './read-clarity.ts';

const boot = 'ST000000000000000000002AMW42H';

it('serialises literals as the official library does', () => {
  const same: readonly (readonly [string, Parameters<typeof serializeCV>[0]])[] = [
    ['5', Cl.int(5)], ['-5', Cl.int(-5)], ['u5', Cl.uint(5)], ['true', Cl.bool(true)], [' false ', Cl.bool(false)], ['0x', Cl.bufferFromHex('')], ['0x00FF', Cl.bufferFromHex('00ff')],
    ['"a \\"b\\" (c) \\\\"', Cl.stringAscii('a "b" (c) \\')], ['u"é: ✓"', Cl.stringUtf8('é: ✓')], [`'${boot}`, Cl.principal(boot)], [`${boot}.signers`, Cl.principal(`${boot}.signers`)],
    ['none', Cl.none()], ['(some u1)', Cl.some(Cl.uint(1))], ['(ok (err 1))', Cl.ok(Cl.error(Cl.int(1)))], ['(list u1 u2)', Cl.list([Cl.uint(1), Cl.uint(2)])], ['(list)', Cl.list([])],
    [`{ owner: '${boot}, id: u1 }`, Cl.tuple({ id: Cl.uint(1), owner: Cl.principal(boot) })], ['(tuple (b u2) (a (list true)))', Cl.tuple({ a: Cl.list([Cl.bool(true)]), b: Cl.uint(2) })],
  ];
  expect(same.map(([text]) => [text, readClarity(text)])).toEqual(same.map(([text, value]) => [text, serializeCV(value)]));
  expect(readClarity('hex: 0x0100000000000000000000000000000005')).toBe(serializeCV(Cl.uint(5)));
});

it('what it does not read gives no key', () => {
  const none = ['', ' ', 'u', 'u-1', '1.5', '0xabc', '"', '"a', '"a" "b"', "'ST000000000000000000002AMW42", '(some)', '(some u1', '(some u1 u2)', '(list u1', '{}', '{ a u1 }', '{ a: u1,, b: u2 }', '{ a: u1, a: u2 }', '{ 1: u1 }',
    'u340282366920938463463374607431768211456', 'hex:', 'hex:01', 'hex:zz', '"\\q"', '(nothing u1)', `${'(some '.repeat(40)}u1${')'.repeat(40)}`, 'u1'.padStart(30_000)];
  expect(none.filter((text) => readClarity(text) !== undefined)).toEqual([]);
});

it('never throws, and reads what a value is written as', () => {
  assert(property(string({ unit: 'grapheme-ascii' }), (text) => void readClarity(text)));
  for (const text of ['u7', '-3', '(list u1 u2)', '(tuple (id u3) (who (some true)))', '"x"', `${boot}.a`]) {
    const hex = readClarity(text)!;
    expect(clarityText(decodeClarity(fromHex(hex)))).toBe(text);
  }
});
