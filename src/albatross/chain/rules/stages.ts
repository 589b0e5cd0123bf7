import { electionOnTrustRules } from './election-on-trust.ts';
import { intrinsicRules } from './intrinsic.ts';
import { justificationRules } from './justification.ts';
import { macroSuccessorRules } from './macro-successor.ts';
import { proposerRules } from './proposer.ts';
import type { BlockContext, JustificationContext, MacroSuccessorContext, ProposerContext, Rule, SuccessorContext, VotingKeysContext } from './rule.ts';
import { successorRules } from './successor.ts';
import { votingKeyRules } from './voting-keys.ts';

/** What the rules of each stage need to know. */
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

/** The rules of every stage, in the order in which they are asked. */
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
 * Which checks run where: Albatross block reference, 5.7, row by row, plus the voting keys and what a restored chain goes through.
 * A stage's cheap checks run before any stage's expensive ones.
 */
export const checksRun = {
  /** `push`: everything. */
  push: {
    micro: ['intrinsic', 'successor', 'proposer', 'justification'],
    macro: ['intrinsic', 'successor', 'macroSuccessor', 'proposer', 'justification', 'votingKeys'],
    /** Its proposer's signing key is not proven. */
    unprovenMacro: ['intrinsic', 'successor', 'macroSuccessor', 'justification', 'votingKeys'],
  },
  /** `pushMacro`: not against the predecessor, which is not known; so parent hash and seed are only as good as the justification. */
  pushMacro: ['intrinsic', 'macroSuccessor', 'justification', 'votingKeys'],
  /** `pushElectionOnTrust`: nothing that would prove the block. */
  pushElectionOnTrust: ['intrinsic', 'electionOnTrust', 'votingKeys'],
  /** `verifyMacroJustification`. */
  verifyMacroJustification: ['justification'],
  /** `restore`: all of it was checked when it was stored; again what says that it belongs together. */
  restore: {
    /** Its own justification is by validators that are not stored. */
    election: ['intrinsic', 'electionOnTrust', 'votingKeys'],
    checkpoint: ['intrinsic', 'macroSuccessor', 'justification'],
    /** Signatures and seeds are not: the hashes they sign are, and a person waits for the head. */
    tail: ['intrinsic', 'successor'],
  },
} as const satisfies Record<string, readonly Stage[] | Record<string, readonly Stage[]>>;

/** All of the contexts together. */
type Together<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void ? I : never;

/** What the rules of these stages need to know. */
export type ContextOf<S extends Stage> = Together<StageContexts[S]>;

/** The rules of these stages, one after another. */
export function rulesOf<S extends Stage>(tables: RuleTables, stages: readonly S[]): readonly Rule<ContextOf<S>>[] {
  // Every stage's context is a part of all together; the compiler cannot see that through the mapped type.
  return stages.flatMap((stage) => tables[stage] as readonly Rule<ContextOf<S>>[]);
}
