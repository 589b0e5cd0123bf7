import { describe, expect, it } from 'vitest';
import { F64, I32, ModuleBuilder, signed, unsigned } from './assembler.ts';
import { call, get, i32, repeatWhile, select, set } from './instructions.ts';

describe('the assembler', () => {
  it('writes numbers as LEB128', () => {
    expect(unsigned(0)).toEqual([0]);
    expect(unsigned(624_485)).toEqual([0xe5, 0x8e, 0x26]);
    expect(unsigned(2 ** 32 - 1)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
    expect(signed(-123_456)).toEqual([0xc0, 0xbb, 0x78]);
    expect(signed(63)).toEqual([0x3f]);
    expect(signed(64)).toEqual([0xc0, 0x00]);
    expect(signed(-64)).toEqual([0x40]);
    expect(signed(-(2 ** 31))).toEqual([0x80, 0x80, 0x80, 0x80, 0x78]);
  });

  it('makes modules that run', () => {
    const builder = new ModuleBuilder();
    const twice = builder.function([I32], [I32]);
    twice.body(i32.shiftLeft(get(0), i32.const(1)));
    const f = builder.function([I32, F64], [I32], 'lengthOfPowers');
    const [power, count] = [f.local(I32), f.local(I32)];
    // The number of doublings of 1 until it is at least the argument.
    f.body(
      set(power, i32.const(1)),
      repeatWhile([...set(power, call(twice, get(power))), ...set(count, i32.add(get(count), i32.const(1)))], i32.lessUnsigned(get(power), get(0))),
      select(get(count), i32.const(-1), get(0)),
    );
    const bytes = builder.encode({ pages: 1, maxPages: 2, data: Uint8Array.of(1, 2, 3), dataAt: 70 });
    const { memory, lengthOfPowers } = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource)).exports as unknown as { memory: WebAssembly.Memory; lengthOfPowers: (n: number, unused: number) => number };
    expect(lengthOfPowers(1000, 0)).toBe(10);
    expect(lengthOfPowers(0, 0)).toBe(-1);
    expect([...new Uint8Array(memory.buffer, 69, 5)]).toEqual([0, 1, 2, 3, 0]);
    memory.grow(1);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });
});
