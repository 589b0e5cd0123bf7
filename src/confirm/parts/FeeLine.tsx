import { Amount } from '../../ui/Amount.tsx';
import { isHighFee } from '../high-fee.ts';
import { texts } from '../texts.ts';

/** The fee, and what it costs in all, if more is paid than the fee. `value`, `fee`: luna. */
export function FeeLine({ value, fee }: { readonly value: bigint; readonly fee: bigint }) {
  if (fee === 0n) return <p className="quiet" data-testid="fee" data-luna="0">{texts.noFee}</p>;
  return (
    <>
      <p className={isHighFee(fee) ? 'bad' : 'quiet'} data-testid="fee" data-luna={String(fee)}>
        {texts.fee} <Amount luna={fee} />
        {value > 0n && <> · {texts.total} <Amount luna={value + fee} /></>}
      </p>
      {isHighFee(fee) && <p className="bad small" role="alert" data-testid="high-fee">{texts.highFee}</p>}
    </>
  );
}
