import type { Connection, IdentifyResult, Libp2p, Stream } from '@libp2p/interface';
import type { PeerId } from '../../engine/peers/peer-net.ts';
import type { Hash } from '../../base/hash.ts';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { SocketAddress } from '../addresses.ts';
import { Deadline } from '../../base/deadline.ts';
import { LONGEST_ROUND_TRIP } from '../line-limits.ts';
import { StreamError, StreamReader } from '../stream-reader.ts';
import { parseBrowserAddress, tellerOf } from '../browser-addresses.ts';
import { BrowserBook } from './browser-book.ts';
import { decodePeersMessage, encodePeersMessage, LENGTH_SIZE, MAX_MESSAGE_SIZE, MAX_OTHERS, messageSize, PETREL_PEERS_PROTOCOL } from './peers-message.ts';
import type { PeersMessage } from './peers-message.ts';

/**
 * Milliseconds for each exchange that one side opens with a peer. One more may come right after the first, because a relay grants a
 * reservation only once the connection stands. Later the addresses change only when relays do, which is rare.
 */
const OPEN_INTERVAL = 30_000;
/** Milliseconds; a peer that opens exchanges faster is disconnected. One second less, to allow for timer and network jitter. */
const RECEIVE_INTERVAL = 29_000;
/** Milliseconds for an exchange: a stream, and a message each way. */
const EXCHANGE_TIMEOUT = 4 * LONGEST_ROUND_TRIP;
/** Streams of a connection at once. Only one is needed; more are admitted so that our own code sees the breach and punishes it. */
const MAX_STREAMS = 4;

/** Faults of a peer that no Petrel client commits. */
export type PetrelErrorCode = 'malformed-petrel-peers' | 'wrong-genesis' | 'foreign-address' | 'too-frequent-petrel-peers';

export interface PetrelPeersOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly genesisHash: Hash;
  readonly ownId: PeerId;
  /** What is served now, as bits of `wire/services.ts`; 0: nothing. */
  services(): number;
  /** The addresses where other browsers reach this node: `…/p2p-circuit/webrtc/p2p/<own id>`. Others are left out. */
  own(): readonly string[];
  /** Whether addresses behind this relay are usable. An unknown peer must not make us dial hosts of our local network. */
  reachable(relay: SocketAddress): boolean;
  /** A peer has announced what it serves, so it is a Petrel client. */
  said(peer: PeerId, services: number): void;
  /** All addresses of other browsers that may be dialled now, and the networks that reported each. Called when there are new ones. */
  browsers(told: readonly { readonly address: string; readonly sources: ReadonlySet<string> }[]): void;
  /** Called when the connection must be closed. */
  failed(connection: Connection, code: PetrelErrorCode): void;
}

/** Allows one event per interval on average, and at most two in a row. Times are monotonic milliseconds. */
class Pace {
  readonly #interval: number;
  /** The time until which past events use up the intervals. */
  #paidAt = Number.NEGATIVE_INFINITY;

  constructor(interval: number) {
    this.#interval = interval;
  }

  /** Milliseconds until the next event is allowed. */
  wait(now: number): number {
    return Math.max(0, this.#paidAt - this.#interval - now);
  }

  count(now: number): void {
    this.#paidAt = Math.max(this.#paidAt, now) + this.#interval;
  }
}

interface Session {
  readonly connection: Connection;
  /** The pace of exchanges that we open, and of those that they open. */
  readonly opened: Pace;
  readonly received: Pace;
  /** What we last told them. */
  told: string | undefined;
  cancel: (() => void) | undefined;
}

/**
 * Runs `/petrel/peers/1` on all connections of a node. The side that dialled opens a stream when identify shows that the other side knows
 * the protocol. It says what it serves and where it is reached, and gets the same in return. Later either side repeats this when something
 * has changed. Clients and relays speak it alike.
 */
export class PetrelPeers {
  readonly #options: PetrelPeersOptions;
  readonly #book: BrowserBook;
  readonly #sessions = new Map<string, Session>();
  #stopped = false;

  constructor(options: PetrelPeersOptions) {
    this.#options = options;
    this.#book = new BrowserBook(options);
  }

  /** Must be called before the libp2p node is started. */
  async attach(libp2p: Pick<Libp2p, 'handle' | 'addEventListener'>): Promise<void> {
    this.#stopped = false;
    libp2p.addEventListener('peer:identify', (event: CustomEvent<IdentifyResult>) => {
      const { connection, protocols } = event.detail;
      if (connection.direction === 'outbound' && protocols.includes(PETREL_PEERS_PROTOCOL)) void this.#open(this.#session(connection));
    });
    libp2p.addEventListener('connection:close', (event: CustomEvent<Connection>) => this.#onClose(event.detail));
    await libp2p.handle(PETREL_PEERS_PROTOCOL, (stream, connection) => void this.#answer(stream, this.#session(connection)), { maxInboundStreams: MAX_STREAMS, maxOutboundStreams: MAX_STREAMS });
  }

  stop(): void {
    this.#stopped = true;
    for (const session of this.#sessions.values()) session.cancel?.();
    this.#sessions.clear();
  }

  /** What is served, or where we are reached, may have changed. */
  changed(): void {
    const { clock } = this.#options;
    for (const session of this.#sessions.values()) {
      if (session.told === undefined || session.cancel !== undefined) continue;
      session.cancel = clock.after(session.opened.wait(clock.monotonic()), () => {
        session.cancel = undefined;
        if (session.told !== keyOf(this.#message(session))) void this.#open(session);
      });
    }
  }

  /** Forgets what a peer announced, because it misbehaved. */
  remove(peer: PeerId): void {
    this.#book.remove(peer);
  }

  #session(connection: Connection): Session {
    const known = this.#sessions.get(connection.id);
    if (known) return known;
    const session: Session = { connection, opened: new Pace(OPEN_INTERVAL), received: new Pace(RECEIVE_INTERVAL), told: undefined, cancel: undefined };
    // For a connection that is closed already no close event will come, so nothing would remove the session.
    if (connection.status === 'open') this.#sessions.set(connection.id, session);
    return session;
  }

  #onClose(connection: Connection): void {
    this.#sessions.get(connection.id)?.cancel?.();
    this.#sessions.delete(connection.id);
    const others = Array.from(this.#sessions.values()).some((session) => session.connection.remotePeer.equals(connection.remotePeer));
    if (!others && this.#book.left(connection.remotePeer.toString())) this.changed();
  }

  #message({ connection }: Session): PeersMessage {
    const { genesisHash, services, own, ownId } = this.#options;
    return {
      genesisHash, services: services(),
      own: own().flatMap((text) => parseBrowserAddress(text) ?? []).filter(({ peerId }) => peerId === ownId),
      others: this.#book.passedOn(MAX_OTHERS, connection.remotePeer.toString()),
    };
  }

  async #open(session: Session): Promise<void> {
    if (this.#stopped) return;
    session.opened.count(this.#options.clock.monotonic());
    await this.#exchange(session, async (signal) => {
      const stream = await session.connection.newStream(PETREL_PEERS_PROTOCOL, { signal });
      return { stream, before: () => this.#send(stream, session), after: () => stream.close({ signal }) };
    });
  }

  async #answer(stream: Stream, session: Session): Promise<void> {
    const now = this.#options.clock.monotonic();
    if (session.received.wait(now) > 0) {
      this.#fail(session, 'too-frequent-petrel-peers');
      return;
    }
    session.received.count(now);
    await this.#exchange(session, (signal) =>
      Promise.resolve({
        stream,
        before: () => undefined,
        after: () => {
          this.#send(stream, session);
          return stream.close({ signal });
        },
      }),
    );
  }

  /** Either side may send first. Never rejects: a broken stream is not a peer's fault. */
  async #exchange(session: Session, begin: (signal: AbortSignal) => Promise<{ readonly stream: Stream; readonly before: () => void; readonly after: () => Promise<void> }>): Promise<void> {
    const deadline = new Deadline(this.#options.clock, EXCHANGE_TIMEOUT, undefined, () => new StreamError('ended', `no exchange within ${EXCHANGE_TIMEOUT} ms`));
    let stream: Stream | undefined;
    try {
      const side = await deadline.race(begin(deadline.signal));
      stream = side.stream;
      const reader = new StreamReader(stream, MAX_MESSAGE_SIZE + LENGTH_SIZE + 1024);
      side.before();
      const size = messageSize(await reader.read(LENGTH_SIZE, deadline.signal));
      if (size > MAX_MESSAGE_SIZE) throw new StreamError('too-large', `a message of ${size} bytes`);
      const message = decodePeersMessage(await reader.read(size, deadline.signal));
      if (!this.#take(session, message)) return;
      await deadline.race(side.after());
    } catch (error) {
      stream?.abort(error instanceof Error ? error : new Error(String(error)));
      const malformed = error instanceof Error && (error.name === 'DecodeError' || (error instanceof StreamError && error.code === 'too-large'));
      if (malformed) this.#fail(session, 'malformed-petrel-peers');
    } finally {
      deadline.clear();
    }
  }

  #send(stream: Stream, session: Session): void {
    const message = this.#message(session);
    stream.send(encodePeersMessage(message));
    session.told = keyOf(message);
  }

  /** Returns false if the peer is no Petrel client of this network, or misbehaves. */
  #take({ connection }: Session, { genesisHash, services, own, others }: PeersMessage): boolean {
    const options = this.#options;
    const book = this.#book;
    const peer = connection.remotePeer.toString();
    if (genesisHash !== options.genesisHash) return this.#fail({ connection }, 'wrong-genesis');
    if (own.some(({ peerId }) => peerId !== peer)) return this.#fail({ connection }, 'foreign-address');
    const reachable = (list: PeersMessage['own']) => list.filter(({ relay }) => options.reachable(relay));
    const source = tellerOf(connection.remoteAddr, peer);
    const moved = book.said(peer, reachable(own), source);
    const heard = book.heard(reachable(others), source);
    options.said(peer, services);
    if (moved || heard) options.browsers(book.all().map(({ address, sources }) => ({ address: address.text, sources })));
    if (moved) this.changed();
    return true;
  }

  #fail({ connection }: Pick<Session, 'connection'>, code: PetrelErrorCode): false {
    this.#book.remove(connection.remotePeer.toString());
    if (!this.#stopped) this.#options.failed(connection, code);
    return false;
  }
}

/** Equal for messages with the same content. */
function keyOf({ services, own, others }: PeersMessage): string {
  const texts = (list: PeersMessage['own']) => list.map(({ text }) => text).toSorted();
  return JSON.stringify([services, texts(own), texts(others)]);
}
