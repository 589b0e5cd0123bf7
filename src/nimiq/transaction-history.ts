import type { TransactionView } from '../client/types.ts';
import { Transaction } from '../keys/transaction.ts';
import { noPeerProves } from '../client/no-peer-proves.ts';
import { errorCode } from './error-code.ts';
import type { Client as NativeClient } from '../client/types.ts';
import { plainTransactionDetails, type PlainTransactionDetails } from './plain-transaction-details.ts';
import { sentDetails } from './send-transaction.ts';

/** Transactions asked for at once: more would keep a wallet waiting that wants only the newest. */
const PAGE = 100;

/** What a wallet asks of an address's history. */
export interface HistoryQuestion {
  readonly address: string;
  /** Nothing from below this height. */
  readonly since: number;
  /** What the wallet already has: of these, what is not final is looked at again. */
  readonly known: readonly PlainTransactionDetails[];
  /** A hash: only what is older. */
  readonly startAt: string | undefined;
  readonly limit: number;
}

/** An address's transactions in the official client's form. */
export class TransactionHistory {
  readonly #client: Pick<NativeClient, 'getHead' | 'transactions'>;
  readonly #networkId: number;

  constructor(client: Pick<NativeClient, 'getHead' | 'transactions'>, networkId: number) {
    this.#client = client;
    this.#networkId = networkId;
  }

  /** The proven ones, newest first; then those of `known` that are in no block, with what has become of them. */
  async transactions(question: HistoryQuestion): Promise<PlainTransactionDetails[]> {
    const proven = (await this.#proven(question)).map((view) => plainTransactionDetails(view, this.#networkId));
    const found = new Set(proven.map(({ transactionHash }) => transactionHash));
    // A confirmed one was proven in a final block, and nothing can change that.
    const open = question.known.filter(({ transactionHash, state }) => !found.has(transactionHash) && (state === 'new' || state === 'pending' || state === 'included'));
    const head = open.length > 0 ? (await this.#client.getHead()).latest.height : 0;
    const again = await Promise.all(open.map((details) => this.#again(details, head)));
    return [...proven, ...again];
  }

  async #proven({ address, since, startAt, limit }: HistoryQuestion): Promise<readonly TransactionView[]> {
    const views: TransactionView[] = [];
    let before = startAt;
    while (views.length < limit) {
      const { value: page } = await this.#client.transactions.list(address, { before, limit: Math.min(PAGE, limit - views.length) });
      views.push(...page.transactions.filter(({ blockHeight }) => blockHeight >= since));
      const oldest = page.transactions.at(-1);
      if (!page.more || !oldest || oldest.blockHeight < since) break;
      before = oldest.hash;
    }
    return views;
  }

  /**
   * What has become of a transaction that was in no final block. If nothing has, it is sent again. It has expired when its window is over
   * and peers were heard after that which could not prove it: without their answer it may be in a block, and stays as it was.
   */
  async #again(details: PlainTransactionDetails, head: number): Promise<PlainTransactionDetails> {
    const { transactionHash: hash, blockHeight, validityStartHeight } = details;
    const transaction = Transaction.fromPlain(details);
    const plain = transaction.toPlain();
    const ended = head >= validityStartHeight && !transaction.isValidAt(head + 1);
    if (details.state === 'included' || ended) {
      const answer = await this.#client.transactions.get(hash, { height: blockHeight }).catch((error: unknown) => noPeerProves(error));
      if (typeof answer === 'object') return plainTransactionDetails(answer.value, this.#networkId);
      if (ended) return answer ? { ...plain, state: 'expired' } : details;
    }
    try {
      const sent = (await this.#client.transactions.status(hash)) ?? (await this.#client.transactions.send(transaction));
      return sentDetails(transaction, sent, this.#networkId);
    } catch (error) {
      // Without peers it stays as it was: the wallet asks again.
      return { ...plain, state: errorCode(error) === 'invalid-transaction' ? 'invalidated' : 'new' };
    }
  }
}
