import { expect, it } from 'vitest';
import { createDevnet } from '../../devnet/devnet.ts';
import { startNodeClient } from '../support/node-client.ts';

it('the client keeps a ban and its evidence over a restart', async () => {
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'bans' });
  try {
    const { network } = devnet;
    const first = await startNodeClient({ network });
    await first.until('all peers live', ({ getStatus }) => getStatus.call(first.client).peers.live === devnet.peers.length);
    const liar = devnet.peers[1]!;
    await devnet.fault(1, { fault: 'signature', count: 1000 });
    const banned = () => first.client.getPeers().find(({ state }) => state === 'banned');
    // The peers take turns in announcing first. The client ignores a copy that arrives after the honest block, and on a loaded
    // machine that can happen in the liar's turn too.
    while (!banned()) {
      const [block] = await devnet.produce(1);
      const height = block!.height;
      await first.until('the ban or the block', (it) => banned() !== undefined || it.getHead().latest.height === height);
    }
    const { id, reason } = banned()!;
    expect(id).toBe(liar.id);
    await devnet.fault(1, { fault: 'none' });
    // Useful bytes raise the scores of the other peers as they arrive.
    while (!first.client.getPeers().some(({ score }) => score > 50)) {
      const [block] = await devnet.produce(1);
      await first.until('the next block', (it) => it.getHead().latest.height === block!.height);
    }
    await first.close();

    const second = await startNodeClient({ network, rows: first.rows });
    await second.until('consensus', ({ getStatus }) => getStatus.call(second.client).consensus === 'established');
    expect(second.client.getPeers().filter(({ state }) => state === 'banned')).toEqual([expect.objectContaining({ id, reason })]);
    expect(second.client.getStatus().peers.live).toBeLessThan(devnet.peers.length);
    await second.close();
  } finally {
    await devnet.close();
  }
});
