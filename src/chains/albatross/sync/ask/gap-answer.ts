import type { Policy } from '../../chain/policy.ts';
import type { Block } from '../../wire/types.ts';
import type { Hash } from '../../../../base/hash.ts';
import { hashOrUndefined } from '../../chain/hashes.ts';

/** A block with its hash, so that it is computed once. */
export interface HashedBlock {
  readonly hash: Hash;
  readonly block: Block;
}

/** The question that was sent to the peer. */
export interface GapQuestion {
  readonly target: Hash;
  readonly locators: readonly Hash[];
}

export type GapVerdict =
  | { readonly kind: 'usable'; readonly blocks: readonly HashedBlock[] }
  /** An answer that an honest peer can give. */
  | { readonly kind: 'empty' }
  /** An answer that no honest peer gives. */
  | { readonly kind: 'fault'; readonly code: string; readonly evidence: Readonly<Record<string, string | number>> };

/**
 * Checks an answer to a missing-blocks request before any of it is used. It must be at most a batch of blocks without bodies, linked by
 * hash and number, from one of our locators up to the target or to a macro block, none after the target. The target is known by its hash
 * only: its number was claimed by the announcer, and the answering peer cannot know that claim. Signatures are not checked here. The chain
 * checks them before it takes a block, and the closing macro block's justification too; checking that here would do the most expensive
 * check twice. Albatross block reference, section 7.
 */
export function checkGapAnswer(blocks: readonly Block[], question: GapQuestion, policy: Policy): GapVerdict {
  const fault = (code: string, evidence: Readonly<Record<string, string | number>> = {}): GapVerdict => ({ kind: 'fault', code, evidence: { target: question.target, after: question.locators[0]!, ...evidence } });
  if (blocks.length === 0) return { kind: 'empty' };
  if (blocks.length > policy.blocksPerBatch) return fault('missing-blocks-too-many', { blocks: blocks.length });
  const first = blocks[0]!.header;
  if (!question.locators.includes(first.parentHash)) return fault('missing-blocks-off-locators', { height: first.blockNumber, parent: first.parentHash });
  const hashed: HashedBlock[] = [];
  for (const block of blocks) {
    const { blockNumber, parentHash } = block.header;
    const previous = hashed.at(-1);
    if (block.body !== undefined) return fault('missing-blocks-with-body', { height: blockNumber });
    if (previous?.hash === question.target) return fault('missing-blocks-past-target', { height: blockNumber });
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
