// Tests: `devnet/stacks/gateway-server.test.ts`.
import type { Hash } from '../../src/base/hash.ts';
import { backFrom, startOf, type DevBlock } from './dev-block.ts';
import type { Sortition } from './sortition.ts';
import type { Branch, StacksChain } from './stacks-chain.ts';

/** The chain as one gateway has it: a branch, its tip, and the blocks that it may know. */
export class ChainView {
  readonly chain: StacksChain;
  readonly sortitions: readonly Sortition[];
  readonly tip: DevBlock;
  readonly #isHidden: (block: DevBlock) => boolean;

  /** `isHidden`: blocks of a branch that only another gateway has. */
  constructor(chain: StacksChain, { sortitions, tip }: Branch, isHidden: (block: DevBlock) => boolean) {
    this.chain = chain;
    this.sortitions = sortitions;
    this.tip = tip;
    this.#isHidden = isHidden;
  }

  get burnTip(): Sortition {
    return this.sortitions.at(-1)!;
  }

  /** A block by id, also of a fork. */
  block(id: Hash): DevBlock | undefined {
    const block = this.chain.blocks.get(id);
    return block && !this.#isHidden(block) && block.height <= this.tip.height ? block : undefined;
  }

  /** A block of the canonical chain by height. */
  at(height: number): DevBlock | undefined {
    if (height > this.tip.height) return undefined;
    for (const block of backFrom(this.tip)) if (block.height === height) return block;
    return undefined;
  }

  sortition(consensusHash: string): Sortition | undefined {
    return this.sortitions.find((it) => it.consensusHash === consensusHash);
  }

  sortitionAt(burnHeight: number): Sortition | undefined {
    return this.sortitions[burnHeight - this.chain.options.rules.firstBurnHeight];
  }

  /** The newest block of a tenure: of the canonical chain, or else the highest of a fork. */
  tipOfTenure(consensusHash: string): DevBlock | undefined {
    for (const block of backFrom(this.tip)) if (block.tenure.consensusHash === consensusHash) return block;
    const known = this.chain.ofTenure(consensusHash).filter((block) => this.block(block.id));
    return known.length === 0 ? undefined : known.reduce((best, block) => (block.height > best.height ? block : best));
  }

  /** The blocks of a tenure, newest first. */
  tenure(consensusHash: string): readonly DevBlock[] {
    return downFrom(this.tipOfTenure(consensusHash));
  }
}

/** A block and those below it in its tenure, newest first. */
export function downFrom(block: DevBlock | undefined): readonly DevBlock[] {
  if (!block) return [];
  const start = startOf(block);
  const blocks: DevBlock[] = [];
  for (const it of backFrom(block)) {
    blocks.push(it);
    if (it === start) break;
  }
  return blocks;
}
