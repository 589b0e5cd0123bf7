// Tests: `e2e/wallet.spec.ts`.
import { type FormEvent, useId, useState } from 'react';
import { addressProblemText } from '../../page/accounts/account-texts.ts';
import { whyAlone } from '../../page/why-alone.ts';
import { formatNim, plainNim } from '../../ui/nim.ts';
import { useBalances } from '../overview/use-balances.ts';
import { OwnSelect } from '../parts/OwnSelect.tsx';
import { TextField } from '../parts/TextField.tsx';
import { Title } from '../parts/Title.tsx';
import { readRequestLink } from '../receive/request-link.ts';
import type { OwnAddress, WalletPage } from '../wallet-page.ts';
import { amountProblemText, messageProblemText, walletTexts } from '../wallet-texts.ts';
import { type Draft, draftOf } from './draft.ts';
import { type FeeRate, feeOf, feeRates, MAX_MESSAGE, type PaymentToMake } from './make-payment.ts';
import { readPayment } from './read-payment.ts';
import { RecipientCheck } from './RecipientCheck.tsx';
import { utf8Length } from './utf8-length.ts';

interface Props {
  readonly page: WalletPage;
  readonly own: readonly OwnAddress[];
  readonly sender: OwnAddress;
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
  readonly onReview: (payment: Omit<PaymentToMake, 'sender'>) => void;
}

/** Checks each field as it is entered. Missing fields are named when the person presses the button. */
export function SendForm({ page, own, sender, draft, onDraft, onReview }: Props) {
  const id = useId();
  const [tried, setTried] = useState(false);
  const [balance] = useBalances(page.client, [sender.address], page.balances);
  const fee = feeOf(draft.rate, draft.message);
  // A balance from an earlier visit is no limit: it may have grown.
  const available = balance?.known?.latest && whyAlone(page.status) === undefined ? BigInt(balance.known.latest.value.balance) : undefined;
  const read = readPayment({ ...draft, fee }, available);
  const problems = 'problems' in read ? read.problems : {};
  const left = MAX_MESSAGE - utf8Length(draft.message);
  const said = <T,>(entered: string, problem: T | undefined) => (tried || entered !== '' ? problem : undefined);
  const ofRecipient = said(draft.recipient, problems.recipient);
  // While an address is being typed it is too short; that is said when the person leaves it.
  const [recipientLeft, setRecipientLeft] = useState(draft.recipient !== '');
  const quiet = ofRecipient?.code === 'length' && ofRecipient.data < 36 && !recipientLeft && !tried;
  const ofAmount = said(draft.amount, problems.amount);
  const ofMessage = said(draft.message, problems.message);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if ('payment' in read) return onReview(read.payment);
    document.getElementById(problems.recipient ? `${id}-recipient` : problems.amount ? `${id}-amount` : `${id}-message`)?.focus();
  };
  const enterRecipient = (text: string) => onDraft(readRequestLink(text) ? { ...draftOf(text), rate: draft.rate } : { ...draft, recipient: text });
  const all = () => available !== undefined && onDraft({ ...draft, amount: plainNim(available > fee ? available - fee : 0n) });
  return (
    <section className="panel narrow">
      <Title>{walletTexts.send}</Title>
      <form className="form" onSubmit={submit} noValidate>
        <OwnSelect label={walletTexts.from} own={own} value={sender.address} onChange={(address) => page.selected.update(() => address)} />
        <TextField
          id={`${id}-recipient`}
          label={walletTexts.recipient}
          value={draft.recipient}
          onText={enterRecipient}
          onBlur={() => setRecipientLeft(draft.recipient !== '')}
          list={`${id}-known`}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          dir="ltr"
          hint={walletTexts.recipientHint}
          problem={ofRecipient && !quiet ? addressProblemText(ofRecipient) : undefined}
        />
        <KnownAddresses id={`${id}-known`} page={page} own={own} />
        <RecipientCheck page={page} sender={sender} recipient={draft.recipient} />
        <TextField
          id={`${id}-amount`}
          label={walletTexts.amount}
          value={draft.amount}
          onText={(amount) => onDraft({ ...draft, amount })}
          inputMode="decimal"
          autoComplete="off"
          hint={available === undefined ? walletTexts.noAvailable : walletTexts.available(formatNim(available))}
          problem={ofAmount && amountProblemText(ofAmount)}
          beside={<button type="button" className="plain" disabled={available === undefined} onClick={all}>{walletTexts.max}</button>}
        />
        <TextField
          id={`${id}-message`}
          label={walletTexts.messageOptional}
          value={draft.message}
          onText={(message) => onDraft({ ...draft, message })}
          autoComplete="off"
          hint={draft.message !== '' && walletTexts.messageLeft(left)}
          problem={ofMessage === undefined ? undefined : messageProblemText(ofMessage)}
        />
        <div className="text-field">
          <label htmlFor={`${id}-fee`}>{walletTexts.fee}</label>
          <select id={`${id}-fee`} value={draft.rate} onChange={({ target }) => onDraft({ ...draft, rate: target.value as FeeRate })}>
            {(Object.keys(feeRates) as FeeRate[]).map((rate) => (
              <option key={rate} value={rate}>{rate === 'free' ? walletTexts.fees.free : `${walletTexts.fees[rate]}: ${formatNim(feeOf(rate, draft.message))}`}</option>
            ))}
          </select>
        </div>
        <p className="actions"><button type="submit">{walletTexts.review}</button></p>
      </form>
    </section>
  );
}

/** What the browser offers while an address is entered. */
function KnownAddresses({ id, page, own }: { readonly id: string; readonly page: WalletPage; readonly own: readonly OwnAddress[] }) {
  return (
    <datalist id={id}>
      {Object.entries(page.labels.get()).map(([address, name]) => <option key={address} value={address}>{name}</option>)}
      {own.map(({ address, name }) => <option key={address} value={address}>{name}</option>)}
    </datalist>
  );
}
