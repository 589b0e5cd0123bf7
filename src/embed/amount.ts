import { LUNA } from '../ui/nim.ts';

/** All there will ever be. */
const MAX_LUNA = 21_000_000_000n * LUNA;

/**
 * A decimal text in NIM (`12`, `0.5`), with at most five decimals and a point, as luna; `undefined` if it is no such amount above zero. A
 * program writes it, so it has one form; what persons enter is read by `src/ui/read-nim.ts`.
 */
export function lunaOfNim(text: string): bigint | undefined {
  const parts = /^(\d{1,11})(?:\.(\d{1,5}))?$/u.exec(text.trim());
  return parts ? lunaOf(parts[1]! + (parts[2] ?? '').padEnd(5, '0')) : undefined;
}

/** A whole number of luna as a number or a decimal text; `undefined` if it is none. @param least the smallest that counts. */
export function lunaOf(value: unknown, least = 1n): bigint | undefined {
  const isWhole = typeof value === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && /^\d{1,16}$/u.test(value);
  const luna = isWhole ? BigInt(value as number | string) : -1n;
  return luna >= least && luna <= MAX_LUNA ? luna : undefined;
}
