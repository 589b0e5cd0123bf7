import type { ReactNode } from 'react';
import { networkTexts } from '../page/texts.ts';
import { StatusPill } from './parts/StatusPill.tsx';
import { appHref, hrefs, type Route } from './route.ts';
import { useAnyOpen } from './use-kept.ts';
import type { WalletPage } from './wallet-page.ts';
import { walletTexts } from './wallet-texts.ts';

const pages = ['overview', 'send', 'receive', 'settings'] as const;
const pageOf = (route: Route): string => (route.page === 'payment' ? 'send' : route.page === 'backup' || route.page === 'add' ? 'settings' : route.page);

interface Props {
  readonly page: WalletPage;
  readonly route: Route;
  /** Without links to the pages: there is no account yet. */
  readonly bare: boolean;
  readonly notices: ReactNode;
  readonly children: ReactNode;
}

/** What is around every page of the wallet. */
export function Shell({ page, route, bare, notices, children }: Props) {
  const anyOpen = useAnyOpen(page.open);
  const name = page.status?.network.name;
  return (
    <div className="wallet">
      <header className="header">
        <h1 className="brand">
          <svg viewBox="0 0 64 32" aria-hidden="true">
            <path d="M4 20c12-15 22-16 28-5 6-11 16-10 28 5-12-7-20-6-28 6-8-12-16-13-28-6z" />
          </svg>
          <span>{walletTexts.title} <span className="of-wallet">{walletTexts.wallet}</span></span>
        </h1>
        {anyOpen && <button type="button" className="plain lock" aria-label={walletTexts.lock} title={walletTexts.lock} onClick={() => page.open.lockAll()}><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11" /></svg></button>}
        <StatusPill status={page.status} />
      </header>
      {notices}
      {!bare && (
        <nav aria-label={walletTexts.navName} className="nav">
          {pages.map((each) => <a key={each} href={hrefs[each]} aria-current={pageOf(route) === each ? 'page' : undefined}>{walletTexts.nav[each]}</a>)}
        </nav>
      )}
      <main>{children}</main>
      <footer className="footer">
        {name !== undefined && <span>{networkTexts.get(name) ?? name}</span>}
        <a href={appHref()}>{walletTexts.chain}</a>
        <span>{walletTexts.what}</span>
      </footer>
    </div>
  );
}
