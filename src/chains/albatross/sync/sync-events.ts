import type { NoticeCode } from '../../../base/log-codes.ts';
import type { PeerId } from '../../../engine/peers/peer-net.ts';
import type { Anchor } from '../../../engine/trust.ts';
import type { ConsensusState } from './live/consensus.ts';
import type { QueueEvents } from './live/block-queue.ts';
import type { Data } from './macro-context.ts';
import type { PhaseReason, SyncPhase } from './phase.ts';
import type { PicoState, StateReason } from './pico-peer.ts';
import type { ProofProgress } from './proof-progress.ts';

/** A peer as the sync sees it. */
export interface SyncPeerState {
  readonly id: PeerId;
  readonly state: PicoState;
  /** The newest head number that it stated. */
  readonly height: number | undefined;
  readonly reason: StateReason | undefined;
  /** It broke a rule, as others did: the error may be ours, so other peers are wanted besides it. */
  readonly doubted: boolean;
}

/** Events of the sync, besides those of the block queue. */
export interface SyncEvents extends QueueEvents {
  phase: { readonly phase: SyncPhase; readonly reason: PhaseReason | undefined };
  consensus: ConsensusState;
  peer: SyncPeerState;
  notice: { readonly level: 'info' | 'warning' | 'error'; readonly code: NoticeCode; readonly data: Data };
  anchor: Anchor;
  /** The verification of the past progresses, waits or is over (undefined). */
  proof: ProofProgress | undefined;
  /** Our chain turned out to be wrong and is reset; its stored data must be set aside. Emitted before the reset. */
  'storage-abandoned': Data;
}
