// Tests: `test/hub/page-and-hub.test.ts`, `test/hub/hung-hub.test.ts`.
import { DEFAULT_CALL_TIMEOUT, MAX_CALLS_PER_TAB } from '../bridge/calls/call-answer.ts';
import type { CallOptions } from '../bridge/calls/call-client.ts';
import type { ClientEvents, ReasonCode, Status } from '../bridge/contract.ts';
import { CallError, ClientError } from '../bridge/errors.ts';
import type { EventName } from '../bridge/events/event-messages.ts';
import type { Presence } from '../bridge/life/presence.ts';
import type { HostKind } from './host.ts';
import { newestGeneration, replaceHub } from './replace-hub.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';

/** Milliseconds before a new hub is looked for, doubled at every failure up to `longest`. The first page to do so starts it for all. */
const RECONNECT = { first: 250, longest: 15_000 };

/** How often a host's worker may fail to start: a browser that is short of memory may have ended it while it loaded. */
const STARTS = 2;

/** Hubs that may hang (`count`, within so many milliseconds) before this page gives up. More is no accident, and each costs a new start. */
const MAX_HANGS = { count: 3, within: 600_000 };

export interface ConnectionOptions {
  /** Hosts, tried in order until one works. */
  readonly hosts: readonly HostKind[];
  readonly session: Omit<SessionOptions, 'onEvent' | 'onDropped' | 'onFilesGone'>;
  readonly onEvent: SessionOptions['onEvent'];
  readonly onDropped: SessionOptions['onDropped'];
}

/**
 * A page's connection with the current hub. When the hub is lost, or hangs, the page connects to another one and tells it the events that
 * it listens to.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  #session: Promise<Session> | undefined;
  /** The session, while there is a hub. */
  #current: Session | undefined;
  /** Number of calls that wait for the next session. */
  #waiting = 0;
  #names: readonly EventName[] = [];
  #status: Status | undefined;
  #closed: ClientError | undefined;
  /** Times when hubs hung, by the monotonic clock. */
  #hangs: number[] = [];
  #cancelWait: (() => void) | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Makes the first connection. @throws as `openSession`, for the last of the hosts. */
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

  /** The next session, within the call's own deadline. */
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

  /** The page's presence has changed. */
  reportPresence(presence: Presence): void {
    this.#current?.reportPresence(presence);
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
    for (const kind of this.#options.hosts) {
      for (let starts = 0; starts < STARTS; starts++) {
        if (starts > 0) await this.#pause(RECONNECT.first);
        if (this.#closed) throw this.#closed;
        try {
          return await this.#connectBy(kind);
        } catch (error) {
          // Only a worker that does not start is tried again, and then the next kind: a refusal would be the same there.
          if (!(error instanceof ClientError && error.code === 'worker-failed')) throw error;
          failure = error;
        }
      }
    }
    throw failure;
  }

  async #connectBy(kind: HostKind): Promise<Session> {
    const generation = await newestGeneration({ names: kind.names, locks: this.#options.session.locks });
    try {
      return await this.#connectTo(kind, generation);
    } catch (error) {
      if (!(error instanceof ClientError && error.code === 'hub-unreachable') || this.#closed) throw error;
      // An elected hub gets no second try, so count this as a hang; that keeps restarts bounded.
      if (kind.seize) this.#countHang();
      return this.#replace(kind, generation, true);
    }
  }

  async #connectTo(kind: HostKind, generation: number): Promise<Session> {
    const session = await openSession(kind.start(generation), {
      ...this.#options.session,
      onEvent: this.#onEvent,
      onFilesGone: () => this.#filesGone(),
      onDropped: this.#options.onDropped,
    });
    if (this.#names.length > 0) session.events.subscribe(this.#names);
    this.#current = session;
    void session.lost.then(
      (how) => this.#onLost(session, how, kind),
      () => undefined,
    );
    return session;
  }

  readonly #onEvent = <K extends EventName>(name: K, event: ClientEvents[K]): void => {
    if (name === 'status') this.#status = event as Status;
    this.#options.onEvent(name, event);
  };

  #onLost(session: Session, how: 'gone' | 'hung', kind: HostKind): void {
    if (this.#closed) return;
    const { clock } = this.#options.session;
    const hung = how === 'hung';
    this.#current = undefined;
    void session.close(new ClientError('hub-lost'), hung);
    this.#say('waiting', 'hub-lost');
    if (hung) this.#options.onEvent('notice', { time: clock.now(), level: 'warning', code: 'hub-hung', data: {} });
    // Undefined for a tab's own hub, which has been ended.
    const generation = kind.names.generationOf(session.lock);
    this.#session = this.#recover(hung && generation !== undefined ? { kind, generation } : undefined, hung).catch((error: unknown) => {
      if (error instanceof ClientError && error.code === 'hub-hangs' && !this.#closed) {
        this.#closed = error;
        this.#say('failed', 'hub-hangs', error.data);
      }
      throw error;
    });
    this.#session.catch(() => undefined);
  }

  /** `silent`: a hub for all tabs that is alive but does not answer. */
  async #recover(silent: { readonly kind: HostKind; readonly generation: number } | undefined, hung: boolean): Promise<Session> {
    if (hung) this.#countHang();
    if (silent) {
      try {
        return await this.#replace(silent.kind, silent.generation);
      } catch (error) {
        if (this.#isFinal(error)) throw error;
      }
    }
    for (let wait = RECONNECT.first; ; wait = Math.min(wait * 2, RECONNECT.longest)) {
      await this.#pause(wait);
      if (this.#closed) throw this.#closed;
      try {
        return await this.#connect();
      } catch (error) {
        // Some errors do not pass by themselves, for example another page's newer build, but asking again costs little.
        if (this.#isFinal(error)) throw error;
        if (error instanceof ClientError && error.code === 'worker-failed') this.#say('waiting', 'files-gone');
      }
    }
  }

  /** Resolves after this time, or when this connection is closed. */
  #pause(milliseconds: number): Promise<void> {
    return new Promise<void>((resolve) => {
      const cancel = this.#options.session.clock.after(milliseconds, resolve);
      this.#cancelWait = () => {
        cancel();
        resolve();
      };
    });
  }

  #filesGone(): void {
    this.#options.onEvent('notice', { time: this.#options.session.clock.now(), level: 'warning', code: 'files-gone', data: {} });
  }

  #isFinal(error: unknown): boolean {
    return this.#closed !== undefined || (error instanceof ClientError && error.code === 'hub-hangs');
  }

  #say(phase: 'waiting' | 'failed', code: ReasonCode, data: ClientError['data'] = {}): void {
    if (this.#status) this.#options.onEvent('status', { ...this.#status, phase, consensus: 'lost', reason: { code, data } });
  }

  /** Replaces the silent hub with another one, for all tabs. */
  #replace(kind: HostKind, generation: number, silent = false): Promise<Session> {
    const { locks, clock } = this.#options.session;
    return replaceHub({ names: kind.names, locks, clock, generation, silent, seize: kind.seize }, (next) => {
      if (this.#closed) throw this.#closed;
      return this.#connectTo(kind, next);
    });
  }

  #countHang(): void {
    const now = this.#options.session.clock.monotonic();
    this.#hangs = [...this.#hangs.filter((at) => now - at < MAX_HANGS.within), now];
    if (this.#hangs.length > MAX_HANGS.count) throw new ClientError('hub-hangs', { times: this.#hangs.length });
  }
}
