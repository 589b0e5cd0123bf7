import type { Connection, PeerId } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { Backoff } from '../../base/backoff.ts';
import type { Clock } from '../../base/clock.ts';
import type { LogCode } from '../../base/log-codes.ts';
import type { Random } from '../../base/random.ts';
import { dialRefusal, parseMultiaddr, socketAddress } from '../addresses.ts';
import type { SocketAddress } from '../addresses.ts';
import { browserAddress, browserAddressText, isRelayed } from '../browser-addresses.ts';
import { Deadline } from '../../base/deadline.ts';
import { lineLimits } from '../line-limits.ts';
import { meteredCircuit } from './metered-circuit.ts';
import type { CircuitComponents, CircuitTransport } from './metered-circuit.ts';
import type { RelayMeter } from './relay-meter.ts';
import { RtcError } from '../../engine/rtc-host.ts';

/** Milliseconds before a relay is asked again, random in [0, base doubled at each failure], at most the cap: it may have been restarted. */
const RETRY = { base: 1_000, cap: 60_000 };

/** A reservation that lasted this many milliseconds resets the count of failures. */
const STABLE_AFTER = 30_000;

/** Milliseconds for a relay's socket, noise and yamux, and for the reservation, which libp2p itself bounds with 5 s. */
const CONNECT_TIMEOUT = lineLimits.socket + lineLimits.upgrade.most;

export interface RelaysOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly ownId: string;
  /** The relays where we keep a reservation: `<host>/tcp/<port>/(ws|wss)`, with or without `/p2p/<id>`. */
  readonly relays: readonly string[];
  readonly allowInsecure: boolean;
  readonly meter: RelayMeter;
  readonly log: (level: 'info' | 'warning', code: LogCode, data: Readonly<Record<string, string | number>>) => void;
  /** The addresses where we can be reached have changed. */
  readonly onChange: () => void;
}

interface Kept {
  readonly address: SocketAddress;
  /** Known from the address, or from the connection. */
  id: string | undefined;
  reserved: boolean;
  connection: Connection | undefined;
  /** The dial that is under way. */
  connecting: Promise<Connection> | undefined;
  /** Ends the wait for the end of a reservation. */
  removed: () => void;
}

/**
 * The relays. A reservation is kept at our own relays, so that other browsers reach us; any relay can be used to reach a browser that has a
 * reservation there. A relay is not a peer: it is known by its address, and no protocol of the network is spoken with it.
 */
export class Relays {
  readonly #options: RelaysOptions;
  readonly #kept: readonly Kept[];
  /** Other browsers' relays that are dialled or used now, by address and id, with the number of uses of each. */
  readonly #passing = new Map<string, { readonly connection: Promise<Connection>; uses: number }>();
  /** The addresses dialled here. A connection made that way has this very object as its `remoteAddr`. */
  readonly #ways = new WeakSet<Multiaddr>();
  #components: CircuitComponents | undefined;
  #circuit: CircuitTransport | undefined;
  #stopping = new AbortController();

  constructor(options: RelaysOptions) {
    this.#options = options;
    this.#kept = options.relays.flatMap((text) => {
      const parsed = parseMultiaddr(text);
      const address = parsed && socketAddress(parsed);
      const refusal = dialRefusal(address, { source: 'seed', allowInsecure: options.allowInsecure });
      if (refusal !== undefined) options.log('warning', 'relay-unusable', { address: text, reason: refusal });
      return address === undefined || refusal !== undefined ? [] : { address, id: address.peerId, reserved: false, connection: undefined, connecting: undefined, removed: () => undefined };
    });
  }

  /** Creates the transport of relayed connections; libp2p calls it once. */
  readonly transport = (components: CircuitComponents): CircuitTransport => {
    this.#components = components;
    this.#circuit = meteredCircuit(components, this.#options.meter, (relay) => this.#kept.some(({ id, reserved }) => reserved && id === relay.toString()));
    this.#circuit.reservationStore.addEventListener('relay:removed', ({ detail }) => this.#at(detail.relay)?.removed());
    return this.#circuit;
  };

  /** Our own addresses, one for each relay with a reservation. */
  get addresses(): readonly string[] {
    return this.#kept.flatMap(({ address, id, reserved }) => (reserved && id !== undefined ? browserAddressText(address.text, id, this.#options.ownId) : []));
  }

  /** Open connections to our own relays. They are listed because only a ping shows that one is dead. */
  get connections(): readonly Connection[] {
    return this.#kept.flatMap(({ connection }) => (connection?.status === 'open' ? connection : []));
  }

  start(): void {
    this.#stopping = new AbortController();
    for (const relay of this.#kept) void this.#keep(relay, this.#stopping.signal);
  }

  stop(): void {
    this.#stopping.abort(new RtcError('closed'));
    for (const relay of this.#kept) relay.removed();
  }

  /** Whether this is one of our own relays, whose address the operator of this client configured. */
  isOwn(relay: SocketAddress): boolean {
    return this.#kept.some(({ address }) => address.text === relay.text);
  }

  /** Whether the connection is with a relay or goes through one, and so is not with a peer. */
  isRelay(connection: Pick<Connection, 'remoteAddr' | 'direction'>): boolean {
    const { remoteAddr, direction } = connection;
    if (isRelayed(remoteAddr)) return browserAddress(remoteAddr) === undefined;
    return this.#ways.has(remoteAddr) || (direction === 'outbound' && this.#kept.some(({ address }) => address.text === socketAddress(remoteAddr)?.text));
  }

  /** The address of the far end of a connection through one of our relays. Undefined for other connections. */
  addressOf(connection: Pick<Connection, 'remoteAddr' | 'remotePeer'>): string | undefined {
    const [before = ''] = connection.remoteAddr.toString().split('/p2p-circuit');
    const parsed = parseMultiaddr(before);
    const relay = parsed && this.#kept.find(({ address }) => address.text === socketAddress(parsed)?.text);
    return relay?.id === undefined || !isRelayed(connection.remoteAddr) ? undefined : browserAddressText(relay.address.text, relay.id, connection.remotePeer.toString());
  }

  /**
   * Connects to a browser through its relay, for as long as `use` takes. Rejects with the failure. A peer may name one of our peers as a
   * relay, or name an address of one of our own relays. That must not cost us the existing connection, so only connections that were
   * dialled here for this purpose are closed here.
   */
  async through<T>(relay: SocketAddress & { readonly peerId: string }, target: string, signal: AbortSignal, use: (relayed: Connection) => Promise<T>): Promise<T> {
    const components = this.#components;
    const way = `${relay.text}/p2p/${relay.peerId}`;
    const address = parseMultiaddr(`${way}/p2p-circuit/p2p/${target}`);
    if (components === undefined || address === undefined) throw new RtcError('closed');
    const own = this.#kept.find(({ id, address: { text } }) => id === relay.peerId || text === relay.text);
    const release = own === undefined ? await this.#pass(way, relay.peerId) : undefined;
    let relayed: Connection | undefined;
    try {
      if (own !== undefined && (await this.#connect(own)).remotePeer.toString() !== relay.peerId) throw new RtcError('malformed', 'another relay is there');
      // Not by libp2p's dial queue: it treats another dial of the same peer over another path as the same dial.
      relayed = await components.transportManager.dial(address, { signal });
      return await use(relayed);
    } finally {
      // The relay carries these bytes for free, so close at once.
      relayed?.close().catch(() => undefined);
      release?.();
    }
  }

  /** Connects to another browser's relay, or shares the existing connection. Resolves with a function that ends the use. */
  async #pass(way: string, id: string): Promise<() => void> {
    this.#refusePeer(id);
    const passing = this.#passing.get(way) ?? { connection: this.#dial(way), uses: 0 };
    this.#passing.set(way, passing);
    passing.uses++;
    const release = () => {
      if (--passing.uses > 0) return;
      this.#passing.delete(way);
      passing.connection.then((connection) => connection.close()).catch(() => undefined);
    };
    try {
      await passing.connection;
      this.#refusePeer(id);
      return release;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Throws `RtcError` `malformed` if a peer has this id: no node of the network is a relay. */
  #refusePeer(id: string): void {
    const connections = this.#components?.connectionManager.getConnections() ?? [];
    if (connections.some((connection) => connection.status === 'open' && connection.remotePeer.toString() === id && !this.isRelay(connection))) throw new RtcError('malformed', 'a peer is named as a relay');
  }

  /** The connection to one of our own relays, which is kept. */
  #connect(relay: Kept): Promise<Connection> {
    if (relay.connection?.status === 'open') return Promise.resolve(relay.connection);
    const { text, peerId } = relay.address;
    relay.connecting ??= this.#dial(peerId === undefined ? text : `${text}/p2p/${peerId}`)
      .then((connection) => {
        relay.id = connection.remotePeer.toString();
        return (relay.connection = connection);
      })
      .finally(() => (relay.connecting = undefined));
    return relay.connecting;
  }

  /** Dials a separate connection that libp2p shares with no other code. */
  async #dial(text: string): Promise<Connection> {
    const components = this.#components;
    const way = parseMultiaddr(text);
    if (components === undefined || way === undefined) throw new RtcError('closed');
    this.#ways.add(way);
    const deadline = new Deadline(this.#options.clock, CONNECT_TIMEOUT, this.#stopping.signal, () => new RtcError('no-answer'));
    try {
      if (!(await components.connectionManager.isDialable(way))) throw new RtcError('failed', 'banned');
      return await components.transportManager.dial(way, { signal: deadline.signal });
    } finally {
      deadline.clear();
    }
  }

  #at(peer: PeerId): Kept | undefined {
    return this.#kept.find(({ id }) => id === peer.toString());
  }

  /** Makes a reservation, waits until it is lost, and starts again. */
  async #keep(relay: Kept, stopping: AbortSignal): Promise<void> {
    const { clock, random, log, onChange } = this.#options;
    const backoff = new Backoff(random, RETRY);
    while (!stopping.aborted) {
      const begun = clock.monotonic();
      try {
        const removed = new Promise<void>((resolve) => (relay.removed = resolve));
        await this.#reserve(relay, stopping);
        log('info', 'relay-reserved', { address: relay.address.text });
        onChange();
        if (!stopping.aborted) await removed;
        log('info', 'relay-lost', { address: relay.address.text });
      } catch (error) {
        log('warning', 'relay-failed', { address: relay.address.text, reason: error instanceof Error ? error.name : String(error) });
      }
      const had = relay.reserved;
      relay.reserved = false;
      if (had) onChange();
      if (clock.monotonic() - begun > STABLE_AFTER) backoff.reset();
      await pause(clock, backoff.next(), stopping);
    }
  }

  async #reserve(relay: Kept, stopping: AbortSignal): Promise<void> {
    const circuit = this.#circuit;
    if (circuit === undefined) throw new RtcError('closed');
    const deadline = new Deadline(this.#options.clock, CONNECT_TIMEOUT, stopping, () => new RtcError('no-answer'));
    try {
      const { remotePeer } = await deadline.race(this.#connect(relay));
      await deadline.race(circuit.reservationStore.addRelay(remotePeer, 'configured'));
      relay.reserved = true;
    } finally {
      deadline.clear();
    }
  }
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
