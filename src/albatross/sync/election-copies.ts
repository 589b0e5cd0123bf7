import type { Hash } from '../wire/types.ts';
import { sameValidators } from '../chain/same-validators.ts';
import type { PeerId } from './net.ts';
import type { Copy } from './validator-lists.ts';

/** Election blocks whose copies are remembered, and copies of each: those of the epochs that are being asked about, from all the peers there are. */
const maxBlocks = 8;
const maxCopies = 16;

/**
 * The copies of election blocks that peers have given, by hash. What a peer said about a validator list counts also when it has left
 * meanwhile, or said it in another connection (as a witness, say): else a liar has to wait only until the others are gone.
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
    // Lists are long, and mostly all the same.
    const same = Array.from(copies.values()).find((copy) => sameValidators(copy.block.header.validators, block.header.validators));
    const displaced = witness && !copies.has(peer) && copies.size >= maxCopies ? Array.from(copies.values()).find((copy) => !copy.witness) : undefined;
    if (displaced) copies.delete(displaced.peer);
    if (copies.has(peer) || copies.size < maxCopies) copies.set(peer, { peer, subnet, witness, block: same?.block ?? block });
    for (const oldest of this.#copies.keys()) {
      if (this.#copies.size <= maxBlocks) break;
      this.#copies.delete(oldest);
    }
    for (const listener of this.#onAdded) listener(hash);
  }

  /** It has lied: its word counts no more. */
  dropPeer(peer: PeerId): void {
    for (const copies of this.#copies.values()) copies.delete(peer);
  }

  /** It was refuted, and that is told. */
  dropCopy(hash: Hash, peer: PeerId): void {
    this.#copies.get(hash)?.delete(peer);
  }

  of(hash: Hash): readonly Copy[] {
    return Array.from(this.#copies.get(hash)?.values() ?? []);
  }
}
