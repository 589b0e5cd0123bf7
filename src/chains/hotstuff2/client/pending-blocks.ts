import type { Fault } from '../../../engine/sync/sync-chain.ts';
import { PeerFault } from '../../../engine/sync/sync-peer.ts';
import type { PeerHandlers } from '../../../engine/follow/followed-chain.ts';
import type { Hs2Block } from '../chain/hs2-block.ts';
import type { SyncSession } from '../net/sync-session.ts';
import type { FinalityProof } from '../wire/finality-proof.ts';

/** Certified blocks above a peer's final one that are asked for when it joins: the network's newest are not announced again. */
const FIRST_PENDING = 8;

export type PendingPeer = Pick<SyncSession, 'claims' | 'getBlocks'>;
export type PendingHandlers = Pick<PeerHandlers<Hs2Block, FinalityProof>, 'announced' | 'fault'>;

/**
 * Asks for the certified blocks above the final ones when peers join: of the peers that claim one and the same final height one, and the next one if that has
 * none. A claim that is higher says nothing for others: anybody can claim any height. As many wait as are connected. What comes is told as if the peer had
 * announced it.
 */
export class PendingBlocks {
  readonly #signal: AbortSignal;
  readonly #waiting = new Map<PendingPeer, PendingHandlers>();
  /** The peer that has sent its blocks, by the final height that it claimed then. One entry a connected peer. */
  readonly #answered = new Map<number, PendingPeer>();
  #isAsking = false;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** The peer has joined. Resolves when nobody is asked any more. */
  async joined(peer: PendingPeer, handlers: PendingHandlers): Promise<void> {
    this.#waiting.set(peer, handlers);
    if (this.#isAsking) return;
    this.#isAsking = true;
    for (;;) {
      const [next] = this.#waiting;
      if (!next || this.#signal.aborted) break;
      this.#waiting.delete(next[0]);
      const { height } = next[0].claims;
      if (!this.#answered.has(height) && (await this.#ask(...next))) this.#answered.set(height, next[0]);
    }
    this.#isAsking = false;
  }

  /** True if it is the peer whose blocks were told: they may have been bad, so that others are to be asked. */
  left(peer: PendingPeer): boolean {
    this.#waiting.delete(peer);
    let found = false;
    for (const [height, answerer] of this.#answered) if (answerer === peer) found = this.#answered.delete(height);
    return found;
  }

  /** The chain was put back: what has come is not here any more. */
  forget(): void {
    this.#answered.clear();
  }

  async #ask(peer: PendingPeer, { announced, fault }: PendingHandlers): Promise<boolean> {
    try {
      const { value } = await peer.getBlocks(peer.claims.height + 1, FIRST_PENDING, { headersOnly: false, signal: this.#signal });
      for (const item of value) announced({ kind: 'block', item });
      return value.length > 0;
    } catch (error) {
      // A peer may have none.
      if (error instanceof PeerFault) fault(faultOf(error));
      return false;
    }
  }
}

function faultOf({ code, weight, data }: PeerFault): Fault {
  return { code, weight, data };
}
