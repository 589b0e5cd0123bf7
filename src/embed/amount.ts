import { MAX_LUNA, readNim } from '../ui/read-nim.ts';

/** What a program writes: no groups, and a point, whatever the reader's language is. */
const plain = /^\d{1,11}(?:\.\d{1,5})?$/u;

/** A decimal text in NIM (`12`, `0.5`), with at most five decimals and a point, as luna; `undefined` if it is no such amount above zero. */
export function lunaOfNim(text: string): bigint | undefined {
  const read = plain.test(text.trim()) ? readNim(text) : undefined;
  return read && 'luna' in read && read.luna > 0n ? read.luna : undefined;
}

/** A whole number of luna as a number or a decimal text; `undefined` if it is none. @param least the smallest that counts. */
export function lunaOf(value: unknown, least = 1n): bigint | undefined {
  const isWhole = typeof value === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && /^\d{1,16}$/u.test(value);
  const luna = isWhole ? BigInt(value as number | string) : -1n;
  return luna >= least && luna <= MAX_LUNA ? luna : undefined;
}
