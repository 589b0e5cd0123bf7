import { equalBytes } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import type { BlockStore, StoredBlock } from './block-store.ts';
import { skipBlockSigHash } from './hashes.ts';

/**
 * Variants held at once: a few more than the missing-block searches that can run. At the bound the oldest is dropped; if a block still
 * needs it, it is asked for again.
 */
const maxHeld = 8;

/**
 * Skip blocks with one proof on one parent that differ in what the proof does not cover. The first one is kept in the store. Another one is
 * held here only if it was asked for because a block names it as its parent, and enters the store once that block is verified.
 */
export class SkipVariants {
  readonly #held = new Map<Hash, StoredBlock>();

  get(hash: Hash): StoredBlock | undefined {
    return this.#held.get(hash);
  }

  hold(stored: StoredBlock): void {
    this.#held.set(stored.hash, stored);
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= maxHeld) break;
      this.#held.delete(oldest);
    }
  }

  take(hash: Hash): StoredBlock | undefined {
    const stored = this.#held.get(hash);
    this.#held.delete(hash);
    return stored;
  }

  /** Forgets the variants at or below `height`. */
  dropTo(height: number): void {
    for (const [hash, stored] of this.#held) if (stored.height <= height) this.#held.delete(hash);
  }
}

/** The stored skip blocks on the same parent whose proof has the same content. */
export function variantsOf({ hash, height, kind, block }: StoredBlock, store: BlockStore): readonly StoredBlock[] {
  const covered = coveredOf(block);
  if (kind !== 'skip' || !covered) return [];
  return store.at(height).filter((other) => {
    const theirs = other.hash !== hash && other.kind === 'skip' && other.block.header.parentHash === block.header.parentHash ? coveredOf(other.block) : undefined;
    return theirs !== undefined && equalBytes(theirs, covered);
  });
}

function coveredOf(block: StoredBlock['block']): Uint8Array | undefined {
  return block.type === 'micro' ? skipBlockSigHash(block.header) : undefined;
}
