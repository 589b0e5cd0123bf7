import { transportSymbol } from '@libp2p/interface';
import type { Connection, DialTransportOptions, Listener, Logger, Stream, Transport } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import type { Clock } from '../../engine/clock.ts';
import { parseMultiaddr } from '../addresses.ts';
import { browserAddress } from '../browser-addresses.ts';
import { Deadline } from '../deadline.ts';
import { FixedWindows } from '../rate-window.ts';
import type { CircuitComponents } from './metered-circuit.ts';
import { negotiate } from './negotiate.ts';
import type { Relays } from './relays.ts';
import { RtcConnection } from './rtc-connection.ts';
import { RtcError } from './rtc-host.ts';
import type { RtcHost } from './rtc-host.ts';
import { SIGNAL_PROTOCOL } from './signals.ts';

/** Milliseconds from the first word to the open channel, encrypted and multiplexed. ICE alone may take five seconds to give up a way. */
const NEGOTIATION_TIMEOUT = 20_000;

/** Conversations that strangers have begun, at once. Each holds a peer connection. */
const MAX_ANSWERING = 4;

/** Peer connections that strangers have us make in an hour, all of them and one of them: a page has a few hundred for all its life. */
const MAX_ANSWERED = { all: 40, each: 6 };

/** Milliseconds. */
const HOUR = 3_600_000;

export interface RtcTransportOptions {
  readonly clock: Clock;
  readonly host: RtcHost;
  readonly relays: Relays;
  /** Whether another browser that calls is welcome now. */
  readonly welcomes: (peer: string) => boolean;
  readonly log: (level: 'info' | 'warning', code: string, data: Readonly<Record<string, string | number>>) => void;
}

/**
 * Links from browser to browser: a data channel, agreed upon over a relay, with the same noise and yamux on it as on a WebSocket. Why it is not
 * `@libp2p/webrtc` is in `docs/decisions.md`.
 */
export class RtcTransport implements Transport {
  readonly [transportSymbol] = true as const;
  readonly [Symbol.toStringTag] = '@petrel/webrtc';
  readonly #options: RtcTransportOptions;
  readonly #components: CircuitComponents;
  readonly #log: Logger;
  readonly #answered: FixedWindows;
  #answering = 0;
  #stopping = new AbortController();

  constructor(options: RtcTransportOptions, components: CircuitComponents) {
    this.#options = options;
    this.#components = components;
    this.#log = components.logger.forComponent('petrel:webrtc');
    this.#answered = new FixedWindows(options.clock, HOUR);
  }

  /** Called by libp2p with its own start. */
  async start(): Promise<void> {
    this.#stopping = new AbortController();
    await this.#components.registrar.handle(SIGNAL_PROTOCOL, (stream, connection) => this.#answer(stream, connection), { maxInboundStreams: MAX_ANSWERING, runOnLimitedConnection: true });
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new RtcError('closed'));
    await this.#components.registrar.unhandle(SIGNAL_PROTOCOL);
  }

  /** Rejects with `RtcError`, the signal's reason, or what libp2p's encryption throws. */
  async dial(address: Multiaddr, options: DialTransportOptions): Promise<Connection> {
    const target = browserAddress(address);
    if (target === undefined) throw new RtcError('malformed', `no address of a browser: ${address.toString()}`);
    const { clock, host, relays } = this.#options;
    const deadline = new Deadline(clock, NEGOTIATION_TIMEOUT, options.signal, () => new RtcError('failed', `no channel within ${NEGOTIATION_TIMEOUT} ms`));
    const { signal } = deadline;
    try {
      const { channel, link } = await relays.through(target.relay, target.peerId, signal, async (relayed) => {
        const stream = await relayed.newStream(SIGNAL_PROTOCOL, { signal, runOnLimitedConnection: true });
        return negotiate(host, 'offer', stream, signal);
      });
      const connection = new RtcConnection({ channel, link, remoteAddr: address, direction: 'outbound', log: this.#log });
      return await this.#orAbort(connection, options.upgrader.upgradeOutbound(connection, { ...options, signal }));
    } finally {
      deadline.clear();
    }
  }

  /** Somebody calls. Never rejects. */
  async #answer(stream: Stream, connection: Connection): Promise<void> {
    const { clock, host, relays, welcomes, log } = this.#options;
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
    const deadline = new Deadline(clock, NEGOTIATION_TIMEOUT, this.#stopping.signal, () => new RtcError('failed', `no channel within ${NEGOTIATION_TIMEOUT} ms`));
    try {
      const { channel, link } = await negotiate(host, 'answer', stream, deadline.signal);
      const inbound = new RtcConnection({ channel, link, remoteAddr: address, direction: 'inbound', log: this.#log });
      // Whoever speaks on the channel must be whoever spoke on the stream: the address names it, and noise checks that.
      await this.#orAbort(inbound, this.#components.upgrader.upgradeInbound(inbound, { signal: deadline.signal }));
      await stream.close({ signal: deadline.signal }).catch(() => undefined);
    } catch (error) {
      log('info', 'browser-not-reached', { peer, reason: error instanceof RtcError ? `rtc-${error.code}` : (error as Error).name });
      stream.abort(error as Error);
    } finally {
      deadline.clear();
      this.#answering--;
    }
  }

  /** A channel that could not be encrypted is of no use, and its peer connection would stay. */
  async #orAbort<T>(connection: RtcConnection, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      connection.abort(error as Error);
      throw error;
    }
  }

  /** What listens is the signalling; there is no socket. */
  createListener(): Listener {
    throw new RtcError('unsupported');
  }

  listenFilter(): Multiaddr[] {
    return [];
  }

  dialFilter(addresses: Multiaddr[]): Multiaddr[] {
    return addresses.filter((address) => browserAddress(address) !== undefined);
  }
}
