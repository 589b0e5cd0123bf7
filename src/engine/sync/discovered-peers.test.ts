import { describe, expect, it } from 'vitest';
import { DiscoveredPeers } from './discovered-peers.ts';

describe('7.3 discover_sync_peers', () => {
  it('lists the peers and those they told of; unreachable ones are marked', () => {
    const peers = new DiscoveredPeers();
    peers.set('a', 'connected');
    peers.learn(['b', 'a', 'c']);
    peers.set('c', 'unreachable');
    peers.learn(['c']);
    expect(peers.list()).toEqual([{ address: 'a', state: 'connected' }, { address: 'b', state: 'known' }, { address: 'c', state: 'unreachable' }]);
  });

  it('is bounded, and forgets connected ones last', () => {
    const peers = new DiscoveredPeers();
    peers.set('mine', 'connected');
    peers.learn(Array.from({ length: 400 }, (_, index) => `p${index}`));
    expect(peers.list()).toHaveLength(256);
    expect(peers.list()[0]).toEqual({ address: 'mine', state: 'connected' });
    expect(peers.list().at(-1)!.address).toBe('p399');
    for (let index = 0; index < 300; index += 1) peers.set(`c${index}`, 'connected');
    expect(peers.list()).toHaveLength(256);
  });
});
