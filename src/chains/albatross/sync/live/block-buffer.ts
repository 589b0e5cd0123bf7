import type { Block } from '../../wire/types.ts';
import type { Hash } from '../../../../base/hash.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';

/** A block that waits for its parent, as one peer sent it. */
export interface Buffered {
  readonly hash: Hash;
  readonly block: Block;
  readonly peer: PeerId;
}

export interface BufferBounds {
  /** Maximum number of copies in all. */
  readonly capacity: number;
  readonly perPeerAndHeight: number;
}

/** Copies of the same block kept, from different peers. A hash does not cover signatures, so the first copy may be bad. */
const maxCopies = 3;

/**
 * Blocks whose parents are missing, by hash and by parent. At the bound, the peer that holds the most places loses its highest block, so
 * that a flood harms only the peer that floods.
 */
export class BlockBuffer {
  readonly #bounds: BufferBounds;
  readonly #entries = new Map<Hash, Buffered[]>();
  #size = 0;

  constructor(bounds: BufferBounds) {
    this.#bounds = bounds;
  }

  /** Number of copies held. */
  get size(): number {
    return this.#size;
  }

  has(hash: Hash): boolean {
    return this.#entries.has(hash);
  }

  /** The first copy. */
  get(hash: Hash): Buffered | undefined {
    return this.#entries.get(hash)?.[0];
  }

  /** Returns whether the block was added. */
  add(entry: Buffered): boolean {
    const copies = this.#entries.get(entry.hash) ?? [];
    if (copies.length >= maxCopies || copies.some(({ peer }) => peer === entry.peer)) return false;
    const height = entry.block.header.blockNumber;
    if (this.#all().filter(({ peer, block }) => peer === entry.peer && block.header.blockNumber === height).length >= this.#bounds.perPeerAndHeight) return false;
    this.#entries.set(entry.hash, [...copies, entry]);
    this.#size += 1;
    if (this.#size > this.#bounds.capacity) this.#evict();
    return this.#entries.get(entry.hash)?.includes(entry) ?? false;
  }

  /** Takes all copies of a block out. */
  take(hash: Hash): readonly Buffered[] {
    const copies = this.#entries.get(hash) ?? [];
    this.#entries.delete(hash);
    this.#size -= copies.length;
    return copies;
  }

  /** Hashes of the blocks that name `parent` as theirs. */
  childrenOf(parent: Hash): Hash[] {
    return Array.from(this.#entries).flatMap(([hash, copies]) => (copies[0]!.block.header.parentHash === parent ? [hash] : []));
  }

  /** Follows the parents held here downwards from `block`: the hash and height of the first one that is missing. */
  firstMissingParent(block: Block): { readonly hash: Hash; readonly height: number } {
    let current = block;
    // Heights fall at every step in a valid chain; made-up blocks could form a cycle.
    for (let steps = 0; steps <= this.#entries.size; steps += 1) {
      const parent = this.get(current.header.parentHash);
      if (!parent || parent.block.header.blockNumber !== current.header.blockNumber - 1) break;
      current = parent.block;
    }
    return { hash: current.header.parentHash, height: current.header.blockNumber - 1 };
  }

  /**
   * The greatest height that the children held here imply for `parent`. No better source exists, and one child's low claim must not
   * override another's. Undefined: there is no child.
   */
  claimedHeight(parent: Hash): number | undefined {
    const heights = this.childrenOf(parent).map((child) => this.get(child)!.block.header.blockNumber - 1);
    return heights.length === 0 ? undefined : Math.max(...heights);
  }

  /** The peers that sent a block that builds on `hash`. */
  peersAbove(hash: Hash): PeerId[] {
    const found = new Set<PeerId>();
    const seen = new Set([hash]);
    for (const parent of seen) {
      for (const child of this.childrenOf(parent)) {
        seen.add(child);
        for (const { peer } of this.#entries.get(child) ?? []) found.add(peer);
      }
    }
    return Array.from(found);
  }

  /** Drops everything at or below `height`. */
  dropTo(height: number): void {
    this.#drop(({ block }) => block.header.blockNumber <= height);
  }

  /** Drops all blocks that build on `hash`. */
  dropDescendants(hash: Hash): void {
    const doomed = [hash];
    for (let parent = doomed.pop(); parent !== undefined; parent = doomed.pop()) {
      for (const child of this.childrenOf(parent)) {
        this.take(child);
        doomed.push(child);
      }
    }
  }

  /** Drops a block and all blocks that build on it. Other children of its parent stay. */
  dropBranch(hash: Hash): void {
    this.take(hash);
    this.dropDescendants(hash);
  }

  /** Removes all blocks that this peer sent. Returns whether there were any. */
  dropPeer(peer: PeerId): boolean {
    const before = this.#size;
    this.#drop((entry) => entry.peer === peer);
    return this.#size < before;
  }

  clear(): void {
    this.#entries.clear();
    this.#size = 0;
  }

  #all(): Buffered[] {
    return Array.from(this.#entries.values()).flat();
  }

  #drop(doomed: (entry: Buffered) => boolean): void {
    for (const [hash, copies] of Array.from(this.#entries)) {
      const kept = copies.filter((entry) => !doomed(entry));
      this.#size -= copies.length - kept.length;
      if (kept.length > 0) this.#entries.set(hash, kept);
      else this.#entries.delete(hash);
    }
  }

  #evict(): void {
    const held = new Map<PeerId, number>();
    for (const { peer } of this.#all()) held.set(peer, (held.get(peer) ?? 0) + 1);
    const greediest = Array.from(held).toSorted((a, b) => b[1] - a[1])[0]?.[0];
    const highest = this.#all()
      .filter(({ peer }) => peer === greediest)
      .toSorted((a, b) => b.block.header.blockNumber - a.block.header.blockNumber)[0];
    this.#drop((entry) => entry === highest);
  }
}
