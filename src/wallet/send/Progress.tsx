import type { TransactionState } from '../../client/types.ts';
import { formatMoment } from '../../page/format.ts';
import { Amount } from '../../ui/Amount.tsx';
import type { Payment } from '../kept/payments.ts';
import { AddressName } from '../parts/AddressName.tsx';
import { appHref } from '../route.ts';
import { walletTexts } from '../wallet-texts.ts';

const steps = ['sent', 'included', 'confirmed'] as const;
const reached: Readonly<Record<TransactionState, number>> = { sent: 0, included: 1, confirmed: 2, expired: -1, reverted: 0 };

/** A payment's way: sent, in a block, final. */
export function Progress({ payment, name }: { readonly payment: Payment; readonly name: string | undefined }) {
  const { state, value, recipient, time, height, hash } = payment;
  return (
    <div className="progress" data-testid="payment" data-state={state} data-hash={hash}>
      <p className="big"><Amount luna={BigInt(value)} /></p>
      <p className="to"><span className="quiet">{walletTexts.toAddress}</span> <AddressName address={recipient} name={name} /></p>
      <ol className="steps" data-state={state}>
        {steps.map((step, place) => (
          <li key={step} data-done={place <= reached[state]} data-now={place === reached[state] && state !== 'confirmed'}>
            <span className="dot" aria-hidden="true" />
            {walletTexts.steps[step]}
          </li>
        ))}
      </ol>
      <p role="status" className={state === 'expired' || state === 'reverted' ? 'warn' : undefined}>
        <strong>{walletTexts.stateTitles[state]}.</strong> {walletTexts.stepTexts[state]}
      </p>
      <p className="small quiet">
        <time dateTime={new Date(time).toISOString()}><bdi>{formatMoment(time)}</bdi></time>
        {height !== undefined && <> · <a href={appHref(`#/block/${height}`)}>{walletTexts.block(height)}</a></>}
      </p>
    </div>
  );
}
