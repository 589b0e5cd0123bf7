import { describe, expect, it, vi } from 'vitest';
import { epoch2BlockHash } from '../../src/chains/stacks/chain/hash.ts';
import type { StacksEpoch2Headers } from '../../src/chains/stacks/chain/details.ts';
import { atHead, stacksBench, waits } from '../support/stacks/stacks-bench.ts';

const { network, clientOf } = stacksBench();

describe('headers of epoch 2.x', () => {
  it('come from the parent that the network file names down to the first block, although one gateway alters a byte', async () => {
    const net = await network({ gateways: 2 });
    net.fault(0, 'altered-epoch2');
    net.fault(1, 'slow', { delay: 15 });
    const { client } = await clientOf(net);
    await atHead(client, net);
    await vi.waitFor(() => expect(client.getPeers()).toHaveLength(2), waits);
    const older = net.viewOf(0).block(net.network.genesisHash)!;
    expect(older.epoch2).toBeDefined();
    const answer = (await client.ask('getEpoch2Headers', [2100])) as StacksEpoch2Headers;
    expect(answer).toMatchObject({ level: 'pinned', gateway: net.gateways[1]!.url, isComplete: true });
    const expected = [];
    for (let at: typeof older | undefined = older; at; at = at.parent) expected.push({ height: at.height, id: at.id, hash: epoch2BlockHash(at.epoch2!) });
    expect(answer.headers).toMatchObject(expected);
    expect(answer.headers.filter(({ idIsClaimed }) => !idIsClaimed)).toHaveLength(1);
    const asked = () => net.log.all.filter(({ path }) => path.startsWith('/v2/headers/')).length;
    const before = asked();
    expect(((await client.ask('getEpoch2Headers', [1])) as StacksEpoch2Headers).headers).toHaveLength(1);
    expect(asked()).toBe(before);
    await expect(client.ask('getEpoch2Headers', [2101])).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(client.ask('getEpoch2Headers', [1, { minLevel: 'proven' }])).rejects.toMatchObject({ code: 'level-too-low' });
  });

  it('a file whose genesisHash is of no such block: no answer, with the reason', async () => {
    const net = await network();
    const { client } = await clientOf({ network: { ...net.network, genesisHash: net.network.checkpoint.block.id } });
    await atHead(client, net);
    await expect(client.ask('getEpoch2Headers', [10])).rejects.toMatchObject({ code: 'no-answer', data: { reason: 'not-epoch2' } });
  });
});
