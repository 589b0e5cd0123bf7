import { useSyncExternalStore } from 'react';
import type { Frame } from '../frame.ts';
import { useFormat } from '../locale.ts';
import type { FrameOptions } from '../options.ts';
import { texts } from '../texts.ts';
import { AddressBox } from './AddressBox.tsx';
import { Amount } from './Amount.tsx';

/** What the host wants to be paid, whole, and the button with which a person goes on to `/confirm`. */
export function PayView({ frame, options, live }: { readonly frame: Frame; readonly options: FrameOptions; readonly live: boolean }) {
  const format = useFormat();
  const asked = useSyncExternalStore(frame.asks.subscribe, () => frame.asks.current);
  const blocked = useSyncExternalStore(frame.permissions.subscribe, () => frame.permissions.blocked);
  const paying = useSyncExternalStore(frame.subscribe, frame.isPaying);
  const paid = useSyncExternalStore(frame.subscribe, frame.hasPaid);
  const { amount, recipient, message } = options;
  if (amount === undefined || recipient === undefined) return <p className="warn">{texts.payIncomplete}</p>;
  const can = live && !asked && !paying && !blocked && !frame.signingRefused;
  return (
    <>
      <p className="figure" data-testid="amount" data-luna={String(amount)}>
        <Amount luna={amount} />
      </p>
      <p className="label">{texts.to}</p>
      <AddressBox address={recipient} />
      {message !== undefined && (
        <>
          <p className="label">{texts.message}</p>
          <p className="quoted" dir="auto">{message}</p>
        </>
      )}
      {!asked && (
        <>
          <p>
            <button type="button" className={paid ? 'plain again' : 'main'} disabled={!can} onClick={() => void frame.pay()}>
              {(paid ? texts.payAgain : texts.payWhole)(format.nim(amount))}
            </button>
          </p>
          {!frame.signingRefused && <p className="quiet small">{blocked ? texts.blocked : live ? texts.payHint : texts.waits}</p>}
        </>
      )}
    </>
  );
}
