/** Luna in 1 NIM. */
export const LUNA = 100_000n;

/** How an amount is written. */
export interface NimStyle {
  /** By default the reader's. */
  readonly locale?: string | undefined;
  /** Without zeros at the end: no decimals, or at least two. */
  readonly short?: boolean;
}

const ofReader = formatsOf(undefined);

/**
 * An amount of Luna in NIM, exact: whole NIM in groups of the locale, and the five decimals (or fewer, see `NimStyle`) with the point before
 * them. Not negative.
 */
export function nimParts(luna: number | bigint, { locale, short = false }: NimStyle = {}): readonly [whole: string, decimals: string] {
  const amount = BigInt(luna);
  const { whole, point, decimals } = locale === undefined ? ofReader : formatsOf(locale);
  const digits = String(amount % LUNA).padStart(5, '0').replace(short ? /0{1,3}$/u : '', '');
  return [whole.format(amount / LUNA), short && amount % LUNA === 0n ? '' : `${point}${decimals(digits)}`];
}

export const formatNim = (luna: number | bigint, style?: NimStyle): string => `${nimParts(luna, style).join('')} NIM`;

/** The amount for a machine: no groups, a point, five decimals, no unit. */
export const plainNim = (luna: number | bigint): string => `${BigInt(luna) / LUNA}.${String(BigInt(luna) % LUNA).padStart(5, '0')}`;

function formatsOf(locale: string | undefined) {
  const plain = new Intl.NumberFormat(locale, { useGrouping: false });
  return {
    whole: new Intl.NumberFormat(locale),
    point: new Intl.NumberFormat(locale, { minimumFractionDigits: 1 }).formatToParts(0).find(({ type }) => type === 'decimal')?.value ?? '.',
    decimals: (digits: string) => Array.from(digits, (digit) => plain.format(Number(digit))).join(''),
  };
}
