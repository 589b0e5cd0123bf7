import type { Hash } from '../../../../base/hash.ts';
import { type Answer, QuestionError, type QuestionOptions } from '../../../../engine/questions.ts';
import type { TransactionPage, TransactionView } from '../../chain/wallet-views.ts';
import type { ChainGround } from './chain-ground.ts';
import type { HistoryQuestions, ProvenEntry } from './history-questions.ts';
import { transactionView } from '../../proofs/transaction-views.ts';

/** Questions about transactions: each is proven against the history root of a verified block. */
export class TransactionQuestions {
  readonly #history: HistoryQuestions;
  readonly #ground: ChainGround;

  constructor(history: HistoryQuestions, ground: ChainGround) {
    this.#history = history;
    this.#ground = ground;
  }

  /** A transaction by its hash; its height, where it is known, says which peers can prove it. */
  async transaction(hash: Hash, height: number | undefined, { minLevel }: QuestionOptions, signal: AbortSignal | undefined): Promise<Answer<TransactionView>> {
    const proven = await this.#history.entry(hash, height, signal);
    const view = this.view(hash, proven);
    if (!view) throw new QuestionError('no-answer', { asked: 1, reason: 'no-transaction' });
    return this.#ground.answer(view, proven.ground, minLevel);
  }

  /** The transactions of an address, newest first, from after `before`. */
  async list(address: Uint8Array, before: Hash | undefined, limit: number, { minLevel }: QuestionOptions, signal: AbortSignal | undefined): Promise<Answer<TransactionPage>> {
    const { receipts, agreed } = await this.#history.receipts(address, limit, before, signal);
    const proven = await this.#history.entries(receipts, signal);
    const transactions = receipts.flatMap(({ hash }) => {
      const entry = proven.get(hash);
      return (entry && this.view(hash, entry)) ?? [];
    });
    const page: TransactionPage = {
      transactions,
      complete: agreed ? 'agreed' : 'claimed',
      unproven: receipts.flatMap(({ hash }) => (proven.has(hash) ? [] : [hash])),
      more: receipts.length === limit,
    };
    return this.#ground.answer(page, this.#ground.chain.head, minLevel);
  }

  view(hash: Hash, { entry }: ProvenEntry): TransactionView | undefined {
    const { head, macroHead } = this.#ground.chain;
    return transactionView(hash, entry, { head: head.height, final: macroHead.height });
  }
}
