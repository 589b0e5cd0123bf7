/** Separator of thousands and point of the reader's locale. */
const point = new Intl.NumberFormat().formatToParts(1.5).find(({ type }) => type === 'decimal')?.value ?? '.';

/** An amount of microSTX (10^-6 STX) in STX, exact; of the digits after the point the trailing zeros are left out. */
export function formatStx(micro: bigint): string {
  const rest = (micro % 1_000_000n).toString().padStart(6, '0').replace(/0+$/u, '');
  return `${(micro / 1_000_000n).toLocaleString()}${rest === '' ? '' : `${point}${rest}`} STX`;
}
