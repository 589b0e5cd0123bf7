import type { Clock } from '../../../../base/clock.ts';
import { AnswerTimes } from '../../../../engine/fetch/answer-times.ts';
import type { AskState } from '../../../../engine/fetch/ask-beside.ts';
import { Overtaken } from '../../../../engine/fetch/overtaken.ts';
import { RequestError } from '../../../../engine/peers/peer-net.ts';
import type { PeerId, PeerReport } from '../../../../engine/peers/peer-net.ts';
import { SilentPeers } from '../../../../engine/fetch/silent-peers.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../../wire/requests.ts';
import type { SyncNet } from '../net.ts';
import { LateAnswers } from './late-answers.ts';
import { isRightAnswer } from './right-answer.ts';

export interface PatientOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Milliseconds for one answer. */
  readonly timeout: number;
  readonly report: (peer: PeerId, report: PeerReport) => void;
}

export interface PatientRequest {
  readonly signal: AbortSignal | undefined;
  readonly maxBlocks?: number | undefined;
  /** Tells where the question is. */
  readonly at?: ((state: AskState) => void) | undefined;
}

/** Requests to peers, with what is needed to ask other peers beside silent ones: which peers were silent, and how long the others take. */
export class PatientRequests {
  readonly #options: PatientOptions;
  readonly #times: AnswerTimes;
  readonly #late: LateAnswers;
  /** Peers that were silent lately. They are to be asked last. */
  readonly silent: SilentPeers;

  constructor(options: PatientOptions) {
    this.#options = options;
    this.#times = new AnswerTimes(options.clock);
    this.silent = new SilentPeers(options.clock);
    this.#late = new LateAnswers(this.silent, options.report);
  }

  /** Milliseconds for which a peer may be silent before another peer is asked beside it. */
  get patience(): number {
    return this.#times.patience;
  }

  /** Ends the requests that nobody waits for. */
  stop(reason: Error): void {
    this.#late.stop(reason);
  }

  /** As `SyncNet.request`. If it is given up because another peer has answered, it goes on unheard, see `LateAnswers`. */
  request<K extends RequestKind>(net: Pick<SyncNet, 'request'>, peer: PeerId, kind: K, body: RequestBody<K>, { signal, maxBlocks, at }: PatientRequest): Promise<ResponseBody<K>> {
    signal?.throwIfAborted();
    const { clock, timeout } = this.#options;
    const own = new AbortController();
    let sentAt: number | undefined;
    at?.('waiting');
    const onSent = () => {
      sentAt = clock.monotonic();
      at?.('sent');
    };
    const answer = net.request(peer, kind, body, { signal: own.signal, timeout, maxBlocks, onSent }).then((given) => {
      if (sentAt !== undefined) this.#times.note(peer, clock.monotonic() - sentAt);
      return given;
    });
    return new Promise((resolve, reject) => {
      const abort = (reason: Error) => own.abort(reason);
      const onAbort = () => {
        const reason = signal?.reason as Error;
        if (reason instanceof Overtaken && sentAt !== undefined) this.#late.take({ peer, answer, isRight: (given) => isRightAnswer(kind, body, given), abort }, reason);
        else abort(reason);
        reject(reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      answer.then(
        (given) => {
          signal?.removeEventListener('abort', onAbort);
          at?.('answered');
          resolve(given);
        },
        (error: unknown) => {
          signal?.removeEventListener('abort', onAbort);
          if (error instanceof RequestError && error.code === 'timeout' && signal?.aborted !== true) this.silent.mark(peer);
          reject(error as Error);
        },
      );
    });
  }
}
