import type { Client, TransactionUpdate } from '../client/types.ts';
import { fieldsOf } from '../widget/plain-data.ts';
import type { PaymentEvent } from '../widget/protocol.ts';
import { codes, ProviderError } from '../widget/provider-error.ts';
import type { Kept } from './kept.ts';

const KEY = 'petrel-widget-payments';
/** Payments that are followed after the page was closed; older ones are forgotten. */
const MAX_KEPT = 20;

/** A payment that is followed. */
export interface Payment {
  readonly hash: string;
  readonly state: PaymentEvent['state'];
  readonly blockHeight: number | undefined;
}

interface KeptPayment {
  readonly host: string;
  readonly network: string;
  readonly hash: string;
}

export interface PaymentsOptions {
  readonly client: Pick<Client, 'transactions'>;
  readonly kept: Kept;
  readonly host: string;
  readonly network: string;
  readonly onEvent: (event: PaymentEvent) => void;
}

const ends: ReadonlySet<PaymentEvent['state']> = new Set(['confirmed', 'expired', 'rejected']);

/** Sends what was signed, and follows it until nothing can change any more. What a closed page left is followed by the next one. */
export class Payments {
  readonly #options: PaymentsOptions;
  readonly #followed = new Map<string, { payment: Payment; stop: () => void }>();
  readonly #listeners = new Set<() => void>();
  #newest: Payment | undefined;

  constructor(options: PaymentsOptions) {
    this.#options = options;
  }

  /** The payment that changed last. */
  get newest(): Payment | undefined {
    return this.#newest;
  }

  /** Whether one can still change. */
  get following(): boolean {
    return this.#followed.size > 0;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Follows what an earlier page of this host sent. */
  resume(): void {
    for (const { hash } of this.#kept().filter((payment) => this.#isOwn(payment))) this.#follow(hash);
  }

  /**
   * Gives a signed transaction to the network.
   * @param transaction hex.
   * @returns its hash, as the client computed it. @throws ProviderError `not-sent` (4900) or `invalid-transaction`.
   */
  async send(transaction: string): Promise<string> {
    const bytes = Uint8Array.from({ length: transaction.length / 2 }, (_, at) => Number.parseInt(transaction.slice(2 * at, 2 * at + 2), 16));
    let update: TransactionUpdate;
    try {
      update = await this.#options.client.transactions.send(bytes);
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      throw code === 'invalid-transaction' ? new ProviderError(codes.badParams, code) : new ProviderError(codes.disconnected, code === 'not-sent' ? code : 'network');
    }
    const { hash } = update;
    this.#remember(hash);
    this.#take(update);
    if (!ends.has(update.state)) this.#follow(hash);
    return hash;
  }

  /** Follows what the page `/confirm` has sent. */
  follow(hash: string): void {
    this.#remember(hash);
    this.#set({ hash, state: 'sent', blockHeight: undefined });
    this.#follow(hash);
  }

  /** The person refused a payment. */
  rejected(): void {
    this.#options.onEvent({ state: 'rejected' });
  }

  #remember(hash: string): void {
    this.#keep([{ hash, host: this.#options.host, network: this.#options.network }, ...this.#kept().filter((payment) => payment.hash !== hash)]);
  }

  #follow(hash: string): void {
    if (this.#followed.has(hash)) return;
    const entry = { payment: { hash, state: 'sent', blockHeight: undefined } as Payment, stop: () => undefined as void };
    this.#followed.set(hash, entry);
    entry.stop = this.#options.client.transactions.watch(hash, (update) => this.#take(update));
    // A hub that was started since knows nothing of it; if it is in the chain, that can be proven.
    this.#options.client.transactions.get(hash).then(
      ({ value: { state, blockHeight } }) => this.#set({ hash, state, blockHeight }),
      () => undefined,
    );
    this.#changed();
  }

  #take({ hash, state, transaction }: TransactionUpdate): void {
    this.#set({ hash, state, blockHeight: transaction?.blockHeight });
  }

  #set(payment: Payment): void {
    const { hash, state, blockHeight } = payment;
    if (this.#newest?.hash === hash && this.#newest.state === state && this.#newest.blockHeight === blockHeight) return;
    this.#newest = payment;
    this.#options.onEvent({ state, hash, ...(blockHeight === undefined ? {} : { blockHeight }) });
    if (ends.has(state)) {
      this.#followed.get(hash)?.stop();
      this.#followed.delete(hash);
      this.#keep(this.#kept().filter((kept) => kept.hash !== hash));
    }
    this.#changed();
  }

  #changed(): void {
    for (const listener of Array.from(this.#listeners)) listener();
  }

  #isOwn({ host, network }: KeptPayment): boolean {
    return host === this.#options.host && network === this.#options.network;
  }

  #keep(payments: readonly KeptPayment[]): void {
    this.#options.kept.set(KEY, JSON.stringify(payments.slice(0, MAX_KEPT)));
  }

  #kept(): KeptPayment[] {
    let list: unknown;
    try {
      list = JSON.parse(this.#options.kept.get(KEY) ?? '[]');
    } catch {
      list = [];
    }
    return Array.isArray(list)
      ? list.flatMap((item) => {
          const { host, network, hash } = fieldsOf(item) ?? {};
          return typeof host === 'string' && typeof network === 'string' && typeof hash === 'string' && /^[\da-f]{64}$/u.test(hash) ? [{ host, network, hash }] : [];
        })
      : [];
  }
}
