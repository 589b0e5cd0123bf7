import { useEffect, useMemo, useRef, useState } from 'react';
import type { Client } from '../../client/types.ts';
import { whyAlone } from '../../page/why-alone.ts';
import { useTransactions } from '../../react/wallet-hooks.ts';
import { plainNim } from '../../ui/nim.ts';
import { problemText } from '../problem-text.ts';
import { useKept } from '../use-kept.ts';
import { namesOf, type OwnAddress, type WalletPage } from '../wallet-page.ts';
import { walletTexts } from '../wallet-texts.ts';
import { byDay } from './by-day.ts';
import { Export } from './Export.tsx';
import { formatDay } from './format-day.ts';
import { type HistoryRow, historyRow, rowHas } from './history-row.ts';
import { Row } from './Row.tsx';

interface Props {
  readonly page: WalletPage;
  readonly own: OwnAddress;
}

/** The transactions of one address by day. */
export function History({ page, own }: Props) {
  const { client } = page;
  return (
    <section className="panel history" aria-labelledby="history-title" data-testid="history">
      <h3 id="history-title" className="label">{walletTexts.history} · {own.name}</h3>
      {client ? <Known page={page} client={client} own={own} /> : <p role="status" className="quiet">{walletTexts.waitsForClient}</p>}
    </section>
  );
}

function Known({ page, client, own: { address } }: Props & { readonly client: Client }) {
  const { status, accounts, labels } = page;
  const { transactions, complete, unproven, more, loading, error, loadMore } = useTransactions(client, address);
  const [search, setSearch] = useState('');
  const book = useKept(labels);
  const names = useMemo(() => namesOf(book, accounts), [book, accounts]);
  const rows = transactions?.map((transaction) => historyRow(transaction, address));
  const wanted = (row: HistoryRow) => rowHas(row, search, names.get(row.other) ?? '', plainNim(row.value));
  const found = rows?.filter(wanted);
  if (!found || !rows) {
    return <p role="status" className={error ? 'warn' : 'quiet'}>{whyAlone(status) ? walletTexts.offlineHistory : error ? problemText(error) : walletTexts.loading}</p>;
  }
  if (rows.length === 0) return unproven > 0 ? <p role="status" className="warn">{walletTexts.unproven(unproven)}</p> : <Empty />;
  return (
    <>
      <div className="tools">
        <input type="search" value={search} onChange={({ target }) => setSearch(target.value)} aria-label={walletTexts.search} placeholder={walletTexts.searchHint} />
        <Export client={client} address={address} labels={book} wanted={wanted} />
      </div>
      {error !== undefined && <p className="warn small" role="status">{problemText(error)}</p>}
      {found.length === 0 && <p role="status">{walletTexts.nothingFound}</p>}
      {byDay(found).map(({ day, time, rows: ofDay }) => (
        <section key={day} className="day">
          <h4 className="small quiet">{formatDay(time)}</h4>
          <ol>{ofDay.map((row) => <Row key={row.hash} row={row} name={names.get(row.other)} labels={labels} mine={accounts.some((account) => account.addresses.some((each) => each.address === row.other))} />)}</ol>
        </section>
      ))}
      {unproven > 0 && <p className="warn small" role="status">{walletTexts.unproven(unproven)}</p>}
      {more && <Older key={rows.length} loading={loading} onMore={loadMore} />}
      {complete && <p className="quiet small complete">{walletTexts.complete[complete]}</p>}
    </>
  );
}

function Empty() {
  return (
    <div className="empty" data-testid="no-transactions">
      <p><strong>{walletTexts.empty}</strong></p>
      <p className="quiet small">{walletTexts.emptyHint}</p>
    </div>
  );
}

/** Older ones are asked for when the person scrolls to the end, or presses the button. */
function Older({ loading, onMore }: { readonly loading: boolean; readonly onMore: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  const more = useRef(onMore);
  useEffect(() => {
    more.current = onMore;
  });
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) more.current();
    });
    if (button.current) observer.observe(button.current);
    return () => observer.disconnect();
  }, []);
  return (
    <p className="actions">
      <button ref={button} type="button" className="plain" disabled={loading} onClick={onMore}>{loading ? walletTexts.loadingOlder : walletTexts.older}</button>
    </p>
  );
}
