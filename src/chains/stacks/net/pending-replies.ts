/**
 * The requests of a connection that wait for their replies, by sequence number (Stacks reference, 6).
 * @module
 */
import type { Clock } from '../../../base/clock.ts';
import type { PeerMessage } from '../wire/peer-message.ts';
import { PeerConnectionError } from './peer-connection-error.ts';

/** Requests under way at a time: two machines have one each, and there is a ping. At the bound a request is refused. */
const MAX_PENDING = 8;

/** The kinds of replies to a message, beside Nack. */
const replyKinds: Readonly<Partial<Record<PeerMessage['kind'], readonly PeerMessage['kind'][]>>> = {
  Handshake: ['HandshakeAccept', 'StackerDBHandshakeAccept'],
  GetPoxInv: ['PoxInv'],
  GetBlocksInv: ['BlocksInv'],
  GetNakamotoInv: ['NakamotoInv'],
  Ping: ['Pong'],
};

export interface Reply {
  readonly message: PeerMessage;
  /** The peer's Bitcoin height, from the preamble. */
  readonly burnHeight: number;
}

interface Pending {
  readonly request: PeerMessage;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

export class PendingReplies {
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  #next: number;

  constructor(clock: Clock, firstSequence: number) {
    this.#clock = clock;
    this.#next = firstSequence >>> 0;
  }

  /** The sequence number of the next request. */
  get next(): number {
    return this.#next;
  }

  /** The request that waits for a reply with this number. */
  of(sequence: number): PeerMessage | undefined {
    return this.#pending.get(sequence)?.request;
  }

  /** The reply to a request that is about to be sent with the next sequence number. Throws `busy`; the reply rejects with `timeout`, or the signal's reason. */
  add(request: PeerMessage, timeout: number, signal: AbortSignal | undefined): Promise<Reply> {
    if (this.#pending.size >= MAX_PENDING) throw new PeerConnectionError('busy', `${MAX_PENDING} requests wait for their replies`);
    const sequence = this.#next;
    this.#next = (this.#next + 1) >>> 0;
    return new Promise<Reply>((resolve, reject) => {
      const end = () => {
        cancel();
        signal?.removeEventListener('abort', onAbort);
        this.#pending.delete(sequence);
      };
      const fail = (error: Error) => {
        end();
        reject(error);
      };
      const onAbort = () => fail(signal?.reason as Error);
      const cancel = this.#clock.after(timeout, () => fail(new PeerConnectionError('timeout', `no reply to ${request.kind} in ${timeout} ms`)));
      signal?.addEventListener('abort', onAbort, { once: true });
      const succeed = (value: Reply) => {
        end();
        resolve(value);
      };
      this.#pending.set(sequence, { request, resolve: succeed, reject: fail });
    });
  }

  /** Hands a reply over. `wrong`: it is none to its request, which goes on to wait; `unasked`: no request has this number. */
  take(sequence: number, message: PeerMessage, burnHeight: number): 'ok' | 'wrong' | 'unasked' {
    const pending = this.#pending.get(sequence);
    if (!pending) return 'unasked';
    if (!isReply(pending.request, message)) return 'wrong';
    pending.resolve({ message, burnHeight });
    return 'ok';
  }

  rejectAll(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
  }
}

function isReply(request: PeerMessage, message: PeerMessage): boolean {
  if (message.kind === 'Nack') return true;
  if (request.kind === 'Ping' && message.kind === 'Pong') return message.nonce === request.nonce;
  return replyKinds[request.kind]?.includes(message.kind) === true;
}
