import type { ConsensusState } from './consensus.ts';
import type { DoubtView } from './doubt-keeper.ts';
import type { PicoState, StateReason } from './pico-peer.ts';

/** What the sync is at, as a whole. */
export type SyncPhase = 'starting' | 'connecting' | 'macro-sync' | 'live-sync' | 'established' | 'waiting' | 'stopped' | 'failed';

export interface PhaseView {
  readonly state: 'new' | 'running' | 'stopped';
  /** Height of a macro block whose version several peers show to be above ours. */
  readonly tooOld: number | undefined;
  /** The states of all joined peers. */
  readonly peers: readonly PicoState[];
  readonly consensus: ConsensusState;
  readonly minPeers: number;
  /** Height of the election block whose validator list is not known for sure, while blocks wait for that. */
  readonly undecided?: number | undefined;
  /** The client doubts itself, and the chain has not got past that. */
  readonly doubt?: DoubtView | undefined;
}

/** The phase, with the reason when it is one to wait in or to give up in. */
export function phaseOf(view: PhaseView): { readonly phase: SyncPhase; readonly reason: StateReason | undefined } {
  const reason = (code: string, data: StateReason['data'] = {}) => ({ code, data });
  if (view.state === 'new') return { phase: 'starting', reason: undefined };
  if (view.state === 'stopped') return { phase: 'stopped', reason: undefined };
  if (view.tooOld !== undefined) return { phase: 'failed', reason: reason('client-too-old', { height: view.tooOld }) };
  // It is no more than a doubt, and goes away by itself when it was wrong; so it is one to wait in. With a consensus of others nobody waits.
  if (view.doubt !== undefined && view.consensus !== 'established') return { phase: 'waiting', reason: reason('client-in-doubt', { ...view.doubt }) };
  if (view.undecided !== undefined) return { phase: 'waiting', reason: reason('validator-list-undecided', { height: view.undecided }) };
  if (view.consensus === 'established') return { phase: 'established', reason: undefined };
  const count = (...states: PicoState[]) => view.peers.filter((state) => states.includes(state)).length;
  const live = count('live');
  if (live > 0) return { phase: 'live-sync', reason: live < view.minPeers ? reason('few-peers', { live, wanted: view.minPeers }) : undefined };
  if (count('asking', 'witness', 'ahead', 'conflicting') > 0) return { phase: 'macro-sync', reason: undefined };
  if (count('outdated', 'incompatible') > 0) return { phase: 'waiting', reason: reason('no-suitable-peers', { peers: view.peers.length }) };
  return view.consensus === 'lost' ? { phase: 'waiting', reason: reason('no-peers') } : { phase: 'connecting', reason: undefined };
}
