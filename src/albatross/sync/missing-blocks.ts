import type { Policy } from '../chain/policy.ts';
import type { Block, Hash } from '../wire/types.ts';
import { hashOrUndefined } from './asker.ts';

/** A block with its hash, so that it is computed once. */
export interface HashedBlock {
  readonly hash: Hash;
  readonly block: Block;
}

/** What was asked of the peer. */
export interface MissingQuestion {
  readonly target: Hash;
  readonly targetHeight: number;
  readonly locators: readonly Hash[];
}

export type MissingVerdict =
  | { readonly kind: 'usable'; readonly blocks: readonly HashedBlock[] }
  /** An honest peer can answer this. */
  | { readonly kind: 'empty' }
  /** No honest peer answers this. */
  | { readonly kind: 'fault'; readonly code: string; readonly evidence: Readonly<Record<string, string | number>> };

/**
 * Checks an answer to a missing-blocks request before anything of it is used: at most a batch of blocks without bodies, linked by hash
 * and number, from one of our locators up to the target or to a macro block, none above the target. What remains are signatures, which
 * the chain checks before it takes a block, the closing macro block's justification too; checking that here already would only do
 * the most expensive check twice. Albatross block reference, section 7.
 */
export function checkMissingBlocks(blocks: readonly Block[], question: MissingQuestion, policy: Policy): MissingVerdict {
  const fault = (code: string, evidence: Readonly<Record<string, string | number>> = {}): MissingVerdict => ({ kind: 'fault', code, evidence: { target: question.target, ...evidence } });
  if (blocks.length === 0) return { kind: 'empty' };
  if (blocks.length > policy.blocksPerBatch) return fault('missing-blocks-too-many', { blocks: blocks.length });
  const first = blocks[0]!.header;
  if (!question.locators.includes(first.parentHash)) return fault('missing-blocks-off-locators', { height: first.blockNumber, parent: first.parentHash });
  const hashed: HashedBlock[] = [];
  for (const block of blocks) {
    const { blockNumber, parentHash } = block.header;
    const previous = hashed.at(-1);
    if (block.body !== undefined) return fault('missing-blocks-with-body', { height: blockNumber });
    if (blockNumber > question.targetHeight) return fault('missing-blocks-above-target', { height: blockNumber });
    if (previous && (blockNumber !== previous.block.header.blockNumber + 1 || parentHash !== previous.hash)) return fault('missing-blocks-unlinked', { height: blockNumber });
    if ((block.type === 'macro') !== policy.isMacro(blockNumber)) return fault('missing-blocks-wrong-type', { height: blockNumber });
    const hash = hashOrUndefined(block);
    if (hash === undefined) return fault('missing-blocks-unhashable', { height: blockNumber });
    hashed.push({ hash, block });
  }
  const last = hashed.at(-1)!;
  if (last.hash !== question.target && last.block.type !== 'macro') return fault('missing-blocks-end-nowhere', { height: last.block.header.blockNumber });
  return { kind: 'usable', blocks: hashed };
}
