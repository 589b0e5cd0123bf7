import { describe, expect, it } from 'vitest';
import { Consensus } from './consensus.ts';

const make = (peers: number) => {
  const consensus = new Consensus({ minPeers: 3, announcements: 5 });
  consensus.peers(peers);
  return consensus;
};

describe('Consensus', () => {
  it('is established by a head round with twice as many known as unknown heads', () => {
    for (const [known, unknown, state] of [[3, 0, 'established'], [2, 1, 'established'], [1, 1, 'connecting'], [0, 0, 'connecting'], [0, 3, 'connecting']] as const) {
      const consensus = make(3);
      consensus.round(known, unknown);
      expect(consensus.state).toBe(state);
    }
  });

  it('is established by five accepted announcements', () => {
    const consensus = make(3);
    for (let i = 0; i < 4; i += 1) consensus.announcementAccepted();
    expect(consensus.state).toBe('connecting');
    consensus.announcementAccepted();
    expect(consensus.state).toBe('established');
  });

  it('issue 11.1: waits until the anchor has the requested trust level, and is lost when the level falls', () => {
    const consensus = make(3);
    consensus.trusted(false);
    consensus.round(3, 0);
    expect(consensus.state).toBe('connecting');
    consensus.trusted(true);
    expect(consensus.state).toBe('established');
    consensus.trusted(false);
    expect(consensus.state).toBe('lost');
  });

  it('requires the minimum number of peers', () => {
    const consensus = make(2);
    consensus.round(2, 0);
    for (let i = 0; i < 10; i += 1) consensus.announcementAccepted();
    expect(consensus.state).toBe('connecting');
    consensus.peers(3);
    expect(consensus.state).toBe('established');
  });

  it('does not count a round that began before there were enough peers', () => {
    const consensus = make(2);
    consensus.round(2, 0);
    consensus.peers(3);
    expect(consensus.state).toBe('connecting');
  });

  it('is lost with the peers, and then needs a new round', () => {
    const consensus = make(4);
    for (let i = 0; i < 10; i += 1) consensus.announcementAccepted();
    consensus.peers(3);
    expect(consensus.state).toBe('established');
    consensus.peers(2);
    expect(consensus.state).toBe('lost');
    consensus.peers(3);
    expect(consensus.state).toBe('lost');
    consensus.round(3, 0);
    expect(consensus.state).toBe('established');
    consensus.reset();
    expect(consensus.state).toBe('lost');
  });
});
