/**
 * The memory that the field kernel reads besides its arguments (constants, tables and scratch space, by address), and the pieces of code
 * that all of its functions use.
 * Tests: `src/crypto/wasm/module-bytes.test.ts`.
 * @module
 */
import { P } from '../mnt6/constants.ts';
import { I32, V128 } from './assembler.ts';
import type { Code, FunctionBuilder } from './assembler.ts';
import { LIMBS, MONTGOMERY, nearestToZero, toLimbs } from './field-layout.ts';
import { bitsOf, f64x2, get, i32, i64x2, repeatWhile, set, tee, v128 } from './instructions.ts';

/** Limbs of a multiplier that are processed at once: more would not fit in sixteen registers. */
export const ROWS = 3;
const BLOCKS = LIMBS / ROWS;
export const COLUMNS = 2 * LIMBS;
/** Bytes of an array of 15 pairs of limbs, and of 30 pairs of columns. */
export const PAIRS = 16 * LIMBS;
export const WIDE = 16 * COLUMNS;
/** Bytes of an element of Fq3 prepared for Karatsuba's method, and of its product. */
const SPLIT = 3 * PAIRS;
const PRODUCT = 3 * WIDE;

/** 3·2^102, which is added to products, and 3·2^51, which is added to their remainders; and the bits of both. */
const HIGH = 1.5 * 2 ** 103;
export const LOW = 1.5 * 2 ** 52;
export const HIGH_BITS = bitsOf(HIGH);
export const LOW_BITS = bitsOf(LOW);

/** Columns are made positive before they are shifted, and rounded to the nearest multiple of 2^51. */
export const POSITIVE = 1n << 63n;
export const HALF = 1n << 50n;
const MASK = (1n << 51n) - 1n;
/** The amount by which the carry of a column made positive is too large. */
export const CARRY_EXCESS = POSITIVE >> 51n;
export const ALL_ONES = (1n << 64n) - 1n;

/** Addresses of the tables; those of columns have 8 bytes per column, for both lanes. */
const TABLES = 1024;
export const PRIME = TABLES;
export const PRODUCT_BIAS = PRIME + PAIRS;
export const SQUARE_BIAS = PRODUCT_BIAS + 8 * COLUMNS;
export const REDUCE_BIAS = SQUARE_BIAS + 8 * COLUMNS;
/** R modulo p, as pairs of an integer limb and zero. */
export const ONE = REDUCE_BIAS + 8 * COLUMNS;
/** -1/p modulo 2^153, three limbs. */
export const INVERSE = ONE + PAIRS;
/** The factors 11, 1, 1, 1. */
export const U_FACTORS = INVERSE + 32;
const CONSTANTS = U_FACTORS + 32;

/**
 * Constants are loaded from memory, not written into the code: V8 of 2025 rebuilds an inline constant at each use, which halves the speed.
 */
const constantBits = {
  high: HIGH_BITS,
  low: bitsOf(HIGH + 3 * 2 ** 51),
  mask: MASK,
  /** `exponent` makes a double whose low bits are a limb + 2^50; `unbias` is subtracted from it to get the limb. */
  exponent: bitsOf(2 ** 52),
  unbias: bitsOf(2 ** 52 + 2 ** 50),
  /** `integer`: turns a double's bits into an integer; the biases remove it again, at the first carry of a chain and at the others. */
  integer: LOW_BITS,
  firstBias: POSITIVE + HALF - LOW_BITS,
  otherBias: POSITIVE + HALF - LOW_BITS - CARRY_EXCESS,
  /** 1/p, in units of the highest limb. */
  overPrime: bitsOf(2 ** 714 / Number(P)),
  overLimb: bitsOf(2 ** -51),
  minusLimb: bitsOf(-(2 ** 51)),
} as const;
const TABLES_END = CONSTANTS + 8 * Object.keys(constantBits).length;

/** A constant, in both lanes. */
export const constant = (name: keyof typeof constantBits): Code => v128.loadSplat(at(CONSTANTS), 8 * Object.keys(constantBits).indexOf(name));

/** Scratch space: split elements, products, elements. */
const SPLITS = 4096;
export const splitAt = (i: number) => SPLITS + i * SPLIT;
export const wideAt = (i: number) => splitAt(2) + i * PRODUCT;
export const temporaryAt = (i: number) => wideAt(3) + i * 32 * LIMBS;

function negativeInverse(value: bigint, bits: bigint): bigint {
  let inverse = 1n;
  for (let i = 0; i < 10; i++) inverse = BigInt.asUintN(Number(bits), inverse * (2n - value * inverse));
  return (1n << bits) - inverse;
}

/** The bias that products of limbs leave in columns: column k gets `lo` of limbs i + j = k and `hi` of limbs i + j = k - 1. */
function biasOf(columns: number, products: (add: (i: number, j: number) => void) => void): bigint[] {
  const bias = Array.from({ length: columns }, () => 0n);
  products((i, j) => {
    bias[i + j]! += LOW_BITS;
    bias[i + j + 1]! += HIGH_BITS;
  });
  return bias;
}

/** The bias of a block of rows. */
export function blockBias(): bigint[] {
  return biasOf(LIMBS + ROWS, (add) => {
    for (let i = 0; i < ROWS; i++) for (let j = 0; j < LIMBS; j++) add(i, j);
  });
}

/** The value added to a column when a reduction reads it: removes the bias that its blocks have left, and prepares it for its carry. */
function reduceBias(): bigint[] {
  const block = blockBias();
  const bias = Array.from({ length: COLUMNS }, (_, k) => {
    const isFirstOfChain = k < LIMBS ? k % ROWS === 0 : k === LIMBS;
    return POSITIVE + HALF - (isFirstOfChain ? 0n : CARRY_EXCESS);
  });
  for (let b = 0; b < BLOCKS; b++) {
    // A block's own columns are read before the block is added to them.
    for (let k = ROWS; k < block.length; k++) bias[ROWS * b + k]! -= block[k]!;
    // Two carries come into the column above a block: one from the original columns, one from the columns after the addition.
    bias[ROWS * b + ROWS]! -= 2n * CARRY_EXCESS;
  }
  return bias;
}

/** The tables, and their address. */
export function fieldTables(): { readonly address: number; readonly bytes: Uint8Array } {
  const data = new DataView(new ArrayBuffer(TABLES_END - TABLES));
  const put = (address: number, values: readonly bigint[]) => values.forEach((value, i) => data.setBigUint64(address - TABLES + 8 * i, BigInt.asUintN(64, value), true));
  const product = biasOf(COLUMNS, (add) => {
    for (let i = 0; i < LIMBS; i++) for (let j = 0; j < LIMBS; j++) add(i, j);
  });
  const square = biasOf(COLUMNS, (add) => {
    for (let i = 0; i < LIMBS; i++) for (let j = i; j < LIMBS; j++) add(i, j);
  });
  put(PRIME, toLimbs(P).flatMap((limb) => [bitsOf(limb), bitsOf(limb)]));
  put(PRODUCT_BIAS, product.map((bias) => -bias));
  put(SQUARE_BIAS, square.map((bias) => -bias));
  put(REDUCE_BIAS, reduceBias());
  put(ONE, toLimbs(nearestToZero(MONTGOMERY)).flatMap((limb) => [BigInt(limb), 0n]));
  put(INVERSE, toLimbs(negativeInverse(P, 51n * BigInt(ROWS)), ROWS).map(bitsOf));
  put(U_FACTORS, [11, 1, 1, 1].map(bitsOf));
  put(CONSTANTS, Object.values(constantBits));
  return { address: TABLES, bytes: new Uint8Array(data.buffer) };
}

export const at = (address: number): Code => i32.const(address);
export const plus = (pointer: Code, offset: number): Code => (offset === 0 ? pointer : i32.add(pointer, i32.const(offset)));
export const swap = (a: Code): Code => v128.lanes(a, 1, a, 0);
/** The carry of a column made positive. */
export const carryOf = (column: Code): Code => i64x2.shiftRightUnsigned(column, 51);

/** Puts the constants of products and carries into locals. Returns the code that loads them and the code that uses them. */
export function addConstants(f: FunctionBuilder) {
  const [high, low, mask, exponent, unbias] = [f.local(V128), f.local(V128), f.local(V128), f.local(V128), f.local(V128)];
  return {
    load: [set(high, constant('high')), set(low, constant('low')), set(mask, constant('mask')), set(exponent, constant('exponent')), set(unbias, constant('unbias'))].flat(),
    /** `hi` of a product. */
    high: (a: Code, b: Code): Code => f64x2.multiplyAdd(a, b, get(high)),
    /** `lo` of a product, by its `hi`. */
    low: (a: Code, b: Code, hi: Code): Code => f64x2.multiplyAdd(a, b, f64x2.subtract(get(low), hi)),
    mask: (column: Code): Code => v128.and(column, get(mask)),
    /** The limb that a carry chain leaves of a biased column. */
    limb: (column: Code): Code => f64x2.subtract(v128.or(v128.and(column, get(mask)), get(exponent)), get(unbias)),
  };
}

/** A limb, or a sum of two, as an integer in a column, with the carry from the previous column; ready for `limb` and `carryOf`. */
export function carried(column: number, value: Code, isFirst: boolean): Code {
  const integer = i64x2.add(f64x2.add(value, constant('integer')), constant(isFirst ? 'firstBias' : 'otherBias'));
  return set(column, isFirst ? integer : i64x2.add(integer, carryOf(get(column))));
}

/**
 * Runs code for each of `count` columns (30 by default). `pointers` are locals that advance by one column each time; the first one ends the
 * loop.
 */
export function overColumns(f: FunctionBuilder, pointers: readonly number[], code: Code, count = COLUMNS): Code {
  const end = f.local(I32);
  const [first, ...others] = pointers as [number, ...number[]];
  return [
    ...set(end, plus(get(first), 16 * count)),
    ...repeatWhile([...code, ...others.flatMap((pointer) => set(pointer, plus(get(pointer), 16)))], i32.notEqual(tee(first, plus(get(first), 16)), get(end))),
  ];
}
