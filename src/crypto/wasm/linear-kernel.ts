/**
 * Sums and multiples of elements, reduced to at most slightly more than half of the prime.
 * @module
 */
import { F64, I32, V128 } from './assembler.ts';
import type { Code, FunctionBuilder, ModuleBuilder } from './assembler.ts';
import { LIMBS } from './field-layout.ts';
import { f64x2, get, i64x2, set, v128 } from './instructions.ts';
import { addConstants, at, carried, constant, PRIME, U_FACTORS } from './kernel-parts.ts';

/** How many times the prime is contained in each lane of a number, from its highest limb. */
const multipleOfPrime = (top: Code): Code => f64x2.nearest(f64x2.multiply(top, constant('overPrime')));
/** A double divided by 2^51, rounded. */
const quotient = (value: Code): Code =>
  f64x2.subtract(f64x2.multiplyAdd(value, constant('overLimb'), constant('integer')), constant('integer'));

/** combine(out, a, b, f, g): f a + g b, for integers |f| + |g| <= 4. */
export function addCombine(module: ModuleBuilder): FunctionBuilder {
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
      const rest = f64x2.multiplyAdd(get(over), constant('minusLimb'), get(value));
      code.push(carried(column, i === 0 ? rest : f64x2.add(rest, get(before)), i === 0), set(before, get(over)), v128.store(get(0), constants.limb(get(column)), 32 * i + half));
    }
  }
  f.body(...code);
  return f;
}

/** scale(out, a, f): f a for an integer |f| <= 512; multiplyByU(out, a): u a, not in place. */
export function addScaled(module: ModuleBuilder, name: string, kind: 'given' | 'u'): FunctionBuilder {
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
        set(multiple, f64x2.multiplyAdd(get(k), prime, f64x2.multiply(get(multipleOver), constant('minusLimb')))),
      );
      const rest = f64x2.multiplyAdd(get(factor), get(x), f64x2.multiply(get(over), constant('minusLimb')));
      code.push(
        carried(column, i === 0 ? rest : f64x2.add(rest, get(before)), i === 0),
        set(before, f64x2.subtract(get(over), get(multipleOver))),
        // The sum of both could be too large for the conversion from double to integer.
        set(column, i64x2.subtract(get(column), i64x2.subtract(f64x2.add(get(multiple), constant('integer')), constant('integer')))),
        v128.store(get(0), constants.limb(get(column)), 32 * i + half),
      );
    }
  }
  f.body(...code);
  return f;
}
