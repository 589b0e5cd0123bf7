import type { Connection, IdentifyResult, Libp2p, Stream } from '@libp2p/interface';
import type { PeerId } from '../../albatross/sync/net.ts';
import type { Hash } from '../../albatross/wire/types.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Random } from '../../engine/random.ts';
import type { SocketAddress } from '../addresses.ts';
import { Deadline } from '../deadline.ts';
import { StreamError, StreamReader } from '../stream-reader.ts';
import { parseBrowserAddress } from '../browser-addresses.ts';
import { BrowserBook } from './browser-book.ts';
import { decodePeersMessage, encodePeersMessage, LENGTH_SIZE, MAX_MESSAGE_SIZE, MAX_OTHERS, messageSize, PETREL_PEERS_PROTOCOL } from './peers-message.ts';
import type { PeersMessage } from './peers-message.ts';

/**
 * Milliseconds for each exchange that one side opens with a peer; one more may come right after the first, since a relay gives its place only
 * once the connection stands. Later addresses change when relays do, which is seldom.
 */
const OPEN_INTERVAL = 30_000;
/** Milliseconds; faster exchanges close the connection. One second less, for the ways of timers and wires. */
const RECEIVE_INTERVAL = 29_000;
/** Milliseconds for an exchange, as for a request. */
const EXCHANGE_TIMEOUT = 10_000;
/** Streams of a connection at once. There is one; more are let in so that it is us who see and punish them. */
const MAX_STREAMS = 4;

/** What a peer did that no Petrel client does. */
export type PetrelErrorCode = 'malformed-petrel-peers' | 'wrong-genesis' | 'foreign-address' | 'too-frequent-petrel-peers';

export interface PetrelPeersOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly genesisHash: Hash;
  readonly ownId: PeerId;
  /** What is served now, as bits of `wire/services.ts`; 0: nothing. */
  services(): number;
  /** Where other browsers reach this node: `…/p2p-circuit/webrtc/p2p/<own id>`. Others are left out. */
  own(): readonly string[];
  /** Whether addresses behind this relay are of use. A stranger must not have us dial what is only near us. */
  reachable(relay: SocketAddress): boolean;
  /** A peer has said what it serves: so it is a Petrel client. */
  said(peer: PeerId, services: number): void;
  /** All addresses of other browsers that may be dialled now; called when there are new ones. */
  browsers(addresses: readonly string[]): void;
  /** The connection is to be closed. */
  failed(connection: Connection, code: PetrelErrorCode): void;
}

/** One thing in each interval on average, and at most two in a row. Times are monotonic milliseconds. */
class Pace {
  readonly #interval: number;
  /** When all that came is paid for. */
  #paidAt = Number.NEGATIVE_INFINITY;

  constructor(interval: number) {
    this.#interval = interval;
  }

  /** Until the next may come. */
  wait(now: number): number {
    return Math.max(0, this.#paidAt - this.#interval - now);
  }

  count(now: number): void {
    this.#paidAt = Math.max(this.#paidAt, now) + this.#interval;
  }
}

interface Session {
  readonly connection: Connection;
  /** Of the exchanges that we, that they open. */
  readonly opened: Pace;
  readonly received: Pace;
  /** What they know of us. */
  told: string | undefined;
  cancel: (() => void) | undefined;
}

/**
 * `/petrel/peers/1` on all connections of a node: who dialled opens a stream when the other side turns out to know the protocol, says what
 * it serves and where it is reached, and is answered with the same; later either side does so again when something has changed. Clients
 * and relays speak it alike.
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

  /** Before the libp2p node is started. */
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

  /** What is served, or where we are reached, may be something else now. */
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

  /** Forgets what a peer said, because it misbehaved. */
  remove(peer: PeerId): void {
    this.#book.remove(peer);
  }

  #session(connection: Connection): Session {
    const known = this.#sessions.get(connection.id);
    if (known) return known;
    const session: Session = { connection, opened: new Pace(OPEN_INTERVAL), received: new Pace(RECEIVE_INTERVAL), told: undefined, cancel: undefined };
    this.#sessions.set(connection.id, session);
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

  /** Our message first, or theirs. Never rejects: a stream that breaks is nobody's fault. */
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

  /** False: it is no Petrel client of this network, or a bad one. */
  #take({ connection }: Session, { genesisHash, services, own, others }: PeersMessage): boolean {
    const options = this.#options;
    const book = this.#book;
    const peer = connection.remotePeer.toString();
    if (genesisHash !== options.genesisHash) return this.#fail({ connection }, 'wrong-genesis');
    if (own.some(({ peerId }) => peerId !== peer)) return this.#fail({ connection }, 'foreign-address');
    const reachable = (list: PeersMessage['own']) => list.filter(({ relay }) => options.reachable(relay));
    const moved = book.said(peer, reachable(own));
    const heard = book.heard(reachable(others));
    options.said(peer, services);
    if (moved || heard) options.browsers(book.all().map(({ text }) => text));
    if (moved) this.changed();
    return true;
  }

  #fail({ connection }: Pick<Session, 'connection'>, code: PetrelErrorCode): false {
    this.#book.remove(connection.remotePeer.toString());
    if (!this.#stopped) this.#options.failed(connection, code);
    return false;
  }
}

/** Equal for messages that say the same. */
function keyOf({ services, own, others }: PeersMessage): string {
  const texts = (list: PeersMessage['own']) => list.map(({ text }) => text).toSorted();
  return JSON.stringify([services, texts(own), texts(others)]);
}
