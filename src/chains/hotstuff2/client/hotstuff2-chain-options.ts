import type { Clock } from '../../../base/clock.ts';
import type { Hash } from '../../../base/hash.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import type { FetchSet } from '../chain/known-sets.ts';
import type { Hs2Network } from '../chain/network.ts';
import type { Header } from '../wire/header.ts';
import type { FinalChange } from './final-change.ts';

export interface Hs2ChainOptions {
  readonly network: Hs2Network;
  readonly verify: Verify;
  readonly clock: Clock;
  readonly fetchSet: FetchSet;
  /** A header of this height that peers prove to be final, for a snapshot; undefined: none does. */
  readonly fetchFinalHeader: (height: number, hash: Hash, signal: AbortSignal) => Promise<{ readonly header: Header; readonly headerBytes: Uint8Array } | undefined>;
  /** The chain stands still from here on. */
  readonly onHalt?: ((halt: Halt) => void) | undefined;
  /** Resolves when it is stored. */
  readonly keep: (change: FinalChange) => Promise<void>;
  /** Bytes of the state at most. */
  readonly maxStateBytes?: number | undefined;
}
