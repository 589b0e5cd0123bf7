import { expect, it } from 'vitest';
import { createDevnet } from '../../devnet/devnet.ts';
import { startNodeClient } from '../support/node-client.ts';

it('a forged chain that liars alone have told is left when honest peers come: the true chain wins and the liars are banned', async () => {
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'liars', peers: 5, lie: 3, epochs: 2 });
  try {
    for (const honest of [3, 4]) await devnet.stopPeer(honest);
    const liars = devnet.peers.slice(0, 3);
    const client = await startNodeClient({ network: devnet.network });
    try {
      const forged = liars[0]!.view.head;
      await client.until('the forged head', (it) => it.getHead().latest.hash === forged.hash);
      for (const honest of [3, 4]) await devnet.startPeer(honest);
      await client.until('the true head', (it) => it.getHead().latest.hash === devnet.chain.head.hash);
      await client.until('the bans', (it) => it.getPeers().filter(({ state }) => state === 'banned').length === liars.length);
      expect(new Set(client.client.getPeers().flatMap(({ id, state }) => (state === 'banned' ? [id] : [])))).toEqual(new Set(liars.map(({ id }) => id)));
    } finally {
      await client.close();
    }
  } finally {
    await devnet.close();
  }
});
