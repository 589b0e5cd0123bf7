import type { PeerId } from '../../../../engine/peers/peer-net.ts';

/** Peers whose word is kept for a transaction: twice as many as are asked to tell of an address. Further ones are not heard. */
const MAX_TELLERS = 4;

/**
 * The heights at which peers say that a transaction is, one of each peer. Each is a claim: a liar's must neither displace another peer's nor
 * keep the transaction from being looked for without a height.
 */
export class ClaimedHeights {
  readonly #heights = new Map<PeerId, number>();

  /** The peer that spoke first. */
  get first(): PeerId | undefined {
    return this.#heights.keys().next().value;
  }

  /** Each height once, in the order in which the peers spoke first. */
  get all(): readonly number[] {
    return Array.from(new Set(this.#heights.values()));
  }

  /** Returns whether this peer was not heard before. Its later words only replace its first one. */
  add(peer: PeerId, height: number): boolean {
    const known = this.#heights.has(peer);
    if (!known && this.#heights.size >= MAX_TELLERS) return false;
    this.#heights.set(peer, height);
    return !known;
  }

  clear(): void {
    this.#heights.clear();
  }
}
