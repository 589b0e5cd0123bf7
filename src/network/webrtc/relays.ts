import type { Connection, PeerId } from '@libp2p/interface';
import { Backoff } from '../../engine/backoff.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Random } from '../../engine/random.ts';
import { dialRefusal, parseMultiaddr, socketAddress } from '../addresses.ts';
import type { SocketAddress } from '../addresses.ts';
import { browserAddress, browserAddressText, isRelayed } from '../browser-addresses.ts';
import { Deadline } from '../deadline.ts';
import { meteredCircuit } from './metered-circuit.ts';
import type { CircuitComponents, CircuitTransport } from './metered-circuit.ts';
import type { RelayMeter } from './relay-meter.ts';
import { RtcError } from './rtc-host.ts';

/** Milliseconds before a relay is asked again, random in [0, base doubled at each failure], at most the cap: it may have been restarted. */
const RETRY = { base: 1_000, cap: 60_000 };

/** A reservation that held so many milliseconds wipes out the failures before it. */
const STABLE_AFTER = 30_000;

/** Milliseconds for a relay's socket, noise and yamux; and for the reservation, which libp2p bounds with 5 s itself. */
const CONNECT_TIMEOUT = 10_000;

export interface RelaysOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly ownId: string;
  /** Where we keep a reservation: `<host>/tcp/<port>/(ws|wss)`, with or without `/p2p/<id>`. */
  readonly relays: readonly string[];
  readonly allowInsecure: boolean;
  readonly meter: RelayMeter;
  readonly log: (level: 'info' | 'warning', code: string, data: Readonly<Record<string, string | number>>) => void;
  /** We are reached at other addresses now. */
  readonly onChange: () => void;
}

interface Kept {
  readonly address: SocketAddress;
  /** Known from the address, or from its connection. */
  id: string | undefined;
  reserved: boolean;
  connection: Connection | undefined;
  /** Ends the wait that follows a reservation. */
  removed: () => void;
}

/**
 * The relays: a reservation is kept at our own, so that other browsers reach us, and any is a way to a browser that has one there. A relay is no
 * peer: it is known by its address, and no protocol of the network is spoken with it.
 */
export class Relays {
  readonly #options: RelaysOptions;
  readonly #kept: readonly Kept[];
  /** Relays of others that are dialled or used now, by address, with how many use each. */
  readonly #passing = new Map<string, number>();
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
      return address === undefined || refusal !== undefined ? [] : { address, id: address.peerId, reserved: false, connection: undefined, removed: () => undefined };
    });
  }

  /** Makes the transport of relayed connections; libp2p calls it once. */
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

  /** Open connections to our own relays: nothing but a ping shows that one is dead. */
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

  /** Whether this is one of our own relays, whose address was given to us by whoever runs this client. */
  isOwn(relay: SocketAddress): boolean {
    return this.#kept.some(({ address }) => address.text === relay.text);
  }

  /** Whether the connection is with a relay, or goes through one: not one with a peer. */
  isRelay(connection: Pick<Connection, 'remoteAddr' | 'direction'>): boolean {
    const { remoteAddr, direction } = connection;
    if (isRelayed(remoteAddr)) return browserAddress(remoteAddr) === undefined;
    const text = direction === 'outbound' ? socketAddress(remoteAddr)?.text : undefined;
    return text !== undefined && (this.#passing.has(text) || this.#kept.some(({ address }) => address.text === text));
  }

  /** The address under which the far end of a connection through a relay of ours can be named. Undefined where it is no such connection. */
  addressOf(connection: Pick<Connection, 'remoteAddr' | 'remotePeer'>): string | undefined {
    const [before = ''] = connection.remoteAddr.toString().split('/p2p-circuit');
    const parsed = parseMultiaddr(before);
    const relay = parsed && this.#kept.find(({ address }) => address.text === socketAddress(parsed)?.text);
    return relay?.id === undefined || !isRelayed(connection.remoteAddr) ? undefined : browserAddressText(relay.address.text, relay.id, connection.remotePeer.toString());
  }

  /** Connects to a browser through its relay, for as long as `use` takes. Rejects with what went wrong. */
  async through<T>(relay: SocketAddress & { readonly peerId: string }, target: string, signal: AbortSignal, use: (relayed: Connection) => Promise<T>): Promise<T> {
    const components = this.#components;
    const way = parseMultiaddr(`${relay.text}/p2p/${relay.peerId}`);
    const address = parseMultiaddr(`${relay.text}/p2p/${relay.peerId}/p2p-circuit/p2p/${target}`);
    if (components === undefined || way === undefined || address === undefined) throw new RtcError('closed');
    this.#passing.set(relay.text, (this.#passing.get(relay.text) ?? 0) + 1);
    let toRelay: Connection | undefined;
    let relayed: Connection | undefined;
    try {
      toRelay = await components.connectionManager.openConnection(way, { signal });
      // Not by libp2p's queue, which takes a dial of the same peer by another way for the same dial.
      relayed = await components.transportManager.dial(address, { signal });
      return await use(relayed);
    } finally {
      // Its bytes are somebody's gift: no second longer than needed.
      relayed?.close().catch(() => undefined);
      const left = (this.#passing.get(relay.text) ?? 1) - 1;
      if (left > 0) this.#passing.set(relay.text, left);
      else {
        this.#passing.delete(relay.text);
        if (!this.isOwn(relay)) toRelay?.close().catch(() => undefined);
      }
    }
  }

  #at(peer: PeerId): Kept | undefined {
    return this.#kept.find(({ id }) => id === peer.toString());
  }

  /** Reserves, waits until that is lost, and begins again. */
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
    const components = this.#components;
    const circuit = this.#circuit;
    const address = parseMultiaddr(`${relay.address.text}${relay.address.peerId === undefined ? '' : `/p2p/${relay.address.peerId}`}`);
    if (components === undefined || circuit === undefined || address === undefined) throw new RtcError('closed');
    const deadline = new Deadline(this.#options.clock, CONNECT_TIMEOUT, stopping, () => new RtcError('no-answer'));
    try {
      relay.connection = await deadline.race(components.connectionManager.openConnection(address, { signal: deadline.signal }));
      relay.id = relay.connection.remotePeer.toString();
      await deadline.race(circuit.reservationStore.addRelay(relay.connection.remotePeer, 'configured'));
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
