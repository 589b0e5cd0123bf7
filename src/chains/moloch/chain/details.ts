/** What Moloch tells of heads, blocks and networks beyond what every chain has. */

import type { ChainDetails } from '../../../engine/view.ts';

export interface MolochHead extends ChainDetails {
  readonly chain: 'moloch';
  /** `tentative`: it can be rolled back. `final`: more than two thirds signed it or a block after it. `checkpoint`: the block that the chain here begins with. */
  readonly grade: 'tentative' | 'final' | 'checkpoint';
  /** The key of the validator that sealed it, 64 lower-case hex digits. */
  readonly sealer: string;
  /** Events in the block. */
  readonly events: number;
  /** Validators' signatures on this block; undefined: this client holds none. */
  readonly signatures: number | undefined;
  readonly validators: number;
}

/** All roots and hashes: 64 lower-case hex digits. A header commits to no state and to no set of validators. */
export interface MolochBlock extends MolochHead {
  readonly eventsRoot: string;
  readonly mmrRoot: string;
  /** Of the pinned set. */
  readonly validatorsHash: string;
}

export interface MolochNetwork extends ChainDetails {
  readonly chain: 'moloch';
  readonly validators: number;
  /** Signatures that make a block final. */
  readonly threshold: number;
  readonly chainId: string;
}
