import { multiaddr } from '@multiformats/multiaddr';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { afterEach, expect, it } from 'vitest';
import { systemRandom } from '../base/system.ts';
import { startRawPeer, stopRawPeers } from '../../test/support/raw-peer-fixture.ts';
import { identityKey } from './identity-key.ts';

afterEach(stopRawPeers);

it('keeps of other peers only the protocols that gossipsub waits for', async () => {
  const { libp2p } = await startRawPeer();
  const { peerStore } = libp2p;
  const id = peerIdFromPrivateKey(await identityKey(systemRandom.bytes(32)));
  await peerStore.merge(id, { protocols: ['/x/0'] });
  expect(await peerStore.has(id)).toBe(false);
  await peerStore.merge(id, { protocols: ['/meshsub/1.1.0'] });
  await peerStore.merge(id, { protocols: ['/x/0'] });
  expect((await peerStore.get(id)).protocols).toEqual(['/meshsub/1.1.0']);
  await peerStore.merge(id, { protocols: ['/x/0'], tags: { mine: {} } });
  expect((await peerStore.get(id)).protocols).toEqual(['/meshsub/1.1.0', '/x/0']);
  await libp2p.handle('/own/0', (stream) => stream.abort(new Error('unused')));
  expect((await peerStore.get(libp2p.peerId)).protocols).toContain('/own/0');
});

it('a stream opens and is used without a record of its protocol', async () => {
  const [asking, told] = [await startRawPeer(), await startRawPeer(['/ip4/127.0.0.1/tcp/0/ws'])];
  const opened = new Promise((resolve) => void told.libp2p.handle('/x/0', resolve));
  const identified = new Promise((resolve) => asking.libp2p.addEventListener('peer:identify', resolve));
  const connection = await asking.libp2p.dial(multiaddr(told.libp2p.getMultiaddrs()[0]!.toString()));
  await identified;
  await asking.libp2p.peerStore.delete(told.libp2p.peerId);
  const stream = await connection.newStream('/x/0');
  expect(stream.protocol).toBe('/x/0');
  await opened;
  // Were libp2p to write the record in another way, this would find one.
  const kept = await asking.libp2p.peerStore.has(told.libp2p.peerId) ? (await asking.libp2p.peerStore.get(told.libp2p.peerId)).protocols : [];
  expect(kept).not.toContain('/x/0');
});
