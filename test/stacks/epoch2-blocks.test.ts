import { describe, expect, it, vi } from 'vitest';
import { backFrom } from '../../devnet/stacks/dev-block.ts';
import type { StacksCycleCheck } from '../../src/chains/stacks/chain/details.ts';
import { atHead, banned, stacksBench, waits } from '../support/stacks/stacks-bench.ts';

const { network, clientOf } = stacksBench();

describe('the blocks of a cycle before Nakamoto, and of the cycle that spans the transition', () => {
  it('both machines run over HTTP: blocks of epoch 2.x by hash, tenures by their signers; a gateway that alters transactions is banned', async () => {
    const net = await network({ gateways: 2 });
    net.fault(0, 'altered-epoch2-block');
    const params = { network: net.networkWith({ checkpoint: 1 }) };
    const { client } = await clientOf(params);
    await atHead(client, net);
    await vi.waitFor(() => expect(client.getPeers()).toHaveLength(2), waits);
    const older = (cycle: number) => [...backFrom(net.tip)].filter(({ epoch2, tenure }) => epoch2 && net.chain.cycleOf(tenure) === cycle).length;
    const spanning = (await client.ask('verifyCycle', [1])) as StacksCycleCheck;
    expect(spanning).toMatchObject({ cycle: 1, gated: 0, epoch2: { blocks: older(1), transactions: older(1), unlinked: 0 } });
    expect(spanning.tenures).toBeGreaterThan(2);
    const paths = (part: string) => net.log.all.filter(({ path }) => path.startsWith(part)).length;
    expect([paths('/v2/blocks/') >= older(1), paths('/v3/tenures/') > 0]).toEqual([true, true]);
    expect(await client.ask('verifyCycle', [0])).toMatchObject({ tenures: 0, epoch2: { blocks: older(0), unlinked: 0 } });
    expect(((await client.ask('verifyCycle', [3])) as StacksCycleCheck).epoch2).toBeUndefined();
    expect(banned(client)).toMatchObject([{ address: net.gateways[0]!.url, reason: { code: 'transaction-root' } }]);
  });
});
