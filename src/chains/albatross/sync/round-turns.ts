import { BoundedCache } from '../../../base/bounded-cache.ts';
import type { PeerId } from '../../../engine/peers/peer-net.ts';
import { maxRoundPeers } from './settings.ts';

/** Peers whose rounds are counted. There are never that many at once; at the bound the one counted least recently begins anew. */
const maxCounted = 256;

/**
 * Which peers take part in a round, if there are more than a round has places: first those that took part in the fewest rounds in a row without
 * any gain. Otherwise those that joined first could keep all others out for as long as they stay.
 */
export class RoundTurns {
  readonly #vain = new BoundedCache<number>(maxCounted);

  /** In the order of their turns; peers with equal turns in the given order. */
  order<Peer extends { readonly id: PeerId }>(peers: readonly Peer[]): readonly Peer[] {
    return peers.toSorted((a, b) => this.#of(a) - this.#of(b));
  }

  /** The peers of the next round. */
  pick<Peer extends { readonly id: PeerId }>(peers: readonly Peer[]): readonly Peer[] {
    return this.order(peers).slice(0, maxRoundPeers);
  }

  /** These peers have taken part in a round that gained so much. Returns that. */
  end(peers: readonly { readonly id: PeerId }[], gained: number): number {
    for (const peer of peers) this.#vain.set(peer.id, gained > 0 ? 0 : this.#of(peer) + 1);
    return gained;
  }

  #of({ id }: { readonly id: PeerId }): number {
    return this.#vain.get(id) ?? 0;
  }
}
