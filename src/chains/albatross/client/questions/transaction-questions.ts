import type { Hash } from '../../../../base/hash.ts';
import { type Answer, QuestionError, type QuestionOptions } from '../../../../engine/questions.ts';
import type { ReceiptView, TransactionPage, TransactionUpdate, TransactionUpdates, TransactionView } from '../../chain/wallet-views.ts';
import { friendlyAddress } from '../../transactions/address-text.ts';
import type { AddressWatch } from './address-watch.ts';
import type { ChainGround } from './chain-ground.ts';
import { fairPart } from './history-questions.ts';
import type { HistoryQuestions } from './history-questions.ts';
import { type HeldEntry, type KeptHistory, mostOf } from './kept-history.ts';
import { type Publish, sendTransaction } from './send-transaction.ts';
import type { TrackedTransactions } from './tracked-transactions.ts';
import { transactionView } from '../../proofs/transaction-views.ts';

export interface TransactionQuestionsOptions {
  readonly history: HistoryQuestions;
  readonly kept: KeptHistory;
  readonly ground: ChainGround;
  readonly tracked: TrackedTransactions;
  readonly watch: AddressWatch;
  readonly publish: Publish;
}

/** Questions about transactions: each is proven against the history root of a verified block. */
export class TransactionQuestions {
  readonly #history: HistoryQuestions;
  readonly #ground: ChainGround;
  readonly #options: TransactionQuestionsOptions;

  constructor(options: TransactionQuestionsOptions) {
    this.#options = options;
    this.#history = options.history;
    this.#ground = options.ground;
  }

  /** A transaction by its hash; its height, where it is known, says which peers can prove it. */
  async transaction(hash: Hash, height: number | undefined, { minLevel }: QuestionOptions, signal: AbortSignal | undefined): Promise<Answer<TransactionView>> {
    const { kept } = this.#options;
    const proven = await kept.entry(hash, height, minLevel, signal);
    const view = this.view(hash, proven);
    if (!view) throw new QuestionError('no-answer', { asked: 1, reason: 'no-transaction' });
    return kept.answer(view, proven, minLevel);
  }

  /** The transactions of an address, newest first, from after `before`. */
  async list(address: Uint8Array, before: Hash | undefined, limit: number, { minLevel }: QuestionOptions, signal: AbortSignal | undefined): Promise<Answer<TransactionPage>> {
    const { receipts, agreed } = await this.#history.receipts(address, limit, before, signal);
    const proven = await this.#options.kept.entries(receipts, address, minLevel, signal);
    const hashes = Array.from(new Set(receipts.map(({ hash }) => hash)));
    const transactions = hashes.flatMap((hash) => {
      const entry = proven.get(hash);
      return (entry && this.view(hash, entry)) ?? [];
    });
    const page: TransactionPage = {
      // Cut only here: inventions of one list must not push out what another one has.
      transactions: transactions.toSorted((a, b) => b.blockHeight - a.blockHeight).slice(0, limit),
      complete: agreed ? 'agreed' : 'claimed',
      unproven: hashes.filter((hash) => !proven.has(hash)).slice(0, limit),
      more: receipts.length >= limit,
    };
    return this.#ground.answer(page, this.#ground.chain.head, minLevel, mostOf(Array.from(proven.values()).some(({ stored }) => stored)));
  }

  /** What peers say about an address, newest first; none of it is proven. */
  async receipts(address: Uint8Array, before: Hash | undefined, limit: number, signal: AbortSignal | undefined): Promise<readonly ReceiptView[]> {
    const { receipts } = await this.#history.receipts(address, limit, before, signal);
    return fairPart(receipts, limit).map(({ hash, height }) => ({ hash, height }));
  }

  send(bytes: Uint8Array): Promise<TransactionUpdate> {
    const { tracked, publish } = this.#options;
    return sendTransaction(bytes, this.#ground.chain, publish, tracked);
  }

  /** What has become of a transaction that is followed. */
  update(hash: Hash): TransactionUpdate | undefined {
    return this.#options.tracked.get(hash);
  }

  /**
   * What happens to these transactions, and to those of these addresses, which are watched for two minutes more. Waits until there is something.
   * @param addresses by the text that the page gave.
   */
  updates(addresses: ReadonlyMap<string, Uint8Array>, hashes: readonly Hash[], since: number | undefined, signal: AbortSignal | undefined): Promise<TransactionUpdates> {
    const { tracked, watch } = this.#options;
    if (addresses.size > 0) watch.watch(Array.from(addresses.values()));
    const subjects = new Map<string, readonly string[]>(hashes.map((hash) => [hash, [hash]]));
    for (const [text, address] of addresses) {
      const name = friendlyAddress(address);
      subjects.set(name, [...(subjects.get(name) ?? []), text]);
    }
    return tracked.updates(subjects, since, signal);
  }

  view(hash: Hash, { entry }: HeldEntry): TransactionView | undefined {
    const { head, macroHead } = this.#ground.chain;
    return transactionView(hash, entry, { head: head.height, final: macroHead.height });
  }
}
