// Tests: `test/hub/page-and-hub.test.ts`, `test/hub/hung-hub.test.ts`.
import { openCalls, type CallClient } from '../bridge/calls/call-client.ts';
import type { ClientEvents } from '../bridge/contract.ts';
import type { ControlReport, VerifierPurpose } from '../bridge/life/control-messages.ts';
import { ClientError, fromWireError } from '../bridge/errors.ts';
import { openEvents, type EventInlet } from '../bridge/events/event-inlet.ts';
import type { EventName } from '../bridge/events/event-messages.ts';
import { PROTOCOL, readHelloAnswer, type Hello, type HelloAnswer } from '../bridge/life/hello.ts';
import { lockReleased, type Locks } from '../bridge/life/liveness-lock.ts';
import type { Presence } from '../bridge/life/presence.ts';
import { listen } from '../bridge/ports/port.ts';
import type { Clock } from '../base/clock.ts';
import { startHeartbeat, type Heartbeat } from './heartbeat.ts';
import type { Host } from './host.ts';
import { lendPeerConnections, type RtcLenderOptions } from './rtc-lender.ts';
import { lendVerifiers } from './verifier-lender.ts';

/** Milliseconds for the hub's worker to load, run and answer the hello. A cold start on a slow phone takes several seconds. */
const HELLO_TIMEOUT = 30_000;

/**
 * Milliseconds of silence from a running hub. No step in it takes longer than a few milliseconds, but on a loaded machine it may be
 * delayed.
 */
const MAX_SILENCE = 15_000;

/** Milliseconds a dedicated hub has for its flush after the farewell. */
const FLUSH_TIMEOUT = 3_000;

export interface SessionOptions {
  readonly build: string;
  readonly tab: string;
  readonly network: unknown;
  readonly settings: unknown;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly startVerifier: Readonly<Record<VerifierPurpose, () => Worker>>;
  /** The means to make peer connections; without it none are made. */
  readonly rtc?: Pick<RtcLenderOptions, 'connect' | 'startPump' | 'budget'> | undefined;
  /** The page's presence now. */
  readonly presence: () => Presence;
  /** The worker files of this build are no longer on the server. */
  readonly onFilesGone: () => void;
  readonly onEvent: <K extends EventName>(name: K, event: ClientEvents[K]) => void;
  readonly onDropped: (dropped: { readonly notices: number; readonly log: number }) => void;
}

/** One page's connection with one hub, from the hello until either ends. */
export interface Session {
  readonly calls: CallClient;
  readonly events: EventInlet;
  /** Resolves when the hub is gone, or is still alive but no longer answers. */
  readonly lost: Promise<'gone' | 'hung'>;
  /** The hub belongs to this tab and ends with the session. */
  readonly dedicated: boolean;
  /** The lock that the hub holds while it lives. */
  readonly lock: string;
  /** Tells the hub the page's presence. */
  reportPresence(presence: Presence): void;
  /**
   * Says farewell and gives everything back; calls under way reject with `reason`. A dedicated hub that does not hang gets time to flush.
   */
  close(reason: ClientError, hung?: boolean): Promise<void>;
}

/**
 * Says hello to the hub behind `host`, and then watches that it lives: its lock shows when it is gone, and its messages show that it works.
 * @throws ClientError `worker-failed` or `hub-unreachable`; HelloError when the hub refuses. The host is then released.
 */
export async function openSession(host: Host, options: SessionOptions): Promise<Session> {
  const calls = new MessageChannel();
  const events = new MessageChannel();
  let heartbeat: Heartbeat | undefined;
  const stops = [events.port1, host.port].map((port) => listen(port, () => heartbeat?.heard()));
  const inlet = openEvents(events.port1, options.onEvent, options.onDropped);
  const client = openCalls(calls.port1, options.clock);
  const giveUp = (error: ClientError) => {
    stops.forEach((stop) => stop());
    // If the hub wakes up late, it finds the hello and then the farewell.
    host.port.postMessage({ kind: 'bye' } satisfies ControlReport, []);
    inlet.close();
    client.close(error);
    host.release();
  };
  // Before the hello, because the hub asks for verifiers right after its answer.
  const lenders = [
    lendVerifiers(host.port, options.startVerifier, options.onFilesGone),
    ...(options.rtc ? [lendPeerConnections({ ...options.rtc, control: host.port, clock: options.clock })] : []),
  ];
  const endLoans = () => lenders.forEach((lender) => lender.close());
  const hello: Hello = {
    kind: 'hello',
    protocol: PROTOCOL,
    build: options.build,
    tab: options.tab,
    network: options.network,
    settings: options.settings,
    calls: calls.port2,
    events: events.port2,
  };
  let welcome: Extract<HelloAnswer, { kind: 'welcome' }>;
  try {
    welcome = await exchange(host, hello, options.clock);
  } catch (error) {
    endLoans();
    giveUp(new ClientError('hub-unreachable'));
    throw error;
  }

  const leaving = new AbortController();
  const gone = lockReleased(options.locks, welcome.lock, leaving.signal).then(() => 'gone' as const);
  gone.catch(() => undefined);
  const report = (message: ControlReport) => host.port.postMessage(message, []);
  report({ kind: 'presence', presence: options.presence() });
  const hung = new Promise<'hung'>((resolve) => {
    heartbeat = startHeartbeat({ clock: options.clock, patience: MAX_SILENCE, ping: () => report({ kind: 'ping' }), onHung: () => resolve('hung') });
  });
  const lost = Promise.race([gone, hung]);
  lost.catch(() => undefined);
  return {
    calls: client,
    events: inlet,
    lost,
    dedicated: host.dedicated,
    lock: welcome.lock,
    reportPresence: (presence) => report({ kind: 'presence', presence }),
    async close(reason, isHung = false) {
      heartbeat?.stop();
      stops.forEach((stop) => stop());
      client.close(reason);
      inlet.close();
      endLoans();
      report({ kind: 'bye' });
      if (host.dedicated && !isHung) await Promise.race([gone.catch(() => undefined), new Promise<void>((resolve) => void options.clock.after(FLUSH_TIMEOUT, resolve))]);
      leaving.abort();
      host.release();
    },
  };
}

async function exchange(host: Host, hello: Hello, clock: Clock): Promise<Extract<HelloAnswer, { kind: 'welcome' }>> {
  let stop = () => {};
  let heartbeat: Heartbeat | undefined;
  const answered = new Promise<HelloAnswer>((resolve, reject) => {
    // A worker that is still loading may lose messages that it cannot read, so nothing more is sent meanwhile.
    heartbeat = startHeartbeat({ clock, patience: HELLO_TIMEOUT, ping: () => undefined, onHung: () => reject(new ClientError('hub-unreachable', { timeout: HELLO_TIMEOUT })) });
    void host.failed.then(reject);
    stop = listen(host.port, (data) => {
      const answer = readHelloAnswer(data);
      if (answer) resolve(answer);
    });
  });
  host.port.postMessage(hello, [hello.calls, hello.events]);
  try {
    const answer = await answered;
    if (answer.kind === 'refused') throw fromWireError(answer.error);
    return answer;
  } finally {
    stop();
    heartbeat?.stop();
  }
}
