import { pumpChannel, type DataChannel } from '../bridge/ports/channel-port.ts';
import { listen, type Port } from '../bridge/ports/port.ts';
import { readPumpReport, type PumpOrder, type PumpSent } from '../bridge/ports/pump-messages.ts';
import { readRtcRequest, type RtcFailure, type RtcReport, type RtcRequest } from '../bridge/ports/rtc-messages.ts';
import type { Clock } from '../base/clock.ts';
import { workerPort, type WorkerPort } from '../bridge/ports/worker-port.ts';
import type { RtcBudget } from './rtc-budget.ts';

/**
 * Milliseconds for the pump to start and to answer at all: a second less than the hub waits for the page. A lost channel is known as soon as the pump
 * answers. After the first failure this page keeps all its channels itself.
 */
const TRANSFER_TIMEOUT = 4_000;

/** Peer connections of this page at once. The hub asks for fewer; this keeps a faulty hub from starting any number. */
const MAX_OPEN = 32;

/** The used part of an `RTCPeerConnection`. */
export type PeerConnection = Pick<
  RTCPeerConnection,
  'createDataChannel' | 'setLocalDescription' | 'setRemoteDescription' | 'addIceCandidate' | 'localDescription' | 'connectionState' | 'addEventListener' | 'close'
>;

export interface RtcLenderOptions {
  readonly control: Port;
  /** Undefined where the browser has no WebRTC. */
  readonly connect: ((configuration: RTCConfiguration) => PeerConnection) | undefined;
  readonly startPump: () => Worker;
  readonly budget: RtcBudget;
  readonly clock: Clock;
}

interface Lent {
  readonly request: Extract<RtcRequest, { kind: 'rtc-open' }>;
  connection: PeerConnection | undefined;
  /** The last step; the other side's messages are handled one after the other. */
  last: Promise<void>;
  /** Candidates held back until our description was sent. */
  candidates: RTCIceCandidate[] | undefined;
  over: boolean;
}

/**
 * Makes peer connections as the hub requests. Their channels are transferred to the page's pump in the same task in which they are made,
 * because later that is not possible. Control messages about them pass through here, but none of their bytes do.
 */
export function lendPeerConnections({ control, connect, startPump, budget, clock }: RtcLenderOptions): { close(): void } {
  const lent = new Map<number, Lent>();
  /** Channels under way to the pump: called with whether they have arrived. */
  const underWay = new Map<number, (arrived: boolean) => void>();
  let pump: Worker | undefined;
  /** Transfers have failed in this browser. */
  let pumpless = false;
  let closed = false;
  const report = (message: RtcReport, transfer: Transferable[] = []) => {
    if (!closed) control.postMessage(message, transfer);
  };

  const end = (id: number) => {
    const link = lent.get(id);
    if (!link) return;
    lent.delete(id);
    link.over = true;
    link.connection?.close();
  };
  const fail = (id: number, code: RtcFailure) => {
    end(id);
    report({ kind: 'rtc-failed', id, code });
  };

  const thePump = (): Worker | undefined => {
    if (pumpless) return undefined;
    if (pump) return pump;
    try {
      pump = startPump();
    } catch {
      pumpless = true;
      return undefined;
    }
    listen(pump, (data) => {
      const heard = readPumpReport(data);
      if (heard) underWay.get(heard.id)?.(heard.kind === 'pumping');
    });
    // The pump cannot be loaded, or has crashed with all its channels.
    pump.addEventListener('error', () => {
      pumpless = true;
      pump?.terminate();
      pump = undefined;
      for (const id of Array.from(lent.keys())) fail(id, 'failed');
    });
    return pump;
  };

  /** Makes a connection and its channel. Throws if the browser makes no more. */
  const make = ({ id, iceServers }: Lent['request']) => {
    if (!connect) throw new TypeError('no WebRTC');
    budget.spend();
    const connection = connect({ iceServers: iceServers.map((urls) => ({ urls })) });
    connection.addEventListener('icecandidate', (event) => {
      const { candidate } = event as RTCPeerConnectionIceEvent;
      const link = lent.get(id);
      if (!candidate || link?.connection !== connection) return;
      if (link.candidates) link.candidates.push(candidate);
      else tell(id, candidate);
    });
    connection.addEventListener('connectionstatechange', () => {
      const state = connection.connectionState;
      if (lent.get(id)?.connection === connection && (state === 'failed' || state === 'closed')) fail(id, 'failed');
    });
    // Both sides negotiated the channel in advance, by number. So it exists before any signalling, and can be transferred at that point.
    const channel = connection.createDataChannel('petrel', { negotiated: true, id: 0 });
    return { connection, channel };
  };
  const tell = (id: number, { candidate, sdpMid }: RTCIceCandidate) => {
    // The last candidate is empty, and says that there are no more.
    if (candidate !== '') report({ kind: 'rtc-candidate', id, candidate, mid: sdpMid ?? '' });
  };

  /** Resolves with false if the channel did not arrive; it is then lost. */
  const transfer = (worker: Worker, id: number, channel: RTCDataChannel, port: WorkerPort): Promise<boolean> =>
    new Promise((resolve) => {
      const done = (arrived: boolean) => {
        cancel();
        underWay.delete(id);
        resolve(arrived);
      };
      const cancel = clock.after(TRANSFER_TIMEOUT, () => done(false));
      underWay.set(id, done);
      const order: PumpOrder = { kind: 'pump', id, channel: channel as unknown as DataChannel, port: port.workerEnd };
      try {
        worker.postMessage(order, [channel as unknown as Transferable, ...port.transfer]);
        worker.postMessage({ kind: 'sent', id } satisfies PumpSent, []);
      } catch {
        done(false);
      }
    });

  const begin = async (link: Lent): Promise<void> => {
    const { id, proxy, role } = link.request;
    const worker = proxy ? undefined : thePump();
    let pumped: WorkerPort | undefined;
    if (worker) {
      const { connection, channel } = make(link.request);
      link.connection = connection;
      const port = workerPort(control);
      if (await transfer(worker, id, channel, port)) pumped = port;
      else {
        pumpless = true;
        connection.close();
      }
    }
    if (link.over) return;
    if (pumped) pumped.report({ kind: 'rtc-channel', id, way: 'pump' });
    else {
      const { connection, channel } = make(link.request);
      link.connection = connection;
      const { port1, port2 } = new MessageChannel();
      pumpChannel(channel as unknown as DataChannel, port1);
      report({ kind: 'rtc-channel', id, way: 'page', port: port2 }, [port2]);
    }
    if (role === 'offer') await describe(link);
  };
  const describe = async (link: Lent): Promise<void> => {
    const { id } = link.request;
    await link.connection?.setLocalDescription();
    const description = link.connection?.localDescription?.sdp;
    if (link.over || description === undefined) return;
    report({ kind: 'rtc-local', id, description });
    const { candidates = [] } = link;
    link.candidates = undefined;
    for (const candidate of candidates) tell(id, candidate);
  };
  const takeDescription = async (link: Lent, sdp: string): Promise<void> => {
    const answering = link.request.role === 'answer';
    await link.connection?.setRemoteDescription({ type: answering ? 'offer' : 'answer', sdp });
    if (answering) await describe(link);
  };

  const open = (request: Lent['request']) => {
    const { id } = request;
    if (!connect) return fail(id, 'unsupported');
    if (budget.spent) return fail(id, 'budget');
    if (lent.has(id) || lent.size >= MAX_OPEN) return report({ kind: 'rtc-failed', id, code: 'busy' });
    const link: Lent = { request, connection: undefined, last: Promise.resolve(), candidates: [], over: false };
    lent.set(id, link);
    // As far as is known, the browser refuses only when there are too many connections.
    link.last = begin(link).catch((error: unknown) => fail(id, (error as Error).name === 'UnknownError' || (error as Error).name === 'OperationError' ? 'budget' : 'failed'));
  };

  const stop = listen(control, (data) => {
    const request = readRtcRequest(data);
    if (!request) return;
    if (request.kind === 'rtc-open') return open(request);
    if (request.kind === 'rtc-close') return end(request.id);
    const link = lent.get(request.id);
    if (!link) return;
    link.last = link.last.then(async () => {
      if (link.over) return;
      if (request.kind === 'rtc-remote') await takeDescription(link, request.description).catch(() => fail(request.id, 'failed'));
      // If a candidate cannot be read, there is one path less.
      else await link.connection?.addIceCandidate({ candidate: request.candidate, sdpMid: request.mid }).catch(() => undefined);
    });
  });
  return {
    close() {
      closed = true;
      stop();
      for (const id of Array.from(lent.keys())) end(id);
      pump?.terminate();
    },
  };
}
