import type { Arena } from './arena.ts';
import type { Field } from './field.ts';

/** Bits of the exponent per step. */
const WINDOW = 4n;

/** `base` to the power `exponent` (not negative), four bits at a time, one step each. */
export function* powerSteps<E>(field: Pick<Field<E>, 'one' | 'multiply' | 'square'>, arena: Arena<E>, base: E, exponent: bigint): Generator<void, E> {
  const before = arena.mark();
  const powers = [field.one];
  for (let i = 1; i < 16; i++) powers.push(field.multiply(powers[i - 1]!, base));
  const mark = arena.mark();
  let result = field.one;
  for (const digit of exponent.toString(16)) {
    for (let i = 0n; i < WINDOW; i++) result = field.square(result);
    if (digit !== '0') result = field.multiply(result, powers[Number.parseInt(digit, 16)]!);
    result = arena.release(mark, [result])[0]!;
    yield;
  }
  return arena.release(before, [result])[0]!;
}
