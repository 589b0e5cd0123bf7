import { checkNetworkParameters, type NetworkParameters } from '../albatross/chain/network-parameters.ts';
import type { HostKind, LogEntry, Status } from '../bridge/contract.ts';
import { HelloError, toWireError, type HelloErrorCode } from '../bridge/errors.ts';
import { readHello, type HelloAnswer } from '../bridge/hello.ts';
import { callTable } from '../bridge/hub-api.ts';
import { holdLock, type Locks } from '../bridge/liveness-lock.ts';
import { hubLock, namesOf, type Names } from '../bridge/names.ts';
import { fieldsOf, listen, type Port } from '../bridge/port.ts';
import type { JobResult, VerificationJob, Verify } from '../crypto/jobs.ts';
import type { Clock } from '../engine/clock.ts';
import type { RtcHost } from '../network/webrtc/rtc-host.ts';
import { attentionFor } from './attention.ts';
import { Handover, type HandoverChannel } from './handover.ts';
import { OwnedClient, type Started } from './owned-client.ts';
import { RtcLoans } from './rtc-loans.ts';
import { resolveSettings, type Settings, type SettingsValues } from './settings.ts';
import { Tabs } from './tabs.ts';
import { VerifierLoans, verifiersWanted } from './verifier-loans.ts';
import { VerifierPool } from './verifier-pool.ts';
import { ZkpDemand } from './zkp-demand.ts';

/** Milliseconds that a hub for all tabs goes on without one: as long as the reload of the only tab takes, which the worker survives (`extendedLifetime`). */
const GRACE = 5_000;

/** What the light client is started from. */
export interface StartContext {
  readonly network: NetworkParameters;
  readonly settings: Settings;
  readonly verify: Verify;
  /** Peer connections, made by the tabs. */
  readonly rtc: RtcHost;
  readonly host: Omit<Status['host'], 'fencing'>;
  readonly signal: AbortSignal;
  /** The store belongs to another hub: nothing on the disk may be touched. */
  readonly memoryOnly: boolean;
  /** A notice for the tabs. */
  readonly notice: (level: 'info' | 'warning' | 'error', code: string, data: Readonly<Record<string, string | number>>) => void;
}

export interface HubOptions {
  readonly kind: HostKind;
  readonly build: string;
  /** The name the worker was started under; empty if it has none. */
  readonly workerName: string;
  /** An id of this hub's own. */
  readonly id: string;
  readonly cores: number;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly runJob: (job: VerificationJob) => Generator<void, JobResult>;
  /** What hubs of different builds hear each other on, by name. */
  readonly channel: (name: string) => HandoverChannel & { close(): void };
  /** Opens the store, takes the fencing number, starts the client (whose `close` closes the store). The owner lock is held, or `memoryOnly` is set. */
  readonly start: (context: StartContext) => Promise<Started>;
  /** The last tab has left and everything has been flushed. */
  readonly onIdle?: (() => void) | undefined;
  /** This hub hung, and its tabs have put another in its place: it has closed everything and is of no use any more. */
  readonly onReplaced?: (() => void) | undefined;
}

/** Everything that exists between the first tab's hello and the last tab's farewell. */
interface Bound {
  readonly network: NetworkParameters;
  readonly names: Names;
  readonly settings: Settings;
  readonly owned: OwnedClient;
  readonly tabs: Tabs;
  readonly loans: VerifierLoans;
  readonly pool: VerifierPool;
  readonly zkpDemand: ZkpDemand;
  readonly rtc: RtcLoans;
  readonly channel: { close(): void };
  /** Tells the client who looks. */
  readonly attend: () => void;
}

/**
 * Serves tabs, in a SharedWorker or in a tab's worker, for all tabs or for its own. The first good hello decides which network this hub serves; it then keeps that until
 * the last tab has left.
 */
export class Hub {
  readonly #options: HubOptions;
  #bound: Bound | undefined;
  #ending: Promise<void> | undefined;
  #cancelGrace: (() => void) | undefined;
  #alive: Promise<unknown> | undefined;
  #closed = false;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  /** A new port, of which the first message is to be a hello. Never throws. */
  accept(port: Port): void {
    const stop = listen(port, (data) => {
      stop();
      this.#greet(port, data).catch((error: unknown) => {
        port.postMessage({ kind: 'refused', error: toWireError(error) } satisfies HelloAnswer, []);
      });
    });
  }

  /** Holds the lock that shows a hub's life before anybody has said hello: an elected one is found by it. Resolves with the lock's name. */
  async appear(): Promise<string> {
    const { locks, workerName, id } = this.#options;
    const lock = hubLock(workerName, id);
    await (this.#alive ??= holdLock(locks, lock));
    return lock;
  }

  /** For good, whoever is here. Resolves when everything has been flushed. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#bound) void this.#endNow(this.#bound);
    await this.#ending;
  }

  /** Puts something into the log, once there is one. */
  note(level: LogEntry['level'], code: string, data: LogEntry['data']): void {
    this.#bound?.owned.note(level, code, data);
  }

  async #greet(port: Port, data: unknown): Promise<void> {
    const { build, locks, id, kind } = this.#options;
    const hello = readHello(data, build);
    const network = check('bad-network', () => checkNetworkParameters(hello.network));
    const settings = check('bad-settings', () => resolveSettings({ url: hello.settings as SettingsValues, network: fieldsOf(hello.network)?.['settings'] as SettingsValues }));
    const names = namesOf(network.genesisHash, build, kind === 'elected-worker' ? 'elected' : 'shared');
    const worker = this.#options.workerName || names.worker(0);
    if (names.generationOf(worker) === undefined) throw new HelloError('network-mismatch', { expected: worker, came: names.worker(0) });
    const lock = kind === 'dedicated-worker' ? names.tabHub(id) : names.hub(worker, id);
    // Held for as long as this thread lives: that is how a page learns of its end.
    await (this.#alive ??= holdLock(locks, lock));
    await this.#ending;
    // The page hears of the end by the lock.
    if (this.#closed) return;
    const asked = JSON.stringify([settings, network]);
    const left = this.#bound?.tabs.size === 0 ? this.#bound : undefined;
    // The only tab was loaded again: with other settings, and nobody is left whose they were; or because nothing worked.
    if (left && (asked !== JSON.stringify([left.settings, left.network]) || ['failed', 'stopped'].includes(left.owned.status.phase))) await this.#endNow(left);
    const bound = (this.#bound ??= this.#bind(network, names, settings));
    if (network.genesisHash !== bound.network.genesisHash) {
      throw new HelloError('network-mismatch', { expected: bound.network.genesisHash, came: network.genesisHash });
    }
    try {
      const lender = bound.tabs.add(hello, port);
      this.#cancelGrace?.();
      const settingsInForce = asked === JSON.stringify([bound.settings, bound.network]);
      port.postMessage({ kind: 'welcome', lock, host: kind, settingsInForce } satisfies HelloAnswer, []);
      if (!settingsInForce) bound.owned.events.emit('notice', { time: this.#options.clock.now(), level: 'warning', code: 'settings-not-in-force', data: {} });
      bound.owned.note('info', 'tab-joined', { tab: hello.tab, tabs: bound.tabs.size });
      bound.loans.tabJoined(lender);
      bound.rtc.tabJoined(lender);
      bound.attend();
      bound.owned.hostChanged();
    } finally {
      if (bound.tabs.size === 0) this.#endSoon(bound);
    }
  }

  #bind(network: NetworkParameters, names: Names, settings: Settings): Bound {
    const { clock, cores, locks, runJob, start, kind, build } = this.#options;
    const channel = this.#options.channel(names.handover);
    const host = () => ({ kind, build, tabs: tabs.size, verifiers: loans.size });
    const pool = new VerifierPool({ clock, runJob, expectsZkp: () => loans.expectsZkp, log: (level, code, data) => owned.note(level, code, data, 'verify') });
    const zkpDemand = new ZkpDemand({ clock, verify: pool.verify, want: (wanted) => loans.wantZkp(wanted) });
    const rtc: RtcLoans = new RtcLoans({ clock, iceServers: settings.iceServers, proxy: settings.rtcProxy, onChange: () => owned.hostChanged(), log: (level, code, data) => owned.note(level, code, data, 'network') });
    const owned: OwnedClient = new OwnedClient({
      network,
      locks,
      owner: names.owner,
      handover: new Handover({ names, build, worker: kind === 'dedicated-worker' ? undefined : this.#options.workerName || names.worker(0), locks, clock, channel }),
      clock,
      host,
      verification: () => pool.counts,
      elsewhere: kind === 'dedicated-worker' ? 'memory' : 'wait',
      onTaken: () => this.#options.onReplaced?.(),
      start: async (signal, memoryOnly) => {
        const notice = (level: 'info' | 'warning' | 'error', code: string, data: Readonly<Record<string, string | number>>) =>
          owned.events.emit('notice', { time: clock.now(), level, code, data });
        return start({ network, settings, verify: zkpDemand.verify, rtc, host: host(), signal, memoryOnly, notice });
      },
    });
    const tabs: Tabs = new Tabs({
      names,
      locks,
      clock,
      latest: () => owned.latest,
      calls: callTable({
        getStatus: async () => owned.status,
        getLog: async () => owned.log,
        getHead: async (signal) => (await owned.client(signal)).getHead(),
        getPeers: async (signal) => (await owned.client(signal)).getPeers(),
        getTrust: async (signal) => (await owned.client(signal)).getTrust(),
        getBlock: async (key, signal) => (await owned.client(signal)).getBlock(key, { signal }),
        wipe: async (signal) => (await owned.client(signal)).wipe(),
        exportSnapshot: async (signal) => (await owned.client(signal)).exportSnapshot(),
        importSnapshot: async (bytes, signal) => (await owned.client(signal)).importSnapshot(bytes, { signal }),
      }),
      onReport: (tab, report) => loans.onReport(tab, report),
      onRtcReport: (tab, report) => rtc.onReport(tab, report),
      onPresence: () => attend(),
      onLeft: (tab) => {
        loans.tabLeft(tab);
        rtc.tabLeft(tab);
        attend();
        owned.note('info', 'tab-left', { tab, tabs: tabs.size });
        owned.hostChanged();
        if (tabs.size === 0) this.#endSoon(bound);
      },
    });
    const loans: VerifierLoans = new VerifierLoans({
      wanted: verifiersWanted(cores),
      clock,
      lend: (port, purpose) => pool.lend(port, purpose),
      onChange: () => {
        pool.recheck();
        owned.hostChanged();
      },
      onViolation: ({ directive, blocked }) => owned.note('warning', 'policy-violation', { directive, blocked }),
    });
    for (const name of ['status', 'head', 'peers', 'trust', 'notice', 'log'] as const) owned.events.on(name, (event) => tabs.broadcast(name, event));
    let cancelSleep = () => {};
    const attend = () => {
      cancelSleep();
      const attention = attentionFor(tabs.presences);
      // A page that is reloaded says first that it goes to sleep: its hub would drop all peers, and dial them again.
      if (attention.mode === 'none') cancelSleep = clock.after(GRACE, () => owned.setAttention(attention));
      else owned.setAttention(attention);
    };
    const bound: Bound = { network, names, settings, owned, tabs, loans, pool, zkpDemand, rtc, channel, attend };
    return bound;
  }

  /** Nobody is here. A dedicated worker has only one tab ever; one for all tabs waits a moment for the next. */
  #endSoon(bound: Bound): void {
    this.#cancelGrace?.();
    const end = () => {
      if (this.#bound === bound && bound.tabs.size === 0) void this.#endNow(bound);
    };
    if (this.#options.kind === 'dedicated-worker') end();
    else this.#cancelGrace = this.#options.clock.after(GRACE, end);
  }

  #endNow(bound: Bound): Promise<void> {
    this.#cancelGrace?.();
    this.#bound = undefined;
    this.#ending = this.#end(bound);
    return this.#ending;
  }

  async #end(bound: Bound): Promise<void> {
    bound.zkpDemand.close();
    bound.loans.close();
    await bound.owned.stop();
    bound.rtc.close();
    bound.channel.close();
    bound.pool.close();
    this.#options.onIdle?.();
  }
}

function check<T>(code: HelloErrorCode, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { name, code: reason, message, data } = toWireError(error);
    throw new HelloError(code, { ...data, reason, source: name, message });
  }
}
