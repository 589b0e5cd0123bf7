import type { PeerId, PeerReport } from '../../../../engine/peers/peer-net.ts';
import type { SilentPeers } from '../../../../engine/fetch/silent-peers.ts';

/** A request whose answer nobody waits for any more. */
export interface OvertakenRequest {
  readonly peer: PeerId;
  /** The answer; rejects at the latest when the request's own deadline is over. */
  readonly answer: Promise<unknown>;
  readonly isRight: (answer: never) => boolean;
  readonly abort: (reason: Error) => void;
}

/**
 * Requests that another peer's answer has overtaken. The silent peer loses some rank at once. Its request goes on until its own deadline:
 * if the right answer still comes, the peer gets back what it lost. One request of a peer goes on at a time, so that silent peers cost
 * little.
 */
export class LateAnswers {
  readonly #silent: SilentPeers;
  readonly #report: (peer: PeerId, report: PeerReport) => void;
  readonly #open = new Map<PeerId, (reason: Error) => void>();

  constructor(silent: SilentPeers, report: (peer: PeerId, report: PeerReport) => void) {
    this.#silent = silent;
    this.#report = report;
  }

  /** Takes the request over. A peer of which a request goes on already has paid for its silence; its further requests are aborted. */
  take({ peer, answer, isRight, abort }: OvertakenRequest, reason: Error): void {
    // Nobody else hears of a failure.
    answer.catch(() => undefined);
    if (this.#open.has(peer)) return abort(reason);
    this.#open.set(peer, abort);
    this.#silent.mark(peer);
    this.#report(peer, { kind: 'overtaken' });
    const end = (right: boolean) => {
      if (!this.#open.delete(peer)) return;
      if (right) this.#report(peer, { kind: 'late' });
    };
    answer.then((given) => end(isRight(given as never)), () => end(false));
  }

  stop(reason: Error): void {
    const open = Array.from(this.#open.values());
    this.#open.clear();
    for (const abort of open) abort(reason);
  }
}
