import { describe, expect, it } from 'vitest';
import { PicoPeer } from './pico-peer.ts';
import type { PicoState } from './pico-peer.ts';

const make = () => {
  const seen: PicoState[] = [];
  return { seen, peer: new PicoPeer({ id: 'a', services: 9, witness: true, subnet: 'a' }, (peer) => seen.push(peer.state)) };
};

describe('PicoPeer', () => {
  it('goes only where a step leads', () => {
    const { peer, seen } = make();
    expect(peer.move('witness')).toBe(true);
    expect(peer.move('live')).toBe(false);
    expect(peer.move('asking')).toBe(true);
    expect(peer.move('live')).toBe(true);
    expect(seen).toEqual(['witness', 'asking', 'live']);
  });

  it('ends with its signal aborted, and stays ended', () => {
    const { peer } = make();
    peer.move('banned', { code: 'wrong-block', data: {} });
    expect(peer.signal.aborted).toBe(true);
    expect(peer.move('asking')).toBe(false);
    expect(peer.reason).toEqual({ code: 'wrong-block', data: {} });
    expect(peer.move('gone')).toBe(true);
  });

  it('drops an accusation when it is asked anew', () => {
    const { peer } = make();
    peer.accusation = { kind: 'unknown-anchor', code: 'unknown-anchor', evidence: {} };
    peer.move('conflicting');
    peer.move('asking');
    expect(peer.accusation).toBeUndefined();
  });
});
