import { expect, it } from 'vitest';
import { createDevnet } from '../../devnet/devnet.ts';
import { startNodeClient } from '../support/node-client.ts';

it('a proved lie is kept with its evidence over a restart', async () => {
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'bans' });
  try {
    const { network } = devnet;
    const first = await startNodeClient({ network });
    await first.until('all peers live', ({ getStatus }) => getStatus.call(first.client).peers.live === devnet.peers.length);
    const liar = devnet.peers[1]!;
    await devnet.fault(1, { fault: 'signature' });
    await devnet.produce(3);
    const banned = () => first.client.getPeers().find(({ state }) => state === 'banned');
    await first.until('the ban', () => banned() !== undefined);
    const { id, reason } = banned()!;
    expect(id).toBe(liar.id);
    // Useful bytes raise the scores of the others.
    expect(Math.max(...first.client.getPeers().map(({ score }) => score))).toBeGreaterThan(50);
    await devnet.fault(1, { fault: 'none' });
    await first.close();

    const second = await startNodeClient({ network, rows: first.rows });
    await second.until('consensus', ({ getStatus }) => getStatus.call(second.client).consensus === 'established');
    expect(second.client.getPeers().filter(({ state }) => state === 'banned')).toEqual([expect.objectContaining({ id, reason, score: 0 })]);
    expect(second.client.getStatus().peers.live).toBeLessThan(devnet.peers.length);
    await second.close();
  } finally {
    await devnet.close();
  }
});
