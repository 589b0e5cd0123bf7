/**
 * Montgomery's reduction of columns.
 * @module
 */
import { I32, V128 } from './assembler.ts';
import type { Code, FunctionBuilder, ModuleBuilder, ValueType } from './assembler.ts';
import { LIMBS } from './field-layout.ts';
import { call, f64x2, get, i32, i64x2, repeatWhile, set, tee, v128 } from './instructions.ts';
import { addConstants, at, blockBias, CARRY_EXCESS, carryOf, HALF, HIGH_BITS, INVERSE, LOW, LOW_BITS, plus, POSITIVE, PRIME, REDUCE_BIAS, ROWS } from './kernel-parts.ts';

/**
 * reduce(t..., out...): divides the columns at each `t`, below 2^62 in absolute value, by R modulo p; writes limbs to `out` with a stride
 * of 32. Works on three limbs at a time: q = -t / p modulo 2^153, so that t + q p ends with three zeros. Changes the columns at `t`. Each q
 * depends on the previous one, so if there are two reductions to make, they are interleaved.
 */
export function addReduce(module: ModuleBuilder, block: FunctionBuilder, ways: 1 | 2): FunctionBuilder {
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
export function addReduction(f: FunctionBuilder, constants: ReturnType<typeof addConstants>, bias: number, t: number, out: number) {
  const [column, carry] = [f.local(V128), f.local(V128)];
  const x = Array.from({ length: ROWS }, () => f.local(V128));
  const q = Array.from({ length: ROWS }, () => f.local(V128));
  const highs = new Map<string, number>();
  const nextColumn = (k: number, isFirst: boolean): Code => {
    const biased = i64x2.add(v128.load(get(t), 16 * k), v128.loadSplat(get(bias), 8 * k));
    return set(column, isFirst ? biased : i64x2.add(biased, carryOf(get(column))));
  };
  const quotient: Code[] = x.map((local, k) => [...nextColumn(k, k === 0), ...set(local, constants.limb(get(column)))]);
  // The last of these limbs is also needed as an integer; it is 2^50 too large.
  quotient.push(v128.store(get(t), constants.mask(get(column)), 16 * (ROWS - 1)), set(carry, carryOf(get(column))));
  const low = (i: number, j: number): Code => {
    const high = f.local(V128);
    highs.set(`${i} ${j}`, high);
    const m = v128.loadSplat(at(INVERSE), 8 * j);
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
