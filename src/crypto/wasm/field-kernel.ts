/**
 * The arithmetic of Fq3 and Fq6 as WebAssembly, with fused multiply-add and two numbers in the lanes of every instruction. A product of two
 * limbs must not exceed 2^102, so at most sums of two numbers may be multiplied. Products are summed before they are reduced. Every stored
 * element has limbs up to 2^50 and is at most 0.8 p in absolute value.
 * Tests: `src/crypto/wasm/module-bytes.test.ts`.
 * @module
 */
import { F64, I32, V128 } from './assembler.ts';
import type { Code, ModuleBuilder } from './assembler.ts';
import { LIMBS } from './field-layout.ts';
import { addJoinFq6, addJoinNormOne, addScatter, addSubtractU, addSubtractWide } from './fq6-kernel.ts';
import { call, f64, f64x2, get, i32, set, v128 } from './instructions.ts';
import { addSplit, addSplitTight, addSpread, addTakePair, addKaratsuba, addSquareWide, addWide } from './karatsuba-kernel.ts';
import { ALL_ONES, at, PAIRS, plus, splitAt, temporaryAt, WIDE, wideAt } from './kernel-parts.ts';
import { addCombine, addScaled } from './linear-kernel.ts';
import { addBlock, addProduct, addSquarePairs } from './product-kernel.ts';
import { addReduce } from './reduce-kernel.ts';

/**
 * Adds the functions that `fma-exports.ts` describes. Elements are given by their addresses. Results go to the addresses in the first
 * arguments; these may equal an operand's address.
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

  /** Multiplies both pairs of the split element 0 by those at two addresses. */
  const pairwise = (w: number, b1: number, b2: number): Code => [...call(product, at(w), at(splitAt(0)), at(b1)), ...call(product, at(w + WIDE), at(splitAt(0) + PAIRS), at(b2))];

  const coefficients = module.function([I32, I32, I32], [], 'multiplyCoefficients');
  coefficients.body(
    call(split, at(splitAt(0)), get(1)),
    call(split, at(splitAt(1)), get(2)),
    pairwise(wideAt(0), splitAt(1), splitAt(1) + PAIRS),
    call(reduceBoth, at(wideAt(0)), get(0)),
  );

  // Only the first two coefficients.
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

  // Used by the load check to test the engine: a b + c, for numbers that the engine cannot know at compile time.
  const multiplyAdd = module.function([F64, F64, F64], [F64], 'multiplyAdd');
  multiplyAdd.body(v128.firstLane(f64x2.multiplyAdd(f64x2.splat(get(0)), f64x2.splat(get(1)), f64x2.splat(get(2)))));
}
