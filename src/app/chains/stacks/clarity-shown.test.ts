import { expect, it } from 'vitest';
import { fromHex } from '../../../base/bytes.ts';
import { decodeClarity } from '../../../chains/stacks/wire/clarity-decode.ts';
import { clarityShown } from './clarity-shown.ts';
import { readClarity } from './read-clarity.ts';

const shown = (text: string) => clarityShown(decodeClarity(fromHex(readClarity(text)!)));

it('simple values are a line, also inside some, ok and err', () => {
  const many = (340_282_366_920_938_463_463_374_607_431_768_211_455n).toLocaleString();
  for (const [text, line] of [['u340282366920938463463374607431768211455', `u${many}`], ['-5', '-5'], ['0x', 'an empty buffer'], ['0x00ff', '0x00ff'], ['(some (ok true))', 'some ok true'], ['none', 'none'], ['(list)', 'an empty list'], ['"a\\nb"', '"a\\nb"']] as const)
    expect(shown(text)).toEqual({ line });
});

it('lists and tuples have parts by number and name', () => {
  expect(shown('(list u1 u2)')).toMatchObject({ kind: 'list of 2', parts: [['1', { type: 'uint' }], ['2', {}]] });
  expect(shown('(some { b: u1, a: none })')).toMatchObject({ kind: 'some, tuple', parts: [['a', { type: 'none' }], ['b', { type: 'uint' }]] });
});

it('text that turns the direction of what stands around it is written as its number', () => {
  expect(clarityShown({ type: 'utf8', text: 'a\u202Eb"\u0085' })).toEqual({ line: String.raw`"a\u{202e}b\"\u{85}"` });
});
