/**
 * Products in Fq3 by Karatsuba's method: six products of coefficients, two in each call.
 * Tests: `src/crypto/wasm/module-bytes.test.ts`.
 * @module
 */
import { I32, V128 } from './assembler.ts';
import type { Code, FunctionBuilder, ModuleBuilder } from './assembler.ts';
import { LIMBS } from './field-layout.ts';
import { call, f64x2, get, i64x2, set, tee, v128 } from './instructions.ts';
import { addConstants, ALL_ONES, at, carried, overColumns, PAIRS, plus, splitAt, swap, WIDE } from './kernel-parts.ts';

/** split(out, a): the pairs (a0, a1), (a2, a0 + a1) and (a0 + a2, a1 + a2) of an element. */
export function addSplit(module: ModuleBuilder): FunctionBuilder {
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
export const timesEleven = (a: number): Code => i64x2.add(get(a), i64x2.add(i64x2.shiftLeft(get(a), 1), i64x2.shiftLeft(get(a), 3)));

/** wide(w, a, b): the columns of the product of two split elements: those of (c0, c1) at `w`, followed by those of (c2, anything). */
export function addWide(module: ModuleBuilder, product: FunctionBuilder, karatsuba: FunctionBuilder): FunctionBuilder {
  const f = module.function([I32, I32, I32]);
  f.body(...[0, 1, 2].map((i) => call(product, plus(get(0), i * WIDE), plus(get(1), i * PAIRS), plus(get(2), i * PAIRS))), call(karatsuba, get(0)));
  return f;
}

/** squareWide(w, a): like `wide`, for the square of an element. */
export function addSquareWide(module: ModuleBuilder, splitTight: FunctionBuilder, squarePairs: FunctionBuilder, karatsuba: FunctionBuilder): FunctionBuilder {
  const f = module.function([I32, I32]);
  f.body(
    call(splitTight, at(splitAt(0)), get(1)),
    ...[0, 1, 2].map((i) => call(squarePairs, plus(get(0), i * WIDE), at(splitAt(0) + i * PAIRS))),
    call(karatsuba, get(0)),
  );
  return f;
}

/** karatsuba(w): the columns of c0, c1 and c2 from those of the six products. */
export function addKaratsuba(module: ModuleBuilder): FunctionBuilder {
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

/** splitTight(out, a): like `split`, but the sums also have limbs up to 2^50. */
export function addSplitTight(module: ModuleBuilder): FunctionBuilder {
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

/** spread(out, a): c0 of an element, repeated in both lanes of each pair. */
export function addSpread(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([I32, I32]);
  f.body(...Array.from({ length: LIMBS }, (_, i) => v128.store(get(0), v128.loadSplat(get(1), 32 * i), 16 * i)));
  return f;
}

/** takePair(out, a): the pair (a0, a1). */
export function addTakePair(module: ModuleBuilder): FunctionBuilder {
  const f = module.function([I32, I32]);
  f.body(...Array.from({ length: LIMBS }, (_, i) => v128.store(get(0), v128.load(get(1), 32 * i), 16 * i)));
  return f;
}
