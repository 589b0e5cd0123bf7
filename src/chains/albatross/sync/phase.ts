import type { ConsensusState } from './live/consensus.ts';
import type { DoubtView } from './live/doubt-keeper.ts';
import type { WitnessCount } from './macro/election-witnesses.ts';
import type { TrustLevel } from '../../../engine/trust.ts';
import type { PicoState, StateReason } from './pico-peer.ts';

/** What the sync waits for or lacks, or why it has given up. */
export interface PhaseReason {
  readonly code: 'client-too-old' | 'client-in-doubt' | 'validator-list-undecided' | 'few-peers' | 'few-networks' | 'trust-too-low' | 'chain-unknown' | 'no-suitable-peers' | 'no-peers';
  readonly data: StateReason['data'];
}

/** The phase of the sync as a whole. */
export type SyncPhase = 'starting' | 'connecting' | 'catch-up' | 'live-sync' | 'established' | 'waiting' | 'stopped' | 'failed';

export interface PhaseView {
  readonly state: 'new' | 'running' | 'stopped';
  /** Height of a macro block whose version, by several peers, is above ours. */
  readonly tooOld: number | undefined;
  /** The states of all joined peers. */
  readonly peers: readonly PicoState[];
  readonly consensus: ConsensusState;
  readonly minPeers: number;
  /** Set while the start waits for witnesses in further networks. */
  readonly lackingWitnesses?: WitnessCount | undefined;
  /** The trust level of the chain and the required one, if that is higher. */
  readonly trust?: { readonly level: TrustLevel; readonly wanted: TrustLevel } | undefined;
  /** Height of the election block whose validator list is in doubt, while blocks wait for that to be settled. */
  readonly undecided?: number | undefined;
  /** Height of our head, while no heard peer knows our chain. */
  readonly unknown?: number | undefined;
  /** Set while the client doubts itself and the chain has not grown past that. */
  readonly doubt?: DoubtView | undefined;
}

/** The phase, with the reason if the phase is `waiting` or `failed`. */
export function phaseOf(view: PhaseView): { readonly phase: SyncPhase; readonly reason: PhaseReason | undefined } {
  const reason = (code: PhaseReason['code'], data: PhaseReason['data'] = {}): PhaseReason => ({ code, data });
  if (view.state === 'new') return { phase: 'starting', reason: undefined };
  if (view.state === 'stopped') return { phase: 'stopped', reason: undefined };
  if (view.tooOld !== undefined) return { phase: 'failed', reason: reason('client-too-old', { height: view.tooOld }) };
  // A doubt goes away by itself if it was wrong, so this is `waiting`, not `failed`. If other peers give us consensus, we do not wait.
  if (view.doubt !== undefined && view.consensus !== 'established') return { phase: 'waiting', reason: reason('client-in-doubt', { ...view.doubt }) };
  if (view.undecided !== undefined) return { phase: 'waiting', reason: reason('validator-list-undecided', { height: view.undecided }) };
  if (view.consensus === 'established') return { phase: 'established', reason: undefined };
  const count = (...states: PicoState[]) => view.peers.filter((state) => states.includes(state)).length;
  const live = count('live');
  if (live > 0 && live < view.minPeers) return { phase: 'live-sync', reason: reason('few-peers', { live, wanted: view.minPeers }) };
  if (live > 0) return { phase: 'live-sync', reason: view.trust && reason('trust-too-low', { ...view.trust }) };
  if (view.unknown !== undefined) return { phase: 'waiting', reason: reason('chain-unknown', { height: view.unknown }) };
  if (count('asking', 'witness', 'ahead', 'conflicting') > 0) return { phase: 'catch-up', reason: view.lackingWitnesses && reason('few-networks', { ...view.lackingWitnesses }) };
  if (count('outdated', 'incompatible') > 0) return { phase: 'waiting', reason: reason('no-suitable-peers', { peers: view.peers.length }) };
  return view.consensus === 'lost' ? { phase: 'waiting', reason: reason('no-peers') } : { phase: 'connecting', reason: undefined };
}
