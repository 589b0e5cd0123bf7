import { describe, expect, it } from 'vitest';
import { fakePeer } from '../../test/support/fake-wallet-client.ts';
import { PeerChanges } from './peer-changes.ts';

describe('changes of the peers', () => {
  it('are the difference of two lists, with the count after each', () => {
    const changes = new PeerChanges([fakePeer('one'), fakePeer('two'), fakePeer('three', 'connecting')]);
    expect(changes.next([fakePeer('one', 'behind'), fakePeer('two', 'down'), fakePeer('three', 'connected'), fakePeer('four', 'live', 'petrel')])).toEqual([
      { peerId: 'two', reason: 'left', count: 1, info: undefined },
      { peerId: 'three', reason: 'joined', count: 2, info: { peerId: 'three', address: '/dns4/three.example/tcp/443/wss', type: 'full', services: [] } },
      { peerId: 'four', reason: 'joined', count: 3, info: { peerId: 'four', address: '/dns4/four.example/tcp/443/wss', type: 'light', services: [] } },
    ]);
    expect(changes.next([fakePeer('one', 'banned')]).map(({ peerId, reason, count }) => [peerId, reason, count])).toEqual([['one', 'left', 2], ['three', 'left', 1], ['four', 'left', 0]]);
  });
});
