// Tests: `test/hub/page-and-hub.test.ts`, `test/hub/two-builds.test.ts`.
import type { HostKind, LogEntry, Notice } from '../bridge/contract.ts';
import { HelloError, toWireError, type HelloErrorCode } from '../bridge/errors.ts';
import { readHello, type HelloAnswer } from '../bridge/life/hello.ts';
import { callTable } from '../bridge/calls/hub-api.ts';
import { holdLock, type Locks } from '../bridge/life/liveness-lock.ts';
import { hubLock, namesOf, type Names } from '../bridge/life/names.ts';
import { fieldsOf, listen, type Port } from '../bridge/ports/port.ts';
import type { JobResult, VerificationJob } from '../crypto/jobs.ts';
import type { Clock } from '../base/clock.ts';
import { chainOf } from '../base/origin-name.ts';
import type { Random } from '../base/random.ts';
import type { NoticeCode } from '../base/log-codes.ts';
import { attentionFor } from './tabs/attention-for.ts';
import { Handover, type HandoverChannel } from './tabs/handover.ts';
import { ClientUnderLock } from './tabs/client-under-lock.ts';
import type { ChainDriver, ChainNetwork } from '../engine/driver.ts';
import { RtcLoans } from './loans/rtc-loans.ts';
import { resolveSettings, type Settings, type SettingsValues } from '../engine/settings.ts';
import { SignatureDemand } from './loans/signature-demand.ts';
import { Tabs } from './tabs/tabs.ts';
import { proofsApart, VerifierLoans, verifiersWanted } from './loans/verifier-loans.ts';
import { VerifierPool } from './loans/verifier-pool.ts';
import { ZkpDemand } from './loans/zkp-demand.ts';

/**
 * Milliseconds that a hub for all tabs stays without any tab: long enough for a reload of the only tab, which the worker survives
 * (`extendedLifetime`).
 */
const GRACE = 5_000;

export interface HubOptions {
  readonly kind: HostKind;
  readonly build: string;
  /** The name under which the worker was started; empty if it has none. */
  readonly workerName: string;
  /** An id of this hub's own. */
  readonly id: string;
  readonly cores: number;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly random: Random;
  readonly runJob: (job: VerificationJob) => Generator<void, JobResult>;
  /** Opens the channel of this name, on which hubs of different builds talk to each other. */
  readonly channel: (name: string) => HandoverChannel & { close(): void };
  /** The chains that a page can ask for, by name; each is loaded when a page first does. */
  readonly chains: Readonly<Record<string, () => Promise<ChainDriver>>>;
  /** The last tab has left and everything has been flushed. */
  readonly onIdle?: (() => void) | undefined;
  /** This hub hung, and its tabs have replaced it. It has closed everything and is no longer used. */
  readonly onReplaced?: (() => void) | undefined;
}

/** Everything that exists between the first tab's hello and the last tab's farewell. */
interface Bound {
  readonly network: ChainNetwork;
  readonly names: Names;
  readonly settings: Settings;
  readonly owned: ClientUnderLock;
  readonly tabs: Tabs;
  readonly loans: VerifierLoans;
  readonly pool: VerifierPool;
  readonly demand: SignatureDemand;
  readonly zkpDemand: ZkpDemand;
  readonly rtc: RtcLoans;
  readonly channel: { close(): void };
  /** Tells the client which pages are visible. */
  readonly attend: () => void;
}

/**
 * Serves tabs, in a SharedWorker for all tabs or in one tab's own worker. The first valid hello decides which network this hub serves; the
 * hub keeps that network until the last tab has left.
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

  /** Takes a new port, whose first message must be a hello. Never throws. */
  accept(port: Port): void {
    const stop = listen(port, (data) => {
      stop();
      this.#greet(port, data).catch((error: unknown) => {
        port.postMessage({ kind: 'refused', error: toWireError(error) } satisfies HelloAnswer, []);
      });
    });
  }

  /** Takes the lock that shows that this hub is alive, before any hello: tabs find an elected hub by it. Resolves with the lock's name. */
  async appear(): Promise<string> {
    const { locks, workerName, id } = this.#options;
    const lock = hubLock(workerName, id);
    await (this.#alive ??= holdLock(locks, lock));
    return lock;
  }

  /** Closes for good, even if tabs are still here. Resolves when everything has been flushed. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#bound) void this.#endNow(this.#bound);
    await this.#ending;
  }

  /** Adds an entry to the log, if there is a log yet. */
  note(level: LogEntry['level'], code: LogEntry['code'], data: LogEntry['data']): void {
    this.#bound?.owned.note(level, code, data);
  }

  async #greet(port: Port, data: unknown): Promise<void> {
    const { build, locks, id, kind } = this.#options;
    const hello = readHello(data, build);
    const driver = await this.#load(chainOf(fieldsOf(hello.network)) ?? '');
    const network = check('bad-network', () => driver.checkNetwork(hello.network));
    const settings = check('bad-settings', () => resolveSettings({ url: hello.settings as SettingsValues, network: fieldsOf(hello.network)?.['settings'] as SettingsValues }));
    const names = namesOf({ chain: driver.chain, genesisHash: network.genesisHash }, build, kind === 'elected-worker' ? 'elected' : 'shared');
    const worker = this.#options.workerName || names.worker(0);
    if (names.generationOf(worker) === undefined) throw new HelloError('network-mismatch', { expected: worker, came: names.worker(0) });
    const lock = kind === 'dedicated-worker' ? names.tabHub(id) : names.hub(worker, id);
    // Held for as long as this thread lives. The page notices the end of the hub when this lock is released.
    await (this.#alive ??= holdLock(locks, lock));
    await this.#ending;
    // The page notices the end by the lock, so no answer is needed.
    if (this.#closed) return;
    const asked = JSON.stringify([settings, network]);
    const left = this.#bound?.tabs.size === 0 ? this.#bound : undefined;
    // The only tab was reloaded. Restart if its settings differ (no other tab uses the old ones), or if the client had failed or stopped.
    if (left && (asked !== JSON.stringify([left.settings, left.network]) || ['failed', 'stopped'].includes(left.owned.status.phase))) await this.#endNow(left);
    const bound = (this.#bound ??= this.#bind(driver, network, names, settings));
    if (network.genesisHash !== bound.network.genesisHash) {
      throw new HelloError('network-mismatch', { expected: bound.network.genesisHash, came: network.genesisHash });
    }
    try {
      const settingsInForce = asked === JSON.stringify([bound.settings, bound.network]);
      // Only this tab hears of it: the others have what they asked for, and later ones are judged by what they ask for.
      const own: readonly Notice[] = settingsInForce ? [] : [{ time: this.#options.clock.now(), level: 'warning', code: 'settings-not-in-force', data: {} }];
      const lender = bound.tabs.add(hello, port, own);
      this.#cancelGrace?.();
      port.postMessage({ kind: 'welcome', lock, host: kind, settingsInForce } satisfies HelloAnswer, []);
      bound.owned.note('info', 'tab-joined', { tab: hello.tab, tabs: bound.tabs.size });
      bound.loans.tabJoined(lender);
      bound.rtc.tabJoined(lender);
      bound.attend();
      bound.owned.hostChanged();
    } finally {
      if (bound.tabs.size === 0) this.#endSoon(bound);
    }
  }

  async #load(chain: string): Promise<ChainDriver> {
    const { chains } = this.#options;
    if (!Object.hasOwn(chains, chain)) throw new HelloError('unknown-chain', { chain, known: Object.keys(chains).join(', ') });
    try {
      return await chains[chain]!();
    } catch (error) {
      throw new HelloError('chain-not-loaded', { chain, reason: toWireError(error).message });
    }
  }

  #bind(driver: ChainDriver, network: ChainNetwork, names: Names, settings: Settings): Bound {
    const { clock, random, cores, locks, runJob, kind, build, id } = this.#options;
    const channel = this.#options.channel(names.handover);
    const host = () => ({ kind, build, tabs: tabs.size, verifiers: loans.size });
    const pool = new VerifierPool({ clock, runJob, expects: (purpose) => loans.expects(purpose), log: (level, code, data) => owned.note(level, code, data, 'verify') });
    const demand = new SignatureDemand({ clock, verify: pool.verify, proofsApart: proofsApart(cores), want: (wanted) => loans.want('signatures', wanted ? verifiersWanted(cores) : 0) });
    const zkpDemand = new ZkpDemand({ clock, verify: demand.verify, want: (wanted) => loans.want('zkp', wanted && proofsApart(cores) ? 1 : 0), atOnce: settings.trustAtLeast !== 'witnessed' });
    const rtc: RtcLoans = new RtcLoans({ clock, iceServers: settings.iceServers, proxy: settings.rtcProxy, onChange: () => owned.hostChanged(), log: (level, code, data) => owned.note(level, code, data, 'network') });
    const owned: ClientUnderLock = new ClientUnderLock({
      network: driver.networkView(network),
      locks,
      owner: names.owner,
      handover: new Handover({ names, build, worker: kind === 'dedicated-worker' ? undefined : this.#options.workerName || names.worker(0), locks, clock, channel }),
      clock,
      host,
      verification: () => pool.counts,
      elsewhere: kind === 'dedicated-worker' ? 'memory' : 'wait',
      onTaken: () => this.#options.onReplaced?.(),
      start: async (memoryOnly) => {
        const notice = (level: 'info' | 'warning' | 'error', code: NoticeCode, data: Readonly<Record<string, string | number>>) =>
          owned.events.emit('notice', { time: clock.now(), level, code, data });
        return driver.start({ network, settings, verify: zkpDemand.verify, rtc, clock, random, database: names.base, hub: id, memoryOnly, notice });
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
        ask: async (question, args, signal) => (await owned.client(signal)).ask(question, args, { signal }),
        wipe: async (signal) => (await owned.client(signal)).wipe(),
        exportSnapshot: async (signal) => (await owned.client(signal)).exportSnapshot(),
        importSnapshot: async (bytes, signal) => (await owned.client(signal)).importSnapshot(bytes, { signal }),
        closeNotice: async (code, time) => owned.closeNotice({ code, time }),
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
      clock,
      lend: (port, purpose) => pool.lend(port, purpose),
      onChange: () => {
        pool.recheck();
        owned.hostChanged();
      },
      onViolation: ({ directive, blocked }) => owned.note('warning', 'policy-violation', { directive, blocked }),
    });
    for (const name of ['status', 'head', 'peers', 'trust', 'notice', 'log'] as const) owned.events.on(name, (event) => tabs.broadcast(name, event));
    owned.events.on('status', ({ consensus }) => {
      if (consensus !== 'established') return;
      demand.established();
      zkpDemand.established();
    });
    demand.start();
    let cancelSleep = () => {};
    const attend = () => {
      cancelSleep();
      const attention = attentionFor(tabs.presences);
      // A page that is reloaded first reports that it is frozen. Without this delay the hub would drop all peers and dial them again.
      if (attention.mode === 'none') cancelSleep = clock.after(GRACE, () => owned.setAttention(attention));
      else owned.setAttention(attention);
    };
    const bound: Bound = { network, names, settings, owned, tabs, loans, pool, demand, zkpDemand, rtc, channel, attend };
    return bound;
  }

  /** No tab is left. A dedicated worker only ever has one tab, so it ends; a hub for all tabs waits a moment for the next tab. */
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
    bound.demand.close();
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
