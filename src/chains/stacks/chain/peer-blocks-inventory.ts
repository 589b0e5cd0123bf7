// Tests: `src/chains/stacks/chain/blocks-inventory-sync.test.ts`.
import { bitOf } from '../wire/bit-vector.ts';
import { askedHeightOf, cycleOf, type CycleRules } from './cycles.ts';

/** Bitcoin heights above the first that are kept at most: far above the 200,000 of all of epoch 2.x on the main network. */
const MAX_HEIGHTS = 1_000_000;

/**
 * What a peer claims to have of epoch 2.x (PeerBlocksInv): the bit of height h lies at h - first burn height. Merging only sets bits, unless it is told to
 * clear (Stacks reference, 11).
 */
export class PeerBlocksInventory {
  readonly #rules: CycleRules;
  #blocks: boolean[] = [];
  #microblocks: boolean[] = [];
  readonly #pox: boolean[] = [];

  constructor(rules: CycleRules) {
    this.#rules = rules;
  }

  hasBlock(burnHeight: number): boolean {
    return this.#blocks[burnHeight - this.#rules.firstBurnHeight] ?? false;
  }

  hasMicroblocks(burnHeight: number): boolean {
    return this.#microblocks[burnHeight - this.#rules.firstBurnHeight] ?? false;
  }

  hasAnchor(cycle: number): boolean {
    return this.#pox[cycle] ?? false;
  }

  /**
   * Takes the bits of BlocksInv for the heights from `from` on: `length` bits of each, least significant first. `clears`: bits that are 0 fall. How many
   * bits of blocks changed.
   */
  merge(from: number, { length, blocks, microblocks }: { readonly length: number; readonly blocks: Uint8Array; readonly microblocks: Uint8Array }, clears = false): number {
    let changed = 0;
    for (let i = 0; i < length; i += 1) {
      const at = from - this.#rules.firstBurnHeight + i;
      if (at < 0 || at >= MAX_HEIGHTS) continue;
      const was = this.#blocks[at] ?? false;
      const is = bitOf(blocks, i) || (was && !clears);
      if (is !== was) changed += 1;
      this.#fill(at);
      this.#blocks[at] = is;
      this.#microblocks[at] = bitOf(microblocks, i) || (!clears && this.#microblocks[at]!);
    }
    return changed;
  }

  /**
   * The PoX bit of a cycle. One that turns from 0 to 1 invalidates the block bits of that cycle and of all later ones, because they were of another PoX fork.
   * True if that happened.
   */
  setAnchor(cycle: number, bit: boolean): boolean {
    if (cycle < 0 || cycle > cycleOf(this.#rules.firstBurnHeight + MAX_HEIGHTS, this.#rules)) return false;
    const was = this.#pox[cycle];
    while (this.#pox.length < cycle) this.#pox.push(false);
    this.#pox[cycle] = bit;
    if (was !== false || !bit) return false;
    this.#truncate(askedHeightOf(cycle, this.#rules));
    return true;
  }

  #truncate(burnHeight: number): void {
    const length = Math.max(0, burnHeight - this.#rules.firstBurnHeight);
    this.#blocks = this.#blocks.slice(0, length);
    this.#microblocks = this.#microblocks.slice(0, length);
  }

  #fill(at: number): void {
    while (this.#blocks.length <= at) {
      this.#blocks.push(false);
      this.#microblocks.push(false);
    }
  }
}
