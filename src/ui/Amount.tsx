import { nimParts } from './nim.ts';

/** An amount in NIM with all five decimals; `sign` before it, if there is one. */
export function Amount({ luna, sign = '' }: { readonly luna: number | bigint; readonly sign?: '+' | '−' | '' }) {
  const [whole, decimals] = nimParts(luna);
  return (
    <span className="amount">
      {sign}
      {whole}
      <span className="decimals">{decimals}</span> <span className="unit">NIM</span>
    </span>
  );
}
