import { fromHex } from '../../base/bytes.ts';
import { noPeerProves } from '../../client/no-peer-proves.ts';
import type { Client, Head, TransactionUpdate } from '../../client/types.ts';
import { whenAnswersChange } from '../../react/when-answers-change.ts';
import type { KeptValue } from '../kept/kept-value.ts';
import { isSettled, type Payment, type Payments, setPaymentState } from '../kept/payments.ts';

export type PaymentsClient = Pick<Client, 'on'> & { readonly transactions: Pick<Client['transactions'], 'watch' | 'status' | 'get' | 'send'> };

/**
 * Follows the payments that are not settled, as long as the page lives, and writes down what becomes of them. The hub follows what it sent
 * itself; after all tabs were closed it has forgotten, and then the chain is asked, and the payment is given to it again.
 * @param window blocks in which a transaction is valid.
 */
export function followPayments(client: PaymentsClient, payments: KeptValue<Payments>, window: number): () => void {
  const watched = new Map<string, () => void>();
  const asking = new Set<string>();
  let head: Head | undefined;
  const take = (hash: string, { state, transaction }: Pick<TransactionUpdate, 'state' | 'transaction'>) => setPaymentState(payments, hash, state, transaction?.blockHeight);
  const watch = () => {
    for (const { hash, state } of payments.get()) if (!isSettled(state) && !watched.has(hash)) watched.set(hash, client.transactions.watch(hash, (update) => take(hash, update)));
    for (const { hash, state } of payments.get()) {
      if (!isSettled(state)) continue;
      watched.get(hash)?.();
      watched.delete(hash);
    }
  };
  const ask = async (payment: Payment) => {
    const { hash, height, bytes, start } = payment;
    const known = await client.transactions.status(hash);
    if (known) return take(hash, known);
    const ended = head !== undefined && head.final.height >= start + window;
    const found = await client.transactions.get(hash, { height }).catch(unlessUnknown);
    if (found) return take(hash, { state: found.value.state, transaction: found.value });
    if (ended) return take(hash, { state: 'expired', transaction: undefined });
    take(hash, await client.transactions.send(fromHex(bytes)));
  };
  const askAll = () => {
    for (const payment of payments.get()) {
      if (isSettled(payment.state) || asking.has(payment.hash)) continue;
      asking.add(payment.hash);
      // Without an answer it is asked again when the batch ends.
      void ask(payment).catch(() => undefined).finally(() => asking.delete(payment.hash));
    }
  };
  watch();
  const ends = [payments.subscribe(watch), client.on('head', (event) => (head = event.head)), whenAnswersChange(client, askAll)];
  return () => {
    for (const end of [...ends, ...watched.values()]) end();
  };
}

/** Throws the error, unless a peer was heard that could not prove the payment. If none was heard, the payment may be in a block. */
function unlessUnknown(error: unknown): undefined {
  if (!noPeerProves(error)) throw error;
}
