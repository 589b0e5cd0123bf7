import { describe, expect, it } from 'vitest';
import { phaseOf } from './phase.ts';
import type { PhaseView } from './phase.ts';

const phase = (view: Partial<PhaseView>) => {
  const { phase, reason } = phaseOf({ state: 'running', tooOld: undefined, peers: [], consensus: 'connecting', minPeers: 3, ...view });
  return reason ? `${phase}:${reason.code}` : phase;
};

const doubt = { rule: 'invalid-seed', height: 251, peers: 3, rules: 1 };

describe('phaseOf', () => {
  it.each([
    [{ state: 'new' }, 'starting'],
    [{}, 'connecting'],
    [{ peers: ['asking'] }, 'catch-up'],
    [{ peers: ['witness', 'outdated'] }, 'catch-up'],
    [{ peers: ['witness', 'witness', 'witness'], lackingWitnesses: { peers: 3, networks: 1, cheap: 0, wanted: 3 } }, 'catch-up:few-networks'],
    [{ peers: ['outdated', 'incompatible'] }, 'waiting:no-suitable-peers'],
    [{ peers: ['conflicting', 'asking'], unknown: 500 }, 'waiting:chain-unknown'],
    [{ peers: ['live', 'ahead'] }, 'live-sync:few-peers'],
    [{ peers: ['live', 'live', 'live'] }, 'live-sync'],
    [{ peers: ['live', 'live', 'live'], consensus: 'established' }, 'established'],
    [{ peers: ['live'], consensus: 'lost' }, 'live-sync:few-peers'],
    [{ peers: ['live', 'live', 'live'], trust: { level: 'witnessed', wanted: 'proven' } }, 'live-sync:trust-too-low'],
    [{ consensus: 'lost' }, 'waiting:no-peers'],
    [{ consensus: 'lost', peers: ['aside', 'aside'], doubt }, 'waiting:client-in-doubt'],
    [{ consensus: 'lost', peers: ['live', 'aside'], undecided: 328, doubt }, 'waiting:client-in-doubt'],
    [{ consensus: 'established', peers: ['live', 'live', 'live', 'aside'], doubt }, 'established'],
    [{ consensus: 'lost', tooOld: 328, doubt }, 'failed:client-too-old'],
    [{ consensus: 'established', tooOld: 328 }, 'failed:client-too-old'],
    [{ consensus: 'established', tooOld: 328, state: 'stopped' }, 'stopped'],
  ] as const)('%o is %s', (view, expected) => {
    expect(phase(view)).toBe(expected);
  });
});
