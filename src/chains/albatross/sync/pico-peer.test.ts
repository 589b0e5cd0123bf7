import { describe, expect, it } from 'vitest';
import { PicoPeer } from './pico-peer.ts';
import type { PicoState } from './pico-peer.ts';

const make = () => {
  const seen: PicoState[] = [];
  return { seen, peer: new PicoPeer({ id: 'a', services: 9, witness: true, subnet: 'a' }, (peer) => seen.push(peer.state)) };
};

describe('PicoPeer', () => {
  it('follows only allowed steps', () => {
    const { peer, seen } = make();
    expect(peer.move('witness')).toBe(true);
    expect(peer.move('live')).toBe(false);
    expect(peer.move('asking')).toBe(true);
    expect(peer.move('live')).toBe(true);
    expect(seen).toEqual(['witness', 'asking', 'live']);
  });

  it('aborts its signal at the end, and stays ended', () => {
    const { peer } = make();
    peer.move('banned', { code: 'wrong-block', data: {} });
    expect(peer.signal.aborted).toBe(true);
    expect(peer.move('asking')).toBe(false);
    expect(peer.reason).toEqual({ code: 'wrong-block', data: {} });
    expect(peer.move('gone')).toBe(true);
  });

  it('once put aside, is heard again only when it is readmitted, and then starts anew', () => {
    const { peer, seen } = make();
    peer.confirms = true;
    peer.silences = 2;
    expect(peer.readmit()).toBe(false);
    peer.move('aside', { code: 'invalid-seed', data: {} });
    const { signal } = peer;
    expect(signal.aborted).toBe(true);
    expect((['asking', 'live', 'ahead'] as const).map((state) => peer.move(state))).toEqual([false, false, false]);
    expect(peer.readmit()).toBe(true);
    expect([peer.signal.aborted, peer.reason, peer.confirms, peer.silences]).toEqual([false, undefined, false, 0]);
    expect(seen).toEqual(['aside', 'asking']);
    peer.move('aside', { code: 'invalid-seed', data: {} });
    expect(peer.move('banned')).toBe(true);
  });

  it('drops an accusation when the peer is asked anew', () => {
    const { peer } = make();
    peer.accusation = { kind: 'unknown-anchor', code: 'unknown-anchor', evidence: {} };
    peer.move('conflicting');
    peer.move('asking');
    expect(peer.accusation).toBeUndefined();
  });
});
