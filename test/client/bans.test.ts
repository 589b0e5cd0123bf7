import { expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { textOf } from '../../src/page/code-texts.ts';
import { type NodeClient, startNodeClient } from '../support/node-client.ts';

/**
 * A peer lies until the client has noticed. The peers take turns in announcing first. The client ignores a copy that arrives after the honest
 * block, and on a loaded machine that can happen in the liar's turn too.
 */
async function lie(devnet: Devnet, peer: number, { until }: NodeClient, noticed: () => boolean): Promise<void> {
  await devnet.fault(peer, { fault: 'signature', count: 1000 });
  while (!noticed()) {
    const [block] = await devnet.produce(1);
    await until('the lie or the block', (it) => noticed() || it.getHead().latest.height === block!.height);
  }
}

it('the client keeps a ban and its evidence over a restart, and the lie counts on', async () => {
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'bans', peers: 3 });
  try {
    const { network } = devnet;
    const first = await startNodeClient({ network });
    await first.until('all peers live', ({ getStatus }) => getStatus.call(first.client).peers.live === devnet.peers.length);
    const liar = devnet.peers[1]!;
    const banned = () => first.client.getPeers().find(({ state }) => state === 'banned');
    await lie(devnet, 1, first, () => banned() !== undefined);
    const { id, reason } = banned()!;
    expect(id).toBe(liar.id);
    await devnet.fault(1, { fault: 'none' });
    // Useful bytes raise the scores of the other peers as they arrive.
    while (!first.client.getPeers().some(({ score }) => score > 50)) {
      const [block] = await devnet.produce(1);
      await first.until('the next block', (it) => it.getHead().latest.height === block!.height);
    }
    await first.close();

    const second = await startNodeClient({ network, rows: first.rows, settings: { minPeers: 2 } });
    await second.until('consensus', ({ getStatus }) => getStatus.call(second.client).consensus === 'established');
    expect(second.client.getPeers().filter(({ state }) => state === 'banned')).toEqual([expect.objectContaining({ id, reason })]);
    expect(second.client.getStatus().peers.live).toBeLessThan(devnet.peers.length);
    // The lie of before the restart counts: two of three peers are most.
    await lie(devnet, 2, second, () => second.log.some(({ code, data }) => code === 'peer-pardoned' && data['peer'] === id));
    await second.until('both aside', (it) => it.getPeers().filter(({ state }) => state === 'aside').length === 2);
    await second.close();
  } finally {
    await devnet.close();
  }
});

it('a client that has banned all its peers says so, and that the error may be its own', async () => {
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'all banned', peers: 1 });
  try {
    const options = { network: devnet.network, settings: { minPeers: 1, witnesses: 1 } };
    const saysSo = async ({ until, client }: NodeClient) => {
      await until('the reason', () => client.getStatus().reason !== undefined && client.getStatus().phase === 'connecting');
      const { reason } = client.getStatus();
      expect(reason?.code).toBe('peers-banned');
      expect(textOf(reason!.code, reason!.data)).toContain('this client is too old or wrong');
    };
    const first = await startNodeClient(options);
    await first.until('the peer live', (client) => client.getStatus().peers.live === 1);
    await lie(devnet, 0, first, () => first.client.getPeers().some(({ state }) => state === 'banned'));
    await saysSo(first);
    await first.close();
    const second = await startNodeClient({ ...options, rows: first.rows });
    await saysSo(second);
    await second.close();
  } finally {
    await devnet.close();
  }
});
