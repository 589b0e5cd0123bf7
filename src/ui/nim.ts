/** Luna in 1 NIM. */
export const LUNA = 100_000n;

const whole = new Intl.NumberFormat();
const decimals = new Intl.NumberFormat(undefined, { minimumIntegerDigits: 5, useGrouping: false });
const point = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1 }).formatToParts(0).find(({ type }) => type === 'decimal')?.value ?? '.';

/** An amount of Luna in NIM, exact: whole NIM in groups of the reader's locale, and the five decimals with the point before them. Not negative. */
export function nimParts(luna: number | bigint): readonly [whole: string, decimals: string] {
  const amount = BigInt(luna);
  return [whole.format(amount / LUNA), `${point}${decimals.format(amount % LUNA)}`];
}

export const formatNim = (luna: number | bigint): string => `${nimParts(luna).join('')} NIM`;

/** The amount for a machine: no groups, a point, five decimals, no unit. */
export const plainNim = (luna: number | bigint): string => `${BigInt(luna) / LUNA}.${String(BigInt(luna) % LUNA).padStart(5, '0')}`;
