import type { Phase, Status } from '../client/types.ts';

export type ConsensusState = 'connecting' | 'syncing' | 'established';

const states: Readonly<Record<Phase, ConsensusState>> = {
  starting: 'connecting',
  connecting: 'connecting',
  waiting: 'connecting',
  stopped: 'connecting',
  failed: 'connecting',
  'catch-up': 'syncing',
  'live-sync': 'syncing',
  stale: 'syncing',
  established: 'established',
};

/** Our client's phase in the official client's words. */
export function consensusState({ phase }: Pick<Status, 'phase'>): ConsensusState {
  return states[phase];
}

/** Tells when the state changes. The official client does not tell a new listener the current one. */
export class ConsensusChanges {
  #last: ConsensusState;

  /** @param now the state that is not told. */
  constructor(now: Pick<Status, 'phase'>) {
    this.#last = consensusState(now);
  }

  /** The state, if it is another one than before. */
  next(status: Pick<Status, 'phase'>): ConsensusState | undefined {
    const state = consensusState(status);
    if (state === this.#last) return undefined;
    this.#last = state;
    return state;
  }
}
