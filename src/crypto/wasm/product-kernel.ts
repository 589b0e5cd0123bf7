/**
 * Products and squares of pairs of numbers, as unreduced sums in columns. For a product a b of two limbs, the bits of `hi` = fma(a, b,
 * 3·2^102) contain the nearest multiple of 2^51, and `lo` = fma(a, b, 3·2^102 + 3·2^51 - hi) contains the exact remainder. The bits are
 * summed as integers, and tables remove the constants in them.
 * @module
 */
import { I32, V128 } from './assembler.ts';
import type { Code, FunctionBuilder, ModuleBuilder, ValueType } from './assembler.ts';
import { LIMBS } from './field-layout.ts';
import { call, f64x2, get, i32, i64x2, repeatWhile, set, tee, v128 } from './instructions.ts';
import { addConstants, at, COLUMNS, PAIRS, plus, PRODUCT_BIAS, ROWS, SQUARE_BIAS } from './kernel-parts.ts';

/** block(a0, a1, a2, t, b): adds the products of three limbs with the fifteen limbs at `b` to eighteen columns at `t`. */
export function addBlock(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([...Array.from({ length: ROWS }, () => V128 as ValueType), I32, I32]);
  const [t, b] = [ROWS, ROWS + 1];
  const high = f.local(V128);
  const factor = f.local(V128);
  const window = Array.from({ length: ROWS + 1 }, () => f.local(V128));
  const constants = addConstants(f);
  const code: Code[] = [constants.load];
  for (let k = 0; k < ROWS; k++) code.push(set(window[k]!, v128.load(get(t), 16 * k)));
  for (let j = 0; j < LIMBS; j++) {
    // The window advances by renaming its locals.
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
export function addProduct(module: ModuleBuilder, block: FunctionBuilder): FunctionBuilder {
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

/** squarePairs(t, a): the columns of the squares of the pairs at `a`; limbs must be at most 2^50, because some are doubled. */
export function addSquarePairs(module: ModuleBuilder): FunctionBuilder {
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
  /** Columns that no block has written yet start with their bias. */
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
    // Loops over columns j + first, where row i is shifted by i; products below the diagonal are counted by doubling those above it.
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
