import { isCheapNetwork } from '../../../../engine/peers/witness-network.ts';
import type { Hash } from '../../../../base/hash.ts';
import { sameValidators } from '../../chain/same-validators.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';
import type { Copy } from './validator-lists.ts';

/** Election blocks whose copies are remembered, and copies of each. This suffices for the epochs under way and all connected peers. */
const maxBlocks = 8;
const maxCopies = 16;

/**
 * The copies of election blocks that peers gave, by hash. A peer's copy counts even after the peer left, or if it gave it in another role
 * (as a witness, say). Otherwise a liar would only have to wait until the other peers are gone.
 */
export class ElectionCopies {
  readonly #copies = new Map<Hash, Map<PeerId, Copy>>();
  readonly #onAdded: ((hash: Hash) => void)[] = [];

  /** Calls `listener` after each copy that is added. */
  onAdded(listener: (hash: Hash) => void): void {
    this.#onAdded.push(listener);
  }

  add(hash: Hash, { peer, subnet, witness, block }: Copy): void {
    const copies = this.#copies.get(hash) ?? new Map<PeerId, Copy>();
    this.#copies.delete(hash);
    this.#copies.set(hash, copies);
    // Lists are long and mostly identical: share one object.
    const same = Array.from(copies.values()).find((copy) => sameValidators(copy.block.header.validators, block.header.validators));
    const least = Array.from(copies.values()).toSorted((a, b) => weightOf(a) - weightOf(b))[0];
    const displaced = least && !copies.has(peer) && copies.size >= maxCopies && weightOf(least) < weightOf({ subnet, witness }) ? least : undefined;
    if (displaced) copies.delete(displaced.peer);
    if (copies.has(peer) || copies.size < maxCopies) copies.set(peer, { peer, subnet, witness, block: same?.block ?? block });
    for (const oldest of this.#copies.keys()) {
      if (this.#copies.size <= maxBlocks) break;
      this.#copies.delete(oldest);
    }
    for (const listener of this.#onAdded) listener(hash);
  }

  /** The peer has lied: its copies no longer count. */
  dropPeer(peer: PeerId): void {
    for (const copies of this.#copies.values()) copies.delete(peer);
  }

  /** Drops a copy that was refuted, after that was reported. */
  dropCopy(hash: Hash, peer: PeerId): void {
    this.#copies.get(hash)?.delete(peer);
  }

  of(hash: Hash): readonly Copy[] {
    return Array.from(this.#copies.get(hash)?.values() ?? []);
  }
}

/** At the bound, copies from cheap sources are dropped before copies from expensive ones. */
function weightOf({ subnet, witness }: Pick<Copy, 'subnet' | 'witness'>): number {
  if (!witness) return 0;
  return isCheapNetwork(subnet) ? 1 : 2;
}
