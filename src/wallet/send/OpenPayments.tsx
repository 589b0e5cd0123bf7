import { Amount } from '../../ui/Amount.tsx';
import { isSettled } from '../kept/payments.ts';
import { AddressName } from '../parts/AddressName.tsx';
import { hrefs } from '../route.ts';
import { useKept } from '../use-kept.ts';
import { namesOf, type WalletPage } from '../wallet-page.ts';
import { walletTexts } from '../wallet-texts.ts';

/** Payments of this browser that are not final yet. */
export function OpenPayments({ page }: { readonly page: WalletPage }) {
  const { payments, labels, accounts } = page;
  const names = namesOf(useKept(labels), accounts);
  const open = useKept(payments).filter(({ state }) => !isSettled(state));
  if (open.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="open-title">
      <h3 id="open-title" className="label">{walletTexts.openPayments}</h3>
      <ul className="open-payments">
        {open.map(({ hash, recipient, value, state }) => (
          <li key={hash}>
            <a href={hrefs.payment(hash)} data-testid="open-payment" data-state={state}>
              <AddressName address={recipient} name={names.get(recipient)} />
              <span className="value"><Amount luna={BigInt(value)} sign="−" /><span className="small quiet">{walletTexts.stateTitles[state]}</span></span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
