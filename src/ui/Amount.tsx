import { type NimStyle, nimParts } from './nim.ts';

/** An amount in NIM, by default with all five decimals; `sign` before it, if there is one. */
export function Amount({ luna, sign = '', ...style }: NimStyle & { readonly luna: number | bigint; readonly sign?: '+' | '−' | '' }) {
  const [whole, decimals] = nimParts(luna, style);
  return (
    <span className="amount">
      {sign}
      {whole}
      <span className="decimals">{decimals}</span> <span className="unit">NIM</span>
    </span>
  );
}
