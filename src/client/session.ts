import { openCalls, type CallClient } from '../bridge/call-client.ts';
import type { ClientEvents } from '../bridge/contract.ts';
import type { ControlReport, VerifierPurpose } from '../bridge/control-messages.ts';
import { ClientError, fromWireError } from '../bridge/errors.ts';
import { openEvents, type EventInlet } from '../bridge/event-inlet.ts';
import type { EventName } from '../bridge/event-messages.ts';
import { PROTOCOL, readHelloAnswer, type Hello, type HelloAnswer } from '../bridge/hello.ts';
import { lockReleased, type Locks } from '../bridge/liveness-lock.ts';
import type { Names } from '../bridge/names.ts';
import { listen } from '../bridge/port.ts';
import type { Clock } from '../engine/clock.ts';
import type { Host } from './host.ts';
import { lendVerifiers } from './verifier-lender.ts';

/** Milliseconds for the hub's worker to load, run and answer the hello. A cold start on a slow phone takes several seconds. */
const HELLO_TIMEOUT = 30_000;

/** Milliseconds a dedicated hub has for its flush after the farewell. */
const FLUSH_TIMEOUT = 3_000;

export interface SessionOptions {
  readonly names: Names;
  readonly build: string;
  readonly tab: string;
  readonly network: unknown;
  readonly settings: unknown;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly startVerifier: Readonly<Record<VerifierPurpose, () => Worker>>;
  readonly onEvent: <K extends EventName>(name: K, event: ClientEvents[K]) => void;
  readonly onDropped: (dropped: { readonly notices: number; readonly log: number }) => void;
}

/** One page's connection with one hub, from the hello to the end of either. */
export interface Session {
  readonly calls: CallClient;
  readonly events: EventInlet;
  /** Resolves when the hub is gone. */
  readonly lost: Promise<void>;
  /** Says farewell (or, if the hub is gone, does without) and gives everything back; calls under way reject with `reason`. */
  close(reason: ClientError): Promise<void>;
}

/**
 * Says hello to the hub behind `host`.
 * @throws ClientError `worker-failed` or `hub-unreachable`; HelloError when the hub refuses. The host is then released.
 */
export async function openSession(host: Host, options: SessionOptions): Promise<Session> {
  const calls = new MessageChannel();
  const events = new MessageChannel();
  const inlet = openEvents(events.port1, options.onEvent, options.onDropped);
  const client = openCalls(calls.port1, options.clock);
  const giveUp = (error: ClientError) => {
    inlet.close();
    client.close(error);
    host.release();
  };
  // Before the hello: the hub asks for verifiers right after its answer.
  const verifiers = lendVerifiers(host.port, options.startVerifier);
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
    verifiers.close();
    giveUp(new ClientError('hub-unreachable'));
    throw error;
  }

  const hubLock = options.names.hub(welcome.hub);
  const leaving = new AbortController();
  const lost = lockReleased(options.locks, hubLock, leaving.signal);
  lost.catch(() => undefined);
  return {
    calls: client,
    events: inlet,
    lost,
    async close(reason) {
      client.close(reason);
      inlet.close();
      verifiers.close();
      host.port.postMessage({ kind: 'bye' } satisfies ControlReport, []);
      if (host.dedicated) await Promise.race([lost.catch(() => undefined), new Promise<void>((resolve) => void options.clock.after(FLUSH_TIMEOUT, resolve))]);
      leaving.abort();
      host.release();
    },
  };
}

async function exchange(host: Host, hello: Hello, clock: Clock): Promise<Extract<HelloAnswer, { kind: 'welcome' }>> {
  let stop = () => {};
  let cancel = () => {};
  const answered = new Promise<HelloAnswer>((resolve, reject) => {
    cancel = clock.after(HELLO_TIMEOUT, () => reject(new ClientError('hub-unreachable', { timeout: HELLO_TIMEOUT })));
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
    cancel();
  }
}
