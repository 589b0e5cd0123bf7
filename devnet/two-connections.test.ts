import { afterEach, expect, it } from 'vitest';
import '../src/network/node-web-socket.ts';
import { systemClock, systemRandom } from '../src/base/system.ts';
import { createAlbatrossNode } from '../src/chains/albatross/net/node.ts';
import type { AlbatrossNode } from '../src/chains/albatross/net/node-types.ts';
import { answerHead } from '../test/support/answer-head.ts';
import { createDevnet } from './devnet.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).toReversed()) await item.close();
});

it('a client that loses one of its two connections while it is asked is not expelled, and is asked again by the other', async () => {
  const devnet = await createDevnet({ port: 0, peers: 1, blockTime: 0, seed: 'two connections' });
  open.push(devnet);
  const privateKey = systemRandom.bytes(32);
  const start = async (prepare: (node: AlbatrossNode) => void): Promise<AlbatrossNode> => {
    const node = await createAlbatrossNode({
      genesisHash: devnet.network.genesisHash, seeds: devnet.network.seeds, services: 0, requiredServices: 8, desiredPeers: 1, privateKey, clock: systemClock, random: systemRandom,
    });
    prepare(node);
    await node.start();
    open.push({ close: () => node.stop() });
    return node;
  };
  const asked = Promise.withResolvers<void>();
  const reset = Promise.withResolvers<void>();
  const first = await start((node) =>
    node.handle('head', async () => {
      asked.resolve();
      await reset.promise;
      return 'reset';
    }),
  );
  await asked.promise;
  const second = await start((node) => answerHead(node, devnet.chain));
  expect(second.peerId).toBe(first.peerId);
  // Its handshakes are done, so the node keeps the client when the first connection ends.
  await expect.poll(() => second.peers().length).toBe(1);
  reset.resolve();
  await first.stop();
  await devnet.waitFor('connection-close', ({ remote }) => remote === first.peerId);
  // A look passes over a client whose answer is still awaited.
  const looked = async () => {
    await devnet.look();
    return devnet.peers[0]!.info.clients;
  };
  await expect.poll(looked).toEqual({ live: 1, incompatible: 0, outdated: 0 });
  expect(devnet.log.filter(({ event }) => event === 'expelled')).toEqual([]);
});
