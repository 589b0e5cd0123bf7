import type { Hs2Network } from '../../src/chains/hotstuff2/chain/network.ts';
import type { StoredBlock } from './block-store.ts';
import type { Bus } from './bus.ts';
import type { SharedVerifier } from './keys.ts';
import type { Ledger } from './ledger.ts';
import type { Mempool } from './mempool.ts';
import type { NetClock } from './net-clock.ts';
import type { ValidatorEpochs } from './validator-epochs.ts';

/** What the replicas of a local network have in common. */
export interface World {
  readonly seed: string;
  readonly network: Hs2Network;
  readonly genesis: StoredBlock;
  readonly clock: NetClock;
  readonly bus: Bus;
  readonly ledger: Ledger;
  readonly mempool: Mempool;
  readonly epochs: ValidatorEpochs;
  readonly verifier: SharedVerifier;
  /** Milliseconds that a leader lets pass after the parent's time; 0: none. */
  blockTime: number;
  /** Whether a leader may propose at this height now. If not, it waits for `Replica.proposeDeferred`. */
  mayPropose(height: number): boolean;
  /** The set that leaders announce; undefined: none. */
  announced: string | undefined;
  readonly told: {
    /** A replica has a certificate of a new highest view. */
    certified(replica: number, block: StoredBlock): void;
    /** Ascending. `pair`: the child whose certificate made them final. */
    final(replica: number, blocks: readonly StoredBlock[], pair: StoredBlock): void;
    /** Blocks that lost and are forgotten. */
    lost(replica: number, blocks: readonly StoredBlock[]): void;
    timeout(replica: number, view: number): void;
    /** Two final blocks exclude each other: must never happen. */
    conflict(replica: number, block: StoredBlock): void;
    /** A message that broke a rule, and was dropped. */
    dropped(replica: number, rule: string): void;
  };
}
