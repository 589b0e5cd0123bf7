// Tests: `test/judge/nimiq.test.ts`, `e2e/account.spec.ts`.
import type { AccountView, ElectedValidatorView, ReceiptView, StakerView, TransactionPage, TransactionUpdate, TransactionView, ValidatorView } from '../chains/albatross/chain/wallet-views.ts';
import type { Answer, QuestionOptions } from '../engine/questions.ts';
import type { Clock } from '../base/clock.ts';
import type { CallOptions } from '../bridge/calls/call-client.ts';
import type { Ask } from './ask.ts';
import { FollowUpdates } from './follow-updates.ts';
import { type ProofsApi, proofsApi } from './proofs-api.ts';

/** Milliseconds: a final answer waits for the end of the running batch, a minute on the main network. */
const FINAL_TIMEOUT = 150_000;
/** Milliseconds: a page of transactions is proven group by group. */
const LIST_TIMEOUT = 120_000;
/** Transactions on a page. */
const PAGE = 20;

type Options = CallOptions & QuestionOptions;

/** What an account question gives. */
export interface AccountAnswer<Value> extends Answer<Value> {
  /** The same as of a newer block, which may still be replaced. `undefined`: the answer itself stands on the newest block that was proven. */
  readonly pending?: Answer<Value> | undefined;
}

/**
 * Without `asOf`: the answer stands on the newest final block at which a peer has proven it, with the newest block's answer as `pending` beside
 * it. A peer proves at its head only. So the first answer about an address is the newest block's alone and says so (`finality: 'pending'`);
 * from the end of that batch on there is a final one.
 * `latest`: only as of the newest block. `final`: waits for a final block that has all that is true now, at most a batch.
 */
export type AccountOptions = Options & { readonly asOf?: 'latest' | 'final' | undefined };

/** Addresses are texts as people read them (`NQ07 …`), with or without blanks, or 40 hex digits. */
export interface AccountsApi {
  /** The account under an address, proven against the state root of a verified block. An address under which nothing is stored has balance 0. */
  get(address: string, options?: AccountOptions): Promise<AccountAnswer<AccountView>>;
  /** The same for many, in their order, with as few requests as possible. They may stand on different blocks. */
  get(addresses: readonly string[], options?: AccountOptions): Promise<readonly AccountAnswer<AccountView>[]>;
}

export interface StakingApi {
  /** `undefined`: proven that there is no such staker. */
  getStaker(address: string, options?: AccountOptions): Promise<AccountAnswer<StakerView | undefined>>;
  getStakers(addresses: readonly string[], options?: AccountOptions): Promise<readonly AccountAnswer<StakerView | undefined>[]>;
  /** `undefined`: proven that there is no such validator. */
  getValidator(address: string, options?: AccountOptions): Promise<AccountAnswer<ValidatorView | undefined>>;
  getValidators(addresses: readonly string[], options?: AccountOptions): Promise<readonly AccountAnswer<ValidatorView | undefined>[]>;
  /** The validators of the running epoch, from the verified election block. No peer is asked. */
  getElected(options?: Options): Promise<Answer<readonly ElectedValidatorView[]>>;
}

export interface TransactionsApi {
  /**
   * A transaction by its hash (64 hex digits), proven to be in the chain. With its height more peers can prove it. Rejects with
   * `no-answer` if no peer can: that a transaction does not exist cannot be proven.
   */
  get(hash: string, options?: Options & { readonly height?: number | undefined }): Promise<Answer<TransactionView>>;
  /** Transactions of an address, newest first. Each is proven; that none is missing is not (`complete`). `limit`: 1 to 500, by default 20. */
  list(address: string, options?: Options & { readonly before?: string | undefined; readonly limit?: number | undefined }): Promise<Answer<TransactionPage>>;
  /**
   * Checks a signed transaction and gives it to the network; resolves as soon as that is done. Follow it with `status`. Rejects with
   * `invalid-transaction` before anything is sent, or with `not-sent`. The hub sends it again until it is in a block or has expired, also
   * when this tab is closed.
   */
  send(transaction: Uint8Array | { serialize(): Uint8Array }, options?: CallOptions): Promise<TransactionUpdate>;
  /** What has become of a transaction that this client sent or heard of since the hub started; `undefined`: it knows nothing of it. */
  status(hash: string, options?: CallOptions): Promise<TransactionUpdate | undefined>;
  /** What peers say about an address, newest first; nothing of it is proven. */
  receipts(address: string, options?: CallOptions & { readonly before?: string | undefined; readonly limit?: number | undefined }): Promise<readonly ReceiptView[]>;
  /**
   * Calls `listener` with every change of this transaction: sent, included, confirmed, expired, reverted; at first with its present state, if
   * it is known. The returned function ends it.
   */
  watch(hash: string, listener: (update: TransactionUpdate) => void): () => void;
}

/** What a page can ask about accounts and transactions. */
export interface WalletApi extends ProofsApi {
  readonly accounts: AccountsApi;
  readonly staking: StakingApi;
  readonly transactions: TransactionsApi;
  /**
   * Calls `listener` with every transaction of these addresses from now on: when it is included, when it is final, and when its block was
   * replaced. Each was proven before. At most two peers learn an address. The returned function ends it.
   */
  watch(addresses: readonly string[], listener: (update: TransactionUpdate) => void): () => void;
}

/** The questions of Albatross, as functions. `ended`: aborted when the page's client is closed. */
export function walletApi(ask: Ask, { clock, ended }: { readonly clock: Clock; readonly ended: AbortSignal }): WalletApi {
  const updates = new FollowUpdates(ask, clock, ended);
  const many = async (question: string, addresses: readonly string[], options: AccountOptions = {}) => {
    const { asOf, minLevel, waitForLevel, timeout = asOf === 'final' ? FINAL_TIMEOUT : undefined, signal } = options;
    return (await ask(question, [addresses, { asOf, minLevel, waitForLevel }], { signal, timeout })) as readonly never[];
  };
  const one = async (question: string, address: string, options?: AccountOptions) => (await many(question, [address], options))[0] as never;
  return {
    accounts: {
      get: ((addresses: string | readonly string[], options?: AccountOptions) =>
        typeof addresses === 'string' ? one('accounts', addresses, options) : many('accounts', addresses, options)) as unknown as AccountsApi['get'],
    },
    staking: {
      getStaker: (address, options) => one('stakers', address, options),
      getStakers: (addresses, options) => many('stakers', addresses, options),
      getValidator: (address, options) => one('validators', address, options),
      getValidators: (addresses, options) => many('validators', addresses, options),
      getElected: ({ minLevel, waitForLevel, ...options } = {}) => ask('elected', [{ minLevel, waitForLevel }], options) as ReturnType<StakingApi['getElected']>,
    },
    transactions: {
      get: (hash, { height, minLevel, waitForLevel, ...options } = {}) => ask('transaction', [hash, height, { minLevel, waitForLevel }], options) as ReturnType<TransactionsApi['get']>,
      list: (address, { before, limit = PAGE, minLevel, waitForLevel, timeout = LIST_TIMEOUT, ...options } = {}) =>
        ask('transactions', [address, before, limit, { minLevel, waitForLevel }], { ...options, timeout }) as ReturnType<TransactionsApi['list']>,
      send: (transaction, options) => ask('send', [transaction instanceof Uint8Array ? transaction : transaction.serialize()], options) as ReturnType<TransactionsApi['send']>,
      status: (hash, options) => ask('update', [hash], options) as ReturnType<TransactionsApi['status']>,
      receipts: (address, { before, limit = PAGE, ...options } = {}) => ask('receipts', [address, before, limit], options) as ReturnType<TransactionsApi['receipts']>,
      watch: (hash, listener) => {
        const stop = updates.follow([], [hash], listener);
        void ask('update', [hash]).then((known) => known && listener(known as TransactionUpdate), () => undefined);
        return stop;
      },
    },
    watch: (addresses, listener) => updates.follow(addresses, [], listener),
    ...proofsApi(ask),
  };
}
