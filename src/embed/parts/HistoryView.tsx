import type { Client, Status, TransactionView } from '../../client/types.ts';
import { useTransactions } from '../../react/wallet-hooks.ts';
import { isLive } from '../connection.ts';
import { useFormat } from '../locale.ts';
import { finalityTexts, texts } from '../texts.ts';
import { AddressBox } from './AddressBox.tsx';
import { Amount } from './Amount.tsx';

/** The newest transactions of the host's address, each proven, and older ones on demand. */
export function HistoryView({ client, status, address }: { readonly client: Client; readonly status: Status | undefined; readonly address: string }) {
  const { transactions, more, loading, error, loadMore } = useTransactions(client, address);
  return (
    <>
      <AddressBox address={address} />
      {!transactions && <p className="waiting" role="status">{isLive(status) ? texts.askingTransactions : texts.waits}</p>}
      {error !== undefined && isLive(status) && <p className="warn small" role="status">{texts.noAnswer}</p>}
      {transactions?.length === 0 && <p data-testid="no-transactions">{texts.noTransactions}</p>}
      {transactions && transactions.length > 0 && (
        <ol className="transactions" aria-label={texts.transactions}>
          {transactions.map((transaction) => (
            <Row key={transaction.hash} transaction={transaction} address={address} />
          ))}
        </ol>
      )}
      {more && (
        <p>
          <button type="button" className="plain" disabled={loading} onClick={loadMore}>{loading ? texts.loading : texts.more}</button>
        </p>
      )}
      {transactions && transactions.length > 0 && <p className="quiet small">{texts.maybeMore}</p>}
    </>
  );
}

function Row({ transaction, address }: { readonly transaction: TransactionView; readonly address: string }) {
  const format = useFormat();
  const { hash, kind, state, sender, recipient, value, timestamp, executionResult } = transaction;
  const incoming = recipient === address;
  const itself = incoming && sender === address;
  const sign = itself ? '' : incoming ? '+' : '−';
  const who = short(incoming ? sender : recipient);
  return (
    <li data-testid="transaction" data-hash={hash} data-state={state}>
      <span className="value" data-sign={incoming && !itself && executionResult ? 'in' : undefined}>
        <Amount luna={BigInt(value)} sign={sign} />
      </span>
      <span className="finality" data-tone={state === 'confirmed' ? 'good' : 'open'}>{finalityTexts[state === 'confirmed' ? 'final' : 'pending'].title}</span>
      <span className="quiet small" title={incoming ? sender : recipient}>
        {kind === 'reward' ? texts.reward : itself ? texts.itself : incoming ? texts.received(who) : texts.paid(who)}
        {!executionResult && <strong className="warn"> · {texts.unsuccessful}</strong>}
      </span>
      <time className="quiet small" dateTime={new Date(timestamp).toISOString()}><bdi>{format.moment(timestamp)}</bdi></time>
    </li>
  );
}

const short = (address: string) => `${address.slice(0, 4)}\u00a0…\u00a0${address.slice(-4)}`;
