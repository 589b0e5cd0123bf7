import type { AlbatrossCounts } from './checked-counts.ts';
import type { Block, MacroBlock } from '../wire/types.ts';
import type { BlockExaminer } from './block-examiner.ts';
import { type StoredBlock, storedBlock } from './block-store.ts';
import { adopt, type ChainState } from './chain-state.ts';
import { blockHash } from './hashes.ts';
import type { Policy } from './policy.ts';
import type { BlockErrorCode } from './rules/codes.ts';
import { checksRun } from './rules/stages.ts';

/** The input of `restore`: the part of a stored chain that belongs to the chain. */
export interface RestorableChain {
  /** The newest election block; undefined: genesis. */
  readonly election: MacroBlock | undefined;
  /** The newest checkpoint after it, if any. */
  readonly checkpoint: MacroBlock | undefined;
  /** The micro blocks after the newest macro block, ascending. */
  readonly tail: readonly Block[];
  /** Counts of what had been verified when the chain was stored; default zero. */
  readonly checked?: AlbatrossCounts | undefined;
}

/** Puts the blocks of a stored chain on top of genesis. Returns the code of the first broken rule; the state is then useless. */
export async function rebuild(state: ChainState, { election, checkpoint, tail }: RestorableChain, examiner: BlockExaminer, policy: Policy): Promise<BlockErrorCode | undefined> {
  const checks = checksRun.restore;
  // With this clock no timestamp lies in the future.
  const context = (stored: StoredBlock) => ({ ...examiner.context(state, stored), now: Number.MAX_SAFE_INTEGER });
  for (const [block, stages] of [[election, checks.election], [checkpoint, checks.checkpoint]] as const) {
    if (!block) continue;
    const stored = storedBlock(block, blockHash(block), true);
    const code = await examiner.validate(stages, context(stored));
    if (code) return code;
    adopt(state, [stored], policy);
  }
  for (const block of tail) {
    const stored = storedBlock(block, blockHash(block), true);
    const code = await examiner.validate(checks.tail, { ...context(stored), predecessor: state.head });
    if (code) return code;
    adopt(state, [stored], policy);
  }
  return undefined;
}
