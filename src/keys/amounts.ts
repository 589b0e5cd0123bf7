import { KeysError } from './keys-error.ts';

/** Luna, or another number that the protocol keeps below 2^53. */
export function lunaOf(value: bigint, what: string): number {
  if (typeof value !== 'bigint') throw new KeysError('wrong-type', `${what}: expected a bigint, got ${typeof value}`);
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) throw new KeysError('out-of-range', `${what}: expected 0 to 2^53 - 1, got ${value}`);
  return Number(value);
}

/** An integer of 0 to `max`. */
export function integerOf(value: number, max: number, what: string): number {
  if (typeof value !== 'number') throw new KeysError('wrong-type', `${what}: expected a number, got ${typeof value}`);
  if (!Number.isSafeInteger(value) || value < 0 || value > max) throw new KeysError('out-of-range', `${what}: expected an integer of 0 to ${max}, got ${value}`);
  return value;
}
