/**
 * The questions that a client asks a Moloch node, and the checks that an answer fits its question (Moloch reference, 2.9, 4.1 and 4.3). What an answer
 * says is checked by the chain's rules. Tests: `test/moloch/session.test.ts`.
 * @module
 */

import type { Clock } from '../../../base/clock.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import type { Fault, Item, Target } from '../../../engine/sync/sync-chain.ts';
import { PeerFault, type AskOptions, type Sized } from '../../../engine/sync/sync-peer.ts';
import { PendingRequests, type Matched } from '../../../network/framed/pending-requests.ts';
import { blockHash } from '../chain/hash.ts';
import { itemOf, type MolochBlock } from '../chain/moloch-block.ts';
import type { ProofAnswer, ProofRequest } from '../wire/compact-proof.ts';
import type { MolochMessage } from '../wire/frame.ts';
import type { MolochHeader } from '../wire/header.ts';
import { encodeManifest } from '../wire/manifest.ts';
import type { NetworkVote } from '../wire/plain-message.ts';
import type { TrustedHeader } from '../wire/trusted-header.ts';
import { MAX_BATCH } from './provider.ts';
import { RequestSlots } from '../../../network/request-slots.ts';
import { PONG_TIME } from './status-watch.ts';

/** Requests in flight to one peer (Moloch reference, 4.1). */
const IN_FLIGHT = 8;
/** Milliseconds for an answer (Moloch reference, 2.11: 10 s of the light crate). */
const ANSWER_TIME = 10_000;
/** Windows of headers in which the newest final one is looked for: 500 blocks that nobody made final are no chain that goes on. */
const TARGET_WINDOWS = 5;

/** The answers, by their numbers on the wire. */
const ANSWERS = { Blocks: 8, Headers: 10, Events: 12, Snapshot: 14, Votes: 18, Pong: 20, TrustedHeaders: 68, Proof: 70, Manifest: 72, Chunk: 74 } as const;
type AnswerKind = keyof typeof ANSWERS;
type Answer<K extends AnswerKind = AnswerKind> = Extract<MolochMessage, { readonly kind: K }>;

interface Came {
  readonly message: Answer;
  readonly size: number;
}

export function isAnswer(message: MolochMessage): message is Answer {
  return Object.hasOwn(ANSWERS, message.kind);
}

/** Whether the validators' signatures of a header are enough: `short` if there are only too few of them. */
export type ProveFinal = (header: TrustedHeader, signal: AbortSignal) => Promise<'final' | 'short' | Fault>;

export interface RequestOptions {
  readonly clock: Clock;
  /** The profile: without it blocks have no signatures, and nothing can be proven. */
  readonly extended: boolean;
  readonly send: (message: MolochMessage) => void;
  readonly proveFinal: ProveFinal;
  /** What the peer says of its height. */
  readonly height: () => number;
}

export class SessionRequests {
  readonly #options: RequestOptions;
  readonly #pending: PendingRequests<Came>;
  /** One place is kept for the ping. */
  readonly #slots = new RequestSlots(IN_FLIGHT - 1);

  constructor(options: RequestOptions) {
    this.#options = options;
    // Id 1 is that of the greeting.
    this.#pending = new PendingRequests({ clock: options.clock, limit: IN_FLIGHT, timeout: ANSWER_TIME, firstId: 2 });
  }

  get latency(): number | undefined {
    return this.#pending.latency;
  }

  /** Hands an answer to its question. What was not asked for is the caller's to report. */
  answer(message: Answer, size: number): Matched {
    const id = message.requestId <= 0xffff_ffffn ? Number(message.requestId) : -1;
    return this.#pending.answer(id, ANSWERS[message.kind], { message, size });
  }

  close(error: Error): void {
    this.#slots.close(error);
    this.#pending.close(error);
  }

  /** As in `SyncPeer`. Blocks and their signatures come from two requests (Moloch reference, 6.2). */
  async getBlocks(from: number, wanted: number, { headersOnly, signal }: AskOptions & { readonly headersOnly: boolean }): Promise<Sized<readonly Item<MolochBlock>[]>> {
    const count = Math.min(wanted, MAX_BATCH);
    if (headersOnly) {
      const { headers, size } = await this.#headers(from, count, signal);
      return sized(headers.map(({ header, signatures }) => ({ header, events: undefined, signatures })), size, from);
    }
    const [blocks, trusted] = await Promise.all([
      this.#ask('Blocks', (id) => ({ kind: 'GetBlocks', id, start: from, count }), signal),
      this.#options.extended ? this.#trustedHeaders(from, count, signal) : { headers: [], size: 0 },
    ]);
    checkRange(blocks.message.blocks.map(({ header }) => header), from, count);
    const joined = blocks.message.blocks.map(({ header, events }, index): MolochBlock => {
      const known = trusted.headers[index];
      if (known !== undefined && blockHash(known.header) !== blockHash(header)) throw new PeerFault('headers-differ', 'offence', { height: header.height });
      return { header, events, signatures: known?.signatures ?? [] };
    });
    return sized(joined, blocks.size + trusted.size, from);
  }

  /** As in `SyncPeer`: the newest header that the peer can prove to be final. */
  async proveTarget(atLeast: number, { signal }: AskOptions): Promise<Target> {
    if (!this.#options.extended) throw new RequestError('refused', 'moloch.1 has no signatures');
    let end = Math.max(this.#options.height(), atLeast) + 1;
    for (let window = 0; window <= TARGET_WINDOWS && end > atLeast; window += 1) {
      // Mostly the head is final.
      const start = Math.max(atLeast, end - (window === 0 ? 1 : MAX_BATCH));
      const { headers } = await this.#trustedHeaders(start, end - start, signal);
      for (const header of headers.toReversed()) {
        const verdict = await this.#options.proveFinal(header, signal);
        if (verdict === 'final') return { height: header.header.height, id: blockHash(header.header), proven: true };
        if (verdict !== 'short') throw new PeerFault(verdict.code, verdict.weight, verdict.data);
      }
      end = start;
    }
    throw new RequestError('refused', `no final header from ${atLeast} on`, { height: atLeast });
  }

  /** As in `SyncPeer`: a manifest in the bytes of `wire/manifest.ts`. */
  async getManifest(height: number | undefined, { signal }: AskOptions): Promise<Sized<Uint8Array>> {
    const { message, size } = await this.#ask('Manifest', (id) => ({ kind: 'GetManifest', id, height }), signal);
    if (message.chunkHashes.length === 0) throw new RequestError('refused', 'no snapshot');
    if (height !== undefined && message.height !== height) throw new PeerFault('wrong-range', 'offence', { asked: height, height: message.height });
    // A manifest is checked against a final header: the client that gave `proveFinal` remembers it.
    const { headers } = await this.#trustedHeaders(message.height, 1, signal);
    const [header] = headers;
    if (header === undefined) throw new RequestError('refused', `no final header at ${message.height}`, { height: message.height });
    const verdict = await this.#options.proveFinal(header, signal);
    if (typeof verdict === 'object') throw new PeerFault(verdict.code, verdict.weight, verdict.data);
    return { value: encodeManifest(message), size };
  }

  /** As in `SyncPeer`. */
  async getChunk(height: number, index: number, { signal }: AskOptions): Promise<Sized<Uint8Array>> {
    const { message, size } = await this.#ask('Chunk', (id) => ({ kind: 'GetChunk', id, height, index }), signal);
    if (message.height !== height || message.index !== index) throw new PeerFault('wrong-range', 'offence', { asked: index, index: message.index });
    if (message.total === 0) throw new RequestError('refused', `no chunk ${index} of the snapshot at ${height}`);
    if (index >= message.total) throw new PeerFault('wrong-range', 'offence', { index, total: message.total });
    return { value: message.bytes, size };
  }

  /** The answer to a question for proofs. It is not checked here. */
  async prove(request: ProofRequest, { signal }: AskOptions): Promise<ProofAnswer> {
    const { message } = await this.#ask('Proof', (id) => ({ kind: 'GetProof', id, request }), signal);
    const { answer } = message;
    const fits = answer.kind === request.kind || (request.kind === 'EventAt' && answer.kind === 'Event') || answer.kind === 'NotFound' || answer.kind === 'Error';
    if (!fits) throw new PeerFault('wrong-answer', 'offence', { asked: request.kind, came: answer.kind });
    return answer;
  }

  /** The votes for a block. They are not checked here. */
  async getVotes(hash: string, { signal }: AskOptions): Promise<readonly NetworkVote[]> {
    const { message } = await this.#ask('Votes', (id) => ({ kind: 'GetVotes', id, hash }), signal);
    if (message.hash !== hash || message.votes.some((vote) => vote.hash !== hash)) throw new PeerFault('wrong-answer', 'offence', { asked: hash, came: message.hash });
    return message.votes;
  }

  /** Resolves when the pong has come. */
  async ping(signal: AbortSignal): Promise<void> {
    const time = this.#options.clock.now();
    const { message } = await this.#send('Pong', (id) => ({ kind: 'Ping', id, time }), signal, PONG_TIME);
    if (message.pingTime !== time) throw new PeerFault('wrong-answer', 'offence');
  }

  /** Headers of either profile: at least one. Those of the plain profile have no signatures. */
  async #headers(from: number, count: number, signal: AbortSignal): Promise<{ readonly headers: readonly Pick<TrustedHeader, 'header' | 'signatures'>[]; readonly size: number }> {
    if (this.#options.extended) {
      const { headers, size } = await this.#trustedHeaders(from, count, signal);
      checkRange(headers.map(({ header }) => header), from, count);
      return { headers, size };
    }
    const { message, size } = await this.#ask('Headers', (id) => ({ kind: 'GetHeaders', id, start: from, count }), signal);
    checkRange(message.headers, from, count);
    return { headers: message.headers.map((header) => ({ header, signatures: [] })), size };
  }

  /** Trusted headers from a height on: none if that is not final for the peer. */
  async #trustedHeaders(from: number, count: number, signal: AbortSignal): Promise<{ readonly headers: readonly TrustedHeader[]; readonly size: number }> {
    const { message, size } = await this.#ask('TrustedHeaders', (id) => ({ kind: 'GetTrustedHeaders', id, start: from, count }), signal);
    const { headers } = message;
    if (headers.length > 0) checkRange(headers.map(({ header }) => header), from, count);
    for (const { header, mmrRoot } of headers) {
      if (mmrRoot !== header.mmrRoot) throw new PeerFault('mmr-root-field', 'lie', { height: header.height, root: mmrRoot, expected: header.mmrRoot });
    }
    return { headers, size };
  }

  #ask<K extends AnswerKind>(kind: K, make: (id: bigint) => MolochMessage, signal: AbortSignal): Promise<{ readonly message: Answer<K>; readonly size: number }> {
    return this.#slots.run(() => this.#send(kind, make, signal), signal);
  }

  #send<K extends AnswerKind>(kind: K, make: (id: bigint) => MolochMessage, signal: AbortSignal, timeout?: number): Promise<{ readonly message: Answer<K>; readonly size: number }> {
    const came = this.#pending.ask(ANSWERS[kind], (id) => this.#options.send(make(BigInt(id))), { signal, timeout });
    // The kind was matched by `PendingRequests`.
    return came as Promise<{ readonly message: Answer<K>; readonly size: number }>;
  }
}

/** At least one header, at most `count`, from `from` on without a gap. Throws `RequestError` (`refused`) if there is none, and `PeerFault`. */
function checkRange(headers: readonly MolochHeader[], from: number, count: number): void {
  if (headers.length === 0) throw new RequestError('refused', `nothing from ${from} on`, { height: from });
  if (headers.length > count) throw new PeerFault('wrong-range', 'offence', { asked: count, came: headers.length });
  for (const [index, { height }] of headers.entries()) if (height !== from + index) throw new PeerFault('wrong-range', 'offence', { asked: from + index, height });
}

/** Items of equal shares of the size; the first has the rest. */
function sized(blocks: readonly MolochBlock[], size: number, from: number): Sized<readonly Item<MolochBlock>[]> {
  const share = Math.floor(size / blocks.length);
  return { value: blocks.map((block) => itemOf(block, block.header.height === from ? size - share * (blocks.length - 1) : share)), size };
}
