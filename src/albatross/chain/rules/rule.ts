import type { JobFailure, VerificationJob } from '../../../crypto/jobs.ts';
import type { BitSet, Block, Hash, MacroBlock, Validator } from '../../wire/types.ts';
import type { BlockKind } from '../block-kind.ts';
import type { NetworkParameters } from '../network-parameters.ts';
import type { Policy } from '../policy.ts';
import type { DecodedKeyLookup, DrawSlot } from '../slots.ts';
import type { BlockErrorCode } from './codes.ts';

/** The block under examination, on its own. Its body is not looked at: light clients strip it. */
export interface BlockContext {
  readonly block: Block;
  readonly hash: Hash;
  readonly kind: BlockKind;
  readonly network: Pick<NetworkParameters, 'networkId' | 'maxVersion' | 'minProducerTimeout' | 'timestampMaxDrift'>;
  readonly policy: Policy;
  /** Our clock, unix milliseconds. */
  readonly now: number;
}

/** With its direct predecessor on the same branch. */
export interface SuccessorContext extends BlockContext {
  readonly predecessor: { readonly block: Block; readonly hash: Hash };
}

/** With the macro head it would follow. */
export interface MacroSuccessorContext extends BlockContext {
  readonly macroHead: { readonly block: MacroBlock; readonly hash: Hash };
}

/** With the validators active at its height. */
export interface JustificationContext extends BlockContext {
  readonly validators: readonly Validator[];
  readonly decodedKey: DecodedKeyLookup;
}

/** With what decides who may propose it: validators, predecessor, and the punished set of the macro head. */
export interface ProposerContext extends SuccessorContext, JustificationContext {
  readonly disabled: BitSet;
  readonly draw: DrawSlot;
  /** `drawnSlot` of these, where it is known already: the draw is dear. */
  readonly slot?: number | undefined;
}

/** With the voting keys known to be good. */
export interface VotingKeysContext extends BlockContext {
  readonly decodedKey: DecodedKeyLookup;
}

/** Something cheap: true when the block keeps the rule, or the rule is not about such a block. */
export interface Check<C> {
  readonly code: BlockErrorCode;
  readonly check: (context: C) => boolean;
}

/**
 * Something expensive. `job` gives what decides; undefined when the rule is not about such a block; `broken` when nothing needs to be
 * asked. `blames` tells which of the job's failures break this rule. Rules that share a job name the same function; it is run once.
 */
export interface JobRule<C> {
  readonly code: BlockErrorCode;
  readonly job: (context: C) => VerificationJob | 'broken' | undefined;
  readonly blames: (failure: JobFailure) => boolean;
}

/** One refusal, one code. */
export type Rule<C> = Check<C> | JobRule<C>;
