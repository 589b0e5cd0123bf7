// Tests: `test/hub/page-and-hub.test.ts`, `test/hub/hung-hub.test.ts`.
import { type NetworkView, noSharing } from '../../engine/view.ts';
import type { ClientEvents, LogEntry, Notice, Status } from '../../bridge/contract.ts';
import { HubError, toWireError } from '../../bridge/errors.ts';
import { failureCode } from '../../engine/reason-codes.ts';
import type { Latest } from '../../bridge/events/event-outlet.ts';
import { holdLock, tryLock, type HeldLock, type Locks } from '../../bridge/life/liveness-lock.ts';
import type { Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/emitter.ts';
import { fullAttention, type Attention } from '../../engine/live/attention.ts';
import type { Handover, OwnerBuild } from './handover.ts';
import type { ChainClient, StartedClient } from '../../engine/driver.ts';
import { settingDefinitions } from '../../engine/settings.ts';
import { NoticeBoard } from './notice-board.ts';

/** Number of hub log entries kept; the client's own ring is separate. */
const MAX_LOG = 200;


export interface ClientUnderLockOptions {
  readonly network: NetworkView;
  readonly locks: Locks;
  /** The name of the owner lock. */
  readonly owner: string;
  readonly handover: Pick<Handover, 'onAsked' | 'insist'>;
  readonly clock: Clock;
  /** What the hub knows of its host now; the fencing number is added here. */
  readonly host: () => Omit<Status['host'], 'fencing'>;
  /** What the hub's verifiers are doing now. */
  readonly verification: () => Status['verification'];
  /**
   * Opens the store, counts the grant of the lock in it, and starts the client, whose `close` closes the store. The lock is held meanwhile.
   */
  readonly start: (memoryOnly: boolean) => Promise<StartedClient>;
  /** What to do while another hub holds the lock: wait for it, or, after a moment, work in memory without it. */
  readonly elsewhere: 'wait' | 'memory';
  /** The lock was taken away, and everything has been closed. */
  readonly onTaken?: (() => void) | undefined;
}

/** Milliseconds the lock of a tab that is being reloaded may take to become free; longer than a hub's flush takes. */
const MEMORY_AFTER = 3_000;

/** The status while no client runs. */
type State = Pick<Status, 'phase' | 'reason'>;

/**
 * The one light client of an origin and network. It starts when the owner lock is granted; before that it touches neither network nor
 * database. It flushes everything before it releases the lock. The fencing number is the count of the lock's grants.
 */
export class ClientUnderLock {
  readonly events = new Emitter<ClientEvents>();
  readonly #options: ClientUnderLockOptions;
  readonly #ending = new AbortController();
  readonly #log: LogEntry[] = [];
  readonly #board: NoticeBoard;
  readonly #waiting = new Set<() => void>();
  readonly #ended: Promise<void>;
  #state: State = { phase: 'starting', reason: undefined };
  #running: StartedClient | undefined;
  #attention = fullAttention;

  constructor(options: ClientUnderLockOptions) {
    this.#options = options;
    this.#board = new NoticeBoard(() => options.clock.now());
    this.events.on('notice', (notice) => this.#board.add(notice));
    this.#ended = this.#run();
  }

  /** Available at any time, also without a running client. */
  get status(): Status {
    const running = this.#running;
    const host = { ...this.#options.host(), fencing: running?.fencing ?? 0 };
    const verification = this.#options.verification();
    if (running) return { ...running.client.getStatus(), host, verification };
    return {
      network: this.#options.network,
      ...this.#state,
      consensus: 'connecting',
      progress: undefined,
      peers: { connected: 0, live: 0, wanted: 0 },
      host,
      verification,
      storage: { kind: 'memory', bytes: 0, cap: settingDefinitions.storageCap.default },
      sharing: noSharing,
    };
  }

  get latest(): Latest {
    const client = this.#running?.client;
    const state = { status: this.status, peers: client?.getPeers(), trust: client?.getTrust() };
    return {
      ...state,
      head: client && { head: client.getHead(), adopted: [], reverted: [] },
      notices: this.#board.standing(state),
    };
  }

  /** The hub's own entries and the client's, oldest first. */
  get log(): readonly LogEntry[] {
    return this.#log.concat(this.#running?.client.getLog() ?? []).sort((a, b) => a.time - b.time);
  }

  /** Waits for the running client. Rejects with `HubError` when it failed or was stopped, and with the signal's reason. */
  async client(signal: AbortSignal): Promise<ChainClient> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#running) return this.#running.client;
      const { phase, reason } = this.#state;
      if (phase === 'failed' || phase === 'stopped') throw new HubError('Hub', reason?.code ?? phase, reason?.data);
      await new Promise<void>((resolve) => {
        const done = () => {
          this.#waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        this.#waiting.add(done);
        signal.addEventListener('abort', done, { once: true });
      });
    }
  }

  /** Which pages are visible, from now on. */
  setAttention(attention: Attention): void {
    this.#attention = attention;
    this.#running?.client.setAttention(attention);
  }

  /** A person closed a notice: tabs that join later do not get it. */
  closeNotice(notice: Pick<Notice, 'code' | 'time'>): void {
    this.#board.close(notice);
  }

  /** Something in `host` has changed. */
  hostChanged(): void {
    this.events.emit('status', this.status);
  }

  note(level: LogEntry['level'], code: LogEntry['code'], data: Notice['data'] = {}, area: LogEntry['area'] = 'hub'): void {
    const entry: LogEntry = { time: this.#options.clock.now(), level, area, code, data };
    this.#log.push(entry);
    if (this.#log.length > MAX_LOG) this.#log.shift();
    this.events.emit('log', entry);
  }

  /** Resolves when everything is flushed and the lock released. */
  stop(): Promise<void> {
    this.#ending.abort(new HubError('Hub', 'stopped'));
    return this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    try {
      for (let over = false; !over; ) {
        const lock = await this.#takeLock(signal);
        if (lock === 'replaced') {
          this.#state = { phase: 'stopped', reason: { code: 'owner-taken', data: {} } };
          break;
        }
        try {
          over = (await this.#own(lock, signal)) !== 'asked';
        } finally {
          lock?.release();
        }
      }
      this.#become({ phase: 'stopped', reason: this.#state.reason });
      if (this.#state.reason?.code === 'owner-taken') this.#options.onTaken?.();
    } catch (error) {
      if (signal.aborted) return this.#become({ phase: 'stopped', reason: undefined });
      const { name, code, message, data } = toWireError(error);
      this.note('error', 'hub-failed', { code, name, message });
      this.#become({ phase: 'failed', reason: { code: failureCode(code), data: { ...data, message } } });
    }
  }

  /** Undefined: we work in memory. `replaced`: our successor holds the lock, and this hub is no longer used. */
  async #takeLock(signal: AbortSignal): Promise<HeldLock | 'replaced' | undefined> {
    const { locks, owner, elsewhere, clock } = this.#options;
    const free = await tryLock(locks, owner);
    if (free) return free;
    this.note('info', 'owner-elsewhere');
    this.#become({ phase: 'waiting', reason: { code: 'owner-elsewhere', data: {} } });
    const waiting = new AbortController();
    const end = () => waiting.abort(signal.reason);
    signal.addEventListener('abort', end, { once: true });
    const cancel = elsewhere === 'memory' ? clock.after(MEMORY_AFTER, () => waiting.abort()) : undefined;
    let lock: HeldLock | undefined;
    let replaced = false;
    try {
      lock = await this.#holdOwner(waiting.signal, (build) => {
        if (build === 'successor') {
          replaced = true;
          return waiting.abort();
        }
        const code = ({ older: 'owner-older', same: 'owner-elsewhere', newer: 'newer-build' } as const)[build];
        if (this.#state.reason?.code !== code) this.#become({ phase: 'waiting', reason: { code, data: {} } });
      });
    } catch (error) {
      if (replaced) return 'replaced';
      if (elsewhere === 'wait' || signal.aborted) throw error;
    } finally {
      cancel?.();
      signal.removeEventListener('abort', end);
    }
    this.#become({ phase: 'starting', reason: undefined });
    return lock;
  }

  /** Waits in line for the owner lock, and asks an older build to release it. */
  async #holdOwner(signal: AbortSignal, onOwner: (build: OwnerBuild) => void): Promise<HeldLock> {
    const stop = this.#options.handover.insist(onOwner);
    try {
      return await holdLock(this.#options.locks, this.#options.owner, { signal });
    } finally {
      stop();
    }
  }

  /** Runs the client from the grant of the lock to its end; without a lock, to our own end. `asked`: a newer build wants the lock. */
  async #own(lock: HeldLock | undefined, signal: AbortSignal): Promise<'stopped' | 'taken' | 'asked'> {
    let stopForwarding: (() => void)[] = [];
    let client: ChainClient | undefined;
    const leaving = new AbortController();
    let granted: Promise<HeldLock> | undefined;
    try {
      const started = await this.#options.start(lock === undefined);
      client = started.client;
      stopForwarding = this.#forward(client);
      if (lock) this.note('info', 'owner', { fencing: started.fencing });
      else this.events.emit('notice', { time: this.#options.clock.now(), level: 'warning', code: 'storage-elsewhere', data: {} });
      this.#running = started;
      client.setAttention(this.#attention);
      this.#changed();
      const over = new Promise<'stopped'>((resolve) => {
        if (signal.aborted) resolve('stopped');
        signal.addEventListener('abort', () => resolve('stopped'), { once: true });
      });
      granted = lock ? undefined : this.#lockLater(client, leaving.signal);
      // We cannot hand over a lock that we do not hold yet. A hub that asks will ask again.
      const asked = (granted ?? Promise.resolve()).then(() => new Promise<'asked' | 'taken'>((resolve) => stopForwarding.push(this.#options.handover.onAsked((by) => resolve(by === 'successor' ? 'taken' : 'asked')))));
      asked.catch(() => undefined);
      const how = await Promise.race([over, asked, (granted ?? Promise.resolve(lock!)).then((held) => held.ended)]);
      if (how === 'taken') this.#state = { phase: 'stopped', reason: { code: 'owner-taken', data: {} } };
      if (how === 'asked') this.note('info', 'handing-over');
      return how === 'released' ? 'stopped' : how;
    } finally {
      this.#running = undefined;
      for (const stop of stopForwarding) stop();
      leaving.abort(new HubError('Hub', 'stopped'));
      await client?.close();
      await granted?.then((late) => late.release(), () => undefined);
    }
  }

  /** A client in memory gets the database when the lock becomes free. */
  async #lockLater(client: ChainClient, signal: AbortSignal): Promise<HeldLock> {
    const lock = await this.#holdOwner(signal, () => undefined);
    if (!signal.aborted) client.returnToStore();
    return lock;
  }

  #forward(client: ChainClient): (() => void)[] {
    const { events } = client;
    return [
      events.on('head', (event) => this.events.emit('head', event)),
      events.on('peers', (event) => this.events.emit('peers', event)),
      events.on('trust', (event) => this.events.emit('trust', event)),
      events.on('notice', (event) => this.events.emit('notice', event)),
      events.on('log', (event) => this.events.emit('log', event)),
      events.on('status', () => this.hostChanged()),
    ];
  }

  #become(state: State): void {
    this.#state = state;
    this.#changed();
  }

  /** Everything may have changed, so emit it all. */
  #changed(): void {
    for (const wake of Array.from(this.#waiting)) wake();
    this.events.emit('status', this.status);
    const { head, peers, trust } = this.latest;
    if (head) this.events.emit('head', head);
    if (peers) this.events.emit('peers', peers);
    if (trust) this.events.emit('trust', trust);
  }
}
