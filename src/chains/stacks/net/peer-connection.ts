/**
 * A connection to one peer of Stacks (Stacks reference, 6). This side shakes hands with a key of its own, and from then on takes only frames that are signed with the
 * key of the peer's handshake. It answers pings, ignores what it did not ask for, and closes at the first frame that breaks a rule.
 * Tests: `test/stacks/peer-connection.test.ts`.
 * @module
 */
import type { Clock } from '../../../base/clock.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { RecoverableSigner } from '../../../crypto/secp256k1-sign.ts';
import { equalBytes } from '../../../base/bytes.ts';
import { checkPreamble } from '../chain/preamble-rules.ts';
import { decodeFrame, frameHash, type Frame } from '../wire/frame.ts';
import type { HandshakeAcceptData, HandshakeData } from '../wire/handshake.ts';
import type { PeerMessage } from '../wire/peer-message.ts';
import { StacksWireError } from '../wire/wire-error.ts';
import type { ByteStream } from './byte-stream.ts';
import { FrameSplitter } from './frame-splitter.ts';
import { sealFrame, type BurnView, type PeerNetwork } from './own-frame.ts';
import { PeerConnectionError } from './peer-connection-error.ts';
import { PendingReplies, type Reply } from './pending-replies.ts';

/** Milliseconds for the answer to a handshake, to a ping, and to any request by default: a node answers in far less, and may be on the other side of the world. */
export const REPLY_TIME = 30_000;
/** Milliseconds in which a frame that began is whole: 4 MiB over a slow line. */
export const FRAME_TIME = 60_000;
/** Frames that wait for the check of their signature; a peer that sends more is cut off. */
const MAX_QUEUE = 64;
/** Frames a minute that nobody asked for; a peer that sends more is cut off. Each costs the check of a signature, some 1.4 ms. */
const MAX_UNASKED = 1024;
const UNASKED_TIME = 60_000;
/** Bounds of the seconds between two signs of life that a peer may want; nodes want 3600 (Stacks reference, 12). */
const MIN_HEARTBEAT = 10;
const MAX_HEARTBEAT = 3600;
/** The bit pattern of 127.0.0.1: nobody can connect to a client. */
const NO_ADDRESS = '00000000000000000000ffff7f000001';
/** The key of a session expires with it; no node forgets it earlier. */
const NEVER = 0xff_ff_ff_ff;
/** Refuses a handshake without a code. */
const HANDSHAKE_REJECT = 2;

export interface PeerConnectionOptions {
  readonly stream: ByteStream;
  readonly clock: Clock;
  /** Recovers the keys of frames. */
  readonly verify: Verify;
  /** The key of this session. */
  readonly signer: RecoverableSigner;
  readonly network: PeerNetwork;
  /** What this side says of Bitcoin; read for each frame. */
  readonly burnView: () => BurnView;
  /** The burn hash at a height, where it is known: 64 hex digits. */
  readonly burnHashAt?: ((height: number) => string | undefined) | undefined;
  /** The first sequence number, below 2^32: random, so that no late reply of another session fits. */
  readonly firstSequence: number;
  /** What the handshake says of this side, beside the key; by default that it listens nowhere and serves nothing. */
  readonly self?: Partial<Omit<HandshakeData, 'publicKey'>> | undefined;
}

export interface RequestOptions {
  /** Milliseconds. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Shakes hands. Rejects with `PeerConnectionError`, or with the signal's reason; the stream is closed then. */
export async function openPeerConnection(options: PeerConnectionOptions, { signal, timeout = REPLY_TIME }: RequestOptions = {}): Promise<PeerConnection> {
  const connection = new PeerConnection(options);
  try {
    await connection.shakeHands({ signal, timeout });
    return connection;
  } catch (error) {
    const isSilent = error instanceof PeerConnectionError && error.code === 'timeout';
    const reason = isSilent ? new PeerConnectionError('silent', 'no answer to the handshake') : undefined;
    connection.close(reason);
    throw reason ?? error;
  }
}

export class PeerConnection {
  /** Resolves with why the connection ended. */
  readonly closed: Promise<PeerConnectionError>;
  readonly #options: PeerConnectionOptions;
  readonly #splitter = new FrameSplitter();
  readonly #replies: PendingReplies;
  readonly #queue: Uint8Array[] = [];
  readonly #ended = new AbortController();
  #end: (error: PeerConnectionError) => void = () => {};
  #isWorking = false;
  #hasStreamEnded = false;
  #peer: HandshakeAcceptData | undefined;
  #burnHeight = 0;
  #cancelFrame: (() => void) | undefined;
  #cancelHeartbeat: (() => void) | undefined;
  #sentAt = 0;
  #unasked = 0;
  #unaskedSince = 0;

  /** Use `openPeerConnection`. */
  constructor(options: PeerConnectionOptions) {
    this.#options = options;
    this.#replies = new PendingReplies(options.clock, options.firstSequence);
    this.closed = new Promise((resolve) => (this.#end = resolve));
    options.stream.onClose(() => this.#onStreamEnd());
    options.stream.onBytes((bytes) => this.#onBytes(bytes));
  }

  /** Who the peer says it is; its key signed the handshake. */
  get peer(): HandshakeAcceptData {
    if (!this.#peer) throw new PeerConnectionError('closed', 'no handshake');
    return this.#peer;
  }

  /** The Bitcoin height in the newest frame of the peer. */
  get burnHeight(): number {
    return this.#burnHeight;
  }

  /** Called once, by `openPeerConnection`. */
  async shakeHands(options: RequestOptions): Promise<void> {
    const { signer, self } = this.#options;
    await this.request({ kind: 'Handshake', data: { address: NO_ADDRESS, port: 0, services: 0, expire: NEVER, dataUrl: '', ...self, publicKey: signer.publicKey } }, options);
    this.#beat();
  }

  /**
   * The reply to a message, which may be a Nack; a reply of another kind closes the connection. Rejects with `PeerConnectionError`, or with the signal's reason. A
   * reply that comes too late is ignored.
   */
  async request(message: PeerMessage, { timeout = REPLY_TIME, signal }: RequestOptions = {}): Promise<Reply> {
    signal?.throwIfAborted();
    if (this.#ended.signal.aborted) throw await this.closed;
    // A message that has no bytes throws here, before anything waits for its reply.
    const frame = this.#sealed(message, this.#replies.next);
    const reply = this.#replies.add(message, timeout, signal);
    this.#send(frame);
    return reply;
  }

  close(reason = new PeerConnectionError('stopped', 'closed by this side')): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort(reason);
    this.#cancelFrame?.();
    this.#cancelHeartbeat?.();
    this.#queue.length = 0;
    this.#replies.rejectAll(reason);
    this.#options.stream.close();
    this.#end(reason);
  }

  #fail(...args: ConstructorParameters<typeof PeerConnectionError>): void {
    this.close(new PeerConnectionError(...args));
  }

  #sealed(message: PeerMessage, sequence: number): Uint8Array {
    const { network, burnView, signer } = this.#options;
    return sealFrame(message, sequence, network, burnView(), signer);
  }

  #send(frame: Uint8Array): void {
    this.#sentAt = this.#options.clock.monotonic();
    this.#options.stream.send(frame);
  }

  #onBytes(bytes: Uint8Array): void {
    if (this.#ended.signal.aborted) return;
    try {
      const frames = this.#splitter.push(bytes);
      if (frames.length > 0 || !this.#splitter.isInside) this.#cancelFrame = void this.#cancelFrame?.();
      if (this.#splitter.isInside) this.#cancelFrame ??= this.#options.clock.after(FRAME_TIME, () => this.#fail('truncated', 'a frame stands still'));
      if (this.#queue.length + frames.length > MAX_QUEUE) return this.#fail('flooded', `more than ${MAX_QUEUE} frames at a time`);
      this.#queue.push(...frames);
    } catch (error) {
      if (!(error instanceof StacksWireError)) throw error;
      return this.#fail('frame-length', error.message);
    }
    void this.#work();
  }

  /** Frames that came before the end are still taken: a peer may refuse and close at once. */
  #onStreamEnd(): void {
    this.#hasStreamEnded = true;
    if (!this.#isWorking) this.#fail(this.#splitter.isInside ? 'truncated' : 'closed', 'the stream ended');
  }

  /** One frame after the other, so that their order stays. */
  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    for (let bytes = this.#queue.shift(); bytes && !this.#ended.signal.aborted; bytes = this.#queue.shift()) {
      try {
        await this.#take(bytes);
      } catch (error) {
        // Only an error of this side gets here, such as a verifier that is gone.
        this.#fail('stopped', error instanceof Error ? error.message : 'no verifier');
      }
    }
    this.#isWorking = false;
    if (this.#hasStreamEnded) this.#onStreamEnd();
  }

  async #take(bytes: Uint8Array): Promise<void> {
    const frame = this.#decoded(bytes);
    if (!frame) return;
    const { preamble, message } = frame;
    const { network, burnHashAt = () => undefined, verify } = this.#options;
    const fault = checkPreamble(preamble, { ...network, burnHashAt });
    if (fault) return this.#fail('preamble', fault, { fault });
    const asked = this.#replies.of(preamble.sequence);
    // Before the handshake no key is known with which a frame could be checked.
    if (!asked && !this.#mayBeUnasked()) return this.#fail('flooded', `more than ${MAX_UNASKED} frames a minute that were not asked for`);
    if (!asked && !this.#peer) return;
    const result = await verify({ kind: 'secp256k1-recover', signatures: [{ message: frameHash(bytes), signature: preamble.signature }] }, { signal: this.#ended.signal });
    if (this.#ended.signal.aborted) return;
    const key = result.valid ? result.keys?.[0] : undefined;
    if (!key) return this.#fail('signature', 'no key can have made the signature');
    if (!this.#peer) return this.#takeHandshake(frame, key);
    if (!equalBytes(key, this.#peer.publicKey)) return this.#fail('signature', 'signed with another key than the handshake');
    this.#burnHeight = preamble.burnHeight;
    const outcome = this.#replies.take(preamble.sequence, message, preamble.burnHeight);
    if (outcome === 'wrong') return this.#fail('wrong-message', `${message.kind} in reply to ${asked?.kind ?? 'nothing'}`);
    if (outcome === 'unasked' && message.kind === 'Ping') this.#send(this.#sealed({ kind: 'Pong', nonce: message.nonce }, preamble.sequence));
  }

  #decoded(bytes: Uint8Array): Frame | undefined {
    try {
      return decodeFrame(bytes);
    } catch (error) {
      if (!(error instanceof StacksWireError)) throw error;
      this.#fail('malformed', error.message, { wire: error.code });
      return undefined;
    }
  }

  /** The answer to the handshake: it says which key the peer has, and is signed with it. */
  #takeHandshake({ preamble, message }: Frame, key: Uint8Array): void {
    if (message.kind === 'Nack') return this.#fail('refused', `Nack ${message.code}`, { nack: message.code });
    if (message.kind === 'Other' && message.type === HANDSHAKE_REJECT) return this.#fail('refused', 'the peer refuses the handshake');
    if (message.kind !== 'HandshakeAccept' && message.kind !== 'StackerDBHandshakeAccept') return this.#fail('wrong-message', `${message.kind} in reply to the handshake`);
    if (!equalBytes(key, message.data.publicKey)) return this.#fail('signature', 'the handshake is signed with another key than it names');
    if (message.data.expire <= this.#options.burnView().burnHeight) return this.#fail('expired', `valid to height ${message.data.expire}`);
    this.#peer = message.data;
    this.#burnHeight = preamble.burnHeight;
    this.#replies.take(preamble.sequence, message, preamble.burnHeight);
  }

  #mayBeUnasked(): boolean {
    const now = this.#options.clock.monotonic();
    if (now - this.#unaskedSince >= UNASKED_TIME) {
      this.#unaskedSince = now;
      this.#unasked = 0;
    }
    this.#unasked += 1;
    return this.#unasked <= MAX_UNASKED;
  }

  /** A ping after half of the time in which the peer wants to hear of this side, unless something else was sent since. */
  #beat(): void {
    if (this.#ended.signal.aborted) return;
    const { clock } = this.#options;
    const interval = (Math.min(MAX_HEARTBEAT, Math.max(MIN_HEARTBEAT, this.peer.heartbeat)) * 1000) / 2;
    this.#cancelHeartbeat = clock.after(this.#sentAt + interval - clock.monotonic(), () => {
      if (clock.monotonic() - this.#sentAt < interval) return this.#beat();
      this.request({ kind: 'Ping', nonce: this.#replies.next }).then(() => this.#beat(), () => this.#fail('silent', 'no answer to a ping'));
    });
  }
}
