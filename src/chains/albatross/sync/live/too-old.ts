import { countNetworks } from '../../../../engine/peers/witness-network.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';

/** Peers remembered. There are never that many; at the bound the oldest is dropped. */
const maxPeers = 64;

/**
 * Collects the peers that have shown macro blocks of a version above ours. The version is read before any signature is checked, so one peer
 * can make it up. Only several peers from distinct subnets show that the network has moved on. If the chain grows past that height, it has
 * not.
 */
export class TooOld {
  readonly #wanted: number;
  readonly #seen = new Map<PeerId, { readonly subnet: string; readonly height: number }>();

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  /** The lowest height at which the client is too old; undefined while it is not. */
  get height(): number | undefined {
    const seen = Array.from(this.#seen.values());
    return countNetworks(seen.map(({ subnet }) => subnet), this.#wanted) >= this.#wanted ? Math.min(...seen.map(({ height }) => height)) : undefined;
  }

  seen(peer: PeerId, subnet: string, height: number): void {
    this.#seen.delete(peer);
    this.#seen.set(peer, { subnet, height });
    if (this.#seen.size > maxPeers) this.#seen.delete(this.#seen.keys().next().value!);
  }

  forget(peer: PeerId): void {
    this.#seen.delete(peer);
  }

  /** The chain has grown: claims at or below this height were made up. */
  reached(height: number): void {
    for (const [peer, seen] of this.#seen) if (seen.height <= height) this.#seen.delete(peer);
  }
}
