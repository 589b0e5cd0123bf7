import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { BincodeReader, MAX_TIME, MIN_TIME } from './bincode.ts';
import { MolochCodecError } from './codec-error.ts';
import { bool, bytes, decode, encode, hash, i64, kinds, list, names, option, struct, text, time, u16, u32, u64, u64big, u8, type Codec } from './codec.ts';

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof MolochCodecError) return error.code;
    throw error;
  }
  return 'no error';
};

describe('bincode', () => {
  it.each<readonly [string, Codec<never>, unknown, string]>([
    ['u8', u8 as Codec<never>, 0xfe, 'fe'],
    ['u16', u16 as Codec<never>, 0x0102, '0201'],
    ['u32', u32 as Codec<never>, 0xff000001, '010000ff'],
    ['u64', u64 as Codec<never>, Number.MAX_SAFE_INTEGER, 'ffffffffffff1f00'],
    ['u64big', u64big as Codec<never>, 0xfffffffffffffffen, 'feffffffffffffff'],
    ['i64', i64 as Codec<never>, -2, 'feffffffffffffff'],
    ['time', time as Codec<never>, MIN_TIME, '00b0696eb963e2ff'],
    ['bool', bool as Codec<never>, true, '01'],
    ['text', text as Codec<never>, 'é', '0200000000000000c3a9'],
    ['bytes', bytes as Codec<never>, Uint8Array.of(7, 8), '02000000000000000708'],
    ['hash', hash as Codec<never>, 'ab'.repeat(32), 'ab'.repeat(32)],
    ['none', option(u8) as Codec<never>, undefined, '00'],
    ['some', option(u8) as Codec<never>, 0, '0100'],
    ['list', list(u16) as Codec<never>, [1, 2], '020000000000000001000200'],
    ['names', names('a', 'b') as Codec<never>, 'b', '01000000'],
    ['kinds', kinds<{ kind: 'x' } | { kind: 'y'; n: number }>({ x: {}, y: { n: u8 } }, 64) as Codec<never>, { kind: 'y', n: 3 }, '4100000003'],
    ['struct', struct<{ a: number; b: boolean }>({ a: u8, b: bool }) as Codec<never>, { a: 1, b: false }, '0100'],
  ])('%s: a value has one form', (_name, codec, value, hex) => {
    expect(toHex(encode(codec, value as never))).toBe(hex);
    expect(decode(codec, fromHex(hex))).toEqual(value);
    for (let length = 0; length < hex.length / 2; length += 1) expect(codeOf(() => decode(codec, fromHex(hex).subarray(0, length)))).toBe('unexpected-end');
    expect(codeOf(() => decode(codec, fromHex(`${hex}00`)))).toBe('trailing-bytes');
  });

  it.each<readonly [string, Codec<never>, string, string]>([
    ['u64 above 2^53 - 1', u64 as Codec<never>, '0000000000002000', 'too-large'],
    ['i64 below -2^53', i64 as Codec<never>, 'ffffffffffffdfff', 'too-large'],
    ['a time too late', time as Codec<never>, '00ecb3b8312b1d00', 'bad-time'],
    ['a time too early', time as Codec<never>, 'ffaf696eb963e2ff', 'bad-time'],
    ['bool 2', bool as Codec<never>, '02', 'bad-bool'],
    ['option 2', option(u8) as Codec<never>, '0200', 'bad-option'],
    ['an unknown index', names('a', 'b') as Codec<never>, '02000000', 'bad-index'],
    ['an index below the first', kinds<{ kind: 'x' }>({ x: {} }, 64) as Codec<never>, '00000000', 'bad-index'],
    ['text that is not UTF-8', text as Codec<never>, '0100000000000000ff', 'bad-text'],
    ['a list longer than the input', list(u32) as Codec<never>, '020000000000000001000000', 'unexpected-end'],
    ['a list of 2^64 - 1 items', list(u32) as Codec<never>, 'ffffffffffffffff', 'unexpected-end'],
    ['bytes of length 2^63', bytes as Codec<never>, '0000000000000080', 'unexpected-end'],
  ])('refuses %s', (_name, codec, hex, code) => {
    expect(codeOf(() => decode(codec, fromHex(hex)))).toBe(code);
  });

  it.each<readonly [string, Codec<never>, unknown]>([
    ['a negative number', u32 as Codec<never>, -1],
    ['a fraction', u64 as Codec<never>, 0.5],
    ['2^64', u64big as Codec<never>, 2n ** 64n],
    ['a time too late', time as Codec<never>, MAX_TIME + 1],
    ['upper-case hex', hash as Codec<never>, 'AB'.repeat(32)],
    ['a short hash', hash as Codec<never>, 'ab'],
    ['half a character', text as Codec<never>, '\ud800'],
    ['an unknown name', names('a') as Codec<never>, 'b'],
  ])('does not write %s', (_name, codec, value) => {
    expect(codeOf(() => encode(codec, value as never))).toBe('bad-value');
  });

  it('keeps a byte order mark, so that every text has one form', () => {
    expect(decode(text, encode(text, '\ufeffa'))).toBe('\ufeffa');
  });

  it('asks for the check of keys where it was given one', () => {
    const refusing = new BincodeReader(new Uint8Array(32), () => false);
    expect(codeOf(() => refusing.key())).toBe('bad-key');
    expect(new BincodeReader(new Uint8Array(32), (key) => key.length === 32).key()).toBe('00'.repeat(32));
    expect(new BincodeReader(new Uint8Array(32)).key()).toBe('00'.repeat(32));
  });

  it('reads what it writes, whatever the values are', () => {
    const codec = struct<{ a: bigint; b: string; c: readonly Uint8Array[]; d: number; e: number | undefined }>({ a: u64big, b: text, c: list(bytes), d: time, e: option(u32) });
    fc.assert(
      fc.property(
        fc.record({
          a: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
          b: fc.string({ unit: 'grapheme', maxLength: 600 }),
          c: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }),
          d: fc.integer({ min: MIN_TIME, max: MAX_TIME }),
          e: fc.option(fc.integer({ min: 0, max: 0xffff_ffff }), { nil: undefined }),
        }),
        (value) => {
          expect(decode(codec, encode(codec, value))).toEqual(value);
        },
      ),
    );
  });
});
