import { describe, expect, it } from 'vitest';
import { ByteWriter } from './byte-writer.ts';
import { WireError } from './wire-error.ts';

describe('ByteWriter', () => {
  it('grows at every number, whatever its capacity', () => {
    for (let capacity = 0; capacity < 20; capacity += 1) {
      const bytes = new ByteWriter(capacity).u8(1).u16(0x0203).u32(0x04050607).u64(0x08090a0b0c).u8(0x0d).done();
      expect(Array.from(bytes)).toEqual([1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 8, 9, 10, 11, 12, 13]);
    }
  });

  it('refuses numbers that do not fit', () => {
    expect(() => new ByteWriter().u8(256)).toThrow(WireError);
    expect(() => new ByteWriter().u16(-1)).toThrow(WireError);
    expect(() => new ByteWriter().u32(2 ** 32)).toThrow(WireError);
    expect(() => new ByteWriter().u64(2 ** 53)).toThrow(WireError);
    expect(() => new ByteWriter().hash('00')).toThrow(WireError);
  });
});
