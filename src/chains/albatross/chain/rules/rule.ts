import type { JobFailure, VerificationJob } from '../../../../crypto/jobs.ts';
import type { BitSet, Block, MacroBlock, Validator } from '../../wire/types.ts';
import type { Hash } from '../../../../base/hash.ts';
import type { BlockKind } from '../block-kind.ts';
import type { NetworkParameters } from '../network.ts';
import type { Policy } from '../policy.ts';
import type { DecodedKeyLookup, DrawSlot } from '../slots.ts';
import type { BlockErrorCode } from './codes.ts';

/** The block under examination, on its own. Its body is not checked: light clients strip it. */
export interface BlockContext {
  readonly block: Block;
  readonly hash: Hash;
  readonly kind: BlockKind;
  readonly network: Pick<NetworkParameters, 'networkId' | 'maxVersion' | 'minProducerTimeout' | 'timestampMaxDrift'>;
  readonly policy: Policy;
  /** Our clock, unix milliseconds. */
  readonly now: number;
}

/** The block with its direct predecessor on the same branch. */
export interface SuccessorContext extends BlockContext {
  readonly predecessor: { readonly block: Block; readonly hash: Hash };
}

/** The block with the macro head that it would follow. */
export interface MacroSuccessorContext extends BlockContext {
  readonly macroHead: { readonly block: MacroBlock; readonly hash: Hash };
}

/** The block with the validators active at its height. */
export interface JustificationContext extends BlockContext {
  readonly validators: readonly Validator[];
  readonly decodedKey: DecodedKeyLookup;
}

/** The block with what determines its proposer: validators, predecessor, and the punished set of the macro head. */
export interface ProposerContext extends SuccessorContext, JustificationContext {
  readonly disabled: BitSet;
  readonly draw: DrawSlot;
  /** The result of `drawnSlot`, if it is known already: the draw is expensive. */
  readonly slot?: number | undefined;
}

/** The block with the voting keys known to be good. */
export interface VotingKeysContext extends BlockContext {
  readonly decodedKey: DecodedKeyLookup;
}

/** A cheap rule: true if the block passes, or the rule does not apply to such a block. */
export interface Check<C> {
  readonly code: BlockErrorCode;
  readonly check: (context: C) => boolean;
}

/**
 * An expensive rule. `job` gives the job that decides; undefined if the rule does not apply to such a block; `broken` if no job is needed.
 * `blames` tells which of the job's failures break this rule. Rules that share a job name the same function; it is run once.
 */
export interface JobRule<C> {
  readonly code: BlockErrorCode;
  readonly job: (context: C) => VerificationJob | 'broken' | undefined;
  readonly blames: (failure: JobFailure) => boolean;
}

/** Each rule has one code for its refusals. */
export type Rule<C> = Check<C> | JobRule<C>;
