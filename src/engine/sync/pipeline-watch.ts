import type { StageFault } from './check-items.ts';
import type { Item, Stage, Target } from './sync-chain.ts';

/** What the pipeline tells of its work. */
export interface PipelineWatch<B> {
  /** A peer sent a block that breaks a rule. */
  readonly blame: (peer: string, fault: StageFault) => void;
  /** Blocks that were held, or sent, and have to be fetched again; `peer`: not from it, if another is there. */
  readonly lost: (heights: readonly number[], peer: string | undefined) => void;
  readonly applied: (items: readonly Item<B>[], peerOf: (height: number) => string) => void;
  readonly measured: (stage: Stage, milliseconds: number, height: number, blocks: number) => void;
}

export interface StepOptions {
  readonly target: Target;
  /** Blocks to verify together at most. */
  readonly gather: number;
  /** The last height to apply. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/**
 * `empty`: the next block is not there. `held`: the blocks are good, and more must follow before they are known to be final.
 * `applied`: the tip has moved.
 */
export type StepResult = 'applied' | 'fault' | 'empty' | 'held';
