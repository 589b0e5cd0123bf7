import type { Hash } from '../../../base/hash.ts';
import type { Tip } from '../../../engine/sync/sync-chain.ts';
import type { TrustLevel } from '../../../engine/trust.ts';
import type { BlockView, HeadView } from '../../../engine/view.ts';
import type { BlockTree } from '../chain/block-tree.ts';
import type { FinalBlocks } from '../chain/final-blocks.ts';
import type { Hs2Item } from '../chain/hs2-block.ts';
import type { KnownSets } from '../chain/known-sets.ts';
import type { Header } from '../wire/header.ts';
import { blockViewOf, headViewOf } from './hotstuff2-views.ts';

export interface HeldBlocksOptions {
  /** The tree above the newest final block; it changes. */
  readonly tree: () => BlockTree;
  readonly final: FinalBlocks;
  readonly sets: KnownSets;
  readonly genesis: Hs2Item;
  /** Genesis, or the pinned block. */
  readonly begin: Hs2Item;
  readonly trust: () => TrustLevel;
}

/** The blocks that a chain holds, final ones and those above, and what a page is told of each. */
export class HeldBlocks {
  readonly #options: HeldBlocksOptions;

  constructor(options: HeldBlocksOptions) {
    this.#options = options;
  }

  find(key: number | string): Hs2Item | undefined {
    const { final } = this.#options;
    const tree = this.#options.tree();
    const pending = typeof key === 'string' ? tree.get(key) : tree.branch().find(({ height }) => height === key);
    return pending ?? final.get(key);
  }

  headerOf(id: Hash): Header | undefined {
    const { final } = this.#options.tree();
    return id === final.id ? final.header : this.find(id)?.block.header;
  }

  /** Of genesis, if the block is not held. */
  headView({ id }: Tip): HeadView {
    const item = this.find(id) ?? this.#options.genesis;
    return headViewOf(item, this.#standingOf(item));
  }

  /** Of a block that is on this chain. */
  blockView(item: Hs2Item): BlockView {
    return blockViewOf(item, this.#standingOf(item));
  }

  #standingOf({ id, height, block }: Hs2Item): Parameters<typeof headViewOf>[1] {
    const { begin, tree, sets, trust } = this.#options;
    const grade = id === begin.id ? 'checkpoint' : height <= tree().final.header.height ? 'final' : 'certified';
    return { grade, validators: sets.get(block.header.validators)?.keys.length ?? 0, trust: trust() };
  }
}
