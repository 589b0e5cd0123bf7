import type { WebSocket } from 'ws';
import { encodeSyncAnswer, type SyncAnswer } from '../../src/chains/hotstuff2/wire/sync-answers.ts';
import { MAX_IN_FLIGHT, type SyncErrorNumber } from '../../src/chains/hotstuff2/wire/sync-limits.ts';
import { decodeSyncRequest, requestHeader, type SyncRequest } from '../../src/chains/hotstuff2/wire/sync-requests.ts';
import { DecodeError } from '../../src/base/postcard/errors.ts';
import { answerRequest } from './answer-request.ts';
import { faultyAnswer, type ServeFault } from './serve-faults.ts';
import type { ServedChain } from './served-chain.ts';
import type { World } from './world.ts';

/** Milliseconds without a frame after which a server closes (HotStuff-2 reference, 4.3). */
const SILENCE = 60_000;
/** Subscriptions of one connection; a further one is refused. */
const MAX_SUBSCRIPTIONS = 4;
/** Bytes that may wait in a socket before pushes to it are left out: the client fills the gap by asking. */
const MAX_BUFFERED = 32 * 1024 * 1024;
/** Close codes: a rule of WebSocket or of the protocol was broken; no room. */
const CLOSE = { unsupported: 1003, policy: 1008 } as const;

/** What a server makes of its requests. */
export interface Serving {
  readonly chain: ServedChain;
  readonly world: World;
  fault(): ServeFault | undefined;
  /** Milliseconds that the fault `slow` takes. */
  slowness(): number;
  /** The fault `held` keeps answers with blocks above this height. */
  heldAbove(): number;
  /** A request that was understood, in the order of arrival. */
  seen(request: SyncRequest, bytes: number): void;
  refused(code: number): void;
}

/** One client of a replica, strictly: everything that the reference forbids is refused with its Error, and what breaks the order also closes. */
export class ClientConnection {
  readonly #socket: WebSocket;
  readonly #serving: Serving;
  readonly #inFlight = new Set<number>();
  readonly #subscriptions = new Map<number, { readonly certified: boolean; readonly final: boolean }>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Requests for blocks whose answers the fault `held` keeps, and those answers. */
  readonly #held = new Map<SyncRequest, () => void>();
  #greeted = false;
  #ended = false;
  #silence: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, serving: Serving) {
    this.#socket = socket;
    this.#serving = serving;
    this.#heard();
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#end());
  }

  /** Sends a push to every subscription of its kind. */
  push(kind: 'certified' | 'final', answer: SyncAnswer): void {
    const fault = this.#serving.fault();
    if (fault === 'silent' || fault === 'stale-status') return;
    for (const [id, kinds] of this.#subscriptions) if (kinds[kind]) this.#send(id, answer, undefined);
  }

  /** Sends what is held no longer, in the order in which it was asked for. */
  release(): void {
    for (const [request, answer] of Array.from(this.#held)) {
      if (this.#isHeld(request)) continue;
      this.#held.delete(request);
      this.#later(0, answer);
    }
  }

  #isHeld(request: SyncRequest): boolean {
    return this.#serving.fault() === 'held' && (request.type === 'get-blocks' || request.type === 'get-headers') && request.from > this.#serving.heldAbove();
  }

  #onMessage(data: Uint8Array, isBinary: boolean): void {
    if (this.#ended) return;
    this.#heard();
    if (!isBinary) return this.#socket.close(CLOSE.unsupported, 'binary frames only');
    const bytes = new Uint8Array(data);
    const head = requestHeader(bytes);
    try {
      const { id, request } = decodeSyncRequest(bytes);
      this.#onRequest(id, request, bytes.length);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#refuse(head?.id ?? 0, head && !head.known ? 8 : 1, error.message);
      if (!this.#greeted) this.#socket.close(CLOSE.policy, 'no handshake');
    }
  }

  #onRequest(id: number, request: SyncRequest, bytes: number): void {
    if ((request.type === 'hello') === this.#greeted) {
      this.#refuse(id, 1, this.#greeted ? 'a second Hello' : 'Hello comes first');
      if (!this.#greeted) this.#socket.close(CLOSE.policy, 'no handshake');
      return;
    }
    if (this.#inFlight.has(id) || this.#subscriptions.has(id)) return this.#refuse(id, 1, 'this request id is in use');
    if (this.#inFlight.size >= MAX_IN_FLIGHT) return this.#refuse(id, 6, `${MAX_IN_FLIGHT} requests in flight`);
    if (request.type === 'subscribe' && this.#subscriptions.size >= MAX_SUBSCRIPTIONS) return this.#refuse(id, 6, `${MAX_SUBSCRIPTIONS} subscriptions`);
    if (request.type === 'unsubscribe' && !this.#subscriptions.has(request.subscription)) return this.#refuse(id, 1, 'no such subscription');
    this.#serving.seen(request, bytes);
    this.#inFlight.add(id);
    const fault = this.#serving.fault();
    if (fault === 'silent' && request.type !== 'hello') return;
    const answer = () => this.#answer(id, request);
    if (this.#isHeld(request)) return void this.#held.set(request, answer);
    this.#later(fault === 'slow' && request.type !== 'hello' ? this.#serving.slowness() : 0, answer);
  }

  #answer(id: number, request: SyncRequest): void {
    this.#inFlight.delete(id);
    const answer = answerRequest(request, this.#serving.chain, this.#serving.world);
    if (request.type === 'hello' && answer.type === 'error') {
      this.#refuse(id, answer.code, answer.text);
      return this.#socket.close(CLOSE.policy, answer.text.slice(0, 100));
    }
    if (request.type === 'hello') this.#greeted = true;
    if (request.type === 'subscribe') this.#subscriptions.set(id, request);
    if (request.type === 'unsubscribe') this.#subscriptions.delete(request.subscription);
    if (answer.type === 'error') return this.#refuse(id, answer.code, answer.text);
    this.#send(id, answer, request);
    if (this.#serving.fault() === 'endless-stream' && (answer.type === 'blocks' || answer.type === 'headers')) this.#stream(id + 1, answer);
  }

  /** Answers that nobody asked for, as fast as the client reads them. */
  #stream(id: number, answer: SyncAnswer): void {
    this.#later(1, () => {
      if (this.#socket.bufferedAmount < 1_000_000) for (let i = 0; i < 8; i += 1) this.#send((id + i) % 2 ** 32, answer, undefined);
      this.#stream((id + 8) % 2 ** 32, answer);
    });
  }

  #send(id: number, answer: SyncAnswer, request: SyncRequest | undefined): void {
    const { chain, world } = this.#serving;
    if (this.#ended || (request === undefined && this.#socket.bufferedAmount > MAX_BUFFERED)) return;
    const fault = this.#serving.fault();
    const frame = encodeSyncAnswer(id, faultyAnswer(fault, answer, { request, chain, epochs: world.epochs }));
    this.#socket.send(fault === 'half-frames' && answer.type !== 'hello-ack' ? frame.subarray(0, frame.length >> 1) : frame);
  }

  #refuse(id: number, code: SyncErrorNumber, text: string): void {
    this.#serving.refused(code);
    if (!this.#ended) this.#socket.send(encodeSyncAnswer(id, { type: 'error', code, text: text.slice(0, 200) }));
  }

  #heard(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#socket.close(CLOSE.policy, 'silent'), SILENCE);
    this.#silence.unref();
  }

  /** Runs in a turn of its own, so that requests that came together are in flight together. */
  #later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#ended) run();
    }, ms);
    this.#timers.add(timer);
  }

  #end(): void {
    this.#ended = true;
    clearTimeout(this.#silence);
    for (const timer of this.#timers) clearTimeout(timer);
    this.#held.clear();
    this.#subscriptions.clear();
  }
}
