import { encode } from '../../src/base/postcard/codec.ts';
import { equalBytes } from '../../src/base/bytes.ts';
import type { Hash } from '../../src/base/hash.ts';
import { accountTypes } from '../../src/chains/albatross/transactions/account-type.ts';
import { extendedForm } from '../../src/chains/albatross/transactions/derive-format.ts';
import { transactionHash } from '../../src/chains/albatross/transactions/transaction-hash.ts';
import { transaction as transactionCodec } from '../../src/chains/albatross/wire/transactions.ts';
import type { ExtendedTransaction, Transaction } from '../../src/chains/albatross/wire/types.ts';
import type { DevChain } from '../chain.ts';
import type { DevBlock } from '../dev-block.ts';
import { Accounts } from './accounts.ts';
import { brokenRule, isIncluded, mayBeIncluded } from './transaction-rules.ts';

/** Bytes. Policy's MAX_SIZE_MICRO_BODY, without the counts in front of the two lists. */
const MAX_BODY = 100_000 - 6;
/** Bytes of waiting transactions. Albatross proofs reference, 4.6. */
const MAX_BYTES = { regular: 12_000_000, control: 6_000_000 } as const;

/**
 * What became of a transaction. `accepted`: it waits for the next block. `known`, `not-valid-now`, `unpayable`, `full`: ignored. `included`, and
 * every code of a rule that it breaks in itself: rejected.
 */
export type MempoolVerdict = { readonly verdict: 'accept' | 'ignore' | 'reject'; readonly outcome: string };

interface Waiting {
  readonly hash: Hash;
  readonly transaction: Transaction;
  readonly extended: ExtendedTransaction;
  readonly size: number;
  /** Concerns the staking contract. */
  readonly control: boolean;
}

/**
 * The transactions that wait for a block, shared by all peers. Order: control transactions first, then by fee per byte, then by age. Albatross
 * proofs reference, 4.6.
 */
export class Mempool {
  readonly #chain: DevChain;
  readonly #waiting = new Map<Hash, Waiting>();

  constructor(chain: DevChain) {
    this.#chain = chain;
  }

  /** Hashes of the control transactions, or of the others. */
  hashes(type: 'control' | 'regular'): readonly Hash[] {
    return this.#ordered().flatMap(({ hash, control }) => (control === (type === 'control') ? [hash] : []));
  }

  get(hash: Hash): Transaction | undefined {
    return this.#waiting.get(hash)?.transaction;
  }

  add(transaction: Transaction): MempoolVerdict {
    const { head, network, policy } = this.#chain;
    const hash = transactionHash(transaction);
    const state = this.#chain.stateOf(head);
    const broken = brokenRule(transaction, network.networkId, head.block.header.version);
    if (broken !== undefined) return { verdict: 'reject', outcome: broken };
    if (isIncluded(hash, state)) return { verdict: 'reject', outcome: 'included' };
    if (this.#waiting.has(hash)) return { verdict: 'ignore', outcome: 'known' };
    if (!mayBeIncluded(transaction, head.height + 1, policy)) return { verdict: 'ignore', outcome: 'not-valid-now' };
    const extended = extendedForm(transaction);
    if (!this.#isPayable(extended)) return { verdict: 'ignore', outcome: 'unpayable' };
    const control = extended.senderType === accountTypes.staking || extended.recipientType === accountTypes.staking;
    this.#waiting.set(hash, { hash, transaction, extended, size: encode(transactionCodec, transaction).length, control });
    this.#dropSurplus(control);
    return this.#waiting.has(hash) ? { verdict: 'accept', outcome: 'accepted' } : { verdict: 'ignore', outcome: 'full' };
  }

  /** What the block after the head may hold. */
  pick(): readonly Transaction[] {
    const { head, policy } = this.#chain;
    const state = this.#chain.stateOf(head);
    let left = MAX_BODY;
    return this.#ordered().flatMap(({ hash, transaction, size }) => {
      if (!mayBeIncluded(transaction, head.height + 1, policy) || isIncluded(hash, state) || size + 1 > left) return [];
      left -= size + 1;
      return [transaction];
    });
  }

  /** Drops what the main chain now holds, what is too old and what cannot be paid any more, and takes back what left the chain. */
  follow(adopted: readonly DevBlock[], reverted: readonly DevBlock[]): void {
    for (const transaction of adopted.flatMap(transactionsIn)) this.#waiting.delete(transactionHash(transaction));
    const { head, policy } = this.#chain;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const entry of waiting) {
      if (mayBeIncluded(entry.transaction, head.height + 1, policy) && this.#isPayable(entry.extended)) this.#waiting.set(entry.hash, entry);
    }
    for (const transaction of reverted.flatMap(transactionsIn)) this.add(transaction);
  }

  /** Whether the sender's balance covers it beside everything of the sender that waits. For other accounts than basic ones, blocks decide. */
  #isPayable({ sender, senderType, value, fee }: ExtendedTransaction): boolean {
    if (senderType !== accountTypes.basic) return true;
    const account = new Accounts(this.#chain.stateOf(this.#chain.head).accounts).account(sender);
    const reserved = [...this.#waiting.values()].reduce((sum, { extended }) => (extended.senderType === senderType && equalBytes(extended.sender, sender) ? sum + extended.value + extended.fee : sum), 0);
    return account.type === 'basic' && reserved + value + fee <= account.balance;
  }

  #ordered(): readonly Waiting[] {
    // Of equal ones the older comes first: sorting keeps their order.
    return [...this.#waiting.values()].toSorted((a, b) => Number(b.control) - Number(a.control) || b.extended.fee / b.size - a.extended.fee / a.size);
  }

  /** Drops the worst of a kind until the rest fits. */
  #dropSurplus(control: boolean): void {
    const kind = this.#ordered().filter((entry) => entry.control === control);
    let bytes = kind.reduce((sum, { size }) => sum + size, 0);
    for (let worst = kind.pop(); worst && bytes > (control ? MAX_BYTES.control : MAX_BYTES.regular); worst = kind.pop()) {
      bytes -= worst.size;
      this.#waiting.delete(worst.hash);
    }
  }
}

function transactionsIn({ block }: DevBlock): readonly Transaction[] {
  return block.type === 'micro' ? (block.body?.transactions ?? []).map(({ transaction }) => transaction) : [];
}
