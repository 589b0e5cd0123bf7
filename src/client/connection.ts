import { DEFAULT_CALL_TIMEOUT, MAX_CALLS_PER_TAB } from '../bridge/call-answer.ts';
import type { CallOptions } from '../bridge/call-client.ts';
import type { ClientEvents, Status } from '../bridge/contract.ts';
import { CallError, ClientError } from '../bridge/errors.ts';
import type { EventName } from '../bridge/event-messages.ts';
import { startHost } from './host.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';

/** Milliseconds before a new hub is looked for, doubled at every failure up to the longest. The page that comes first starts it for all. */
const RECONNECT = { first: 250, longest: 15_000 };

export interface ConnectionOptions {
  /** Tried in order until one works. */
  readonly hosts: readonly ((options: { readonly name: string }) => SharedWorker | Worker)[];
  readonly session: Omit<SessionOptions, 'onEvent' | 'onDropped'>;
  readonly onEvent: SessionOptions['onEvent'];
  readonly onDropped: SessionOptions['onDropped'];
}

/** A page's connection with whichever hub there is. When the hub is lost, a new one is found and told what this page listens to. */
export class Connection {
  readonly #options: ConnectionOptions;
  #session: Promise<Session> | undefined;
  /** While there is a hub. */
  #current: Session | undefined;
  /** Calls that wait for the next one. */
  #waiting = 0;
  #names: readonly EventName[] = [];
  #status: Status | undefined;
  #closed: ClientError | undefined;
  #cancelWait: (() => void) | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** The first connection. @throws as `openSession`, for the last of the hosts. */
  async open(): Promise<void> {
    this.#session = this.#connect();
    await this.#session;
  }

  /** While there is no hub, calls wait for the next one within their deadline. */
  async call(method: string, args: readonly unknown[], options: CallOptions = {}): Promise<unknown> {
    if (this.#closed) throw this.#closed;
    const { signal, timeout = DEFAULT_CALL_TIMEOUT } = options;
    signal?.throwIfAborted();
    const session = this.#current ?? (await this.#next(timeout, signal));
    return session.calls.call(method, args, options);
  }

  /** The next session, within a call's own deadline. */
  #next(timeout: number, signal: AbortSignal | undefined): Promise<Session> {
    if (this.#waiting >= MAX_CALLS_PER_TAB) throw new CallError('busy', { limit: MAX_CALLS_PER_TAB });
    this.#waiting++;
    return new Promise<Session>((resolve, reject) => {
      const onAbort = () => reject(signal?.reason as Error);
      signal?.addEventListener('abort', onAbort, { once: true });
      const cancel = this.#options.session.clock.after(timeout, () => reject(new ClientError('hub-lost', { timeout })));
      (this.#session ?? Promise.reject(new ClientError('hub-lost'))).then(resolve, reject).finally(() => {
        cancel();
        signal?.removeEventListener('abort', onAbort);
      });
    }).finally(() => this.#waiting--);
  }

  subscribe(names: readonly EventName[]): void {
    this.#names = names;
    void this.#session?.then((session) => session.events.subscribe(names)).catch(() => undefined);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = new ClientError('closed');
    this.#cancelWait?.();
    const session = await this.#session?.catch(() => undefined);
    await session?.close(this.#closed);
  }

  async #connect(): Promise<Session> {
    let failure: unknown;
    for (const factory of this.#options.hosts) {
      try {
        const session = await openSession(startHost(factory, this.#options.session.names.worker), {
          ...this.#options.session,
          onEvent: this.#onEvent,
          onDropped: this.#options.onDropped,
        });
        if (this.#names.length > 0) session.events.subscribe(this.#names);
        this.#current = session;
        void session.lost.then(
          () => this.#onLost(session),
          () => undefined,
        );
        return session;
      } catch (error) {
        failure = error;
        // Only a worker that does not start makes the next kind worth a try: a refusal would be the same there.
        if (!(error instanceof ClientError && error.code === 'worker-failed')) break;
      }
    }
    throw failure;
  }

  readonly #onEvent = <K extends EventName>(name: K, event: ClientEvents[K]): void => {
    if (name === 'status') this.#status = event as Status;
    this.#options.onEvent(name, event);
  };

  #onLost(session: Session): void {
    if (this.#closed) return;
    this.#current = undefined;
    void session.close(new ClientError('hub-lost'));
    if (this.#status) this.#options.onEvent('status', { ...this.#status, phase: 'waiting', consensus: 'lost', reason: { code: 'hub-lost', data: {} } });
    this.#session = this.#reconnect();
    this.#session.catch(() => undefined);
  }

  async #reconnect(): Promise<Session> {
    for (let wait = RECONNECT.first; ; wait = Math.min(wait * 2, RECONNECT.longest)) {
      await new Promise<void>((resolve) => {
        const cancel = this.#options.session.clock.after(wait, resolve);
        this.#cancelWait = () => {
          cancel();
          resolve();
        };
      });
      if (this.#closed) throw this.#closed;
      try {
        return await this.#connect();
      } catch (error) {
        // Another page's new build, for one, does not pass by itself, but costs little to ask again.
        if (this.#closed) throw error;
      }
    }
  }
}
