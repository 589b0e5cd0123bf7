import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes, concatBytes, equalBytes, fromHex, toHex } from './bytes.ts';

describe('hex', () => {
  it('is written and read back', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void expect(fromHex(toHex(bytes))).toEqual(bytes)));
    expect(toHex(Uint8Array.of(0, 10, 255))).toBe('000aff');
    expect(fromHex('000AfF')).toEqual(Uint8Array.of(0, 10, 255));
  });

  it('refuses other texts with a code', () => {
    expect(() => fromHex('abc')).toThrow(expect.objectContaining({ name: 'HexError', code: 'odd-length' }));
    for (const text of ['0x', 'g0', '0 ', 'ÿ0', '@0', '`0', '/0', ':0', 'G0', '\u{10030}']) {
      expect(() => fromHex(text)).toThrow(expect.objectContaining({ name: 'HexError', code: 'not-hex' }));
    }
  });
});

describe('comparing and joining', () => {
  it('orders by unsigned bytes, prefixes first', () => {
    expect(compareBytes(Uint8Array.of(1, 255), Uint8Array.of(2))).toBeLessThan(0);
    expect(compareBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBeGreaterThan(0);
    expect(compareBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(0);
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Math.sign(Buffer.compare(a, b)));
        expect(equalBytes(a, b)).toBe(compareBytes(a, b) === 0);
      }),
    );
  });

  it('joins arrays', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (parts) => void expect(concatBytes(...parts)).toEqual(Uint8Array.from(parts.flatMap((part) => [...part])))),
    );
  });
});
