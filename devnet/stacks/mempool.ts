// Tests: `devnet/stacks/dev-state.test.ts`.
import type { Hash } from '../../src/base/hash.ts';
import type { Random } from '../../src/base/random.ts';
import { transactionId } from '../../src/chains/stacks/chain/hash.ts';
import type { StacksTransaction } from '../../src/chains/stacks/wire/transaction.ts';
import { DevnetError } from '../devnet-error.ts';
import { uint, type StateAccess } from './demo-contract.ts';
import type { DevKey } from './dev-key.ts';
import { balanceOf, nonceOf, runAction, type DevAction } from './dev-state.ts';
import { makeTransaction } from './transactions.ts';

interface Waiting {
  readonly action: DevAction;
  readonly nonce: number;
  readonly transaction: StacksTransaction;
}

/** microSTX of each transaction. */
export const FEE = 300;
/** Transactions that wait at most; more are refused. */
const MAX_WAITING = 1000;
/** Transactions that were taken and are remembered; the oldest are forgotten. */
const MAX_TAKEN = 1000;
/** Notes from this key on belong to the network's own transactions. Those below it change only when a person asks for it. */
const UNASKED = 1000n;

/** Transactions that wait for a block of the main branch, and those that blocks have without being asked. */
export class Mempool {
  readonly #demo: string;
  #waiting: Waiting[] = [];
  /** What was asked for and taken, by id: a block that has it may yet be left aside. */
  readonly #taken = new Map<Hash, Waiting>();

  /** `demo`: id of the demo contract. */
  constructor(demo: string) {
    this.#demo = demo;
  }

  /** Signs a transaction for the next block. `state`: of the tip. Returns its id. Throws `DevnetError` (`impossible`) if the account cannot pay. */
  add(action: DevAction, state: Pick<StateAccess, 'get'>): Hash {
    if (this.#waiting.length >= MAX_WAITING) throw new DevnetError('refused', `${MAX_WAITING} transactions wait`);
    const amount = action.payload.kind === 'transfer' ? action.payload.amount : 0n;
    if (balanceOf(state, action.key.address).unlocked < amount + BigInt(FEE)) throw new DevnetError('impossible', `${action.key.address} cannot pay ${amount}`);
    const mine = this.#waiting.filter(({ action: { key } }) => key.address === action.key.address);
    const nonce = Math.max(nonceOf(state, action.key.address), ...mine.map((it) => it.nonce + 1));
    const transaction = makeTransaction(action.key, { nonce, fee: FEE }, action.payload);
    this.#waiting.push({ action, nonce, transaction });
    return transactionId(transaction.bytes);
  }

  /**
   * Carries out what waits, by nonce, and returns what came into the block. The rest can never come into one, and is dropped. Nothing for another branch than
   * the main one.
   */
  take(state: StateAccess, isMain: boolean): readonly StacksTransaction[] {
    if (!isMain) return [];
    const inOrder = this.#waiting.toSorted((a, b) => a.nonce - b.nonce);
    const taken = inOrder.filter(({ action, nonce }) => nonceOf(state, action.key.address) === nonce && runAction(state, action, BigInt(FEE), this.#demo));
    this.#waiting = [];
    for (const it of taken) {
      this.#taken.set(transactionId(it.transaction.bytes), it);
      if (this.#taken.size > MAX_TAKEN) this.#taken.delete(this.#taken.keys().next().value!);
    }
    return taken.map(({ transaction }) => transaction);
  }

  /** Transactions of blocks that are not on the main branch any more: those that were asked for wait again. */
  restore(ids: readonly Hash[]): void {
    for (const id of ids) {
      const it = this.#taken.get(id);
      if (it && this.#taken.delete(id)) this.#waiting.push(it);
    }
  }

  /** Makes and carries out `least` transactions or one more, of accounts for which nothing waits. */
  unasked(state: StateAccess, keys: readonly DevKey[], random: Random, least: number): readonly StacksTransaction[] {
    const free = keys.filter(({ address }) => !this.#waiting.some(({ action }) => action.key.address === address));
    const made: StacksTransaction[] = [];
    for (let left = least + (random.next() < 0.3 ? 1 : 0); left > 0 && free.length > 0; left -= 1) {
      const at = Math.floor(random.next() * free.length);
      const key = free[at]!;
      const other = keys[(keys.indexOf(key) + 1) % keys.length]!;
      const number = BigInt(1 + Math.floor(random.next() * 1000));
      const payload: DevAction['payload'] =
        random.next() < 0.6 ? { kind: 'transfer', to: other.address, amount: number } : { kind: 'call', contract: this.#demo, name: 'set-note', args: [uint(UNASKED + (number % 50n)), { type: 'ascii', text: `note ${number}` }] };
      const nonce = nonceOf(state, key.address);
      if (runAction(state, { key, payload }, BigInt(FEE), this.#demo)) made.push(makeTransaction(key, { nonce, fee: FEE }, payload));
    }
    return made;
  }
}
