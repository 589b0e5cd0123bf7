import type { Phase, Status } from '../client/types.ts';

/** The phase as the page names it: only Albatross catches up on epochs, other chains on blocks. */
export function phaseShown({ phase, network }: Pick<Status, 'phase' | 'network'>): Phase {
  return phase === 'catch-up' && network.details.chain !== 'albatross' ? 'live-sync' : phase;
}
