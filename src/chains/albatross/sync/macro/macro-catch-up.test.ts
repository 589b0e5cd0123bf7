import { describe, expect, it } from 'vitest';
import { offeringAt, rankOffers } from './macro-catch-up.ts';

const offer = (peer: string, epochs: string[], checkpoint?: number) => ({
  epochs,
  checkpoint: checkpoint === undefined ? undefined : { blockNumber: checkpoint, hash: `c${checkpoint}` },
  peers: [{ id: peer, services: 9, subnet: peer, witness: true }],
});

describe('rankOffers', () => {
  it('joins equal offers, and puts the most supported first', () => {
    const ranked = rankOffers([offer('liar', ['x', 'y', 'z']), offer('a', ['1', '2'], 5), offer('b', ['1', '2'], 5), offer('late', ['1'])]);
    expect(ranked.map(({ epochs, peers }) => [epochs.join(''), peers.map(({ id }) => id).join(' ')])).toEqual([
      ['1', 'a b late'],
      ['12', 'a b'],
      ['xyz', 'liar'],
    ]);
  });

  it("does not let a peer that extends the others' chain count their support for its own", () => {
    const ranked = rankOffers([offer('liar', ['1', '2', 'made up']), offer('a', ['1', '2'], 5), offer('b', ['1', '2'], 5), offer('nothing', [])]);
    expect(ranked.map(({ epochs, peers }) => [epochs.join(''), peers.length])).toEqual([['12', 2], ['12made up', 1]]);
  });

  it('prefers the longer of equally supported offers', () => {
    expect(rankOffers([offer('a', ['1'], 3), offer('b', ['2'], 9), offer('c', ['x', 'y', 'z'])]).map(({ checkpoint }) => checkpoint?.blockNumber)).toEqual([undefined, 9, 3]);
  });
});

describe('offeringAt', () => {
  const answers = [offer('liar', ['2', '3']), offer('a', ['1', '2', '3'], 396), offer('b', ['1', '2'])];

  it('counts offers with the block at this position, not at another', () => {
    expect(offeringAt(answers, { hash: '2', height: 128 }, 0, 128)).toEqual(['liar']);
    expect(offeringAt(answers, { hash: '2', height: 256 }, 0, 128)).toEqual(['a', 'b']);
  });

  it('matches checkpoints by hash and height', () => {
    expect(offeringAt(answers, { hash: 'c396', height: 396 }, 0, 128)).toEqual(['a']);
    expect(offeringAt(answers, { hash: 'c396', height: 420 }, 0, 128)).toEqual([]);
  });
});
