import type { CycleRules } from '../../src/chains/stacks/chain/cycles.ts';

export interface StacksChainOptions {
  readonly seed: string;
  readonly rules: CycleRules;
  /** Signers of a set. */
  readonly signers: number;
  /** Bitcoin height from which headers have version 1; undefined: never. */
  readonly epoch4: number | undefined;
  /** A cycle whose set is empty, so that no block of it can be signed; undefined: none. */
  readonly emptyCycle?: number | undefined;
  /** Unix seconds of the first block. */
  readonly genesisTime: number;
  /** Tells networks of one seed apart whose blocks differ. */
  readonly run: string;
}
