import { describe, expect, it } from 'vitest';
import { keptFirst } from './kept-first.ts';

const peers = [{ id: 'browser-1', transport: 'webrtc' }, { id: 'browser-2', transport: 'webrtc' }, { id: 'node-1', transport: 'ws' }, { id: 'node-2', transport: 'ws' }, { id: 'node-3', transport: 'ws' }] as const;
const ranked = peers.map(({ id }) => id);

describe('which peers are kept', () => {
  it('keeps two WebSocket peers before all browsers, though browsers rank higher', () => {
    expect(keptFirst(peers, ranked, new Set())).toEqual(['node-1', 'node-2', 'browser-1', 'browser-2', 'node-3']);
  });

  it('prefers peers in live sync, among the WebSocket peers too', () => {
    expect(keptFirst(peers, ranked, new Set(['node-3', 'browser-2']))).toEqual(['node-3', 'node-1', 'browser-2', 'browser-1', 'node-2']);
  });

  it('keeps the order of the ranking among browsers alone', () => {
    expect(keptFirst(peers.slice(0, 2), ranked.slice(0, 2).toReversed(), new Set())).toEqual(['browser-2', 'browser-1']);
  });
});
