import { PeerBook } from '../src/engine/peers/peer-book.ts';
import type { GossipVerdict } from '../src/engine/peers/peer-net.ts';
import { systemClock } from '../src/base/system.ts';
import { Libp2pSyncNet } from '../src/chains/albatross/client/libp2p-sync-net.ts';
import { publishBlockHeader } from '../src/chains/albatross/net/block-headers.ts';
import type { AlbatrossNode } from '../src/chains/albatross/net/node.ts';
import { headerMessageOf } from '../src/chains/albatross/wire/gossip.ts';
import type { BlockHeaderMessage } from '../src/chains/albatross/wire/types.ts';
import { FakeChain } from './support/fake-chain.ts';
import { FakeNet, FakePeer } from './support/fake-net.ts';
import { describeNet, HEAD } from './support/net-compliance.ts';
import { joined, nextEvent, startClient, startNode, stopAll, subscribed } from './support/node-fixture.ts';
import { VirtualClock } from './support/virtual-clock.ts';

describeNet('FakeNet', async () => {
  const clock = new VirtualClock();
  const net = new FakeNet(clock);
  const peers: FakePeer[] = [];
  const peerAt = (index: number) => peers[index] as FakePeer;
  return {
    net,
    add: async () => {
      const peer = new FakePeer(`peer${peers.length}`, new FakeChain().growTo(HEAD));
      peers.push(peer);
      net.join(peer);
      return peer.id;
    },
    leave: (index) => net.leave(peerAt(index).id),
    comeBack: async (index) => {
      if (!net.peers().includes(peerAt(index))) net.join(peerAt(index));
    },
    fallSilent: (index) => {
      peerAt(index).twists.head = () => 'stall';
    },
    announce: async (index) => (await net.announce(peerAt(index), peerAt(index).chain.head)) ?? 'ignore',
    wait: (promise) => clock.until(promise),
    until: (condition) => clock.untilTrue(condition),
    close: async () => undefined,
  };
});

describeNet('Libp2pSyncNet over a node', async () => {
  const own = await startNode();
  const net = new Libp2pSyncNet({ node: own, book: new PeerBook(systemClock), clock: systemClock });
  const peers: AlbatrossNode[] = [];
  const peerAt = (index: number) => peers[index] as AlbatrossNode;
  const chain = new FakeChain().growTo(HEAD);
  /** Equal messages are delivered once, so each has its own height. */
  let announced = 0;
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  return {
    net,
    add: async () => {
      const peer = await startClient([own], { services: 9 });
      peers.push(peer);
      const { head } = chain;
      peer.handle('head', async () => ({ blockNumber: head.height, blockHash: head.hash, macroHash: head.hash, electionHash: head.hash }));
      peer.handle('block', async () => ({ ok: false, error: 'TargetHashNotFound' }));
      await joined(own, peer);
      return peer.peerId;
    },
    leave: (index) => void peerAt(index).stop(),
    comeBack: async (index) => {
      const peer = peerAt(index);
      await until(() => peer.peers().length === 0 || own.peers().some(({ id }) => id === peer.peerId));
      if (peer.peers().length > 0) return;
      const over = Promise.race([nextEvent(own.events, 'joined', ({ id }) => id === peer.peerId), nextEvent(peer.events, 'down')]);
      peer.retryNow();
      await over;
    },
    fallSilent: (index) => peerAt(index).handle('head', async () => 'stall'),
    announce: async (index) => {
      const peer = peerAt(index);
      await subscribed(peer, own, 'block-header');
      const message = headerMessageOf(chain.head.block) as BlockHeaderMessage & { readonly type: 'micro' };
      announced += 1;
      const judged = nextEvent(own.events, 'gossip', ({ from }) => from === peer.peerId);
      await publishBlockHeader(peer, { ...message, header: { ...message.header, blockNumber: message.header.blockNumber + announced } });
      return (await judged).verdict satisfies GossipVerdict;
    },
    wait: (promise) => promise,
    until,
    close: stopAll,
  };
});
