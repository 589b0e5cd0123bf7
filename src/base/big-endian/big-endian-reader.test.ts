import { describe, expect, it } from 'vitest';
import { BigEndianReader } from './big-endian-reader.ts';
import { BigEndianWriter } from './big-endian-writer.ts';
import type { FormatErrorCode } from './format-error.ts';

class FormatFault extends Error {
  readonly code: FormatErrorCode;
  constructor(code: FormatErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}
const writer = (capacity?: number) => new BigEndianWriter(FormatFault, capacity);
const reader = (...bytes: number[]) => new BigEndianReader(Uint8Array.from(bytes), FormatFault);
const refused = (code: FormatErrorCode) => expect.objectContaining({ code }) as unknown as Error;

describe('the writer', () => {
  it('grows at every number, whatever its capacity', () => {
    for (let capacity = 0; capacity < 20; capacity += 1) {
      const bytes = writer(capacity).u8(1).u16(0x0203).u32(0x04050607).u64(0x08090a0b0c).u8(0x0d).done();
      expect(Array.from(bytes)).toEqual([1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 8, 9, 10, 11, 12, 13]);
    }
  });

  it('refuses what does not fit', () => {
    expect(() => writer().u8(256)).toThrow(refused('number'));
    expect(() => writer().u16(-1)).toThrow(refused('number'));
    expect(() => writer().u32(2 ** 32)).toThrow(refused('number'));
    expect(() => writer().u64(2 ** 53)).toThrow(refused('number'));
    expect(() => writer().hash('00')).toThrow(refused('length'));
    expect(() => writer().hex('0G', 1)).toThrow(refused('length'));
    expect(() => writer().bytes(new Uint8Array(2), 3)).toThrow(refused('length'));
  });
});

describe('the reader', () => {
  it('reads what the writer wrote, and says what is left', () => {
    const hash = 'ab'.repeat(32);
    const bytes = writer().ascii('HS').u8(1).u16(2).u32(3).u64(2 ** 40).hash(hash).hex('0a0b', 2).bytes(Uint8Array.of(7)).done();
    const read = new BigEndianReader(bytes, FormatFault);
    read.magic('HS');
    expect([read.u8('a'), read.u16('b'), read.u32('c'), read.u64('d'), read.hash('e'), read.hex(2, 'f')]).toEqual([1, 2, 3, 2 ** 40, hash, '0a0b']);
    expect([read.offset, read.remaining, Array.from(read.peek(4)), Array.from(read.since(read.offset - 2))]).toEqual([bytes.length - 1, 1, [7], [10, 11]]);
    expect(() => read.end('it')).toThrow(refused('trailing'));
    expect(Array.from(read.rest())).toEqual([7]);
    read.end('it');
  });

  it('reads nothing beyond the end, no number above 2^53 - 1, and no other first bytes', () => {
    for (const read of [() => reader().u8(''), () => reader(1).u16(''), () => reader(1, 2, 3).u32(''), () => reader(1).hash(''), () => reader(1).bytes(2, ''), () => reader(1).skip(2, '')]) expect(read).toThrow(refused('truncated'));
    expect(() => reader(0, 32, 0, 0, 0, 0, 0, 0).u64('')).toThrow(refused('number'));
    expect(() => reader(72, 84).magic('HS')).toThrow(refused('magic'));
  });

  it('takes no count of more items than are allowed, or than can follow', () => {
    expect(reader(0, 0, 0, 2, 1, 2).count('items', 4, 1)).toBe(2);
    expect(() => reader(0, 0, 0, 5).count('items', 4, 1)).toThrow(refused('length'));
    expect(() => reader(0, 0, 0, 2, 1).count('items', 4, 1)).toThrow(refused('truncated'));
  });
});
