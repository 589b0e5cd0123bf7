import { Title } from '../parts/Title.tsx';
import { grantsHref, hrefs } from '../route.ts';
import { useAnyOpen } from '../use-kept.ts';
import type { WalletPage } from '../wallet-page.ts';
import { walletTexts } from '../wallet-texts.ts';
import { AccountSettings } from './AccountSettings.tsx';
import { AddressBook } from './AddressBook.tsx';

/** Accounts with their addresses and keys, and the address book. */
export function Settings({ page }: { readonly page: WalletPage }) {
  const anyOpen = useAnyOpen(page.open);
  return (
    <div className="settings">
      <Title>{walletTexts.settings}</Title>
      {page.accounts.map((account) => <AccountSettings key={account.id} page={page} account={account} />)}
      <section className="panel">
        <p className="actions">
          <a className="button plain" href={hrefs.add}>{walletTexts.addAccount}</a>
          <a className="button plain" href={grantsHref()}>{walletTexts.grants}</a>
          {anyOpen && <button type="button" className="plain" onClick={() => page.open.lockAll()}>{walletTexts.lock}</button>}
        </p>
        <p className="small quiet">{walletTexts.locks}</p>
      </section>
      <AddressBook labels={page.labels} />
    </div>
  );
}
