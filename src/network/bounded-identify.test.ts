import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, expect, it, vi } from 'vitest';
import { startRawPeer, stopRawPeers } from '../../test/support/raw-peer-fixture.ts';

afterEach(stopRawPeers);

it("of a peer's identify message only its protocols are kept, at most 64 of them (issue 11.12)", async () => {
  const [asking, told] = [await startRawPeer(), await startRawPeer(['/ip4/127.0.0.1/tcp/0/ws'])];
  for (let i = 0; i < 200; i++) await told.libp2p.handle(`/x/${i}`, (stream) => stream.abort(new Error('unused')));
  const identified = new Promise<readonly string[]>((resolve) => asking.libp2p.addEventListener('peer:identify', ({ detail }) => resolve(detail.protocols)));
  await asking.libp2p.dial(multiaddr(told.libp2p.getMultiaddrs()[0]!.toString()));
  expect((await identified).length).toBeGreaterThan(200);
  await vi.waitFor(async () => {
    const { protocols, addresses, metadata } = await asking.libp2p.peerStore.get(told.libp2p.peerId);
    expect(protocols.length).toBeGreaterThan(60);
    expect(protocols.length).toBeLessThan(80);
    expect(addresses.length).toBeLessThanOrEqual(1);
    // The first entry is libp2p's own record of a dial.
    expect([...metadata.keys()].filter((name) => name !== 'last-dial-success')).toEqual([]);
  });
});
