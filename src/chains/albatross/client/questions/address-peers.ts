import { BoundedCache } from '../../../../base/bounded-cache.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';

/** Addresses for which it is remembered which peers know of our interest. */
const MAX_ADDRESSES = 1024;
/** Peers remembered for an address. */
const MAX_PEERS = 8;

/**
 * Which peers were asked about an address. They are asked again first, so that as few peers as possible learn what a person is interested
 * in: two, unless they give no right answer.
 */
export class AddressPeers {
  readonly #peers = new BoundedCache<ReadonlySet<PeerId>>(MAX_ADDRESSES);

  /** The peers that know one of these addresses. */
  of(addresses: readonly string[]): ReadonlySet<PeerId> {
    return new Set(addresses.flatMap((address) => Array.from(this.#peers.get(address) ?? [])));
  }

  note(addresses: readonly string[], peer: PeerId): void {
    for (const address of addresses) {
      const known = this.#peers.get(address) ?? new Set();
      if (!known.has(peer)) this.#peers.set(address, new Set([...known, peer].slice(-MAX_PEERS)));
    }
  }
}
