import { useFormat } from '../locale.ts';

/** An amount in NIM, whole; `sign` before it, if there is one. */
export function Amount({ luna, sign = '' }: { readonly luna: bigint; readonly sign?: '+' | '−' | '' }) {
  const [whole, decimals] = useFormat().nimParts(luna);
  return (
    <span className="amount">
      {sign}
      {whole}
      <span className="decimals">{decimals}</span> <span className="unit">NIM</span>
    </span>
  );
}
