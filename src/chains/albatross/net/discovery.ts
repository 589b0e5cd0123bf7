import type { Connection, Ed25519PrivateKey, Stream } from '@libp2p/interface';
import { CODE_P2P } from '@multiformats/multiaddr';
import { decodeDiscoveryMessage, encodeFrame, fittingContacts, FRAME_HEADER_SIZE, frameBodySize, MAX_CONTACTS, MAX_FRAME_BODY_SIZE } from '../wire/discovery.ts';
import type { DiscoveryMessage, Handshake, HandshakeAck, PeerContact, SignedPeerContact } from '../wire/discovery.ts';
import type { Clock } from '../../../base/clock.ts';
import type { Random } from '../../../base/random.ts';
import { Deadline } from '../../../base/deadline.ts';
import { StreamReader } from '../../../network/stream-reader.ts';
import type { ContactBook } from './contact-book.ts';
import { contactPeerId, signChallenge, verifyChallenge, verifyContact } from './contact-signature.ts';
import type { OwnContact } from './own-contact.ts';
import { CodedError } from '../../../base/coded-error.ts';
import type { Session } from '../../../network/node/links.ts';

export const DISCOVERY_PROTOCOL = '/nimiq/discovery/0.0.1';

/** Seconds between the updates we ask for. */
const UPDATE_INTERVAL = 60;
/** Seconds; a peer that asks for updates more often gets them this often. */
const MIN_UPDATE_INTERVAL = 30;
/** Seconds; a peer that asks for updates less often than once a day gets none. */
const MAX_UPDATE_INTERVAL = 86_400;
/** Milliseconds; updates that come faster close the connection. One second less than the 30 s of the reference, because timers and transmission vary. */
const MIN_RECEIVE_INTERVAL = 29_000;
/** Milliseconds; the reference's own value. */
const STRICT_RECEIVE_INTERVAL = 30_000;
/** Milliseconds; an official node lets no peer join whose contact is further ahead of its clock (Albatross network reference, 2.7). */
const STRICT_MAX_AHEAD = 60_000;
/** Bytes that may wait to be written on our stream: two frames. */
const MAX_BUFFERED = 2 * (MAX_FRAME_BODY_SIZE + FRAME_HEADER_SIZE);
/** Bytes that may wait unread on the peer's stream; beyond that the peer must wait (back-pressure). */
const MAX_KEPT = MAX_FRAME_BODY_SIZE + FRAME_HEADER_SIZE;
/**
 * Bytes of an over-long frame that are skipped, after the part that is kept, so that the next frame can be read. Strangers can make an
 * honest node forward contacts of any size: 64 contacts of 15 addresses of 4 KiB stay below this. After a larger frame nothing more is read
 * from the peer's stream.
 */
const MAX_SKIPPED = 4_194_304;

/** Why a connection's discovery ended. */
export type DiscoveryErrorCode =
  | 'discovery-timeout' | 'discovery-closed' | 'duplicate-discovery-stream' | 'malformed-discovery' | 'unexpected-discovery-message' | 'wrong-genesis'
  | 'bad-contact' | 'wrong-identity' | 'bad-challenge' | 'too-frequent-updates';

export class DiscoveryError extends CodedError<DiscoveryErrorCode> {
  override readonly name = 'DiscoveryError';
}

export interface DiscoveryContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly key: Ed25519PrivateKey;
  readonly genesisHash: string;
  /** The network whose share the peer's reports of others take, see `tellerOf`. */
  readonly network: string;
  /** Services that contacts must have. */
  readonly requiredServices: number;
  /** See `AlbatrossNodeOptions`. */
  readonly strict: boolean;
  /** Milliseconds for each state: both streams open, Handshake received, HandshakeAck received. */
  readonly stateTimeout: number;
  readonly book: ContactBook;
  readonly own: OwnContact;
  /** The handshake is done: `contact` is what the peer says of itself. */
  joined(contact: PeerContact): void;
  /** New contacts were stored. */
  learned(): void;
  /** Discovery has failed or ended: the connection is to be closed. Called at most once. */
  failed(error: DiscoveryError): void;
}

/**
 * Discovery on one connection. Each side opens exactly one stream and writes only on it; both run the same states: streams open,
 * Handshake received, HandshakeAck received, established. Albatross network reference, section 2.
 */
export class DiscoverySession implements Session {
  readonly #connection: Connection;
  readonly #context: DiscoveryContext;
  readonly #inbound = Promise.withResolvers<Stream>();
  #hasInbound = false;
  #outbound: Stream | undefined;
  #closed = false;
  readonly #abort = new AbortController();
  #cancelUpdate: (() => void) | undefined;
  #lastUpdate: number | undefined;
  #learning = false;
  /** Bytes of the last frame that were not kept and must be skipped. */
  #excess = 0;

  constructor(connection: Connection, context: DiscoveryContext) {
    this.#connection = connection;
    this.#context = context;
  }

  /** Runs until the connection is closed. Never rejects. */
  async run(): Promise<void> {
    try {
      await this.#run();
    } catch (error) {
      if (error instanceof DiscoveryError) this.#fail(error);
      else this.#fail(new DiscoveryError('discovery-closed', error instanceof Error ? error.message : String(error)));
    }
  }

  /** Takes the stream the other side opened. A second one is a violation of the protocol. */
  accept(stream: Stream): void {
    if (this.#hasInbound) {
      this.#fail(new DiscoveryError('duplicate-discovery-stream', 'a second inbound discovery stream'));
      return;
    }
    this.#hasInbound = true;
    this.#inbound.resolve(stream);
  }

  /** The connection is gone. */
  close(): void {
    this.#closed = true;
    this.#cancelUpdate?.();
    this.#abort.abort(new DiscoveryError('discovery-closed', 'the connection was closed'));
  }

  async #run(): Promise<void> {
    const reader = await this.#state(async (signal) => {
      const outbound = await this.#connection.newStream(DISCOVERY_PROTOCOL, { signal });
      this.#outbound = outbound;
      outbound.maxReadBufferLength = 1024;
      outbound.maxWriteBufferLength = MAX_BUFFERED;
      outbound.addEventListener('close', () => this.#fail(new DiscoveryError('discovery-closed', 'our discovery stream was closed')));
      return new StreamReader(await this.#inbound.promise, MAX_KEPT, { holdUp: true });
    });

    const nonce = this.#context.random.bytes(32);
    this.#send({
      type: 'handshake', observedAddress: this.#connection.remoteAddr.decapsulateCode(CODE_P2P).bytes, challengeNonce: nonce, genesisHash: this.#context.genesisHash,
      limit: MAX_CONTACTS, services: this.#context.requiredServices,
    });
    const handshake = await this.#state((signal) => this.#expect(reader, 'handshake', signal));
    if (handshake.genesisHash !== this.#context.genesisHash) throw new DiscoveryError('wrong-genesis', `the peer is on the chain of ${handshake.genesisHash}`);
    // A peer that sets a limit of 0 still gets our own contact.
    const limit = Math.min(Math.max(handshake.limit, 1), MAX_CONTACTS);
    this.#send({
      type: 'handshake-ack', peerContact: await this.#context.own.current(), responseSignature: await signChallenge(this.#context.key, handshake.challengeNonce),
      updateInterval: UPDATE_INTERVAL, peerContacts: this.#sample(limit, handshake),
    });
    const ack = await this.#state((signal) => this.#expect(reader, 'handshake-ack', signal));
    await this.#check(ack, nonce);
    if (this.#closed) return;

    // The peer's own contact was verified just now. If it is too old or ahead of our clock, it is only kept out of the book.
    await this.#context.book.add(ack.peerContact, { network: this.#context.network, own: true }, { verified: true });
    const ahead = ack.peerContact.contact.timestamp * 1000 - this.#context.clock.now();
    if (!this.#context.strict || ahead < STRICT_MAX_AHEAD) this.#context.joined(ack.peerContact.contact);
    this.#learn(ack.peerContacts);
    if (ack.updateInterval !== undefined && ack.updateInterval <= MAX_UPDATE_INTERVAL) this.#scheduleUpdate(Math.max(ack.updateInterval, MIN_UPDATE_INTERVAL) * 1000, limit, handshake);

    for (;;) {
      if (this.#excess > MAX_SKIPPED) return;
      await reader.discard(this.#excess, this.#abort.signal);
      const { peerContacts } = await this.#expect(reader, 'peer-addresses', this.#abort.signal);
      const now = this.#context.clock.monotonic();
      if (this.#lastUpdate !== undefined && now - this.#lastUpdate < (this.#context.strict ? STRICT_RECEIVE_INTERVAL : MIN_RECEIVE_INTERVAL)) throw new DiscoveryError('too-frequent-updates', `an update after ${now - this.#lastUpdate} ms`);
      this.#lastUpdate = now;
      this.#learn(peerContacts);
    }
  }

  /** Runs one state of the protocol within its time-out. */
  async #state<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { stateTimeout } = this.#context;
    const deadline = new Deadline(this.#context.clock, stateTimeout, this.#abort.signal, () => new DiscoveryError('discovery-timeout', `nothing within ${stateTimeout} ms`));
    try {
      return await deadline.race(work(deadline.signal));
    } finally {
      deadline.clear();
    }
  }

  async #expect<T extends DiscoveryMessage['type']>(reader: StreamReader, type: T, signal: AbortSignal): Promise<Extract<DiscoveryMessage, { type: T }>> {
    const header = await reader.read(FRAME_HEADER_SIZE, signal);
    let message: DiscoveryMessage;
    try {
      const size = frameBodySize(header);
      this.#excess = Math.max(0, size - MAX_FRAME_BODY_SIZE);
      const cut = this.#excess > 0;
      const { strict } = this.#context;
      // Only lists of contacts can make a message long, and a node is not to blame for contacts that others made.
      if (cut && (strict || type === 'handshake')) throw new DiscoveryError('malformed-discovery', `a frame of ${size} bytes`);
      message = decodeDiscoveryMessage(await reader.read(size - this.#excess, signal), { cut, strict });
    } catch (error) {
      if (signal.aborted || !(error instanceof Error) || error.name !== 'DecodeError') throw error;
      throw new DiscoveryError('malformed-discovery', error.message);
    }
    if (message.type !== type) throw new DiscoveryError('unexpected-discovery-message', `${message.type} instead of ${type}`);
    return message as Extract<DiscoveryMessage, { type: T }>;
  }

  /** The checks of a HandshakeAck in the reference's order (2.6): contact, identity, challenge. The decoder bounds the number of contacts. */
  async #check(ack: HandshakeAck, nonce: Uint8Array): Promise<void> {
    if (!(await verifyContact(ack.peerContact))) throw new DiscoveryError('bad-contact', 'the contact is not signed by its key, or has too many addresses');
    if (contactPeerId(ack.peerContact.contact) !== this.#connection.remotePeer.toString()) throw new DiscoveryError('wrong-identity', 'the contact is not of the peer that sent it');
    if (!(await verifyChallenge(ack.peerContact.contact.publicKey, nonce, ack.responseSignature))) throw new DiscoveryError('bad-challenge', 'our nonce is not signed by the peer');
  }

  #send(message: DiscoveryMessage): void {
    this.#outbound?.send(encodeFrame(message));
  }

  #sample(limit: number, handshake: Handshake): readonly SignedPeerContact[] {
    return fittingContacts(this.#context.book.sample(limit, handshake.services, this.#connection.remotePeer.toString()));
  }

  #scheduleUpdate(interval: number, limit: number, handshake: Handshake): void {
    if (this.#closed) return;
    this.#cancelUpdate = this.#context.clock.after(interval, () => {
      this.#context.own.current().then((own) => {
        if (this.#closed) return;
        this.#send({ type: 'peer-addresses', peerContacts: [...this.#sample(limit - 1, handshake), own] });
        this.#scheduleUpdate(interval, limit, handshake);
      }).catch((error: unknown) => this.#fail(new DiscoveryError('discovery-closed', String(error))));
    });
  }

  /** Checks a list of contacts in the background, one at a time. A faulty contact is dropped, as 2.x nodes do; the rest is used. */
  #learn(contacts: readonly SignedPeerContact[]): void {
    if (this.#learning || contacts.length === 0) return;
    this.#learning = true;
    const add = async () => {
      let stored = false;
      for (const contact of contacts) {
        if (this.#closed) return;
        if (this.#context.strict && !(await verifyContact(contact))) return this.#fail(new DiscoveryError('bad-contact', 'a listed contact is not signed by its key, or has too many addresses'));
        if ((await this.#context.book.add(contact, { network: this.#context.network, own: contactPeerId(contact.contact) === this.#connection.remotePeer.toString() })) === 'stored') stored = true;
      }
      if (stored) this.#context.learned();
    };
    // If `add` throws, the contact is dropped like any faulty one.
    void add().catch(() => undefined).finally(() => {
      this.#learning = false;
    });
  }

  #fail(error: DiscoveryError): void {
    if (this.#closed) return;
    this.close();
    this.#context.failed(error);
  }
}
