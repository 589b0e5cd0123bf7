import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Frame } from '../frame.ts';
import type { Payments } from '../payments.ts';
import { paymentTexts, texts } from '../texts.ts';
import { useFormat } from '../locale.ts';

const steps = ['sent', 'included', 'confirmed'] as const;

/** Where the newest payment is: sent, in a block, final. */
export function PaymentState({ frame }: { readonly frame: Frame }) {
  const [payments, setPayments] = useState<Payments>();
  useEffect(() => {
    frame.payments.then(setPayments, () => undefined);
  }, [frame]);
  return payments ? <State payments={payments} /> : null;
}

function State({ payments }: { readonly payments: Payments }) {
  const format = useFormat();
  const newest = useSyncExternalStore(payments.subscribe, () => payments.newest);
  if (!newest) return null;
  const { state, hash, blockHeight } = newest;
  const at = steps.indexOf(state as (typeof steps)[number]);
  return (
    <section className="payment" data-testid="payment" data-state={state} data-hash={hash}>
      <span className="steps" aria-hidden="true">
        {steps.map((step, index) => (
          <i key={step} data-done={index <= at} />
        ))}
      </span>
      <p role="status">
        {paymentTexts[state]}
        {blockHeight !== undefined && <span className="quiet"> {texts.provenAt(format.number(blockHeight))}</span>}
      </p>
    </section>
  );
}
