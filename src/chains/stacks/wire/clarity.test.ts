import { Cl, deserializeCV, serializeCVBytes } from '@stacks/transactions';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longTimeout, runs } from '../../../../test/support/runs.ts';
import { concatBytes, fromHex, toHex } from '../../../base/bytes.ts';
import { CodedError } from '../../../base/coded-error.ts';
import { decodeClarity } from './clarity-decode.ts';
import { encodeClarity } from './clarity-encode.ts';
import { clarityText } from './clarity-text.ts';
import type { ClarityValue } from './clarity-value.ts';

const hash = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(toHex);
const version = fc.constantFrom(20, 21, 22, 26);
const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9\-_]{0,30}$/u);
/** Of lower-case letters and digits: the official library orders other names as a language does, not byte by byte as nodes do. */
const fieldName = fc.stringMatching(/^[a-z][a-z0-9]{0,30}$/u);
const asciiText = fc.string({ unit: fc.constantFrom(...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)), '\n', '\t', '\r') });

/** Any value, nested up to some levels. */
const { value } = fc.letrec<{ readonly value: ClarityValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<ClarityValue>({ type: 'none' }, { type: 'bool', value: true }, { type: 'bool', value: false }),
    fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }).map((value): ClarityValue => ({ type: 'int', value })),
    fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((value): ClarityValue => ({ type: 'uint', value })),
    fc.uint8Array({ maxLength: 40 }).map((bytes): ClarityValue => ({ type: 'buffer', bytes })),
    fc.record({ version, hash }).map((principal): ClarityValue => ({ type: 'principal', principal })),
    fc.record({ version, hash, contract: name }).map((principal): ClarityValue => ({ type: 'principal', principal })),
    asciiText.map((text): ClarityValue => ({ type: 'ascii', text })),
    fc.string({ unit: 'binary' }).map((text): ClarityValue => ({ type: 'utf8', text })),
    fc.tuple(fc.constantFrom<('ok' | 'err' | 'some')[]>('ok', 'err', 'some'), tie('value')).map(([type, value]): ClarityValue => ({ type, value })),
    fc.array(tie('value'), { maxLength: 5 }).map((items): ClarityValue => ({ type: 'list', items })),
    fc.uniqueArray(fc.record({ name: fieldName, value: tie('value') }), { selector: (field) => field.name, minLength: 1, maxLength: 5 })
      .map((fields): ClarityValue => ({ type: 'tuple', fields: fields.toSorted((a, b) => (a.name < b.name ? -1 : 1)) })),
  ),
}));

/** The code of the error; nothing but coded errors may come. */
function codeOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof CodedError) return error.code;
    throw error;
  }
}
const refused = (hex: string) => codeOf(() => decodeClarity(fromHex(hex)));
const u128 = (last: string) => last.padStart(32, '0');
const nested = (depth: number) => `${'0a'.repeat(depth - 1)}09`;

describe('values of Clarity', () => {
  it('have the bytes and the text that the official library gives them', () => {
    const address = 'STV500SQBMS2P9JJYCTK6Q55X4N2NCV2GFAHDN1E';
    const samples = [
      Cl.int(-5), Cl.int(2n ** 127n - 1n), Cl.uint(0), Cl.uint(2n ** 128n - 1n), Cl.bool(true), Cl.bool(false), Cl.bufferFromHex('00ff'), Cl.none(), Cl.some(Cl.uint(3)), Cl.ok(Cl.none()),
      Cl.error(Cl.uint(401)), Cl.principal(address), Cl.principal(`${address}.store`), Cl.stringAscii('hello "you"'), Cl.stringUtf8('héllo 🦉'), Cl.list([Cl.uint(1), Cl.uint(2)]), Cl.list([]),
      Cl.tuple({ text: Cl.stringAscii('a'), flag: Cl.bool(true), op: Cl.some(Cl.int(-5)) }),
    ];
    for (const sample of samples) {
      const bytes = serializeCVBytes(sample);
      const value = decodeClarity(bytes);
      expect(toHex(encodeClarity(value))).toBe(toHex(bytes));
      expect(deserializeCV(encodeClarity(value))).toEqual(deserializeCV(bytes));
    }
    expect(samples.map((sample) => clarityText(decodeClarity(serializeCVBytes(sample))))).toEqual([
      '-5', '170141183460469231731687303715884105727', 'u0', 'u340282366920938463463374607431768211455', 'true', 'false', '0x00ff', 'none', '(some u3)', '(ok none)', '(err u401)', address,
      `${address}.store`, String.raw`"hello \"you\""`, 'u"héllo 🦉"', '(list u1 u2)', '(list)', '(tuple (flag true) (op (some -5)) (text "a"))',
    ]);
  });

  it('are read by the official library as they were written, and the other way round', () => {
    fc.assert(
      fc.property(value, (value) => {
        const bytes = encodeClarity(value);
        expect(decodeClarity(bytes)).toEqual(value);
        expect(toHex(serializeCVBytes(deserializeCV(bytes)))).toBe(toHex(bytes));
        expect(typeof clarityText(value)).toBe('string');
      }),
      runs(150, 20_000),
    );
  }, longTimeout);

  it('cut anywhere, or with a byte more, they are refused', () => {
    fc.assert(
      fc.property(value, (value) => {
        const bytes = encodeClarity(value);
        for (let length = 0; length < bytes.length; length += 1) expect(codeOf(() => decodeClarity(bytes.slice(0, length)))).toBeDefined();
        expect(codeOf(() => decodeClarity(concatBytes(bytes, Uint8Array.of(0))))).toBe('trailing');
      }),
      runs(30, 1000),
    );
  }, longTimeout);

  it('damaged or random bytes are refused with a code, or have one form', () => {
    const damaged = fc.tuple(value, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 })).map(([value, changes]) => {
      const bytes = encodeClarity(value);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 80 })), (bytes) => {
        expect(codeOf(() => {
          if (toHex(encodeClarity(decodeClarity(bytes))) !== toHex(bytes)) throw new Error('another form');
        })).not.toBe('');
      }),
      runs(1000, 1_000_000),
    );
  }, longTimeout);

  it('each bound has its code', () => {
    expect(refused('0f')).toBe('type');
    expect(refused('')).toBe('truncated');
    expect(decodeClarity(fromHex(nested(32)))).toBeDefined();
    expect(refused(nested(33))).toBe('depth');
    expect(refused('0a'.repeat(100_000))).toBe('depth');
    expect(refused('0bffffffff09')).toBe('size');
    expect(refused('0c00000000')).toBe('size');
    expect(refused('0200100001')).toBe('size');
    expect(refused(`05${'20'}${'00'.repeat(20)}`)).toBe('principal');
    expect(refused(`06${'1a'}${'00'.repeat(20)}0131`)).toBe('name');
    expect(refused(`06${'1a'}${'00'.repeat(20)}00`)).toBe('name');
    expect(refused('0c00000001013109')).toBe('name');
    expect(refused('0c00000002016209016109')).toBe('order');
    expect(refused('0c00000002016109016109')).toBe('order');
    expect(refused('0c00000002014109016109')).toBeUndefined();
    expect(refused('0c00000002016109014109')).toBe('order');
    expect(refused('0d0000000100')).toBe('text');
    expect(refused('0d0000000180')).toBe('text');
    expect(refused('0e00000001ff')).toBe('text');
    expect(codeOf(() => decodeClarity(new Uint8Array(2 * 1024 * 1024 + 1)))).toBe('size');
    expect(decodeClarity(fromHex('0e00000003efbbbf'))).toEqual({ type: 'utf8', text: '\u{FEFF}' });
  });

  it('a value that has no bytes is refused', () => {
    const code = (value: ClarityValue) => codeOf(() => encodeClarity(value));
    expect(code({ type: 'int', value: 2n ** 127n })).toBe('number');
    expect(code({ type: 'uint', value: -1n })).toBe('number');
    expect(code({ type: 'ascii', text: 'ö' })).toBe('text');
    expect(code({ type: 'utf8', text: '\u{D800}' })).toBe('text');
    expect(code({ type: 'tuple', fields: [] })).toBe('size');
    expect(code({ type: 'tuple', fields: [{ name: '1', value: { type: 'none' } }] })).toBe('name');
    expect(code({ type: 'tuple', fields: ['b', 'a'].map((name) => ({ name, value: { type: 'none' } })) })).toBe('order');
    expect(code({ type: 'buffer', bytes: new Uint8Array(1024 * 1024 + 1) })).toBe('size');
    expect(code({ type: 'list', items: Array.from({ length: 3 }, (): ClarityValue => ({ type: 'buffer', bytes: new Uint8Array(1024 * 1024) })) })).toBe('size');
    expect(code({ type: 'principal', principal: { version: 32, hash: '00'.repeat(20) } })).toBe('principal');
    expect(code(decodeClarity(fromHex(`01${u128('5')}`)))).toBeUndefined();
    let deep: ClarityValue = { type: 'none' };
    for (let i = 0; i < 32; i += 1) deep = { type: 'some', value: deep };
    expect(code(deep)).toBe('depth');
  });
});
