/**
 * The arithmetic of Fq3 and Fq6 as WebAssembly, with fused multiply-add: of a product a b of two limbs, `hi` = fma(a, b, 3·2^102) has
 * in its bits the multiple of 2^51 nearest to it, and `lo` = fma(a, b, 3·2^102 + 3·2^51 - hi) what is left, exactly. The bits are
 * summed as integers in 30 columns, two numbers side by side, and the constants in them are taken off by tables.
 *
 * A product of limbs must not exceed 2^102, so sums of two numbers may be multiplied, not more. Every element stored is at most
 * 0.8 p in absolute value.
 * @module
 */
import { P } from '../mnt6/constants.ts';
import { F64, I32, V128 } from './assembler.ts';
import type { Code, FunctionBuilder, ModuleBuilder, ValueType } from './assembler.ts';
import { LIMBS, MONTGOMERY, nearestToZero, toLimbs } from './field-layout.ts';
import { bitsOf, call, f64, f64x2, get, i32, i64x2, repeatWhile, set, tee, v128 } from './instructions.ts';

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
const ALL_ONES = (1n << 64n) - 1n;
const POSITIVE = 1n << 63n;
/** What the carry of a column made positive is too large by. */
const CARRY_EXCESS = POSITIVE >> 51n;
/** A limb + 2^50 as the low bits of a double. */
const EXPONENT = bitsOf(2 ** 52);
const UNBIAS = 2 ** 52 + 2 ** 50;

/** Tables and scratch space, by their addresses. */
const TABLES = 1024;
const PRIME = TABLES;
const PRODUCT_BIAS = PRIME + PAIRS;
const REDUCE_BIAS = PRODUCT_BIAS + 8 * COLUMNS;
const CONSTANTS = REDUCE_BIAS + 8 * COLUMNS;
/** Constants are loaded rather than written into the code: some engines make a written one anew at each use. */
const INVERSE_AT = CONSTANTS + 64;
/** 1.5·2^52 that makes a double's bits an integer; what takes it off again, first and with a carry; 1/p; 2^-51; -2^51; its bits. */
const LINEAR_CONSTANTS = INVERSE_AT + 64;
const LINEAR_BITS = [
  LOW_BITS,
  POSITIVE + HALF - LOW_BITS,
  POSITIVE + HALF - LOW_BITS - CARRY_EXCESS,
  bitsOf(2 ** 714 / Number(P)),
  bitsOf(2 ** -51),
  bitsOf(-(2 ** 51)),
  LOW_BITS,
];
const SQUARE_BIAS = LINEAR_CONSTANTS + 64;
/** R modulo p as pairs of an integer limb and nothing. */
const ONE = SQUARE_BIAS + 8 * COLUMNS;
const CONSTANT_BITS = [bitsOf(HIGH), bitsOf(HIGH + 3 * 2 ** 51), MASK, EXPONENT, bitsOf(UNBIAS)];
/** 11, 1; 1, 1. */
const U_FACTORS = ONE + 16 * LIMBS;
const TABLES_END = U_FACTORS + 32;
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
  LINEAR_BITS.forEach((bits, i) => data.setBigUint64(LINEAR_CONSTANTS - TABLES + 8 * i, bits, true));
  const squares = Array.from({ length: COLUMNS }, () => 0n);
  for (let i = 0; i < LIMBS; i++) {
    for (let j = i; j < LIMBS; j++) {
      squares[i + j]! -= LOW_BITS;
      squares[i + j + 1]! -= HIGH_BITS;
    }
  }
  squares.forEach((bias, k) => data.setBigUint64(SQUARE_BIAS - TABLES + 8 * k, BigInt.asUintN(64, bias), true));
  toLimbs(nearestToZero(MONTGOMERY)).forEach((limb, i) => data.setBigInt64(ONE - TABLES + 16 * i, BigInt(limb), true));
  [11, 1, 1, 1].forEach((factor, i) => data.setFloat64(U_FACTORS - TABLES + 8 * i, factor, true));
  INVERSE.forEach((limb, i) => data.setFloat64(INVERSE_AT - TABLES + 8 * i, limb, true));
  CONSTANT_BITS.forEach((bits, i) => data.setBigUint64(CONSTANTS - TABLES + 8 * i, bits, true));
  return new Uint8Array(data.buffer);
}

const at = (address: number): Code => i32.const(address);
const plus = (pointer: Code, offset: number): Code => (offset === 0 ? pointer : i32.add(pointer, i32.const(offset)));
const swap = (a: Code): Code => v128.lanes(a, 1, a, 0);

/** The constants in locals, and the code that loads them. */
function addConstants(f: FunctionBuilder) {
  const [high, low, mask, exponent, unbias] = CONSTANT_BITS.map(() => f.local(V128)) as [number, number, number, number, number];
  return {
    load: [high, low, mask, exponent, unbias].flatMap((local, i) => set(local, v128.loadSplat(at(CONSTANTS), 8 * i))),
    /** `hi` of a product. */
    high: (a: Code, b: Code): Code => f64x2.multiplyAdd(a, b, get(high)),
    /** `lo` of a product, by its `hi`. */
    low: (a: Code, b: Code, hi: Code): Code => f64x2.multiplyAdd(a, b, f64x2.subtract(get(low), hi)),
    mask: (column: Code): Code => v128.and(column, get(mask)),
    /** What a carry chain leaves of a biased column: a limb. */
    limb: (column: Code): Code => f64x2.subtract(v128.or(v128.and(column, get(mask)), get(exponent)), get(unbias)),
  };
}
const carryOf = (column: Code): Code => i64x2.shiftRightUnsigned(column, SHIFT);

/**
 * Adds the functions that `fma-exports.ts` describes. Elements are given by their addresses; results go where the first arguments
 * say, which may be where an argument is.
 */
export function addFieldKernel(module: ModuleBuilder): void {
  const block = addBlock(module);
  const product = addProduct(module, block);
  const reduce = addReduce(module, block, 1);
  const reduceTwo = addReduce(module, block, 2);
  const squarePairs = addSquarePairs(module);
  const split = addSplit(module);
  const splitTight = addSplitTight(module);
  const spread = addSpread(module);
  const takePair = addTakePair(module);
  const karatsuba = addKaratsuba(module);
  const wide = addWide(module, product, karatsuba);
  const squareWide = addSquareWide(module, splitTight, squarePairs, karatsuba);
  const combine = addCombine(module);
  const subtractU = addSubtractU(module);
  const joinFq6 = addJoinFq6(module);
  const joinNormOne = addJoinNormOne(module);
  const scatter = addScatter(module);

  const reduceBoth = module.function([I32, I32]);
  reduceBoth.body(call(reduceTwo, get(0), plus(get(0), WIDE), get(1), plus(get(1), 16)));

  const multiplyWide = module.function([I32, I32, I32]);
  multiplyWide.body(call(split, at(splitAt(0)), get(1)), call(split, at(splitAt(1)), get(2)), call(wide, get(0), at(splitAt(0)), at(splitAt(1))));

  const multiply = module.function([I32, I32, I32], [], 'multiply');
  multiply.body(call(multiplyWide, at(wideAt(0)), get(1), get(2)), call(reduceBoth, at(wideAt(0)), get(0)));

  const square = module.function([I32, I32], [], 'square');
  square.body(call(squareWide, at(wideAt(0)), get(1)), call(reduceBoth, at(wideAt(0)), get(0)));

  const difference = module.function([I32, I32, I32, I32, I32], [], 'differenceOfProducts');
  difference.body(
    call(multiplyWide, at(wideAt(0)), get(1), get(2)),
    call(multiplyWide, at(wideAt(1)), get(3), get(4)),
    call(addSubtractWide(module), at(wideAt(0)), at(wideAt(1))),
    call(reduceBoth, at(wideAt(0)), get(0)),
  );

  /** Both pairs of the split element 0 times those at two addresses. */
  const pairwise = (w: number, b1: number, b2: number): Code => [...call(product, at(w), at(splitAt(0)), at(b1)), ...call(product, at(w + WIDE), at(splitAt(0) + PAIRS), at(b2))];

  const coefficients = module.function([I32, I32, I32], [], 'multiplyCoefficients');
  coefficients.body(
    call(split, at(splitAt(0)), get(1)),
    call(split, at(splitAt(1)), get(2)),
    pairwise(wideAt(0), splitAt(1), splitAt(1) + PAIRS),
    call(reduceBoth, at(wideAt(0)), get(0)),
  );

  // The first two coefficients alone.
  const multiplyPair = module.function([I32, I32, I32], [], 'multiplyPair');
  multiplyPair.body(
    call(takePair, at(splitAt(0)), get(1)),
    call(takePair, at(splitAt(1)), get(2)),
    call(product, at(wideAt(0)), at(splitAt(0)), at(splitAt(1))),
    call(reduce, at(wideAt(0)), get(0)),
  );
  const squarePair = module.function([I32, I32], [], 'squarePair');
  squarePair.body(call(takePair, at(splitAt(0)), get(1)), call(squarePairs, at(wideAt(0)), at(splitAt(0))), call(reduce, at(wideAt(0)), get(0)));

  const multiplyByFq = module.function([I32, I32, I32], [], 'multiplyByFq');
  multiplyByFq.body(
    call(split, at(splitAt(0)), get(1)),
    call(spread, at(splitAt(1)), get(2)),
    pairwise(wideAt(0), splitAt(1), splitAt(1)),
    call(reduceBoth, at(wideAt(0)), get(0)),
  );

  /** Three products that are joined, reduced and stored as a0 and a1. */
  const finishFq6 = (join: Code): Code => [
    ...join,
    ...call(reduceTwo, at(wideAt(0)), at(wideAt(1)), get(0), get(1)),
    ...call(reduce, at(wideAt(2)), at(temporaryAt(0))),
    ...call(scatter, get(0), get(1), at(temporaryAt(0))),
  ];
  const sum = (out: number, a: Code, b: Code): Code => call(combine, at(out), a, b, f64.const(1), f64.const(1));

  const multiplyFq6 = module.function([I32, I32, I32, I32, I32, I32], [], 'multiplyFq6');
  multiplyFq6.body(
    call(multiplyWide, at(wideAt(0)), get(2), get(4)),
    call(multiplyWide, at(wideAt(1)), get(3), get(5)),
    sum(temporaryAt(0), get(2), get(3)),
    sum(temporaryAt(1), get(4), get(5)),
    call(multiplyWide, at(wideAt(2)), at(temporaryAt(0)), at(temporaryAt(1))),
    finishFq6(call(joinFq6)),
  );

  const squareFq6 = module.function([I32, I32, I32, I32], [], 'squareFq6');
  squareFq6.body(
    call(squareWide, at(wideAt(0)), get(2)),
    call(squareWide, at(wideAt(1)), get(3)),
    sum(temporaryAt(0), get(2), get(3)),
    call(squareWide, at(wideAt(2)), at(temporaryAt(0))),
    finishFq6(call(joinFq6)),
  );

  const squareNormOne = module.function([I32, I32, I32, I32], [], 'squareNormOne');
  squareNormOne.body(
    call(squareWide, at(wideAt(1)), get(3)),
    sum(temporaryAt(0), get(2), get(3)),
    call(squareWide, at(wideAt(2)), at(temporaryAt(0))),
    finishFq6(call(joinNormOne)),
  );

  const norm = module.function([I32, I32, I32], [], 'normFq6');
  norm.body(
    call(squareWide, at(wideAt(0)), get(1)),
    call(squareWide, at(wideAt(1)), get(2)),
    call(subtractU, at(wideAt(0)), at(wideAt(1))),
    call(reduceBoth, at(wideAt(0)), get(0)),
  );

  const multiplyByU = addScaled(module, 'multiplyByU', 'u');
  addScaled(module, 'scale', 'given');

  // (out0, out1, f0, f1, k0, k1, k2, 1/y, x/y)
  const line = module.function([I32, I32, I32, I32, I32, I32, I32, I32, I32], [], 'multiplyByLine');
  line.body(
    call(split, at(splitAt(0)), get(4)),
    call(spread, at(splitAt(1)), get(7)),
    pairwise(wideAt(0), splitAt(1), splitAt(1)),
    call(split, at(splitAt(0)), get(5)),
    call(spread, at(splitAt(1)), get(8)),
    pairwise(wideAt(1), splitAt(1), splitAt(1)),
    call(subtractU, at(wideAt(0)), at(wideAt(1))),
    call(reduceBoth, at(wideAt(0)), at(temporaryAt(2))),
    call(multiplyByU, at(temporaryAt(3)), get(6)),
    call(multiplyFq6, get(0), get(1), get(2), get(3), at(temporaryAt(2)), at(temporaryAt(3))),
  );

  const equals = module.function([I32, I32], [I32], 'equals');
  const bits = equals.local(V128);
  equals.body(
    call(combine, at(temporaryAt(0)), get(0), get(1), f64.const(1), f64.const(-1)),
    ...Array.from({ length: LIMBS }, (_, i) => {
      const limbs = v128.or(v128.load(at(temporaryAt(0)), 32 * i), v128.and(v128.load(at(temporaryAt(0)), 32 * i + 16), v128.const(ALL_ONES, 0n)));
      return set(bits, i === 0 ? limbs : v128.or(get(bits), limbs));
    }),
    i32.isZero(v128.anyTrue(get(bits))),
  );

  // The gate's question to the engine: a b + c, for numbers it cannot know when it compiles this.
  const multiplyAdd = module.function([F64, F64, F64], [F64], 'multiplyAdd');
  multiplyAdd.body(v128.firstLane(f64x2.multiplyAdd(f64x2.splat(get(0)), f64x2.splat(get(1)), f64x2.splat(get(2)))));
}

/** block(a0, a1, a2, t, b): adds the products of three limbs with the fifteen at `b` to eighteen columns at `t`. */
function addBlock(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([...Array.from({ length: ROWS }, () => V128 as ValueType), I32, I32]);
  const [t, b] = [ROWS, ROWS + 1];
  const high = f.local(V128);
  const factor = f.local(V128);
  const window = Array.from({ length: ROWS + 1 }, () => f.local(V128));
  const constants = addConstants(f);
  const code: Code[] = [constants.load];
  for (let k = 0; k < ROWS; k++) code.push(set(window[k]!, v128.load(get(t), 16 * k)));
  for (let j = 0; j < LIMBS; j++) {
    // The window moves on by renaming its locals.
    const column = (k: number) => window[(j + k) % (ROWS + 1)]!;
    code.push(set(factor, v128.load(get(b), 16 * j)), set(column(ROWS), v128.load(get(t), 16 * (j + ROWS))));
    for (let i = 0; i < ROWS; i++) {
      code.push(
        set(high, constants.high(get(i), get(factor))),
        set(column(i + 1), i64x2.add(get(column(i + 1)), get(high))),
        set(column(i), i64x2.add(get(column(i)), constants.low(get(i), get(factor), get(high)))),
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
        ...call(block, ...Array.from({ length: ROWS }, (_, i) => v128.load(get(1), 16 * i)), get(0), get(2)),
        ...set(0, plus(get(0), 16 * ROWS)),
      ],
      i32.notEqual(tee(1, plus(get(1), 16 * ROWS)), get(end)),
    ),
  );
  return f;
}

/**
 * reduce(t..., out...): the columns at each `t`, below 2^62 in absolute value, divided by R modulo p; limbs at `out` with a stride of
 * 32. Three limbs at a time: q = -t / p modulo 2^153, and t + q p ends with three zeros. Changes what is at `t`. Each q has to wait for
 * the one before, so two reductions take turns where there are two to make.
 */
function addReduce(module: ModuleBuilder, block: FunctionBuilder, ways: 1 | 2): FunctionBuilder {
  const f = module.function(Array.from({ length: 2 * ways }, () => I32 as ValueType));
  const bias = f.local(I32);
  const constants = addConstants(f);
  const all = Array.from({ length: ways }, (_, way) => addReduction(f, constants, bias, way, ways + way));
  const round = [
    ...all.flatMap((one) => one.quotient),
    ...all.flatMap((one) => [...call(block, ...one.q.map((local) => get(local)), get(one.t), at(PRIME)), ...one.next]),
  ];
  f.body(
    constants.load,
    set(bias, at(REDUCE_BIAS)),
    repeatWhile(round, i32.notEqual(tee(bias, plus(get(bias), 8 * ROWS)), at(REDUCE_BIAS + 8 * LIMBS))),
    ...Array.from({ length: LIMBS }, (_, k) => all.flatMap((one) => one.finish(k))),
  );
  return f;
}

/** The parts of one reduction. */
function addReduction(f: FunctionBuilder, constants: ReturnType<typeof addConstants>, bias: number, t: number, out: number) {
  const [column, carry] = [f.local(V128), f.local(V128)];
  const x = Array.from({ length: ROWS }, () => f.local(V128));
  const q = Array.from({ length: ROWS }, () => f.local(V128));
  const highs = new Map<string, number>();
  const nextColumn = (k: number, isFirst: boolean): Code => {
    const biased = i64x2.add(v128.load(get(t), 16 * k), v128.loadSplat(get(bias), 8 * k));
    return set(column, isFirst ? biased : i64x2.add(biased, carryOf(get(column))));
  };
  const quotient: Code[] = x.map((local, k) => [...nextColumn(k, k === 0), ...set(local, constants.limb(get(column)))]);
  // The last one of them is also needed as an integer; 2^50 too large.
  quotient.push(v128.store(get(t), constants.mask(get(column)), 16 * (ROWS - 1)), set(carry, carryOf(get(column))));
  const low = (i: number, j: number): Code => {
    const high = f.local(V128);
    highs.set(`${i} ${j}`, high);
    const m = v128.loadSplat(at(INVERSE_AT), 8 * j);
    return constants.low(get(x[i]!), m, tee(high, constants.high(get(x[i]!), m)));
  };
  for (let k = 0; k < ROWS; k++) {
    let total = low(0, k);
    for (let i = 1; i <= k; i++) total = i64x2.add(total, low(i, k - i));
    if (k === 0) {
      quotient.push(set(q[0]!, f64x2.subtract(total, f64x2.const(LOW))));
      continue;
    }
    for (let i = 0; i < k; i++) total = i64x2.add(total, get(highs.get(`${i} ${k - 1 - i}`)!));
    const constant = POSITIVE + HALF - BigInt(k + 1) * LOW_BITS - BigInt(k) * HIGH_BITS - (k > 1 ? CARRY_EXCESS : 0n);
    const biased = i64x2.add(total, i64x2.const(BigInt.asUintN(64, constant)));
    quotient.push(set(column, k === 1 ? biased : i64x2.add(biased, carryOf(get(column)))), set(q[k]!, constants.limb(get(column))));
  }
  quotient.push(v128.store(get(t), i64x2.add(v128.load(get(t), 16 * ROWS), get(carry)), 16 * ROWS));
  const rounding = BigInt.asUintN(64, POSITIVE - blockBias()[ROWS - 1]!);
  // The lower two columns have become a small multiple of what they carry; the sum of all is a multiple of 2^153.
  const carried = carryOf(i64x2.add(v128.load(get(t), 16 * (ROWS - 1)), i64x2.const(rounding)));
  return {
    t,
    q,
    quotient: quotient.flat(),
    next: [...v128.store(get(t), i64x2.add(v128.load(get(t), 16 * ROWS), carried), 16 * ROWS), ...set(t, plus(get(t), 16 * ROWS))],
    finish: (k: number): Code => [...nextColumn(k, k === 0), ...v128.store(get(out), constants.limb(get(column)), 32 * k)],
  };
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

/** Runs code for each of 30 columns; `pointers` are locals that go on by a column each, the first of which counts. */
function overColumns(f: FunctionBuilder, pointers: readonly number[], code: Code, count = COLUMNS): Code {
  const end = f.local(I32);
  const [first, ...others] = pointers as [number, ...number[]];
  return [
    ...set(end, plus(get(first), 16 * count)),
    ...repeatWhile([...code, ...others.flatMap((pointer) => set(pointer, plus(get(pointer), 16)))], i32.notEqual(tee(first, plus(get(first), 16)), get(end))),
  ];
}

/** wide(w, a, b): the columns of the product of two split elements: of (c0, c1) at `w`, of (c2, anything) behind them. */
function addWide(module: ModuleBuilder, product: FunctionBuilder, karatsuba: FunctionBuilder): FunctionBuilder {
  const f = module.function([I32, I32, I32]);
  f.body(...[0, 1, 2].map((i) => call(product, plus(get(0), i * WIDE), plus(get(1), i * PAIRS), plus(get(2), i * PAIRS))), call(karatsuba, get(0)));
  return f;
}

/** squareWide(w, a): as `wide`, of the square of an element. */
function addSquareWide(module: ModuleBuilder, splitTight: FunctionBuilder, squarePairs: FunctionBuilder, karatsuba: FunctionBuilder): FunctionBuilder {
  const f = module.function([I32, I32]);
  f.body(
    call(splitTight, at(splitAt(0)), get(1)),
    ...[0, 1, 2].map((i) => call(squarePairs, plus(get(0), i * WIDE), at(splitAt(0) + i * PAIRS))),
    call(karatsuba, get(0)),
  );
  return f;
}

/** karatsuba(w): the columns of c0, c1 and c2 from those of the six products. */
function addKaratsuba(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([I32]);
  const [x, y, z, s, m] = [f.local(V128), f.local(V128), f.local(V128), f.local(V128), f.local(V128)];
  f.body(
    overColumns(f, [0], [
      // (v0, v1), (v2, w01), (w02, w12)
      ...set(x, v128.load(get(0))),
      ...set(y, v128.load(get(0), WIDE)),
      ...set(z, v128.load(get(0), 2 * WIDE)),
      ...set(s, swap(get(x))),
      // 11 (w12 - v1 - v2, v2)
      ...set(m, i64x2.subtract(v128.lanes(get(z), 1, get(y), 0), v128.and(i64x2.add(get(s), get(y)), v128.const(ALL_ONES, 0n)))),
      // (v0, w01 - v0 - v1)
      ...v128.store(get(0), i64x2.add(timesEleven(m), v128.lanes(get(x), 0, i64x2.subtract(i64x2.subtract(get(y), get(x)), get(s)), 1))),
      // w02 - v0 + v1 - v2
      ...v128.store(get(0), i64x2.subtract(i64x2.add(i64x2.subtract(get(z), get(x)), get(s)), get(y)), WIDE),
    ]),
  );
  return f;
}

/** squarePairs(t, a): the columns of the squares of the pairs at `a`; limbs to 2^50, as some are doubled. */
function addSquarePairs(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([I32, I32]);
  const constants = addConstants(f);
  const high = f.local(V128);
  const factor = f.local(V128);
  const rows = Array.from({ length: ROWS }, () => f.local(V128));
  const window = Array.from({ length: ROWS + 1 }, () => f.local(V128));
  const code: Code[] = [constants.load];
  const column = (k: number) => window[k % (ROWS + 1)]!;
  const add = (a: number, b: Code, k: number): Code[] => [
    set(high, constants.high(get(a), b)),
    set(column(k + 1), i64x2.add(get(column(k + 1)), get(high))),
    set(column(k), i64x2.add(get(column(k)), constants.low(get(a), b, get(high)))),
  ];
  /** Columns that no block has written yet begin with their bias. */
  let fresh = 0;
  const loadColumn = (k: number): Code => {
    if (k >= COLUMNS) return [];
    const isFresh = k >= fresh;
    if (isFresh) fresh = k + 1;
    return set(column(k), isFresh ? v128.loadSplat(at(SQUARE_BIAS), 8 * k) : v128.load(get(0), 16 * k));
  };
  for (let first = 0; first < LIMBS; first += ROWS) {
    rows.forEach((row, i) => code.push(set(row, v128.load(get(1), 16 * (first + i)))));
    for (let k = 0; k < ROWS; k++) code.push(loadColumn(2 * first + k));
    // By columns j + first, in which row i stands i further on; products below the diagonal are counted double above it.
    for (let j = first; j < LIMBS; j++) {
      code.push(loadColumn(first + j + ROWS), set(factor, f64x2.add(v128.load(get(1), 16 * j), v128.load(get(1), 16 * j))));
      rows.forEach((row, i) => {
        if (first + i < j) code.push(...add(row, get(factor), first + j + i));
        if (first + i === j) code.push(...add(row, get(row), first + j + i));
      });
      code.push(v128.store(get(0), get(column(first + j)), 16 * (first + j)));
    }
    for (let k = first + LIMBS; k < Math.min(COLUMNS, first + LIMBS + ROWS); k++) code.push(v128.store(get(0), get(column(k)), 16 * k));
  }
  f.body(...code);
  return f;
}

/** A limb or a sum of two as an integer, with the carry from the one before it; biased for `limb` and `carryOf`. */
function carried(column: number, value: Code, isFirst: boolean): Code {
  const integer = i64x2.add(f64x2.add(value, v128.loadSplat(at(LINEAR_CONSTANTS))), v128.loadSplat(at(LINEAR_CONSTANTS), isFirst ? 8 : 16));
  return set(column, isFirst ? integer : i64x2.add(integer, carryOf(get(column))));
}

/** splitTight(out, a): as `split`, with limbs to 2^50 also of the sums. */
function addSplitTight(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([I32, I32]);
  const constants = addConstants(f);
  const [first, second, low, high] = [f.local(V128), f.local(V128), f.local(V128), f.local(V128)];
  const code: Code[] = [constants.load];
  for (let i = 0; i < LIMBS; i++) {
    code.push(
      v128.store(get(0), tee(first, v128.load(get(1), 32 * i)), 16 * i),
      set(second, v128.load(get(1), 32 * i + 16)),
      carried(low, v128.lanes(get(second), 0, f64x2.add(get(first), swap(get(first))), 0), i === 0),
      carried(high, f64x2.add(get(first), v128.lanes(get(second), 0, get(second), 0)), i === 0),
      v128.store(get(0), constants.limb(get(low)), PAIRS + 16 * i),
      v128.store(get(0), constants.limb(get(high)), 2 * PAIRS + 16 * i),
    );
  }
  f.body(...code);
  return f;
}

/** spread(out, a): c0 of an element as pairs of the same. */
function addSpread(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([I32, I32]);
  f.body(...Array.from({ length: LIMBS }, (_, i) => v128.store(get(0), v128.loadSplat(get(1), 32 * i), 16 * i)));
  return f;
}

/** takePair(out, a): the pair (a0, a1). */
function addTakePair(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([I32, I32]);
  f.body(...Array.from({ length: LIMBS }, (_, i) => v128.store(get(0), v128.load(get(1), 32 * i), 16 * i)));
  return f;
}

/** What of the prime is in each lane of a number, by its highest limb. */
const multipleOfPrime = (top: Code): Code => f64x2.nearest(f64x2.multiply(top, v128.loadSplat(at(LINEAR_CONSTANTS), 24)));
/** A double over 2^51, rounded. */
const quotient = (value: Code): Code =>
  f64x2.subtract(f64x2.multiplyAdd(value, v128.loadSplat(at(LINEAR_CONSTANTS), 32), v128.loadSplat(at(LINEAR_CONSTANTS))), v128.loadSplat(at(LINEAR_CONSTANTS)));
const MINUS_LIMB = (): Code => v128.loadSplat(at(LINEAR_CONSTANTS), 40);

/** combine(out, a, b, f, g): f a + g b, for integers |f| + |g| <= 4. */
function addCombine(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([I32, I32, I32, F64, F64], [], 'combine');
  const constants = addConstants(f);
  const [fs, gs, k, value, over, before, column] = [f.local(V128), f.local(V128), f.local(V128), f.local(V128), f.local(V128), f.local(V128), f.local(V128)];
  const code: Code[] = [constants.load, set(fs, f64x2.splat(get(3))), set(gs, f64x2.splat(get(4)))];
  for (const half of [0, 16]) {
    const sum = (i: number) => f64x2.multiplyAdd(get(fs), v128.load(get(1), 32 * i + half), f64x2.multiply(get(gs), v128.load(get(2), 32 * i + half)));
    code.push(set(k, f64x2.subtract(f64x2.const(0), multipleOfPrime(sum(LIMBS - 1)))));
    for (let i = 0; i < LIMBS; i++) {
      // At most 2^53, so that nothing is rounded.
      code.push(set(value, f64x2.multiplyAdd(get(k), v128.load(at(PRIME), 16 * i), sum(i))), set(over, quotient(get(value))));
      const rest = f64x2.multiplyAdd(get(over), MINUS_LIMB(), get(value));
      code.push(carried(column, i === 0 ? rest : f64x2.add(rest, get(before)), i === 0), set(before, get(over)), v128.store(get(0), constants.limb(get(column)), 32 * i + half));
    }
  }
  f.body(...code);
  return f;
}

/** scale(out, a, f): f a for an integer |f| <= 512; multiplyByU(out, a): u a, not in place. */
function addScaled(module: ModuleBuilder, name: string, kind: 'given' | 'u'): FunctionBuilder {
  const f = module.function(kind === 'given' ? [I32, I32, F64] : [I32, I32], [], name);
  const constants = addConstants(f);
  const [factor, x, k, over, before, multiple, multipleOver, column] = Array.from({ length: 8 }, () => f.local(V128)) as [number, number, number, number, number, number, number, number];
  const code: Code[] = [constants.load];
  const first = (i: number) => v128.load(get(1), 32 * i);
  const second = (i: number) => v128.load(get(1), 32 * i + 16);
  const halves =
    kind === 'given'
      ? [
          { half: 0, source: first, by: f64x2.splat(get(2)) },
          { half: 16, source: second, by: f64x2.splat(get(2)) },
        ]
      : [
          { half: 0, source: (i: number) => v128.lanes(second(i), 0, first(i), 0), by: v128.load(at(U_FACTORS)) },
          { half: 16, source: (i: number) => v128.lanes(first(i), 1, first(i), 1), by: v128.load(at(U_FACTORS), 16) },
        ];
  for (const { half, source, by } of halves) {
    code.push(set(factor, by), set(k, multipleOfPrime(f64x2.multiply(get(factor), source(LIMBS - 1)))));
    for (let i = 0; i < LIMBS; i++) {
      const prime = v128.load(at(PRIME), 16 * i);
      code.push(
        set(x, source(i)),
        set(over, quotient(f64x2.multiply(get(factor), get(x)))),
        set(multipleOver, quotient(f64x2.multiply(get(k), prime))),
        set(multiple, f64x2.multiplyAdd(get(k), prime, f64x2.multiply(get(multipleOver), MINUS_LIMB()))),
      );
      const rest = f64x2.multiplyAdd(get(factor), get(x), f64x2.multiply(get(over), MINUS_LIMB()));
      code.push(
        carried(column, i === 0 ? rest : f64x2.add(rest, get(before)), i === 0),
        set(before, f64x2.subtract(get(over), get(multipleOver))),
        // The sum of both could be more than fits where doubles become integers.
        set(column, i64x2.subtract(get(column), i64x2.subtract(f64x2.add(get(multiple), v128.loadSplat(at(LINEAR_CONSTANTS))), v128.loadSplat(at(LINEAR_CONSTANTS), 48)))),
        v128.store(get(0), constants.limb(get(column)), 32 * i + half),
      );
    }
  }
  f.body(...code);
  return f;
}

/** subtractWide(v, w): v - w. */
function addSubtractWide(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([I32, I32]);
  f.body(overColumns(f, [0, 1], v128.store(get(0), i64x2.subtract(v128.load(get(0)), v128.load(get(1)))), 2 * COLUMNS));
  return f;
}

/** The columns of u times an element: (11 c2, c0) and c1 from locals with (c0, c1) and (c2, anything), of which the second is changed. */
const timesU = (first: number, second: number) => ({ before: set(second, timesEleven(second)), c0c1: v128.lanes(get(second), 0, get(first), 0), c2: swap(get(first)) });

/** subtractU(v, w): v - u w. */
function addSubtractU(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([I32, I32]);
  const [first, second] = [f.local(V128), f.local(V128)];
  const u = timesU(first, second);
  f.body(
    overColumns(f, [0, 1], [
      ...set(first, v128.load(get(1))),
      ...set(second, v128.load(get(1), WIDE)),
      ...u.before,
      ...v128.store(get(0), i64x2.subtract(v128.load(get(0)), u.c0c1)),
      ...v128.store(get(0), i64x2.subtract(v128.load(get(0), WIDE), u.c2), WIDE),
    ]),
  );
  return f;
}

/** Stores (c0, c1) of a0 and of a1, and (c2 of a0, c2 of a1), where the three products of Fq6 were. */
const storeFq6 = (pointer: Code, a0: readonly [Code, Code], a1: readonly [Code, Code]): Code => [
  ...v128.store(pointer, a0[0], wideAt(0)),
  ...v128.store(pointer, a1[0], wideAt(1)),
  ...v128.store(pointer, v128.lanes(a0[1], 0, a1[1], 0), wideAt(2)),
];

/** From low, high and cross products: a0 = low + u high, a1 = cross - low - high. */
function addJoinFq6(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([]);
  const pointer = f.local(I32);
  const pair = (i: number) => [f.local(V128), f.local(V128), i] as const;
  const [low, high, cross] = [pair(0), pair(1), pair(2)];
  const u = f.local(V128);
  const code: Code[] = [low, high, cross].flatMap(([first, second, i]) => [set(first, v128.load(get(pointer), wideAt(i))), set(second, v128.load(get(pointer), wideAt(i) + WIDE))]);
  const minus = (k: 0 | 1) => i64x2.subtract(i64x2.subtract(get(cross[k]), get(low[k])), get(high[k]));
  const uHigh = timesU(high[0], u);
  f.body(
    set(pointer, i32.const(0)),
    overColumns(f, [pointer], [
      ...code.flat(),
      ...set(u, get(high[1])),
      ...uHigh.before,
      ...storeFq6(get(pointer), [i64x2.add(get(low[0]), uHigh.c0c1), i64x2.add(get(low[1]), uHigh.c2)], [minus(0), minus(1)]),
    ]),
  );
  return f;
}

/** From s = a1² and the square of a0 + a1, where a has norm one: a0 = 1 + 2 u s, a1 = cross - u s - 1 - s. */
function addJoinNormOne(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([]);
  const [pointer, first, second, u, us0, us1] = [f.local(I32), f.local(V128), f.local(V128), f.local(V128), f.local(V128), f.local(V128)];
  const us = timesU(first, u);
  const double = (a: number) => i64x2.shiftLeft(get(a), 1);
  const rest = (k: number, s: number, product: number) => i64x2.subtract(i64x2.subtract(v128.load(get(pointer), wideAt(2) + k * WIDE), get(s)), get(product));
  const highColumn = (i: number) => wideAt(i) + 16 * LIMBS;
  f.body(
    set(pointer, i32.const(0)),
    overColumns(f, [pointer], [
      ...set(first, v128.load(get(pointer), wideAt(1))),
      ...set(second, v128.load(get(pointer), wideAt(1) + WIDE)),
      ...set(u, get(second)),
      ...us.before,
      ...set(us0, us.c0c1),
      ...set(us1, us.c2),
      ...storeFq6(get(pointer), [double(us0), double(us1)], [rest(0, first, us0), rest(1, second, us1)]),
    ]),
    // The one, times R.
    set(pointer, i32.const(0)),
    overColumns(
      f,
      [pointer],
      [
        ...set(first, v128.load(get(pointer), ONE)),
        ...v128.store(get(pointer), i64x2.add(v128.load(get(pointer), highColumn(0)), get(first)), highColumn(0)),
        ...v128.store(get(pointer), i64x2.subtract(v128.load(get(pointer), highColumn(1)), get(first)), highColumn(1)),
      ],
      LIMBS,
    ),
  );
  return f;
}

/** scatter(a0, a1, pairs): puts both c2 into their places. */
function addScatter(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([I32, I32, I32]);
  const both = f.local(V128);
  f.body(
    ...Array.from({ length: LIMBS }, (_, i) => [
      ...v128.store(get(0), tee(both, v128.load(get(2), 32 * i)), 32 * i + 16),
      ...v128.store(get(1), swap(get(both)), 32 * i + 16),
    ]),
  );
  return f;
}
