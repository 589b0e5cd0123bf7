import { type NimStyle, nimParts } from './nim.ts';

/** An amount in NIM, by default with all five decimals; `sign` before it, if there is one. Written from left to right in every text. */
export function Amount({ luna, sign = '', ...style }: NimStyle & { readonly luna: number | bigint; readonly sign?: '+' | '−' | '' }) {
  const [whole, decimals] = nimParts(luna, style);
  return (
    <span className="amount" dir="ltr">
      {sign}
      {whole}
      <span className="decimals">{decimals}</span> <span className="unit">NIM</span>
    </span>
  );
}
