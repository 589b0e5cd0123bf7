import type { KeptValue } from '../kept/kept-value.ts';
import { type Labels, setLabel } from '../kept/labels.ts';
import { AddressName } from '../parts/AddressName.tsx';
import { hrefs } from '../route.ts';
import { useKept } from '../use-kept.ts';
import { walletTexts } from '../wallet-texts.ts';

/** The names of other people's addresses. */
export function AddressBook({ labels }: { readonly labels: KeptValue<Labels> }) {
  const entries = Object.entries(useKept(labels)).toSorted(([, a], [, b]) => a.localeCompare(b));
  return (
    <section className="panel book" aria-labelledby="book-title">
      <h3 id="book-title">{walletTexts.book}</h3>
      <p className="small quiet">{entries.length === 0 ? walletTexts.bookEmpty : walletTexts.bookText}</p>
      <ul>
        {entries.map(([address, name]) => (
          <li key={address}>
            <AddressName address={address} name={name} />
            <span className="actions">
              <a href={hrefs.sendTo(address)}>{walletTexts.send}</a>
              <button type="button" className="plain" aria-label={`${walletTexts.forget}: ${name}`} onClick={() => setLabel(labels, address, '')}>{walletTexts.forget}</button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
