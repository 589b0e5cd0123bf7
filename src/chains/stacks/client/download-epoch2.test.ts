import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backFrom, type DevBlock } from '../../../../devnet/stacks/dev-block.ts';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { gatewayOf, smallNet } from '../../../../test/support/stacks/stacks-world.ts';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import type { Fault } from '../../../engine/sync/sync-chain.ts';
import type { Gateway } from '../net/gateway.ts';
import { downloadEpoch2, hasEpoch2 } from './download-epoch2.ts';
import { Epoch2HeaderReader } from './epoch2-headers.ts';

const { signal } = new AbortController();
let net: StacksNet;
/** By cycle. */
let blocks: (cycle: number) => readonly DevBlock[];

let stop = new AbortController();

beforeEach(() => {
  stop = new AbortController();
});
beforeAll(async () => {
  net = await smallNet({ cycles: 1 });
  blocks = (cycle) => [...backFrom(net.chain.lastEpoch2)].filter(({ tenure }) => net.chain.cycleOf(tenure) === cycle);
});

function setup(...changes: readonly Partial<Gateway>[]) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const made = changes.map((change, i) => {
    const url = `https://gateway${i}.example`;
    const { epoch2Block } = gatewayOf(net, change);
    const faults: Fault[] = [];
    const gateway = gatewayOf(net, { ...change, url, epoch2Block: (block, options) => (asked.push(`${i} ${block.id}`), epoch2Block(block, options)) });
    return { id: url, gateway, faults, fault: (fault: Fault) => void faults.push(fault) };
  });
  const headers = new Epoch2HeaderReader({ genesisHash: net.network.genesisHash, clock });
  return { asked, faults: made.map(({ faults }) => faults), run: (cycle: number, most = 100) => downloadEpoch2(cycle, { network: net.network, clock, headers, peers: made, most }, { signal: stop.signal }) };
}

describe('the blocks of epoch 2.x of a cycle', () => {
  it.each([0, 1])('of cycle %i are fetched from two gateways, none twice, with their transactions', async (cycle) => {
    const { run, asked } = setup({}, {});
    const all = blocks(cycle);
    expect(all.length).toBeGreaterThan(1);
    expect(await run(cycle)).toEqual({ blocks: all.length, transactions: all.length, unlinked: 0 });
    expect(asked.map((it) => it.slice(2)).toSorted()).toEqual(all.map(({ id }) => id).toSorted());
  });

  it('as many as are wanted, the newest ones; later cycles have none', async () => {
    expect((await setup({}).run(0, 1)).blocks).toBe(1);
    expect([0, 1, 2].map((cycle) => hasEpoch2(cycle, net.network))).toEqual([true, true, false]);
  });

  it('a gateway without blocks and one that alters transactions: the third is asked, and the liar is told', async () => {
    const altered: Partial<Gateway> = { epoch2Block: async ({ id }) => ({ value: { header: net.viewOf(0).block(id)!.epoch2!, transactions: [] }, size: 1 }) };
    const { run, faults } = setup({ epoch2Block: async () => undefined }, altered, {});
    expect(await run(0)).toMatchObject({ blocks: blocks(0).length, unlinked: 0 });
    expect(faults).toMatchObject([[], [{ code: 'transaction-root', weight: 'lie' }], []]);
  });

  it('a gateway that makes up a sortition, or another height, keeps no block of the others away', async () => {
    const { tenureBlocks } = gatewayOf(net);
    const [newest, before] = blocks(1);
    const liar: Partial<Gateway> = {
      sortition: async () => ({ burnHeight: newest!.tenure.burnHeight, consensusHash: 'ab'.repeat(20), hasWinner: true, minerKeyHash: undefined, committedBlockId: undefined, parentTenure: undefined, lastWinner: undefined }),
      tenureBlocks: async (consensusHash) => (consensusHash === 'ab'.repeat(20) ? { burnHeight: newest!.tenure.burnHeight, lastSortition: before!.tenure.consensusHash, blocks: [{ id: 'cd'.repeat(32), height: 7 }] } : tenureBlocks(consensusHash, { signal })),
    };
    expect(await setup(liar, {}).run(1)).toEqual({ blocks: blocks(1).length, transactions: blocks(1).length, unlinked: 1 });
    expect(await setup(liar).run(1)).toMatchObject({ blocks: blocks(1).length - 1, unlinked: 1 });
  });

  it('without a gateway that has them there is no answer, with the reason; the call ends with its signal', async () => {
    await expect(setup({ epoch2Block: async () => undefined }).run(0)).rejects.toMatchObject({ name: 'NoAnswer', code: 'refused' });
    await expect(setup({ sortition: async () => Promise.reject(Object.assign(new Error('gone'), { code: 'disconnected' })) }).run(0)).rejects.toMatchObject({ name: 'NoAnswer', code: 'disconnected' });
    await expect(setup({ epoch2Headers: async () => [] }).run(0)).rejects.toMatchObject({ code: 'no-answer', data: { reason: 'not-epoch2' } });
    const stopped = setup({ epoch2Block: async () => (stop.abort(new Error('ended')), undefined) });
    await expect(stopped.run(0)).rejects.toThrow('ended');
    expect(stopped.asked).toHaveLength(1);
  });
});
