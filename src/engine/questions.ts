import { CodedError, type ErrorData } from '../base/coded-error.ts';
import type { Finality, TrustLevel } from './trust.ts';

/** The block that an answer stands on. */
export interface AnswerBlock {
  readonly height: number;
  readonly hash: string;
  /** Unix milliseconds. */
  readonly timestamp: number;
}

/** An answer that was proven here, and what it rests on: it is as good as the block that it stands on. */
export interface Answer<Value> {
  readonly value: Value;
  readonly level: TrustLevel;
  /** Of the block, at the time of the answer. */
  readonly finality: Finality;
  readonly block: AnswerBlock;
}

/** Options of every question. */
export interface QuestionOptions {
  /** An answer below this level is not given: `level-too-low`. */
  readonly minLevel?: TrustLevel | undefined;
  /** With `minLevel`: the question is asked again until its answer reaches the level, instead of being rejected. It ends at the call's own deadline (`timeout`). */
  readonly waitForLevel?: boolean | undefined;
}

export type QuestionErrorCode =
  /** This chain has no such question: `data.question`. */
  | 'unknown-question'
  /** An argument is not of the kind that the question takes: `data.expected`, `data.came`. */
  | 'bad-argument'
  /** No connected peer offers what is needed: `data.service`. */
  | 'no-peers'
  /** The peers that were asked (`data.asked`) gave no answer that could be proven; `data.reason`: the last one's; `data.unheard`: those that gave none. */
  | 'no-answer'
  /** The answer rests on less than was asked for: `data.level`, `data.wanted`. */
  | 'level-too-low'
  /** The transaction is not valid, and was not sent: `data.reason` has the rule's code. */
  | 'invalid-transaction'
  /** No peer takes transactions at the moment. */
  | 'not-sent'
  /** This chain cannot do that: `data.question`. */
  | 'unsupported';

/** A question about accounts or transactions that got no answer. */
export class QuestionError extends CodedError<QuestionErrorCode> {
  override readonly name = 'QuestionError';
  constructor(code: QuestionErrorCode, data: ErrorData = {}) {
    const parts = Object.entries(data).map(([key, value]) => `${key}: ${value}`);
    super(code, parts.length > 0 ? `${code} (${parts.join(', ')})` : code, data);
  }
}
