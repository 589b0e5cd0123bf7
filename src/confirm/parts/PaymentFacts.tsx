import { useTransactions } from '../../react/wallet-hooks.ts';
import type { Client } from '../../client/types.ts';
import { AddressText } from '../../ui/AddressText.tsx';
import { Amount } from '../../ui/Amount.tsx';
import { acquaintanceOf, lookAlikeOf } from '../../page/accounts/known-recipient.ts';
import type { TransactionFacts } from '../read-transaction.ts';
import { acquaintanceText, texts } from '../texts.ts';
import { AddressLine } from './AddressLine.tsx';
import { Fact } from './Fact.tsx';
import { FeeLine } from './FeeLine.tsx';
import { RevealedText } from './RevealedText.tsx';

/** Luna: amounts from here on are shown smaller, so that they stay in one line of a narrow window. */
const LONG = 1_000_000_000_000n;

interface Props {
  readonly facts: TransactionFacts;
  readonly client: Client | undefined;
  /** All of this browser. */
  readonly own: readonly string[];
}

/** A payment, as its bytes say it. */
export function PaymentFacts({ facts, client, own }: Props) {
  return (
    <dl className="facts">
      <Fact name={texts.amount}>
        <p className="big" data-long={facts.value >= LONG} data-testid="value" data-luna={String(facts.value)}><Amount luna={facts.value} /></p>
        <FeeLine value={facts.value} fee={facts.fee} />
      </Fact>
      <Fact name={texts.recipient}>
        <div data-testid="recipient" data-address={facts.recipient}>
          <AddressLine address={facts.recipient} />
          {client && <KnownRecipient client={client} facts={facts} own={own} />}
        </div>
      </Fact>
      <Fact name={texts.message}>{facts.data.length === 0 ? <p className="quiet">{texts.noMessage}</p> : <RevealedText bytes={facts.data} />}</Fact>
    </dl>
  );
}

/** Whether the person has dealt with the recipient before, and whether it only looks like somebody known. */
function KnownRecipient({ client, facts: { sender, recipient }, own }: Props & { readonly client: Client }) {
  const history = useTransactions(client, sender);
  const acquaintance = acquaintanceOf(recipient, own, history);
  const partners = (history.transactions ?? []).filter((it) => own.includes(it.sender)).map((it) => it.recipient);
  const alike = acquaintance.kind === 'paid' ? undefined : lookAlikeOf(recipient, [...own, ...partners]);
  return (
    <>
      <p className={`small ${acquaintance.kind === 'paid' || acquaintance.kind === 'own' ? 'quiet' : 'warn'}`} data-testid="acquaintance" data-kind={acquaintance.kind}>
        {acquaintanceText(acquaintance)}
      </p>
      {alike !== undefined && (
        <div className="bad small" role="alert" data-testid="look-alike">
          <p>{texts.lookAlike}</p>
          <AddressText address={alike} />
        </div>
      )}
    </>
  );
}
