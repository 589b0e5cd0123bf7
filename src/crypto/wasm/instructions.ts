/**
 * The instructions that the kernels are made of, as expressions: each function takes the code of its operands.
 * @module
 */
import { signed, unsigned } from './assembler.ts';
import type { Code, FunctionBuilder } from './assembler.ts';

const SIMD = 0xfd;
const simd = (opcode: number) => [SIMD, ...unsigned(opcode)];
const unary = (opcode: readonly number[]) => (a: Code): Code => [...a, ...opcode];
const binary = (opcode: readonly number[]) => (a: Code, b: Code): Code => [...a, ...b, ...opcode];

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
export const tee = (local: number, value: Code): Code => [...value, 0x22, ...unsigned(local)];
export const call = (target: FunctionBuilder, ...args: readonly Code[]): Code => [...args.flat(), 0x10, ...unsigned(target.index)];

/** Repeats the code as long as the condition at its end is not zero. */
export const repeatWhile = (code: Code, condition: Code): Code => [0x03, 0x40, ...code, ...condition, 0x0d, 0x00, 0x0b];
/** `a` if the condition is not zero, else `b`. */
export const select = (a: Code, b: Code, condition: Code): Code => [...a, ...b, ...condition, 0x1b];

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value | 0)],
  load: (address: Code, offset = 0): Code => [...address, 0x28, 0x02, ...unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0x36, 0x02, ...unsigned(offset)],
  load8: (address: Code, offset = 0): Code => [...address, 0x2d, 0x00, ...unsigned(offset)],
  isZero: unary([0x45]),
  notEqual: binary([0x47]),
  lessUnsigned: binary([0x49]),
  add: binary([0x6a]),
  subtract: binary([0x6b]),
  or: binary([0x72]),
  xor: binary([0x73]),
  shiftLeft: binary([0x74]),
  rotateRight: binary([0x78]),
} as const;

export const f64 = {
  const: (value: number): Code => [0x44, ...word(bitsOf(value))],
} as const;

export const v128 = {
  load: (address: Code, offset = 0): Code => [...address, ...simd(0x00), 0x04, ...unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, ...simd(0x0b), 0x04, ...unsigned(offset)],
  /** The f64 or i64 at an address, in both lanes. */
  loadSplat: (address: Code, offset = 0): Code => [...address, ...simd(0x0a), 0x03, ...unsigned(offset)],
  /** The first lane, as a double. */
  firstLane: (a: Code): Code => [...a, ...simd(0x21), 0x00],
  /** Two 64-bit words. */
  const: (low: bigint, high: bigint): Code => [...simd(0x0c), ...word(low), ...word(high)],
  and: binary(simd(0x4e)),
  or: binary(simd(0x50)),
  anyTrue: unary(simd(0x53)),
  /** Lane `first` of `a` and lane `second` of `b`. */
  lanes: (a: Code, first: 0 | 1, b: Code, second: 0 | 1): Code => [
    ...a,
    ...b,
    ...simd(0x0d),
    ...Array.from({ length: 8 }, (_, i) => 8 * first + i),
    ...Array.from({ length: 8 }, (_, i) => 16 + 8 * second + i),
  ],
} as const;

export const i64x2 = {
  const: (value: bigint): Code => v128.const(value, value),
  shiftLeft: (a: Code, bits: number): Code => [...a, ...i32.const(bits), ...simd(0xcb)],
  shiftRightUnsigned: (a: Code, bits: number): Code => [...a, ...i32.const(bits), ...simd(0xcd)],
  add: binary(simd(0xce)),
  subtract: binary(simd(0xd1)),
} as const;

export const f64x2 = {
  const: (value: number): Code => i64x2.const(bitsOf(value)),
  splat: unary(simd(0x14)),
  nearest: unary([SIMD, 0x94, 0x01]),
  add: binary(simd(0xf0)),
  subtract: binary(simd(0xf1)),
  multiply: binary(simd(0xf2)),
  /** a · b + c, rounded once if the engine fuses it, otherwise twice. */
  multiplyAdd: (a: Code, b: Code, c: Code): Code => [...a, ...b, ...c, ...simd(0x107)],
} as const;

/** The IEEE 754 bits of a double. */
export function bitsOf(value: number): bigint {
  return new BigUint64Array(Float64Array.of(value).buffer)[0]!;
}

function word(value: bigint): number[] {
  return Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}
