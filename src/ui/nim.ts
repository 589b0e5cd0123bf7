/** Luna in 1 NIM. */
const LUNA = 100_000n;

const whole = new Intl.NumberFormat();
const decimals = new Intl.NumberFormat(undefined, { minimumIntegerDigits: 5, useGrouping: false });
const point = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1 }).formatToParts(0).find(({ type }) => type === 'decimal')?.value ?? '.';

/** An amount of Luna in NIM, exact: whole NIM in groups of the reader's locale, and the five decimals with the point before them. */
export function nimParts(luna: number): readonly [whole: string, decimals: string] {
  const amount = BigInt(luna);
  return [whole.format(amount / LUNA), `${point}${decimals.format(amount % LUNA)}`];
}

export const formatNim = (luna: number): string => `${nimParts(luna).join('')} NIM`;
