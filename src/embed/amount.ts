/** Luna in 1 NIM. */
const LUNA = 100_000n;
/** All there will ever be. */
const MAX_LUNA = 21_000_000_000n * LUNA;

/** A decimal text in NIM (`12`, `0.5`), with at most five decimals and a point, as luna; `undefined` if it is no such amount above zero. */
export function lunaOfNim(text: string): bigint | undefined {
  const parts = /^(\d{1,11})(?:\.(\d{1,5}))?$/u.exec(text.trim());
  if (!parts) return undefined;
  return inRange(BigInt(parts[1]!) * LUNA + BigInt((parts[2] ?? '').padEnd(5, '0')));
}

/** A whole number of luna as a number or a decimal text; `undefined` if it is none. @param least the smallest that counts. */
export function lunaOf(value: unknown, least = 1n): bigint | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return inRange(BigInt(value), least);
  return typeof value === 'string' && /^\d{1,16}$/u.test(value) ? inRange(BigInt(value), least) : undefined;
}

function inRange(luna: bigint, least = 1n): bigint | undefined {
  return luna >= least && luna <= MAX_LUNA ? luna : undefined;
}

/** An amount in NIM, exact: whole NIM in groups of the locale, and the decimals with the point before them, without zeros at the end. */
export function nimParts(luna: bigint, locale?: string): readonly [whole: string, decimals: string] {
  const part = luna % LUNA;
  const point = new Intl.NumberFormat(locale, { minimumFractionDigits: 1 }).formatToParts(0).find(({ type }) => type === 'decimal')?.value ?? '.';
  const digits = String(part).padStart(5, '0').replace(/0{1,3}$/u, '');
  const decimals = new Intl.NumberFormat(locale, { minimumIntegerDigits: digits.length, useGrouping: false });
  return [new Intl.NumberFormat(locale).format(luna / LUNA), part === 0n ? '' : `${point}${decimals.format(BigInt(digits))}`];
}

export const formatNim = (luna: bigint, locale?: string): string => `${nimParts(luna, locale).join('')} NIM`;
