/**
 * The arithmetic of Fq3 and Fq6 as WebAssembly, with fused multiply-add: of a product a b of two limbs, `hi` = fma(a, b, 3·2^102) has
 * in its bits the multiple of 2^51 nearest to it, and `lo` = fma(a, b, 3·2^102 + 3·2^51 - hi) what is left, exactly. The bits are
 * summed as integers in 30 columns, two numbers side by side, and the constants in them are taken off by tables.
 *
 * A product of limbs must not exceed 2^102, so sums of two numbers may be multiplied, not more. Every element stored is at most
 * 1.1 p in absolute value.
 * @module
 */
import { P } from '../mnt6/constants.ts';
import { F64, I32, V128 } from './assembler.ts';
import type { Code, FunctionBuilder, ModuleBuilder } from './assembler.ts';
import { LIMBS, toLimbs } from './field-layout.ts';
import { bitsOf, call, f64x2, get, i32, i64x2, repeatWhile, set, tee, v128 } from './instructions.ts';

/** Limbs of the multiplier that are treated at once: more would not fit in sixteen registers. */
const ROWS = 3;
const BLOCKS = LIMBS / ROWS;
const COLUMNS = 2 * LIMBS;
/** Bytes of an array of 15 pairs of limbs, and of 30 pairs of columns. */
const PAIRS = 16 * LIMBS;
const WIDE = 16 * COLUMNS;
/** Bytes of an element of Fq3 made ready for Karatsuba's method, and of its product. */
const SPLIT = 3 * PAIRS;
const PRODUCT = 3 * WIDE;

/** 3·2^102, to which products are added, and what takes it off again. */
const HIGH = 1.5 * 2 ** 103;
const LOW = 1.5 * 2 ** 52;
const HIGH_BITS = bitsOf(HIGH);
const LOW_BITS = bitsOf(LOW);

/** Carries: columns are made positive before they are shifted. */
const SHIFT = 51;
const MASK = (1n << 51n) - 1n;
const HALF = 1n << 50n;
const POSITIVE = 1n << 63n;
/** What the carry of a column made positive is too large by. */
const CARRY_EXCESS = POSITIVE >> 51n;
/** A limb + 2^50 as the low bits of a double. */
const EXPONENT = bitsOf(2 ** 52);
const UNBIAS = 2 ** 52 + 2 ** 50;

/** Tables and scratch space, by their addresses. */
export interface FieldTables {
  readonly bytes: Uint8Array;
  readonly end: number;
}

const TABLES = 1024;
const PRIME = TABLES;
const PRODUCT_BIAS = PRIME + PAIRS;
const REDUCE_BIAS = PRODUCT_BIAS + 8 * COLUMNS;
const TABLES_END = REDUCE_BIAS + 8 * COLUMNS;
const SPLITS = 4096;
const splitAt = (i: number) => SPLITS + i * SPLIT;
const WIDES = splitAt(8);
const wideAt = (i: number) => WIDES + i * PRODUCT;
const TEMPORARY = wideAt(4);
const temporaryAt = (i: number) => TEMPORARY + i * 32 * LIMBS;
export const FIELD_END = temporaryAt(6);
export const FIELD_DATA_AT = TABLES;

/** -p^-1 modulo 2^153, three limbs. */
const INVERSE = toLimbs(negativeInverse(P, 51n * BigInt(ROWS)), ROWS);

function negativeInverse(value: bigint, bits: bigint): bigint {
  let inverse = 1n;
  for (let i = 0; i < 10; i++) inverse = BigInt.asUintN(Number(bits), inverse * (2n - value * inverse));
  return (1n << bits) - inverse;
}

/** The bias that a block of rows leaves in its columns: column k gets `lo` of limbs i + j = k and `hi` of limbs i + j = k - 1. */
function blockBias(): bigint[] {
  const bias = Array.from({ length: LIMBS + ROWS }, () => 0n);
  for (let i = 0; i < ROWS; i++) {
    for (let j = 0; j < LIMBS; j++) {
      bias[i + j]! += LOW_BITS;
      bias[i + j + 1]! += HIGH_BITS;
    }
  }
  return bias;
}

export function fieldTables(): Uint8Array {
  const data = new DataView(new ArrayBuffer(TABLES_END - TABLES));
  const limbs = toLimbs(P);
  limbs.forEach((limb, i) => {
    data.setFloat64(PRIME - TABLES + 16 * i, limb, true);
    data.setFloat64(PRIME - TABLES + 16 * i + 8, limb, true);
  });
  const block = blockBias();
  const product = Array.from({ length: COLUMNS }, () => 0n);
  const reduce = Array.from({ length: COLUMNS }, () => 0n);
  for (let b = 0; b < BLOCKS; b++) {
    block.forEach((bias, k) => {
      product[ROWS * b + k]! -= bias;
      // Its own columns are read before the block is added to them.
      if (k >= ROWS) reduce[ROWS * b + k]! -= bias;
    });
    // Two carries come into the column above a block: of the columns, and of what they became.
    reduce[ROWS * b + ROWS]! -= 2n * CARRY_EXCESS;
  }
  reduce.forEach((_, k) => {
    reduce[k]! += POSITIVE + HALF;
    const first = k < LIMBS ? k % ROWS === 0 : k === LIMBS;
    // From the column before in the same chain of carries.
    if (!first) reduce[k]! -= CARRY_EXCESS;
  });
  product.forEach((bias, k) => data.setBigUint64(PRODUCT_BIAS - TABLES + 8 * k, BigInt.asUintN(64, bias), true));
  reduce.forEach((bias, k) => data.setBigUint64(REDUCE_BIAS - TABLES + 8 * k, BigInt.asUintN(64, bias), true));
  return new Uint8Array(data.buffer);
}

const at = (address: number): Code => i32.const(address);
const plus = (pointer: Code, offset: number): Code => (offset === 0 ? pointer : i32.add(pointer, i32.const(offset)));
const swap = (a: Code): Code => v128.lanes(a, 1, a, 0);
/** What a carry chain leaves of a biased column: a limb. */
const limbOf = (column: Code): Code => f64x2.subtract(v128.or(v128.and(column, i64x2.const(MASK)), i64x2.const(EXPONENT)), f64x2.const(UNBIAS));
const carryOf = (column: Code): Code => i64x2.shiftRightUnsigned(column, SHIFT);

/** Adds functions to the module; the order of calls is that of their dependence. */
export function addFieldKernel(module: ModuleBuilder): void {
  const block = addBlock(module);
  const product = addProduct(module, block);
  const reduce = addReduce(module, block);
  const split = addSplit(module);
  const wide = addWide(module, product);
  const sum = addSum(module);

  const multiply = module.function([I32, I32, I32], [], 'multiply');
  multiply.body(
    call(split, at(splitAt(0)), get(1)),
    call(split, at(splitAt(1)), get(2)),
    call(wide, at(wideAt(0)), at(splitAt(0)), at(splitAt(1))),
    call(reduce, at(wideAt(0)), get(0)),
    call(reduce, at(wideAt(0) + WIDE), plus(get(0), 16)),
  );
  void sum;
}

/** block(a0, a1, a2, t, b): adds the products of three limbs with the fifteen at `b` to eighteen columns at `t`. */
function addBlock(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([V128, V128, V128, I32, I32]);
  const [t, b] = [ROWS, ROWS + 1];
  const high = f.local(V128);
  const factor = f.local(V128);
  const window = Array.from({ length: ROWS + 1 }, () => f.local(V128));
  const code: Code[] = [];
  for (let k = 0; k < ROWS; k++) code.push(set(window[k]!, v128.load(get(t), 16 * k)));
  for (let j = 0; j < LIMBS; j++) {
    // The window moves on by renaming its locals.
    const column = (k: number) => window[(j + k) % (ROWS + 1)]!;
    code.push(set(factor, v128.load(get(b), 16 * j)), set(column(ROWS), v128.load(get(t), 16 * (j + ROWS))));
    for (let i = 0; i < ROWS; i++) {
      code.push(
        set(high, f64x2.multiplyAdd(get(i), get(factor), f64x2.const(HIGH))),
        set(column(i + 1), i64x2.add(get(column(i + 1)), get(high))),
        set(column(i), i64x2.add(get(column(i)), f64x2.multiplyAdd(get(i), get(factor), f64x2.subtract(f64x2.const(HIGH + 3 * 2 ** 51), get(high))))),
      );
    }
    code.push(v128.store(get(t), get(column(0)), 16 * j));
  }
  for (let k = 0; k < ROWS; k++) code.push(v128.store(get(t), get(window[(LIMBS + k) % (ROWS + 1)]!), 16 * (LIMBS + k)));
  f.body(...code);
  return f;
}

/** product(t, a, b): the columns of the products of the pairs at `a` and `b`. */
function addProduct(module: ModuleBuilder, block: FunctionBuilder): FunctionBuilder {
  const f = module.function([I32, I32, I32]);
  const end = f.local(I32);
  const code: Code[] = [];
  for (let k = 0; k < COLUMNS; k++) code.push(v128.store(get(0), v128.loadSplat(at(PRODUCT_BIAS), 8 * k), 16 * k));
  f.body(
    ...code,
    set(end, plus(get(1), PAIRS)),
    repeatWhile(
      [
        ...call(block, v128.load(get(1)), v128.load(get(1), 16), v128.load(get(1), 32), get(0), get(2)),
        ...set(0, plus(get(0), 16 * ROWS)),
      ],
      i32.notEqual(tee(1, plus(get(1), 16 * ROWS)), get(end)),
    ),
  );
  return f;
}

/**
 * reduce(t, out): the columns at `t`, below 2^62 in absolute value, divided by R modulo p; limbs at `out` with a stride of 32. Three
 * limbs at a time: q = -t / p modulo 2^153, and t + q p ends with three zeros. Changes `t`.
 */
function addReduce(module: ModuleBuilder, block: FunctionBuilder): FunctionBuilder {
  const f = module.function([I32, I32]);
  const bias = f.local(I32);
  const column = f.local(V128);
  const carry = f.local(V128);
  const x = Array.from({ length: ROWS }, () => f.local(V128));
  const highs = new Map<string, number>();
  const body: Code[] = [];
  for (let k = 0; k < ROWS; k++) {
    const biased = i64x2.add(v128.load(get(0), 16 * k), v128.loadSplat(get(bias), 8 * k));
    body.push(set(column, k === 0 ? biased : i64x2.add(biased, carryOf(get(column)))), set(x[k]!, limbOf(get(column))));
  }
  // The last one of them is also needed as an integer; 2^50 too large.
  body.push(v128.store(get(0), v128.and(get(column), i64x2.const(MASK)), 16 * (ROWS - 1)), set(carry, carryOf(get(column))));
  const low = (i: number, j: number): Code => {
    const high = f.local(V128);
    highs.set(`${i} ${j}`, high);
    const m = f64x2.const(INVERSE[j]!);
    return f64x2.multiplyAdd(get(x[i]!), m, f64x2.subtract(f64x2.const(HIGH + 3 * 2 ** 51), tee(high, f64x2.multiplyAdd(get(x[i]!), m, f64x2.const(HIGH)))));
  };
  const q = Array.from({ length: ROWS }, () => f.local(V128));
  for (let k = 0; k < ROWS; k++) {
    let total = low(0, k);
    for (let i = 1; i <= k; i++) total = i64x2.add(total, low(i, k - i));
    if (k === 0) {
      body.push(set(q[0]!, f64x2.subtract(total, f64x2.const(LOW))));
      continue;
    }
    for (let i = 0; i < k; i++) total = i64x2.add(total, get(highs.get(`${i} ${k - 1 - i}`)!));
    const constant = POSITIVE + HALF - BigInt(k + 1) * LOW_BITS - BigInt(k) * HIGH_BITS - (k > 1 ? CARRY_EXCESS : 0n);
    const biased = i64x2.add(total, i64x2.const(BigInt.asUintN(64, constant)));
    body.push(set(column, k === 1 ? biased : i64x2.add(biased, carryOf(get(column)))), set(q[k]!, limbOf(get(column))));
  }
  const rounding = BigInt.asUintN(64, POSITIVE - blockBias()[ROWS - 1]!);
  body.push(
    v128.store(get(0), i64x2.add(v128.load(get(0), 16 * ROWS), get(carry)), 16 * ROWS),
    call(block, ...q.map((local) => get(local)), get(0), at(PRIME)),
    // The lower two columns have become a small multiple of what they carry; the sum of all is a multiple of 2^153.
    v128.store(get(0), i64x2.add(v128.load(get(0), 16 * ROWS), carryOf(i64x2.add(v128.load(get(0), 16 * (ROWS - 1)), i64x2.const(rounding)))), 16 * ROWS),
    set(0, plus(get(0), 16 * ROWS)),
  );
  const finish: Code[] = [];
  for (let k = 0; k < LIMBS; k++) {
    const biased = i64x2.add(v128.load(get(0), 16 * k), v128.loadSplat(get(bias), 8 * k));
    finish.push(set(column, k === 0 ? biased : i64x2.add(biased, carryOf(get(column)))), v128.store(get(1), limbOf(get(column)), 32 * k));
  }
  f.body(
    set(bias, at(REDUCE_BIAS)),
    repeatWhile(body.flat(), i32.notEqual(tee(bias, plus(get(bias), 8 * ROWS)), at(REDUCE_BIAS + 8 * LIMBS))),
    ...finish,
  );
  return f;
}

/** split(out, a): the pairs (a0, a1), (a2, a0 + a1) and (a0 + a2, a1 + a2) of an element. */
function addSplit(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([I32, I32]);
  const first = f.local(V128);
  const second = f.local(V128);
  const code: Code[] = [];
  for (let i = 0; i < LIMBS; i++) {
    code.push(
      v128.store(get(0), tee(first, v128.load(get(1), 32 * i)), 16 * i),
      set(second, v128.load(get(1), 32 * i + 16)),
      v128.store(get(0), v128.lanes(get(second), 0, f64x2.add(get(first), swap(get(first))), 0), PAIRS + 16 * i),
      v128.store(get(0), f64x2.add(get(first), v128.lanes(get(second), 0, get(second), 0)), 2 * PAIRS + 16 * i),
    );
  }
  f.body(...code);
  return f;
}

/** Eleven times two integers. */
const timesEleven = (a: number): Code => i64x2.add(get(a), i64x2.add(i64x2.shiftLeft(get(a), 1), i64x2.shiftLeft(get(a), 3)));

/** wide(w, a, b): the columns of the product of two split elements: of (c0, c1) at `w`, of (c2, nothing) behind them. */
function addWide(module: ModuleBuilder, product: FunctionBuilder): FunctionBuilder {
  const f = module.function([I32, I32, I32]);
  const [x, y, z, s, m, end] = [f.local(V128), f.local(V128), f.local(V128), f.local(V128), f.local(V128), f.local(I32)];
  const nothing = i64x2.const(0n);
  f.body(
    ...[0, 1, 2].map((i) => call(product, plus(get(0), i * WIDE), plus(get(1), i * PAIRS), plus(get(2), i * PAIRS))),
    set(end, plus(get(0), WIDE)),
    repeatWhile(
      [
        // (v0, v1), (v2, w01), (w02, w12)
        ...set(x, v128.load(get(0))),
        ...set(y, v128.load(get(0), WIDE)),
        ...set(z, v128.load(get(0), 2 * WIDE)),
        ...set(s, swap(get(x))),
        // 11 (w12 - v1 - v2, v2)
        ...set(m, i64x2.subtract(v128.lanes(get(z), 1, get(y), 0), v128.lanes(i64x2.add(get(s), get(y)), 0, nothing, 0))),
        // (v0, w01 - v0 - v1)
        ...v128.store(get(0), i64x2.add(timesEleven(m), v128.lanes(get(x), 0, i64x2.subtract(i64x2.subtract(get(y), get(x)), get(s)), 1))),
        // w02 - v0 + v1 - v2
        ...v128.store(get(0), i64x2.subtract(i64x2.add(i64x2.subtract(get(z), get(x)), get(s)), get(y)), WIDE),
      ],
      i32.notEqual(tee(0, plus(get(0), 16)), get(end)),
    ),
  );
  return f;
}

function addSum(module: ModuleBuilder): FunctionBuilder {
  return module.function([I32, I32, I32, F64, F64]);
}
