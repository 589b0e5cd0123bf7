/**
 * Code that joins unreduced products in Fq3 into an element of Fq6.
 * Tests: `src/crypto/wasm/module-bytes.test.ts`.
 * @module
 */
import { I32, V128 } from './assembler.ts';
import type { Code, FunctionBuilder, ModuleBuilder } from './assembler.ts';
import { LIMBS } from './field-layout.ts';
import { get, i32, i64x2, set, tee, v128 } from './instructions.ts';
import { timesEleven } from './karatsuba-kernel.ts';
import { COLUMNS, ONE, overColumns, swap, WIDE, wideAt } from './kernel-parts.ts';

/** subtractWide(v, w): v - w. */
export function addSubtractWide(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([I32, I32]);
  f.body(overColumns(f, [0, 1], v128.store(get(0), i64x2.subtract(v128.load(get(0)), v128.load(get(1)))), 2 * COLUMNS));
  return f;
}

/** The columns of u times an element: (11 c2, c0) and c1. The locals hold (c0, c1) and (c2, anything); the second is changed. */
const timesU = (first: number, second: number) => ({ before: set(second, timesEleven(second)), c0c1: v128.lanes(get(second), 0, get(first), 0), c2: swap(get(first)) });

/** subtractU(v, w): v - u w. */
export function addSubtractU(module: ModuleBuilder): FunctionBuilder {
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
export function addJoinFq6(module: ModuleBuilder): FunctionBuilder {
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
export function addJoinNormOne(module: ModuleBuilder): FunctionBuilder {
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

/** scatter(a0, a1, pairs): writes both c2 to their places. */
export function addScatter(module: ModuleBuilder): FunctionBuilder {
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
