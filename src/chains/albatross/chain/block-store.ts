// Tests: `src/chains/albatross/chain/light-chain.test.ts`.
import type { Block, MacroBlock } from '../wire/types.ts';
import type { Hash } from '../../../base/hash.ts';
import { type BlockKind, blockKind } from './block-kind.ts';

/** A block of the light chain. `mainChain` is a snapshot: it changes when the chain switches branches. */
export interface ChainBlock {
  readonly hash: Hash;
  readonly height: number;
  /** Without body. */
  readonly block: Block;
  readonly kind: BlockKind;
  readonly mainChain: boolean;
  /** The slot of the proposer; known only for blocks whose proposer was checked, and that are no skip blocks. */
  readonly slot?: number | undefined;
}

/** The same block, mutable for the code in this folder. */
export interface StoredBlock extends ChainBlock {
  mainChain: boolean;
  slot?: number | undefined;
}

/**
 * Side blocks kept at one height: a proposer can sign any number of blocks at its height. Above this the oldest is dropped, with the blocks
 * that build on it; a peer that builds on it sends it again. Of skip blocks with one proof only one is kept (`skip-variants.ts`).
 */
const maxSideBlocks = 8;

/** A block in the form in which the store takes it. */
export function storedBlock(block: Block, hash: Hash, mainChain: boolean): StoredBlock {
  return { hash, height: block.header.blockNumber, block: { ...block, body: undefined }, kind: blockKind(block), mainChain };
}

/** The block without its signatures. No hash covers these, and unverified signatures are not kept, stored or shown to others. */
export function unsigned(block: MacroBlock): MacroBlock {
  return { ...block, justification: undefined };
}

/** The blocks of the running batch and of the one before, by hash and by height: main chain and side branches. */
export class BlockStore {
  readonly #byHash = new Map<Hash, StoredBlock>();
  /** Blocks at each height in the order of arrival. */
  readonly #byHeight = new Map<number, StoredBlock[]>();

  get(hash: Hash): StoredBlock | undefined {
    return this.#byHash.get(hash);
  }

  /** All blocks at a height, oldest first. */
  at(height: number): readonly StoredBlock[] {
    return this.#byHeight.get(height) ?? [];
  }

  mainChainAt(height: number): StoredBlock | undefined {
    return this.at(height).find((stored) => stored.mainChain);
  }

  add(stored: StoredBlock): void {
    this.#byHash.set(stored.hash, stored);
    const level = this.#byHeight.get(stored.height) ?? [];
    this.#byHeight.set(stored.height, [...level, stored]);
    if (stored.mainChain) return;
    const side = level.filter((other) => !other.mainChain);
    if (side.length >= maxSideBlocks) this.#removeBranch(side[0]!);
  }

  /** Drops a side block if no block builds on it. */
  dropLeaf({ hash, height }: StoredBlock): void {
    const stored = this.#byHash.get(hash);
    if (stored && !stored.mainChain && this.at(height + 1).every(({ block }) => block.header.parentHash !== hash)) this.#remove(stored);
  }

  /** Replaces the block with the same hash, if that is held. */
  replace(stored: StoredBlock): void {
    if (!this.#byHash.has(stored.hash)) return;
    this.#byHash.set(stored.hash, stored);
    this.#byHeight.set(stored.height, this.at(stored.height).map((other) => (other.hash === stored.hash ? stored : other)));
  }

  /** Drops everything below `height`, and every side block up to `final`. */
  prune(height: number, final: number): void {
    for (const stored of this.#byHash.values()) {
      if (stored.height < height || (stored.height <= final && !stored.mainChain)) this.#remove(stored);
    }
  }

  /** Drops everything above `height`. */
  cut(height: number): void {
    for (const stored of this.#byHash.values()) if (stored.height > height) this.#remove(stored);
  }

  clear(): void {
    this.#byHash.clear();
    this.#byHeight.clear();
  }

  /** Removes the block and all side blocks on top of it. */
  #removeBranch(root: StoredBlock): void {
    let level = [root];
    while (level.length > 0) {
      const parents = new Set(level.map(({ hash }) => hash));
      const above = this.at(level[0]!.height + 1).filter(({ block }) => parents.has(block.header.parentHash));
      for (const stored of level) this.#remove(stored);
      level = above;
    }
  }

  #remove(stored: StoredBlock): void {
    this.#byHash.delete(stored.hash);
    const rest = this.at(stored.height).filter((other) => other !== stored);
    if (rest.length > 0) this.#byHeight.set(stored.height, rest);
    else this.#byHeight.delete(stored.height);
  }
}
