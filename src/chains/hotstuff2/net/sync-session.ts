import { equalBytes, fromHex, toHex } from '../../../base/bytes.ts';
import type { Clock } from '../../../base/clock.ts';
import { DecodeError } from '../../../base/postcard/errors.ts';
import type { Random } from '../../../base/random.ts';
import type { Announcement, ChainPeer, PeerHandlers } from '../../../engine/follow/followed-chain.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import type { Fault, Target } from '../../../engine/sync/sync-chain.ts';
import { PeerFault, type AskOptions, type PeerClaims, type Sized } from '../../../engine/sync/sync-peer.ts';
import type { FrameClose, FrameConnection } from '../../../network/framed/frame-connection.ts';
import { PendingRequests, type Matched } from '../../../network/framed/pending-requests.ts';
import { hashOf } from '../chain/hash.ts';
import { decodeItem, type Hs2Block, type Hs2Item } from '../chain/hs2-block.ts';
import { decodeFinalityProof, type FinalityProof } from '../wire/finality-proof.ts';
import { encodeManifest } from '../wire/manifest.ts';
import type { StateProofBody } from '../wire/state-proof-body.ts';
import { decodeSyncAnswer, type SyncAnswer, type SyncStatus } from '../wire/sync-answers.ts';
import { ANSWER_BIT, MAX_IN_FLIGHT, SYNC_ERRORS, SYNC_VERSION } from '../wire/sync-limits.ts';
import { encodeSyncRequest, REQUEST_TYPES, requestHeader, type SyncRequest } from '../wire/sync-requests.ts';
import { WireError } from '../wire/wire-error.ts';
import { checkBlocksAnswer } from './check-blocks-answer.ts';
import { SessionError } from './session-error.ts';

/** Milliseconds of silence after which a peer is pinged, and closed (HotStuff-2 reference, 4.3). */
const SILENCE = { pingAfter: 30_000, closeAfter: 60_000 } as const;

/** The connection that a session needs: `FrameConnection`, or a scripted one. */
export type SessionConnection = Pick<FrameConnection, 'listen' | 'send' | 'close' | 'received'>;

/** Checks a proof of finality: sets may be asked of the session. Rejects with `RequestError`, `PeerFault` or the signal's reason. */
export type ProveFinality = (proof: FinalityProof, session: SyncSession, options: AskOptions) => Promise<Fault | undefined>;

export interface SessionOptions {
  readonly address: string;
  readonly transport: 'ws' | 'wss';
  readonly network: { readonly chainId: string; readonly genesisHash: string };
  readonly handlers: PeerHandlers<Hs2Block, FinalityProof>;
  readonly prove: ProveFinality;
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds for an answer (`peerTimeout`), and for that to the Hello (`connectionTimeout`). */
  readonly peerTimeout: number;
  readonly connectionTimeout: number;
}

interface Received {
  readonly answer: SyncAnswer;
  /** Bytes of the frame. */
  readonly size: number;
}

type AnswerOf<Type extends SyncAnswer['type']> = SyncAnswer & { readonly type: Type };
type Subscription = { readonly certified: boolean; readonly final: boolean };

/**
 * One connection to a node, as a client (HotStuff-2 reference, 4). It checks that an answer is of the asked kind, range and form; what the blocks say is
 * for the chain. A frame that belongs to a request fails that request with `PeerFault`; any other that breaks a rule goes to `handlers.fault`.
 */
export class SyncSession implements ChainPeer<Hs2Block> {
  readonly id: string;
  readonly address: string;
  readonly transport: 'ws' | 'wss';
  readonly #connection: SessionConnection;
  readonly #options: SessionOptions;
  readonly #pending: PendingRequests<Received>;
  readonly #subscriptions = new Map<number, Subscription>();
  #claims: PeerClaims | undefined;

  private constructor(connection: SessionConnection, options: SessionOptions) {
    this.#connection = connection;
    this.#options = options;
    this.id = options.address;
    this.address = options.address;
    this.transport = options.transport;
    this.#pending = new PendingRequests({ clock: options.clock, limit: MAX_IN_FLIGHT, timeout: options.peerTimeout });
  }

  /** Shakes hands on an open connection, and closes it if that fails. Rejects with `SessionError` or the signal's reason. */
  static async open(connection: SessionConnection, options: SessionOptions, { signal }: AskOptions): Promise<SyncSession> {
    const session = new SyncSession(connection, options);
    connection.listen({ onFrame: (frame) => session.#onFrame(frame), onClose: (close) => session.#onClose(close) }, { ...SILENCE, ping: () => session.#ping() });
    try {
      await session.#greet(signal);
    } catch (error) {
      connection.close(1000, error instanceof SessionError ? error.code : '');
      throw error;
    }
    return session;
  }

  get claims(): PeerClaims {
    return this.#claims!;
  }

  get latency(): number | undefined {
    return this.#pending.latency;
  }

  get received(): number {
    return this.#connection.received;
  }

  /** Asks for the status; `handlers.claims` is told too. */
  async getStatus(options: AskOptions): Promise<PeerClaims> {
    const { answer } = await this.#ask('status', { type: 'get-status' }, options);
    return this.#claim(answer.status);
  }

  async getBlocks(from: number, count: number, { headersOnly, signal }: AskOptions & { readonly headersOnly: boolean }): Promise<Sized<readonly Hs2Item[]>> {
    const { answer, size } = headersOnly
      ? await this.#ask('headers', { type: 'get-headers', from, count }, { signal })
      : await this.#ask('blocks', { type: 'get-blocks', from, count }, { signal });
    return { value: checkBlocksAnswer(answer, from, count), size };
  }

  /** A proof whose final block is at this height or above; 0: the newest. Its form was checked, and nothing else. */
  async getFinality(height: number, options: AskOptions): Promise<Sized<FinalityProof>> {
    const { answer, size } = await this.#ask('finality', { type: 'get-finality', height }, options);
    const proof = readable('finality', () => decodeFinalityProof(answer.proof));
    if (proof.final.header.height < height) throw new PeerFault('wrong-range', 'offence', { asked: height, height: proof.final.header.height });
    return { value: proof, size };
  }

  async proveTarget(atLeast: number, options: AskOptions): Promise<Target> {
    const { value: proof } = await this.getFinality(0, options);
    const { height } = proof.final.header;
    if (height < atLeast) throw new RequestError('refused', `the newest proof is for ${height}`, { height, atLeast });
    const fault = await this.#options.prove(proof, this, options);
    if (fault) throw new PeerFault(fault.code, fault.weight, fault.data);
    return { height, id: hashOf(proof.final.headerBytes), proven: true, by: proof.final.header.validators };
  }

  /** The body of the frame Manifest. */
  async getManifest(height: number | undefined, options: AskOptions): Promise<Sized<Uint8Array>> {
    const { answer, size } = await this.#ask('manifest', { type: 'get-snapshot', height: height ?? 0 }, options);
    if (height !== undefined && answer.manifest.height !== height) throw new PeerFault('wrong-range', 'offence', { asked: height, height: answer.manifest.height });
    return { value: encodeManifest(answer.manifest), size };
  }

  /** Entry count (4) and entries: the body of the frame Chunk without its index. */
  async getChunk(snapshotHeight: number, index: number, options: AskOptions): Promise<Sized<Uint8Array>> {
    const { answer, size } = await this.#ask('chunk', { type: 'get-chunk', height: snapshotHeight, index }, options);
    if (answer.index !== index) throw new PeerFault('wrong-range', 'offence', { asked: index, index: answer.index });
    return { value: answer.chunk, size };
  }

  /** The bytes of a validator set, which have this hash (64 hex digits). Rejects with a `PeerFault` of weight `lie` for others. */
  async getValidators(hash: string, options: AskOptions): Promise<Uint8Array> {
    const { answer } = await this.#ask('validators', { type: 'get-validators', hash: fromHex(hash) }, options);
    if (hashOf(answer.set) !== hash) throw new PeerFault('set-unknown-bytes', 'lie', { hash });
    return answer.set;
  }

  /** What the peer says of a key of the state after this block; unproven until checked against the state root. */
  async getStateProof(height: number, key: Uint8Array, options: AskOptions): Promise<StateProofBody> {
    return (await this.#ask('state-proof', { type: 'get-state-proof', height, key }, options)).answer.proof;
  }

  /** From here on blocks go to `handlers.announced`. Resolves with what `unsubscribe` takes. */
  async subscribe(kinds: Subscription, options: AskOptions): Promise<number> {
    let subscription = 0;
    await this.#ask('subscribed', { type: 'subscribe', ...kinds }, options, (id) => {
      subscription = id;
      // Pushes may come with the answer.
      this.#subscriptions.set(id, kinds);
    }).catch((error: unknown) => {
      this.#subscriptions.delete(subscription);
      throw error;
    });
    return subscription;
  }

  /** Pushes that are under way are still taken until the peer answers. */
  async unsubscribe(subscription: number, options: AskOptions): Promise<void> {
    await this.#ask('unsubscribed', { type: 'unsubscribe', subscription }, options);
    this.#subscriptions.delete(subscription);
  }

  close(code?: string): void {
    this.#connection.close(1000, code);
  }

  async #greet(signal: AbortSignal): Promise<void> {
    const { network, random, connectionTimeout } = this.#options;
    const [chainId, nonce] = [fromHex(network.chainId), random.bytes(32)];
    const { answer } = await this.#ask('hello-ack', { type: 'hello', version: SYNC_VERSION, chainId, nonce }, { signal }, undefined, connectionTimeout).catch((error: unknown) => {
      throw handshakeError(error);
    });
    if (answer.version !== SYNC_VERSION) throw new SessionError('other-version', { version: answer.version });
    if (!equalBytes(answer.chainId, chainId)) throw new SessionError('other-network', { theirs: toHex(answer.chainId) });
    if (toHex(answer.genesisHash) !== network.genesisHash) throw new SessionError('other-network', { theirs: toHex(answer.genesisHash) });
    if (!equalBytes(answer.nonce, nonce)) throw new SessionError('handshake');
    this.#claims = claimsOf(answer.status);
  }

  async #ask<Type extends SyncAnswer['type']>(
    type: Type,
    request: SyncRequest,
    { signal }: AskOptions,
    sent?: (id: number) => void,
    timeout?: number,
  ): Promise<{ readonly answer: AnswerOf<Type>; readonly size: number }> {
    const kind = REQUEST_TYPES[request.type] | ANSWER_BIT;
    const send = (id: number) => {
      this.#connection.send(encodeSyncRequest(id, request));
      sent?.(id);
    };
    const { answer, size } = await this.#pending.ask(kind, send, { signal, timeout }).catch((error: unknown) => {
      // The socket has its own errors; a request has one word for all of them.
      throw error instanceof Error && error.name === 'FrameError' ? new RequestError('disconnected', error.message, {}, { cause: error }) : error;
    });
    return { answer: answer as AnswerOf<Type>, size };
  }

  #onFrame(frame: Uint8Array): void {
    let decoded;
    try {
      decoded = decodeSyncAnswer(frame);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return this.#broken(requestHeader(frame)?.id, 'malformed');
    }
    const { id, answer } = decoded;
    switch (answer.type) {
      case 'new-certified':
      case 'new-final':
        return this.#onPush(id, answer);
      case 'error': {
        const text = SYNC_ERRORS[answer.code];
        const error = new RequestError(answer.code === 6 ? 'rate-limited' : 'refused', text, { number: answer.code, reason: text, text: answer.text.slice(0, 200) });
        return this.#settled(this.#pending.fail(id, undefined, error));
      }
      default: {
        const matched = this.#pending.answer(id, frame[0]!, { answer, size: frame.length });
        return matched === 'wrong-kind' ? this.#broken(id, 'wrong-kind') : this.#settled(matched);
      }
    }
  }

  #onPush(id: number, push: AnswerOf<'new-certified' | 'new-final'>): void {
    const { announced } = this.#options.handlers;
    const kinds = this.#subscriptions.get(id);
    if (!kinds || !(push.type === 'new-certified' ? kinds.certified : kinds.final)) return this.#broken(undefined, 'unrequested');
    let announcement: Announcement<Hs2Block, FinalityProof>;
    try {
      announcement = push.type === 'new-certified' ? { kind: 'block', item: decodeItem(push.item.bytes, push.item.qc) } : { kind: 'final', proof: decodeFinalityProof(push.proof) };
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return this.#broken(undefined, 'malformed');
    }
    if (announcement.kind === 'final' && announcement.proof.final.header.height > this.claims.height) {
      this.#claims = { ...this.claims, height: announcement.proof.final.header.height };
      this.#options.handlers.claims(this.claims);
    }
    announced(announcement);
  }

  #claim(status: SyncStatus): PeerClaims {
    this.#claims = claimsOf(status);
    this.#options.handlers.claims(this.#claims);
    return this.#claims;
  }

  #settled(matched: Matched): void {
    if (matched === 'unknown') this.#broken(undefined, 'unrequested');
  }

  /** A frame that breaks a rule: it fails the request that it names, or is an offence of its own. Before the handshake is done it ends the connection. */
  #broken(id: number | undefined, code: 'malformed' | 'wrong-kind' | 'unrequested'): void {
    if (id !== undefined && this.#pending.fail(id, undefined, new PeerFault(code, 'offence')) === 'matched') return;
    if (this.#claims) this.#options.handlers.fault({ code, weight: 'offence' });
    else this.#pending.close(new PeerFault(code, 'offence'));
  }

  #ping(): void {
    const echo = this.#options.random.bytes(8);
    this.#ask('pong', { type: 'ping', echo }, { signal: new AbortController().signal }).then(
      ({ answer }) => {
        if (!equalBytes(answer.echo, echo)) this.#options.handlers.fault({ code: 'malformed', weight: 'offence' });
      },
      // A peer that does not answer is closed by the silence.
      () => undefined,
    );
  }

  #onClose({ by, text }: FrameClose): void {
    this.#pending.close();
    // An end during the handshake is told by `open`.
    if (!this.#claims) return;
    if (by === 'not-binary' || by === 'frame-too-large' || by === 'too-many-frames') this.#options.handlers.fault({ code: by, weight: 'offence' });
    this.#options.handlers.closed(by === 'remote' ? text || undefined : by === 'local' ? undefined : by);
  }
}

function claimsOf({ finalHeight, earliest, snapshot }: SyncStatus): PeerClaims {
  return { height: finalHeight, earliest, snapshot: snapshot === 0 ? undefined : snapshot };
}

/** What a failed Hello means. The signal's reason stays as it is. */
function handshakeError(error: unknown): unknown {
  if (error instanceof PeerFault) return new SessionError('handshake', { reason: error.code });
  if (!(error instanceof RequestError)) return error;
  if (error.code === 'timeout') return new SessionError('timeout');
  const { number } = error.data;
  return new SessionError(number === 2 ? 'other-network' : number === 3 ? 'other-version' : 'refused', error.data);
}

function readable<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) throw new PeerFault('malformed', 'offence', { what, reason: error.code });
    throw error;
  }
}
