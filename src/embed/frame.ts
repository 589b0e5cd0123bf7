// Tests: `e2e/widget.spec.ts`.
import type { Client } from '../client/types.ts';
import { defaultNetwork } from '../page/default-network.ts';
import { accountStore } from '../react/answer-stores.ts';
import type { ConfirmRequest } from '../widget/confirm-messages.ts';
import type { PaymentEvent, WireError } from '../widget/protocol.ts';
import { codes, ProviderError } from '../widget/provider-error.ts';
import { Asks, refusalOf } from './asks.ts';
import { type Attention, attentionOf, watchSeen } from './attention.ts';
import { openConfirm } from './confirm-window.ts';
import type { Session } from './handshake.ts';
import { type Kept, keptIn } from './kept.ts';
import { methodsOf } from './methods.ts';
import { newNonce } from './new-nonce.ts';
import { type FrameOptions, readOptions } from './options.ts';
import { deliver, type Signed } from './deliver.ts';
import { Payments } from './payments.ts';
import { Permissions } from './permissions.ts';
import type { Place } from './place.ts';
import { PortServer } from './port-server.ts';
import { readReturned } from './read-returned.ts';

/** Where the tab keeps the nonce of the request for which the host's page has gone to `/confirm`. */
const AWAY = 'petrel-widget-away';

export interface FrameSetting {
  readonly session: Session;
  readonly place: Extract<Place, { kind: 'framed' }>;
  readonly start: (network: string) => Promise<Client>;
  /** Messages that the handshake ignored. */
  readonly ignored: () => number;
}

/** All that the frame does for its host; what it shows is in `parts`. */
export class Frame {
  readonly client: Promise<Client>;
  readonly permissions: Permissions;
  readonly asks: Asks;
  readonly payments: Promise<Payments>;
  readonly host: string;
  readonly place: FrameSetting['place'];
  readonly keptKind: 'stored' | 'memory';
  /** For good: options that come later change nothing of it. A host could show a development network and have the real one paid. */
  readonly #network: string;
  readonly #server: PortServer;
  readonly #listeners = new Set<() => void>();
  #options: FrameOptions;
  readonly #attend: (change: Partial<Attention>) => void;
  /** What the person has paid, by what the host asked for. */
  #paid: string | undefined;
  /** From the person's click until the payment is with the network, or is none. */
  #paying = false;
  #stopBalance: () => void = () => undefined;
  #followed: string | undefined;
  #problem: string | undefined;
  /** Handed on to `/confirm`, so that it asks the same peers: on development networks only. */
  #query = '';

  constructor({ session, place, start, ignored }: FrameSetting) {
    const { host } = session;
    this.host = host;
    this.place = place;
    this.#options = readOptions(session.options);
    const network = this.#options.network ?? defaultNetwork;
    this.#network = network;
    const kept = keptIn(() => localStorage);
    const tab = keptIn(() => sessionStorage);
    this.keptKind = kept.kind;
    this.permissions = new Permissions({ kept, host, network, now: () => Date.now() });
    this.client = start(network);
    this.asks = new Asks({
      open: (request) => openConfirm(window, new URL(`confirm${this.#query}`, location.href).href, request, every),
      redirect: () =>
        this.#options.redirect
          ? (request) => {
              tab.set(AWAY, request.nonce);
              this.#server.emit('redirect', request);
            }
          : undefined,
    });
    this.payments = this.client.then((client) => new Payments({ client, kept, host, network, onEvent: (event) => this.#onPayment(event) }));
    const handle = methodsOf({
      client: this.client,
      host,
      network,
      permissions: this.permissions,
      asks: this.asks,
      payments: this.payments,
      deliver: (answer) => this.#send(answer),
      signingRefused: () => this.signingRefused,
      ignored: () => ignored() + this.#server.ignored,
    });
    const whenStarted = this.client.then(attentionOf);
    this.#attend = (change) => void whenStarted.then((attention) => attention.change(change), () => undefined);
    this.#server = new PortServer(session.port, {
      handle: (method, params, signal) =>
        handle(method, params, signal).catch((error: unknown) => {
          throw error instanceof ProviderError || signal.aborted ? error : new ProviderError(codes.disconnected, codeOf(error));
        }),
      onOptions: (options) => this.#change(readOptions(options)),
      onOpen: (open) => this.#attend({ open }),
      now: () => performance.now(),
    });
    watchSeen(document, (seen) => this.#attend({ seen }));
    addEventListener('storage', () => this.permissions.reread());
    void this.payments.then(
      (payments) => {
        payments.subscribe(() => this.#attend({ following: payments.following }));
        payments.resume();
      },
      () => undefined,
    );
    this.client.then((client) => this.#tellStatus(client), (error: unknown) => this.#tellError(new ProviderError(codes.disconnected, codeOf(error))));
    this.#server.start(session.version);
    this.#change(this.#options);
    void this.#takeReturned(tab);
  }

  get options(): FrameOptions {
    return this.#options;
  }

  /** The code of the error because of which the last payment of this frame was not sent. */
  readonly getProblem = (): string | undefined => this.#problem;

  /** Why this host may ask for nothing that needs a key. */
  get signingRefused(): 'nested-frame' | 'null-origin' | 'host-isolated' | undefined {
    if (!/^https?:/u.test(this.host)) return 'null-origin';
    if (this.place.nested) return 'nested-frame';
    return this.#options.isolated && !this.#options.redirect ? 'host-isolated' : undefined;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getOptions = (): FrameOptions => this.#options;

  readonly isPaying = (): boolean => this.#paying;

  /** Whether what the host asks for was paid here: a second payment is no matter of course. */
  readonly hasPaid = (): boolean => this.#paid !== undefined && this.#paid === orderOf(this.#options);

  /** The height of the content in CSS pixels. */
  resized(height: number): void {
    this.#server.emit('resize', { height });
  }

  /** The person pays what the host's attributes ask for; to be called in a click. */
  async pay(): Promise<void> {
    const { recipient, amount, message } = this.#options;
    if (recipient === undefined || amount === undefined || this.signingRefused || this.permissions.blocked || this.#paying) return;
    this.#setPaying(true);
    const request: ConfirmRequest = { kind: 'payment', nonce: newNonce(), host: this.host, network: this.#network, recipient, value: String(amount), message };
    const answered = this.asks.ask(request);
    this.#setProblem(undefined);
    if (this.asks.current?.request === request) this.asks.open();
    try {
      const answer = await answered;
      if (answer.kind === 'transaction') {
        await this.#send(answer);
        this.#paid = orderOf({ recipient, amount, message });
      }
    } catch (error) {
      if (error instanceof ProviderError && error.code === codes.rejected) (await this.payments).rejected();
      else this.#failed(error);
    } finally {
      this.#setPaying(false);
    }
  }

  #onPayment(event: PaymentEvent): void {
    if (event.state === 'expired') this.#paid = undefined;
    this.#server.emit('payment', event);
    this.#changed();
  }

  #send(answer: Signed): Promise<string> {
    return deliver(answer, { client: this.client, payments: this.payments, setSending: (sending) => this.#attend({ sending }) });
  }

  #setPaying(paying: boolean): void {
    this.#paying = paying;
    this.#changed();
  }

  #failed(thrown: unknown): void {
    const error = thrown instanceof ProviderError ? thrown : new ProviderError(codes.disconnected, codeOf(thrown));
    this.#tellError(error);
    this.#setProblem(error.data.reason);
  }

  #setProblem(problem: string | undefined): void {
    this.#problem = problem;
    this.#changed();
  }

  #changed(): void {
    for (const listener of Array.from(this.#listeners)) listener();
  }

  #change(options: FrameOptions): void {
    this.#options = options;
    const root = document.documentElement;
    root.lang = 'en';
    if (options.theme) root.dataset['theme'] = options.theme;
    else delete root.dataset['theme'];
    for (const name of options.wrong) this.#tellError(new ProviderError(codes.badParams, 'wrong-value', name));
    this.#followBalance(options.address);
    this.#changed();
  }

  #followBalance(address: string | undefined): void {
    if (address === this.#followed) return;
    this.#stopBalance();
    this.#followed = address;
    if (address === undefined || !this.permissions.mayRead(address)) return;
    let ended = false;
    let stop = () => {
      ended = true;
    };
    this.#stopBalance = () => stop();
    void this.client.then((client) => {
      if (ended) return;
      const store = accountStore(client, address);
      let told = '';
      stop = store.subscribe(() => {
        const { latest, final } = store.get();
        const settled = latest && final && final.value.balance === latest.value.balance ? final : latest;
        if (!settled) return;
        const { value, level, finality, block } = settled;
        const event = { address, balance: String(value.balance), level, finality, block: { ...block } };
        if (JSON.stringify(event) === told) return;
        told = JSON.stringify(event);
        this.#server.emit('balance', event);
      });
    }, () => undefined);
  }

  #tellStatus(client: Client): void {
    let told = '';
    client.on('status', ({ phase, consensus, network, storage, reason }) => {
      this.#query = network.development ? location.search : '';
      const event = { phase, consensus, network: network.name, storage: storage.kind, reason: reason?.code ?? null };
      if (JSON.stringify(event) === told) return;
      told = JSON.stringify(event);
      this.#server.emit('status', event);
    });
  }

  #tellError({ code, message, data }: ProviderError): void {
    this.#server.emit('error', { code, message, ...data } satisfies Omit<WireError, 'data'> & { readonly reason: string });
  }

  /** The page went to `/confirm` and came back with an answer. */
  async #takeReturned(tab: Kept): Promise<void> {
    const { returned } = this.#options;
    if (!returned || this.signingRefused) return;
    const answer = readReturned(returned, tab.get(AWAY));
    // Once: the host could hand it in again after the person has taken back what it allowed.
    tab.set(AWAY, '');
    if (!answer) return this.#tellError(new ProviderError(codes.failed, 'wrong-answer'));
    if (answer.kind === 'accounts') this.permissions.grantAccounts(answer.addresses);
    else if (answer.kind === 'transaction') {
      try {
        await this.#send(answer);
      } catch (error) {
        this.#failed(error);
      }
    } else if (answer.kind === 'refused') {
      if (answer.reason === 'rejected') (await this.payments).rejected();
      else this.#tellError(refusalOf(answer));
    }
  }
}

function every(milliseconds: number, call: () => void): () => void {
  const timer = setInterval(call, milliseconds);
  return () => clearInterval(timer);
}

function codeOf(error: unknown): string {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'failed';
}

function orderOf({ recipient, amount, message }: Pick<FrameOptions, 'recipient' | 'amount' | 'message'>): string {
  return JSON.stringify([recipient, String(amount), message]);
}
