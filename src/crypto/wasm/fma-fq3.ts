/**
 * Fq3 and Fq6 on the WebAssembly module: elements are addresses in its memory, and every result is a new element on top of a stack
 * (`memory-stack.ts`). Computations on it must not interleave, and the code that runs one must release what it leaves.
 * @module
 */
import { FROBENIUS, P } from '../mnt6/constants.ts';
import { canonical, fq, rootByPower, SQRT_EXPONENT } from '../mnt6/fq.ts';
import type { Coefficients, Fq3Backend } from '../mnt6/fq3-backend.ts';
import { invertFq3 } from '../mnt6/fq3-norm.ts';
import { powerSteps } from '../mnt6/power.ts';
import { ElementStore } from './element-store.ts';
import { ELEMENT_BYTES, LIMB_BITS, LIMBS, MONTGOMERY, nearestToZero, toLimbs } from './field-layout.ts';
import type { FmaExports } from './fma-exports.ts';
import { MemoryStack } from './memory-stack.ts';

/** 1/R modulo p. */
const MONTGOMERY_INVERSE = canonical(fq.invert(MONTGOMERY));

/** Largest factor sum that `combine` accepts. */
const SMALL = 4;
/** Largest factor that `scale` accepts at once. */
const LARGE = 512;

export function fmaFq3(module: FmaExports): Fq3Backend<number> {
  const stack = new MemoryStack(module.memory);

  function fromCoefficients({ c0, c1, c2 }: Coefficients): number {
    const out = stack.push();
    const doubles = stack.doubles;
    doubles.fill(0, out / 8, (out + ELEMENT_BYTES) / 8);
    [c0, c1, c2].forEach((coefficient, k) => {
      if (coefficient === 0n) return;
      toLimbs(nearestToZero(coefficient * MONTGOMERY)).forEach((limb, i) => (doubles[out / 8 + 4 * i + k] = limb));
    });
    return out;
  }

  function toCoefficients(a: number): Coefficients {
    const [c0, c1, c2] = [0, 1, 2].map((k) => {
      let value = 0n;
      for (let i = LIMBS - 1; i >= 0; i--) value = (value << LIMB_BITS) + BigInt(stack.doubles[a / 8 + 4 * i + k]!);
      return canonical(value * MONTGOMERY_INVERSE);
    }) as [bigint, bigint, bigint];
    return { c0, c1, c2 };
  }

  const fromFq = (value: bigint) => fromCoefficients({ c0: value, c1: 0n, c2: 0n });
  const zero = fromFq(0n);
  const one = fromFq(1n);
  const ones = fromCoefficients({ c0: 1n, c1: 1n, c2: 0n });
  // The p-th power of u is g² u, that of u² is g⁴ u², with g² = g - 1 and g⁴ = -g.
  const frobenius = fromCoefficients({ c0: 1n, c1: FROBENIUS - 1n, c2: P - FROBENIUS });

  /** f a + g b. */
  function combine(a: number, b: number, f: number, g: number): number {
    const out = stack.push();
    module.combine(out, a, b, f, g);
    return out;
  }

  function scale(a: number, factor: bigint): number {
    const f = Number(factor);
    if (Math.abs(f) <= SMALL) return combine(a, a, f, 0);
    const out = stack.push();
    if (Math.abs(f) <= LARGE) module.scale(out, a, f);
    else module.multiplyByFq(out, a, fromFq(factor));
    return out;
  }

  function multiply(a: number, b: number): number {
    const out = stack.push();
    module.multiply(out, a, b);
    return out;
  }

  /** Two elements of Fq at once, as c0 and c1; c2 is ignored. */
  const pairs = {
    one: ones,
    multiply(a: number, b: number): number {
      const out = stack.push();
      module.multiplyPair(out, a, b);
      return out;
    },
    square(a: number): number {
      const out = stack.push();
      module.squarePair(out, a);
      return out;
    },
  };

  function multiplyByFq(a: number, b: number): number {
    const out = stack.push();
    module.multiplyByFq(out, a, b);
    return out;
  }

  const field: Fq3Backend<number> = {
    name: 'wasm',
    mark: () => stack.mark(),
    release: (mark, kept) => stack.release(mark, kept),
    zero,
    one,
    fromCoefficients,
    toCoefficients,
    fromFq,
    add: (a, b) => combine(a, b, 1, 1),
    subtract: (a, b) => combine(a, b, 1, -1),
    negate: (a) => combine(a, a, -1, 0),
    scale,
    multiply,
    square(a) {
      const out = stack.push();
      module.square(out, a);
      return out;
    },
    multiplyByFq,
    multiplyByU(a) {
      const out = stack.push();
      module.multiplyByU(out, a);
      return out;
    },
    frobenius(a) {
      const out = stack.push();
      module.multiplyCoefficients(out, a, frobenius);
      return out;
    },
    differenceOfProducts(a, b, c, d) {
      const out = stack.push();
      module.differenceOfProducts(out, a, b, c, d);
      return out;
    },
    invert: (a) => invertFq3(field, a),
    equals: (a, b) => module.equals(a, b) !== 0,
    isZero: (a) => module.equals(a, zero) !== 0,
    multiplyFq6(a, b) {
      const result = { a0: stack.push(), a1: stack.push() };
      module.multiplyFq6(result.a0, result.a1, a.a0, a.a1, b.a0, b.a1);
      return result;
    },
    squareFq6(a) {
      const result = { a0: stack.push(), a1: stack.push() };
      module.squareFq6(result.a0, result.a1, a.a0, a.a1);
      return result;
    },
    squareNormOne(a) {
      const result = { a0: stack.push(), a1: stack.push() };
      module.squareNormOne(result.a0, result.a1, a.a0, a.a1);
      return result;
    },
    normFq6(a) {
      const out = stack.push();
      module.normFq6(out, a.a0, a.a1);
      return out;
    },
    multiplyByLine(f, { k0, k1, k2 }, { inverseY, xOverY }) {
      const result = { a0: stack.push(), a1: stack.push() };
      module.multiplyByLine(result.a0, result.a1, f.a0, f.a1, k0, k1, k2, inverseY, xOverY);
      return result;
    },
    *sqrtFqManySteps(values) {
      const roots: (bigint | undefined)[] = [];
      // Two at once, as the first coefficients of one element.
      for (let i = 0; i < values.length; i += 2) {
        const mark = stack.mark();
        const [first, second = 0n] = values.slice(i, i + 2) as [bigint, bigint?];
        const base = fromCoefficients({ c0: first, c1: second, c2: 0n });
        const power = toCoefficients(yield* powerSteps(pairs, stack, base, SQRT_EXPONENT));
        roots.push(rootByPower(first, power.c0));
        if (i + 1 < values.length) roots.push(rootByPower(second, power.c1));
        stack.release(mark, []);
      }
      return roots;
    },
    createStore: (capacity) => new ElementStore(stack, capacity),
  };
  return field;
}
