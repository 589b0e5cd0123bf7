// Tests: `src/network/webrtc/webrtc.test.ts`.
import './rtc-globals.ts';
import { transportSymbol } from '@libp2p/interface';
import type { Connection, DialTransportOptions, Listener, MultiaddrConnection, Stream, Transport } from '@libp2p/interface';
import { webRTC } from '@libp2p/webrtc';
import type { WebRTCTransportComponents } from '@libp2p/webrtc';
import type { Multiaddr } from '@multiformats/multiaddr';
import type { Clock } from '../../base/clock.ts';
import type { LogCode } from '../../base/log-codes.ts';
import { parseMultiaddr } from '../addresses.ts';
import { browserAddress } from '../browser-addresses.ts';
import { Deadline } from '../../base/deadline.ts';
import { FixedWindows } from '../rate-window.ts';
import type { CandidateHosts } from './candidate-hosts.ts';
import { changed } from './changed.ts';
import { MAX_FRAME_DATA } from './channel-frames.ts';
import { MAX_CANDIDATE, MAX_CANDIDATES, MAX_DESCRIPTION } from './description.ts';
import type { CircuitComponents } from './metered-circuit.ts';
import type { Conversation, PeerConfiguration } from './peer-connection.ts';
import type { Relays } from './relays.ts';
import { RtcError } from '../../engine/rtc-host.ts';
import type { RtcHost } from '../../engine/rtc-host.ts';

/** The protocol that two browsers speak over a relay until they have a direct connection (libp2p's specification of WebRTC). */
export const SIGNALLING_PROTOCOL = '/webrtc-signaling/0.0.1';

/** Milliseconds from the first message to the open channel. ICE alone may take five seconds to give up a path. */
const NEGOTIATION_TIMEOUT = 20_000;

/** Bytes that an unknown peer may send in one conversation: a description, and candidates in their JSON. */
const MAX_SIGNALLING = MAX_DESCRIPTION + MAX_CANDIDATES * (MAX_CANDIDATE + 256);

/** Conversations begun by unknown peers, at once. Each holds a peer connection. */
const MAX_ANSWERING = 4;

/**
 * Peer connections that unknown peers can make us open in an hour, all together and each: a page has only a few hundred in its lifetime.
 */
const MAX_ANSWERED = { all: 40, each: 6 };

/** Milliseconds. */
const HOUR = 3_600_000;

/** Bytes of one stream that may wait for the link; beyond that its writer waits. */
const MAX_BUFFERED = 262_144;

/** Streams that the other side may open before we have seen that the link is open: all that it opens at first, and some more. */
const MAX_EARLY_STREAMS = 32;

/**
 * The parts of the transport of `@libp2p/webrtc` 6.0.33 that are used here and are not in its exported type. Guarded by `webrtc.test.ts`.
 */
interface WebRtcTransport extends Transport {
  /** Answers on a signalling stream; resolves when the connection is made. */
  _onProtocol(stream: Stream, connection: Connection, signal: AbortSignal): Promise<void>;
}

export interface RtcTransportOptions {
  readonly clock: Clock;
  readonly host: RtcHost;
  readonly relays: Relays;
  readonly candidateHosts: CandidateHosts;
  /** Whether another browser that calls is welcome now. */
  readonly welcomes: (peer: string) => boolean;
  readonly log: (level: 'info' | 'warning', code: LogCode, data: Readonly<Record<string, string | number>>) => void;
}

/**
 * Links from browser to browser, made with `@libp2p/webrtc`: one of its transports for each conversation. This class adds limits on which
 * browsers may connect, how often and for how long, and the reason why an attempt failed (`RtcError`).
 */
export class RtcTransport implements Transport {
  readonly [transportSymbol] = true as const;
  readonly [Symbol.toStringTag] = '@petrel/webrtc';
  readonly #options: RtcTransportOptions;
  readonly #components: CircuitComponents;
  readonly #answered: FixedWindows;
  #answering = 0;
  #stopping = new AbortController();

  constructor(options: RtcTransportOptions, components: CircuitComponents) {
    this.#options = options;
    this.#components = components;
    this.#answered = new FixedWindows(options.clock, HOUR);
  }

  /** Called by libp2p when it starts. */
  async start(): Promise<void> {
    this.#stopping = new AbortController();
    await this.#components.registrar.handle(SIGNALLING_PROTOCOL, (stream, connection) => this.#answer(stream, connection), { maxInboundStreams: MAX_ANSWERING, runOnLimitedConnection: true });
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new RtcError('closed'));
    await this.#components.registrar.unhandle(SIGNALLING_PROTOCOL);
  }

  /** Rejects with `RtcError`, the signal's reason, or what libp2p throws. */
  async dial(address: Multiaddr, options: DialTransportOptions): Promise<Connection> {
    const target = browserAddress(address);
    if (target === undefined) throw new RtcError('malformed', `no address of a browser: ${address.toString()}`);
    const { clock, host, relays, candidateHosts } = this.#options;
    const deadline = begin(clock, options.signal);
    const { signal } = deadline;
    const conversation: Conversation = { host, candidateHosts, deadline, onConnected: () => undefined };
    try {
      const work = relays.through(target.relay, target.peerId, signal, async (relayed) => {
        // Use the connection that we have opened, whatever other connections with that peer exist.
        const connectionManager = changed(this.#components.connectionManager, { getConnections: () => [relayed] });
        return coded(deadline.race(this.#webRtc(conversation, { connectionManager }).dial(address, { ...options, signal })));
      });
      return await deadline.race(work);
    } catch (error) {
      throw end(deadline, error);
    } finally {
      deadline.clear();
    }
  }

  /** Answers a browser that calls. Never rejects. */
  async #answer(stream: Stream, connection: Connection): Promise<void> {
    const { clock, host, relays, candidateHosts, welcomes, log } = this.#options;
    const peer = connection.remotePeer.toString();
    const text = relays.addressOf(connection);
    const address = text === undefined ? undefined : parseMultiaddr(text);
    const allowed = this.#answering < MAX_ANSWERING && welcomes(peer) && this.#answered.admit(peer, MAX_ANSWERED.each) && this.#answered.admit('all', MAX_ANSWERED.all);
    if (address === undefined || !allowed) {
      stream.abort(new RtcError(address === undefined ? 'malformed' : 'busy'));
      log('info', 'browser-refused', { peer });
      return;
    }
    this.#answering++;
    const deadline = begin(clock, this.#stopping.signal);
    const { signal } = deadline;
    const { promise: connected, resolve: onConnected } = Promise.withResolvers<void>();
    const { upgrader } = this.#components;
    const upgradeInbound = async (inbound: MultiaddrConnection, options: object): Promise<void> => {
      // Without this wait libp2p would continue even if the other side has just left.
      await deadline.race(connected);
      inbound.remoteAddr = address;
      await upgrader.upgradeInbound(inbound, options as never);
    };
    try {
      boundSignalling(stream, deadline);
      const transport = this.#webRtc({ host, candidateHosts, deadline, onConnected }, { upgrader: changed(upgrader, { upgradeInbound }) });
      // The caller's identity is the key that noise has verified, not the id that the relay named.
      // oxlint-disable-next-line no-underscore-dangle -- libp2p's name
      await coded(deadline.race(transport._onProtocol(stream, changed(connection, { remoteAddr: address }), signal)));
    } catch (error) {
      const reason = end(deadline, error);
      log('info', 'browser-not-reached', { peer, reason: reason instanceof RtcError ? `rtc-${reason.code}` : reason.name });
      stream.abort(reason);
    } finally {
      deadline.clear();
      this.#answering--;
    }
  }

  /** There is no socket: incoming connections arrive over the signalling protocol. */
  createListener(): Listener {
    throw new RtcError('unsupported');
  }

  listenFilter(): Multiaddr[] {
    return [];
  }

  dialFilter(addresses: Multiaddr[]): Multiaddr[] {
    return addresses.filter((address) => browserAddress(address) !== undefined);
  }

  /** One of libp2p's own transports, for one conversation. */
  #webRtc(conversation: Conversation, changes: Readonly<Record<string, unknown>>): WebRtcTransport {
    // The page knows the ICE servers; without the empty list libp2p would add its own.
    const rtcConfiguration: PeerConfiguration = { iceServers: [], conversation };
    const components: WebRTCTransportComponents = changed(this.#components, changes);
    return webRTC({ rtcConfiguration, maxEarlyStreams: MAX_EARLY_STREAMS, dataChannel: { maxMessageSize: MAX_FRAME_DATA, maxBufferedAmount: MAX_BUFFERED } })(components) as WebRtcTransport;
  }
}

function begin(clock: Clock, signal: AbortSignal): Deadline {
  return new Deadline(clock, NEGOTIATION_TIMEOUT, signal, () => new RtcError('failed', `no channel within ${NEGOTIATION_TIMEOUT} ms`));
}

/** Turns any error of libp2p into `RtcError` `failed`. */
async function coded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof RtcError ? error : new RtcError('failed', error instanceof Error ? error.message : String(error));
  }
}

/** The reason of the failure; also ends what is left of the conversation. */
function end(deadline: Deadline, error: unknown): Error {
  deadline.abort(error as Error);
  return deadline.signal.reason as Error;
}

/** Ends a conversation in which the other side sends too much. */
function boundSignalling(stream: Stream, deadline: Deadline): void {
  let heard = 0;
  stream.maxReadBufferLength = MAX_SIGNALLING;
  stream.addEventListener('message', ({ data }) => {
    heard += data.byteLength;
    if (heard > MAX_SIGNALLING) deadline.abort(new RtcError('malformed', `more than ${MAX_SIGNALLING} bytes`));
  });
}
