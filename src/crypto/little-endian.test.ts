import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLittleEndian, toLittleEndian } from './little-endian.ts';

describe('little-endian integers', () => {
  it('puts the least significant byte first', () => {
    expect(fromLittleEndian(Uint8Array.of(1, 2, 0))).toBe(0x201n);
    expect(toLittleEndian(0x201n, 3)).toEqual(Uint8Array.of(1, 2, 0));
    expect(fromLittleEndian(new Uint8Array())).toBe(0n);
  });

  it('are written and read back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        expect(toLittleEndian(fromLittleEndian(bytes), bytes.length)).toEqual(bytes);
      }),
    );
  });
});
