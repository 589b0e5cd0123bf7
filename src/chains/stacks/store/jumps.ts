import type { Hash } from '../../../base/hash.ts';
import type { Tip } from '../../../engine/sync/sync-chain.ts';

/** From one confirmed block to another one. */
export interface Jump {
  /** What was the newest confirmed block; `header`: its bytes, which the checkpoint's block has not. */
  readonly from: { readonly height: number; readonly id: Hash; readonly header: Uint8Array | undefined };
  readonly to: Tip;
}

/** Jumps over blocks that were not followed by hashes: that both blocks are of one branch is the word of a gateway. */
export interface Jumps {
  readonly count: number;
  readonly newest: Jump | undefined;
}

export const noJumps: Jumps = { count: 0, newest: undefined };
