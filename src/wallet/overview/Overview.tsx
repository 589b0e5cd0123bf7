import { whyAlone } from '../../page/why-alone.ts';
import { Amount } from '../../ui/Amount.tsx';
import { History } from '../history/History.tsx';
import { hrefs } from '../route.ts';
import { OpenPayments } from '../send/OpenPayments.tsx';
import { useKept } from '../use-kept.ts';
import { ownAddresses, type WalletPage } from '../wallet-page.ts';
import { walletTexts } from '../wallet-texts.ts';
import { AddressCard } from './AddressCard.tsx';
import { BackupReminder } from './BackupReminder.tsx';
import { Stake } from './Stake.tsx';
import { useBalances } from './use-balances.ts';
import { Verdict } from './Verdict.tsx';
import { verdictOf, weakest } from './verdict.ts';

/** Luna. From a million NIM on the figure is set smaller, so that it stays in one line. */
const LONG = 100_000_000_000n;

/** All balances, their sum, and the history of one address. */
export function Overview({ page }: { readonly page: WalletPage }) {
  const { client, status, accounts, balances, selected } = page;
  const own = ownAddresses(accounts);
  const known = useBalances(client, own.map(({ address }) => address), balances);
  const chosen = useKept(selected);
  const shown = own.find(({ address }) => address === chosen) ?? own[0]!;
  const fresh = status === undefined || whyAlone(status) === undefined;
  const verdicts = known.map((balance) => verdictOf(balance, fresh));
  const all = known.every(({ luna }) => luna !== undefined);
  const total = known.reduce((sum, { luna = 0n }) => sum + luna, 0n);
  return (
    <div className="overview">
      <h2 className="visually-hidden">{walletTexts.nav.overview}</h2>
      <div className="side">
        {accounts.filter(({ backedUp }) => !backedUp).map((account) => <BackupReminder key={account.id} account={account} />)}
        <section className="panel total" aria-label={own.length > 1 ? walletTexts.total : walletTexts.balance}>
          <p className="label">{own.length > 1 ? walletTexts.total : walletTexts.balance}</p>
          <p className="big" data-long={total >= LONG} data-testid="total" data-luna={all ? String(total) : undefined}>{all ? <Amount luna={total} /> : <span className="ghost-line" role="status">{walletTexts.noBalance}</span>}</p>
          <Verdict verdict={weakest(verdicts)} />
          <p className="main-actions">
            <a className="button" href={hrefs.send}>{walletTexts.send}</a>
            <a className="button plain" href={hrefs.receive}>{walletTexts.receive}</a>
          </p>
        </section>
        <OpenPayments page={page} />
        <section aria-labelledby="accounts-title" className="panel">
          <h3 id="accounts-title" className="label">{walletTexts.accounts}</h3>
          <ul className="addresses">
            {own.map((each, place) => (
              <AddressCard key={each.address} own={each} luna={known[place]?.luna} verdict={verdicts[place]!} selected={each === shown} onSelect={() => selected.update(() => each.address)} />
            ))}
          </ul>
          <p className="actions"><a href={hrefs.add}>{walletTexts.addAccount}</a></p>
        </section>
        {client && <Stake client={client} address={shown.address} />}
      </div>
      <History key={shown.address} page={page} own={shown} />
    </div>
  );
}
