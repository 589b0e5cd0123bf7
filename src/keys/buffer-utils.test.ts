import * as official from '@nimiq/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BufferUtils } from './buffer-utils.ts';
import { SerialBuffer } from './serial-buffer.ts';

const malformed = expect.objectContaining({ name: 'KeysError', code: 'unknown-format' });
const alphabets = Object.values(BufferUtils.BASE32_ALPHABET);

describe('bytes as text', () => {
  it('are those of the official client, and come back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(...alphabets), (bytes, alphabet) => {
        const texts = { hex: BufferUtils.toHex(bytes), base64: BufferUtils.toBase64(bytes), base64Url: BufferUtils.toBase64Url(bytes), base32: BufferUtils.toBase32(bytes, alphabet) };
        const theirs = official.BufferUtils;
        expect(texts).toEqual({ hex: theirs.toHex(bytes), base64: theirs.toBase64(bytes), base64Url: theirs.toBase64Url(bytes), base32: theirs.toBase32(bytes, alphabet) });
        for (const back of [BufferUtils.fromHex(texts.hex), BufferUtils.fromBase64(texts.base64), BufferUtils.fromBase64Url(texts.base64Url), BufferUtils.fromBase32(texts.base32, alphabet)]) {
          expect([...back]).toEqual([...bytes]);
        }
        expect([...BufferUtils.fromBase32(texts.base32.toLowerCase(), alphabet)]).toEqual([...bytes]);
      }),
    );
    expect(BufferUtils.BASE32_ALPHABET).toEqual(official.BufferUtils.BASE32_ALPHABET);
    expect(BufferUtils.BASE64_ALPHABET).toBe(official.BufferUtils.BASE64_ALPHABET);
    expect(BufferUtils.HEX_ALPHABET).toBe(official.BufferUtils.HEX_ALPHABET);
  });

  it('are read in other spellings', () => {
    expect([...BufferUtils.fromHex(' 0aFF\n')]).toEqual([10, 255]);
    expect([...BufferUtils.fromBase64Url('-_8.')]).toEqual([251, 255]);
    expect(BufferUtils.fromHex('0a0b', 2)).toBeInstanceOf(SerialBuffer);
    expect([...BufferUtils.fromAny('0a0b')]).toEqual([10, 11]);
    expect([...BufferUtils.fromAny('CgsM')]).toEqual([10, 11, 12]);
    expect([...BufferUtils.fromAny(Uint8Array.of(1))]).toEqual([1]);
    expect(BufferUtils.fromAny('')).toHaveLength(0);
  });

  it('are refused in another form or length', () => {
    for (const hex of ['0', '0g', '0x0a', '0a 0b']) expect(() => BufferUtils.fromHex(hex)).toThrow(malformed);
    expect(() => BufferUtils.fromHex('0a', 2)).toThrow(malformed);
    for (const base64 of ['A', 'AA?=', 'ä']) expect(() => BufferUtils.fromBase64(base64)).toThrow(malformed);
    expect(() => BufferUtils.fromBase64('CgsM', 2)).toThrow(malformed);
    // No digit; a digit too much; bits after the last byte.
    for (const base32 of ['0I', '000', '0Y']) expect(() => BufferUtils.fromBase32(base32)).toThrow(malformed);
    expect(() => BufferUtils.fromAny('?')).toThrow(malformed);
    expect(() => BufferUtils.fromAny(1 as never)).toThrow(malformed);
  });

  it('are UTF-8 of the official client', () => {
    fc.assert(
      fc.property(fc.uint16Array({ maxLength: 20 }), (units) => {
        const text = String.fromCharCode(...units);
        expect([...BufferUtils.fromUtf8(text)]).toEqual([...official.BufferUtils.fromUtf8(text)]);
        expect(BufferUtils.toUtf8(BufferUtils.fromUtf8(text))).toBe(official.BufferUtils.toUtf8(official.BufferUtils.fromUtf8(text)));
      }),
    );
    expect(BufferUtils.toUtf8(new Uint8Array(new TextEncoder().encode('a ä 🐦').buffer, 2))).toBe('ä 🐦');
  });
});

describe('arrays of bytes', () => {
  it('are compared and combined as by the official client', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), (a, b) => {
        expect(BufferUtils.compare(a, b)).toBe(official.BufferUtils.compare(a, b));
        expect(BufferUtils.equals(a, b)).toBe(official.BufferUtils.equals(a, b));
        expect(BufferUtils.xor(a, b)).toEqual(official.BufferUtils.xor(a, b));
      }),
    );
  });

  it('are equal by the bytes of a view, not of the memory behind it', () => {
    const memory = Uint16Array.of(1, 2, 1);
    expect(BufferUtils.equals(memory.subarray(0, 1), memory.subarray(2))).toBe(true);
    expect(BufferUtils.equals(memory.subarray(0, 1), memory.subarray(1, 2))).toBe(false);
  });
});
