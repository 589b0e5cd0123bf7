import type { Client, TransactionView } from '../../../../client/types.ts';
import { useTransactions } from '../../../../react/wallet-hooks.ts';
import { formatMoment } from '../../../../page/format.ts';
import { problemOf } from '../../../../page/problem-of.ts';
import { saveTexts } from '../../../proof/save-texts.ts';
import { SaveProof } from '../../../proof/SaveProof.tsx';
import { blockHref } from '../../../route.ts';
import { textOf } from '../../../../page/code-texts.ts';
import { AddressLink } from './AddressLink.tsx';
import { accountProblems, accountTexts } from '../../../../page/accounts/account-texts.ts';
import { Amount } from '../../../../ui/Amount.tsx';
import { formatNim } from '../../../../ui/nim.ts';

/** The newest transactions of an address, each proven, and older ones on demand. */
export function TransactionsOf({ client, address }: { readonly client: Client; readonly address: string }) {
  const { transactions, complete, more, loading, error, loadMore } = useTransactions(client, address);
  const problem = error === undefined ? undefined : problemOf(error);
  return (
    <section aria-labelledby="account-transactions">
      <h3 id="account-transactions" className="label">{accountTexts.transactions}</h3>
      {problem && <p className="warn small" role="status">{accountProblems.get(problem.code) ?? textOf(problem.code, problem.data)}</p>}
      {!transactions && !problem && <p role="status">{accountTexts.loadingTransactions}</p>}
      {transactions?.length === 0 && <p data-testid="no-transactions">{accountTexts.noTransactions}</p>}
      {transactions && transactions.length > 0 && (
        <ol className="transactions">
          {transactions.map((transaction) => (
            <Row key={transaction.hash} client={client} transaction={transaction} address={address} />
          ))}
        </ol>
      )}
      {more && (
        <p className="actions">
          <button type="button" className="plain" disabled={loading} onClick={loadMore}>{loading ? accountTexts.loadingOlder : accountTexts.older}</button>
        </p>
      )}
      {transactions && complete && transactions.length > 0 && <p className="quiet small">{accountTexts.transactionsHint[complete]}</p>}
    </section>
  );
}

function Row({ client, transaction, address }: { readonly client: Client; readonly transaction: TransactionView; readonly address: string }) {
  const { hash, kind, state, sender, recipient, value, fee, blockHeight, timestamp, executionResult } = transaction;
  const [outgoing, incoming] = [sender === address, recipient === address];
  const sign = outgoing === incoming ? '' : incoming ? '+' : '−';
  return (
    <li data-testid="transaction" data-hash={hash} data-state={state}>
      <span className="value" data-sign={sign === '+' && executionResult ? 'in' : undefined}>
        <Amount luna={value} sign={sign} />
      </span>
      <span className="party">
        {kind === 'reward' ? (
          accountTexts.reward
        ) : outgoing && incoming ? (
          accountTexts.itself
        ) : (
          <>
            {!outgoing && <>{accountTexts.from} <AddressLink address={sender} short /> </>}
            {!incoming && <>{accountTexts.to} <AddressLink address={recipient} short /></>}
          </>
        )}
      </span>
      <span className="finality" data-state={state}>{accountTexts[state === 'confirmed' ? 'final' : 'pending']}</span>
      <span className="quiet small when">
        <time dateTime={new Date(timestamp).toISOString()}>{formatMoment(timestamp)}</time> · <a href={blockHref(blockHeight)}>{accountTexts.block(blockHeight)}</a>
        {outgoing && fee > 0 && ` · ${accountTexts.fee(formatNim(fee))}`}
        {!executionResult && <strong className="warn"> · {accountTexts.failed}</strong>}
      </span>
      {state === 'confirmed' && <SaveProof prove={(options) => client.proveTransaction(hash, { ...options, height: blockHeight })} name={`transaction-${hash.slice(0, 16)}`} subject={saveTexts.ofTransaction(hash)} />}
    </li>
  );
}
