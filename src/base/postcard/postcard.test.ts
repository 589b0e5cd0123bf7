import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../bytes.ts';
import {
  bool, bytes, coin, constant, decode, encode, errorNames, fixed, hash32, names, option, result, struct, u16, u32, u64, u64big, u8, vec,
} from './codec.ts';
import type { Codec } from './codec.ts';
import { DecodeError, EncodeError } from './errors.ts';
import { Reader } from './reader.ts';

const hex = (text: string): Uint8Array => fromHex(text.replaceAll(' ', ''));

function refusal(codec: Codec<unknown>, text: string): [string, number] | 'accepted' {
  try {
    decode(codec, hex(text));
    return 'accepted';
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return [error.code, error.offset];
  }
}

function encodeRefusal<T>(codec: Codec<T>, value: T): string {
  try {
    encode(codec, value);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    return error.code;
  }
}

// The examples of the Albatross network reference, section 6.
describe.each<[string, Codec<never>, unknown, string]>([
  ['bool', bool as Codec<never>, true, '01'],
  ['u8', u8 as Codec<never>, 200, 'c8'],
  ['u32', u32 as Codec<never>, 127, '7f'],
  ['u32', u32 as Codec<never>, 128, '8001'],
  ['u32', u32 as Codec<never>, 300, 'ac02'],
  ['u32', u32 as Codec<never>, 16_384, '808001'],
  ['u16', u16 as Codec<never>, 65_535, 'ffff03'],
  ['u32', u32 as Codec<never>, 2 ** 32 - 1, 'ffffffff0f'],
  ['u64', u64 as Codec<never>, 1_795_218_273, 'e1b683d806'],
  ['u64', u64 as Codec<never>, 2 ** 53 - 1, 'ffffffffffffff0f'],
  ['u64big', u64big as Codec<never>, 2n ** 64n - 1n, 'ffffffffffffffffff01'],
  ['u64big', u64big as Codec<never>, 2n ** 49n, '8080808080808001'],
  ['option', option(u64) as Codec<never>, 60, '013c'],
  ['option', option(u64) as Codec<never>, undefined, '00'],
  ['vec', vec(u16, 10) as Codec<never>, [1, 128], '02018001'],
  ['bytes', bytes(10) as Codec<never>, new TextEncoder().encode('block'), '05626c6f636b'],
  ['coin', coin as Codec<never>, 12_345, '0000000000003039'],
])('%s', (_, codec, value, text) => {
  it(`writes ${String(value)} as ${text} and reads it back`, () => {
    expect(toHex(encode(codec as Codec<unknown>, value))).toBe(text);
    expect(decode(codec as Codec<unknown>, hex(text))).toEqual(value);
  });
});

describe('varints', () => {
  it.each([
    [u16, '8000'],
    [u16, 'ff8000'],
    [u32, '808000'],
    [u64, '81808080808080808000'],
    [u64big, 'ffffffffffffffff8000'],
    [vec(u8, 4), '8000'],
  ] as [Codec<unknown>, string][])('%# refuses a form with more bytes than needed', (codec, text) => {
    expect(refusal(codec, text)).toEqual(['non-canonical-varint', 0]);
  });

  it.each([
    [u8, '05', 5],
    [u16, '858000', 5],
    [u16, 'ff8100', 255],
    [u32, '8580808000', 5],
    [u64, '85808080808080808000', 5],
    [u64big, 'ffffffffffffffffff01', 2n ** 64n - 1n],
    [u64big, '85808080808080808000', 5n],
    [vec(u8, 4), '81808080808080808000ff', [255]],
  ] as [Codec<unknown>, string, unknown][])('issue 11.8: on request %# is read in every form that Rust reads', (codec, text, value) => {
    expect(decode(codec, hex(text), { form: 'any' })).toEqual(value);
  });

  it.each([
    [u16, '85808000'],
    [u16, '808004'],
    [u32, '858080808000'],
    [u32, '8080808010'],
    [u64, '8580808080808080808000'],
    [u64, '8080808080808010'],
    [u64big, 'ffffffffffffffffff02'],
    [u64big, '8580808080808080808000'],
  ] as [Codec<unknown>, string][])('issue 11.8: %# is refused in any form when it has more bits or groups than its type', (codec, text) => {
    expect(() => decode(codec, hex(text), { form: 'any' })).toThrow(expect.objectContaining({ name: 'DecodeError', code: 'number-too-large', offset: 0 }));
  });

  it.each([
    [u16, '808004'],
    [u16, '80808001'],
    [u32, '8080808010'],
    [u32, 'ffffffffff01'],
    [u64, '8080808080808010'],
    [u64, 'ffffffffffffffffff01'],
    [u64big, '80808080808080808002'],
    [u64big, 'ffffffffffffffffffff01'],
    [u64big, 'ffffffffffffffffffff'],
  ] as [Codec<unknown>, string][])('%# refuses a number too large for its type', (codec, text) => {
    expect(refusal(codec, text)).toEqual(['number-too-large', 0]);
  });

  it('fails at an early end', () => {
    for (const codec of [u16, u32, u64, u64big] as Codec<unknown>[]) {
      for (const text of ['', '80', 'ffff']) expect(refusal(codec, text)).toEqual(['unexpected-end', 0]);
    }
  });

  it('u64 and u64big read the same numbers', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const bytes = encode(u64, value);
        expect(toHex(encode(u64big, BigInt(value)))).toBe(toHex(bytes));
        expect(decode(u64big, bytes)).toBe(BigInt(value));
        expect(decode(u64, bytes)).toBe(value);
      }),
    );
  });

  it('every byte sequence encodes at most one number, and that number has only this encoding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 11 }), (input) => {
        const r = new Reader(input);
        let value: bigint;
        try {
          value = r.varintBig();
        } catch {
          return;
        }
        expect(toHex(encode(u64big, value))).toBe(toHex(input.subarray(0, r.offset)));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('claimed lengths', () => {
  // 80 80 80 80 10 is 2^32. It must be refused before anything of that size is allocated, so these tests end at once.
  const claim = '8080808010 0102030405';

  it('above the bound are refused', () => {
    expect(refusal(bytes(1000), claim)).toEqual(['length-over-limit', 0]);
    expect(refusal(vec(u8, 1000), claim)).toEqual(['length-over-limit', 0]);
    expect(refusal(vec(constant(1), 1000), claim)).toEqual(['length-over-limit', 0]);
  });

  it('above the remaining bytes are refused', () => {
    expect(refusal(bytes(2 ** 40), claim)).toEqual(['unexpected-end', 0]);
    expect(refusal(vec(u8, 2 ** 40), claim)).toEqual(['unexpected-end', 0]);
    expect(refusal(vec(fixed(0), 2 ** 31), claim)).toEqual(['length-over-limit', 0]);
  });

  it('are refused by the minimum size of the items', () => {
    // Five hashes claimed, two present: refused at the count, not at the third hash.
    expect(refusal(vec(hash32, 10), `05${'00'.repeat(64)}`)).toEqual(['unexpected-end', 0]);
    expect(refusal(vec(struct({ a: hash32, b: option(u8) }), 10), `02${'00'.repeat(33 + 32)}`)).toEqual(['unexpected-end', 0]);
  });

  it('above the largest safe number are refused', () => {
    expect(refusal(bytes(10), 'ffffffffffffffffff01 00')).toEqual(['number-too-large', 0]);
  });
});

describe('tags', () => {
  it('bool and option take 0 and 1 only', () => {
    expect(refusal(bool, '02')).toEqual(['invalid-bool', 0]);
    expect(refusal(option(u8), '0200')).toEqual(['invalid-option', 0]);
    expect(refusal(option(u8), '8000')).toEqual(['invalid-option', 0]);
  });

  it('an unknown variant is refused, an unknown error is read as Other', () => {
    const errors = errorNames(['A', 'B', 'Other']);
    expect(refusal(names(['a', 'b']), '02')).toEqual(['unknown-variant', 0]);
    expect(refusal(result(u8, errors), '02')).toEqual(['unknown-variant', 0]);
    expect(decode(result(u8, errors), hex('0101'))).toEqual({ ok: false, error: 'B' });
    for (const index of ['02', '03', '8001', 'ffffffff0f']) expect(decode(result(u8, errors), hex(`01${index}`))).toEqual({ ok: false, error: 'Other' });
    expect(toHex(encode(errors, 'SomethingNew'))).toBe('02');
  });

  it('error offsets count from the start of the input', () => {
    expect(refusal(struct({ a: u16, b: bool }), '80 01 07')).toEqual(['invalid-bool', 2]);
    expect(refusal(struct({ a: u16 }), '80 01 07')).toEqual(['trailing-bytes', 2]);
  });
});

describe('values without an encoding', () => {
  it('throw an error with a code', () => {
    expect(encodeRefusal(u16, 65_536)).toBe('out-of-range');
    expect(encodeRefusal(u16, -1)).toBe('out-of-range');
    expect(encodeRefusal(u32, 1.5)).toBe('out-of-range');
    expect(encodeRefusal(u64, 2 ** 53)).toBe('out-of-range');
    expect(encodeRefusal(u8, 256)).toBe('out-of-range');
    expect(encodeRefusal(u64big, 2n ** 64n)).toBe('out-of-range');
    expect(encodeRefusal(u64big, -1n)).toBe('out-of-range');
    expect(encodeRefusal(coin, 2 ** 53)).toBe('out-of-range');
    expect(encodeRefusal(hash32, 'ab')).toBe('wrong-length');
    expect(encodeRefusal(hash32, 'xy'.repeat(32))).toBe('out-of-range');
    expect(encodeRefusal(fixed(2), new Uint8Array(3))).toBe('wrong-length');
    expect(encodeRefusal(bytes(2), new Uint8Array(3))).toBe('over-limit');
    expect(encodeRefusal(vec(u8, 2), [1, 2, 3])).toBe('over-limit');
    expect(encodeRefusal(names(['a']) as Codec<string>, 'b')).toBe('unknown-variant');
  });
});
