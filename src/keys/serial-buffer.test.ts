import * as official from '@nimiq/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SerialBuffer } from './serial-buffer.ts';

const outOfRange = expect.objectContaining({ name: 'KeysError', code: 'out-of-range' });
const malformed = expect.objectContaining({ name: 'KeysError', code: 'unknown-format' });
const safe = fc.maxSafeNat();

/** All kinds of values, one after the other. */
const values = fc.record({
  uint8: fc.nat(0xff),
  uint16: fc.nat(0xffff),
  uint32: fc.nat(0xffffffff),
  uint64: safe,
  varUint: safe,
  float64: fc.double({ noNaN: true }),
  bytes: fc.uint8Array({ maxLength: 9 }),
  text: fc.string({ unit: 'grapheme-ascii', maxLength: 20 }),
});
type Values = typeof values extends fc.Arbitrary<infer T> ? T : never;

function write(buffer: SerialBuffer | official.SerialBuffer, value: Values): number {
  buffer.writeUint8(value.uint8);
  buffer.writeUint16(value.uint16);
  buffer.writeUint32(value.uint32);
  buffer.writeUint64(value.uint64);
  buffer.writeVarUint(value.varUint);
  buffer.writeFloat64(value.float64);
  buffer.write(value.bytes);
  buffer.writeString(value.text, value.text.length);
  buffer.writePaddedString(value.text.replaceAll('\0', '0'), 25);
  buffer.writeVarLengthString(value.text);
  return buffer.writePos;
}

describe('a buffer with positions', () => {
  it('writes the bytes of the official client and reads them back', () => {
    fc.assert(
      fc.property(values, (value) => {
        const buffer = new SerialBuffer(200);
        const theirs = new official.SerialBuffer(200);
        expect(write(buffer, value)).toBe(write(theirs, value));
        expect([...buffer]).toEqual([...theirs]);
        expect(buffer.readUint8()).toBe(value.uint8);
        expect(buffer.readUint16()).toBe(value.uint16);
        expect(buffer.readUint32()).toBe(value.uint32);
        expect(buffer.readUint64()).toBe(value.uint64);
        expect(buffer.readVarUint()).toBe(value.varUint);
        expect(buffer.readFloat64()).toBe(value.float64);
        expect(buffer.read(value.bytes.length)).toEqual(value.bytes);
        expect(buffer.readString(value.text.length)).toBe(value.text);
        expect(buffer.readPaddedString(25)).toBe(value.text.replaceAll('\0', '0'));
        expect(buffer.readVarLengthString()).toBe(value.text);
        expect(buffer.readPos).toBe(buffer.writePos);
        expect(SerialBuffer.varUintSize(value.varUint)).toBe(official.SerialBuffer.varUintSize(value.varUint));
        expect(SerialBuffer.varLengthStringSize(value.text)).toBe(official.SerialBuffer.varLengthStringSize(value.text));
      }),
    );
  });

  it('counts the length of a text in bytes', () => {
    const buffer = new SerialBuffer(9);
    buffer.writeString('ä', 2);
    buffer.writePaddedString('ä', 4);
    buffer.writeVarLengthString('ä');
    expect([...buffer]).toEqual([0xc3, 0xa4, 0xc3, 0xa4, 0, 0, 2, 0xc3, 0xa4]);
    buffer.reset();
    expect(() => buffer.writeString('ä', 1)).toThrow(malformed);
    expect(() => buffer.writePaddedString('ää', 3)).toThrow(malformed);
    expect(() => buffer.writeVarLengthString('\ud800')).toThrow(malformed);
    expect(buffer.writePos).toBe(0);
  });

  it('refuses to go past its end, and stays where it was', () => {
    const buffer = new SerialBuffer(3);
    expect(() => buffer.readUint32()).toThrow(outOfRange);
    expect(() => buffer.writeUint32(1)).toThrow(outOfRange);
    expect(() => buffer.read(4)).toThrow(outOfRange);
    expect(() => buffer.read(-1)).toThrow(outOfRange);
    for (const position of [-1, 4, 0.5]) {
      expect(() => void (buffer.readPos = position)).toThrow(outOfRange);
      expect(() => void (buffer.writePos = position)).toThrow(outOfRange);
    }
    expect([buffer.readPos, buffer.writePos]).toEqual([0, 0]);
    buffer.writePos = 3;
    buffer.reset();
    expect(buffer.writePos).toBe(0);
  });

  it('refuses numbers that are not exact, and varints longer than they need be', () => {
    const buffer = new SerialBuffer(16);
    for (const value of [-1, 2 ** 53, 0.5]) {
      expect(() => buffer.writeUint64(value)).toThrow(outOfRange);
      expect(() => buffer.writeVarUint(value)).toThrow(outOfRange);
    }
    expect(() => new SerialBuffer([0x20, 0, 0, 0, 0, 0, 0, 0]).readUint64()).toThrow(outOfRange);
    expect(() => new SerialBuffer([0x80, 0]).readVarUint()).toThrow(malformed);
    expect(() => new SerialBuffer(Array.from({ length: 9 }, () => 0xff)).readVarUint()).toThrow(malformed);
    expect(() => new SerialBuffer([...Array.from({ length: 7 }, () => 0xff), 0x10]).readVarUint()).toThrow(outOfRange);
    expect(() => new SerialBuffer([5, 65]).readVarLengthString()).toThrow(outOfRange);
  });

  it('gives views without positions, and reads where it lies in memory', () => {
    const memory = Uint8Array.of(9, 1, 2, 3).buffer;
    const buffer = new SerialBuffer(memory);
    expect(buffer.subarray(1, 3)).toEqual(Uint8Array.of(1, 2));
    expect(buffer.subarray(1, 3).buffer).toBe(memory);
    expect(SerialBuffer.EMPTY).toHaveLength(0);
    expect([...new SerialBuffer([1, 2])]).toEqual([1, 2]);
  });
});
