import { describe, expect, it } from 'vitest';
import { fakeStatus } from '../../test/support/fake-wallet-client.ts';
import type { Phase } from '../client/types.ts';
import { ConsensusChanges } from './consensus-state.ts';

describe('the state of the consensus', () => {
  it('is told when it changes, in the words of the official client', () => {
    const changes = new ConsensusChanges(fakeStatus('starting'));
    const phases: readonly Phase[] = ['connecting', 'catch-up', 'live-sync', 'established', 'established', 'stale', 'established', 'waiting', 'stopped', 'failed'];
    expect(phases.map((phase) => changes.next(fakeStatus(phase)))).toEqual([
      undefined, 'syncing', undefined, 'established', undefined, 'syncing', 'established', 'connecting', undefined, undefined,
    ]);
  });
});
