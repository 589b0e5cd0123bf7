import { electionOnTrustRules } from './election-on-trust.ts';
import { intrinsicRules } from './intrinsic.ts';
import { justificationRules } from './justification.ts';
import { macroSuccessorRules } from './macro-successor.ts';
import { proposerRules } from './proposer.ts';
import type { BlockContext, JustificationContext, MacroSuccessorContext, ProposerContext, Rule, SuccessorContext, VotingKeysContext } from './rule.ts';
import { successorRules } from './successor.ts';
import { votingKeyRules } from './voting-keys.ts';

/** The context that the rules of each stage need. */
interface StageContexts {
  intrinsic: BlockContext;
  successor: SuccessorContext;
  macroSuccessor: MacroSuccessorContext;
  proposer: ProposerContext;
  justification: JustificationContext;
  votingKeys: VotingKeysContext;
  electionOnTrust: MacroSuccessorContext;
}

export type Stage = keyof StageContexts;

/** The rules of every stage, in the order in which they are checked. */
export type RuleTables = { readonly [S in Stage]: readonly Rule<StageContexts[S]>[] };

/** All rules. */
export const allRules: RuleTables = {
  intrinsic: intrinsicRules,
  successor: successorRules,
  macroSuccessor: macroSuccessorRules,
  proposer: proposerRules,
  justification: justificationRules,
  votingKeys: votingKeyRules,
  electionOnTrust: electionOnTrustRules,
};

/**
 * The checks of each way into the chain: Albatross block reference, 5.7, row by row, plus the voting keys and the checks of a restored
 * chain. A stage's cheap checks run before any stage's expensive ones.
 */
export const checksRun = {
  /** `push`: everything. */
  push: {
    micro: ['intrinsic', 'successor', 'proposer', 'justification'],
    macro: ['intrinsic', 'successor', 'macroSuccessor', 'proposer', 'justification', 'votingKeys'],
    /** For a macro block whose proposer's signing key is not proven. */
    unprovenMacro: ['intrinsic', 'successor', 'macroSuccessor', 'justification', 'votingKeys'],
  },
  /** `pushMacro`: no check against the predecessor, which is not known; so parent hash and seed are only as reliable as the justification. */
  pushMacro: ['intrinsic', 'macroSuccessor', 'justification', 'votingKeys'],
  /** `pushElectionOnTrust`: no rules that would prove the block. */
  pushElectionOnTrust: ['intrinsic', 'electionOnTrust', 'votingKeys'],
  /** `verifyMacroJustification`. */
  verifyMacroJustification: ['justification'],
  /**
   * `restore`: at once only the checks that the parts belong together. Storage proves nothing, so the rest is checked too, later
   * (`chains/albatross/client/stored-check.ts`).
   */
  restore: {
    /** Its own justification is by the validators of the epoch before. */
    election: ['intrinsic', 'electionOnTrust', 'votingKeys'],
    checkpoint: ['intrinsic', 'macroSuccessor', 'justification'],
    /** Signatures and seeds are checked later, by `verifyTail`: a person waits for the head. */
    tail: ['intrinsic', 'successor'],
  },
} as const satisfies Record<string, readonly Stage[] | Record<string, readonly Stage[]>>;

/** The intersection of all contexts. */
type Together<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void ? I : never;

/** The context that the rules of these stages need. */
export type ContextOf<S extends Stage> = Together<StageContexts[S]>;

/** The rules of these stages, one after another. */
export function rulesOf<S extends Stage>(tables: RuleTables, stages: readonly S[]): readonly Rule<ContextOf<S>>[] {
  // Every stage's context is part of the intersection; the compiler cannot see that through the mapped type.
  return stages.flatMap((stage) => tables[stage] as readonly Rule<ContextOf<S>>[]);
}
