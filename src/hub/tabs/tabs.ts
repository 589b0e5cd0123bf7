// Tests: `test/hub/page-and-hub.test.ts`.
import { serveCalls, type CallServer } from '../../bridge/calls/call-server.ts';
import type { ClientEvents, Notice } from '../../bridge/contract.ts';
import { readControlReport, type ControlRequest, type Pong, type VerifierReport } from '../../bridge/life/control-messages.ts';
import type { RtcReport } from '../../bridge/ports/rtc-messages.ts';
import { HelloError } from '../../bridge/errors.ts';
import type { EventName } from '../../bridge/events/event-messages.ts';
import { EventOutlet, type Latest } from '../../bridge/events/event-outlet.ts';
import type { Hello } from '../../bridge/life/hello.ts';
import type { CallHandler } from '../../bridge/calls/hub-api.ts';
import { lockReleased, type Locks } from '../../bridge/life/liveness-lock.ts';
import type { Names } from '../../bridge/life/names.ts';
import { listen, type Port } from '../../bridge/ports/port.ts';
import { assumedPresence, type Presence } from '../../bridge/life/presence.ts';
import type { Clock } from '../../base/clock.ts';
import type { RtcLender } from '../loans/rtc-loans.ts';
import type { Lender } from '../loans/verifier-loans.ts';

/** Maximum number of tabs that one hub serves. Each costs a few kilobytes; no user has so many open. */
const MAX_TABS = 256;

export interface TabsOptions {
  readonly names: Names;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly calls: ReadonlyMap<string, CallHandler>;
  readonly latest: () => Latest;
  readonly onReport: (tab: string, report: VerifierReport) => void;
  readonly onRtcReport: (tab: string, report: RtcReport) => void;
  /** A tab has reported its presence. */
  readonly onPresence: () => void;
  /** Called after everything of the tab has been released. */
  readonly onLeft: (tab: string) => void;
}

interface Tab {
  readonly calls: CallServer;
  readonly outlet: EventOutlet;
  readonly release: () => void;
  presence: Presence;
}

/** The tabs of one hub, and the resources of each. A tab stays from its hello until its farewell or the release of its lock. */
export class Tabs {
  readonly #options: TabsOptions;
  readonly #tabs = new Map<string, Tab>();

  constructor(options: TabsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#tabs.size;
  }

  get presences(): readonly Presence[] {
    return Array.from(this.#tabs.values(), ({ presence }) => presence);
  }

  /** A tab that says hello again has dropped its earlier connection: it believed that this hub hung. `own`: notices for this tab alone. @throws HelloError `too-many-tabs`. */
  add(hello: Hello, port: Port, own: readonly Notice[] = []): Lender & RtcLender {
    const { names, locks, clock, calls, latest, onReport, onRtcReport, onPresence } = this.#options;
    const id = hello.tab;
    this.#remove(id);
    if (this.#tabs.size >= MAX_TABS) throw new HelloError('too-many-tabs', { limit: MAX_TABS });
    const stop = listen(port, (data) => {
      const report = readControlReport(data);
      if (report?.kind === 'bye') this.#remove(id);
      else if (report?.kind === 'ping') port.postMessage({ kind: 'pong' } satisfies Pong, []);
      else if (report?.kind === 'presence') {
        const tab = this.#tabs.get(id);
        if (!tab) return;
        tab.presence = report.presence;
        onPresence();
      } else if (report?.kind === 'verifier' || report?.kind === 'no-verifier') onReport(id, report);
      else if (report) onRtcReport(id, report);
    });
    const withOwn = (): Latest => {
      const all = latest();
      return { ...all, notices: [...all.notices, ...own] };
    };
    const leaving = new AbortController();
    const release = () => {
      leaving.abort();
      stop();
      port.close?.();
    };
    this.#tabs.set(id, { calls: serveCalls(hello.calls, calls, clock), outlet: new EventOutlet(hello.events, clock, withOwn), release, presence: assumedPresence });
    lockReleased(locks, names.tab(id), leaving.signal).then(
      () => this.#remove(id),
      () => undefined,
    );
    const send = (message: ControlRequest) => port.postMessage(message, []);
    return { id, askForConnection: send, askForVerifier: (verifier, purpose) => send({ kind: 'lend-verifier', id: verifier, purpose }), giveBackVerifier: (verifier) => send({ kind: 'return-verifier', id: verifier }) };
  }

  broadcast<K extends EventName>(name: K, event: ClientEvents[K]): void {
    for (const tab of this.#tabs.values()) tab.outlet.offer(name, event);
  }

  #remove(id: string): void {
    const tab = this.#tabs.get(id);
    if (!tab) return;
    this.#tabs.delete(id);
    tab.calls.close();
    tab.outlet.close();
    tab.release();
    this.#options.onLeft(id);
  }
}
