import { beforeAll, describe, expect, it } from 'vitest';
import { backFrom } from '../../../../devnet/stacks/dev-block.ts';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { chainOf, gatewayOf, itemOf, smallNet } from '../../../../test/support/stacks/stacks-world.ts';
import type { Gateway } from '../net/gateway.ts';
import { leadsTo, LINK } from './leads-to.ts';
import { proveTarget } from './prove-target.ts';

const { signal } = new AbortController();
let net: StacksNet;
beforeAll(async () => {
  net = await smallNet({ cycles: 5 });
  net.produceTenures(3, 4);
});

const nakamoto = () => [...backFrom(net.tip)].filter(({ header }) => header !== undefined);
/** Tenures after which a gap is not fetched as a run. */
const LATER = 40;
const none = { isKnown: () => false, signal };

describe('whether hashes lead from a block down to another one', () => {
  it('they do: tenure by tenure', async () => {
    const gateway = gatewayOf(net);
    const down = nakamoto();
    const to = down[30]!;
    const found = await leadsTo(gateway, itemOf(down[0]!), { height: to.height, id: to.id }, none);
    expect(found).toMatchObject({ kind: 'linked', walked: down.slice(0, 30).map(({ id }) => ({ id })) });
    expect(gateway.calls.length).toBeLessThanOrEqual(new Set(down.slice(1, 30).map(({ tenure }) => tenure)).size);
    gateway.calls.length = 0;
    // A block that is known to lead there ends it.
    expect(await leadsTo(gateway, itemOf(down[0]!), { height: to.height, id: to.id }, { signal, isKnown: (id) => id === down[1]!.id })).toMatchObject({ kind: 'linked' });
    expect(gateway.calls).toHaveLength(1);
  });

  it('they lead to another block: the one above it is named', async () => {
    const down = nakamoto();
    expect(await leadsTo(gatewayOf(net), itemOf(down[0]!), { height: down[9]!.height, id: 'ab'.repeat(32) }, none)).toMatchObject({ kind: 'excludes', lowest: { id: down[8]!.id } });
  });

  it('gives up when that is too long, in blocks or in bytes', async () => {
    const [top] = nakamoto();
    const gateway = gatewayOf(net);
    expect((await leadsTo(gateway, itemOf(top!), { height: top!.height - LINK.blocks - 1, id: '' }, none)).kind).toBe('too-long');
    expect(gateway.calls).toEqual([]);
    const { tenure } = gatewayOf(net);
    const heavy = gatewayOf(net, { tenure: async (from, stop, ask) => tenure(from, stop, ask).then((answer) => answer && { ...answer, size: LINK.bytes + 1 }) });
    expect((await leadsTo(heavy, itemOf(top!), { height: top!.height - 30, id: 'ab'.repeat(32) }, none)).kind).toBe('too-long');
    expect(heavy.calls).toHaveLength(1);
  });

  it('a gateway that lacks a block, or sends another height', async () => {
    const [top] = nakamoto();
    const to = { height: top!.height - 30, id: 'ab'.repeat(32) };
    await expect(leadsTo(gatewayOf(net, { tenure: async () => undefined }), itemOf(top!), to, none)).rejects.toMatchObject({ code: 'refused' });
    const { tenure } = gatewayOf(net);
    const holed = gatewayOf(net, { tenure: async (from, stop, ask) => tenure(from, stop, ask).then((answer) => answer && { ...answer, value: answer.value.slice(1) }) });
    await expect(leadsTo(holed, itemOf(top!), to, none)).rejects.toMatchObject({ name: expect.stringMatching(/PeerFault|RequestError/u) as string });
  });
});

describe('what is left out', () => {
  async function jumped(own: StacksNet, changes: Partial<Gateway> = {}) {
    const network = own.networkWith({ checkpoint: 1 });
    const told: [number, boolean][] = [];
    const world = chainOf(network, { onJump: ({ from }, isLinked) => told.push([from.height, isLinked]) });
    const gateway = gatewayOf(own, changes);
    const { target } = await proveTarget(gateway, world.options, { signal });
    await world.chain.snapshots!.import({ id: '', height: target.height, chunks: 0, size: undefined }, []);
    return { ...world, told, target, begin: network.checkpoint.block, gateway };
  }

  it('of some hours is bound by hashes, and not asked for a second time', async () => {
    const { told, chain, begin, gateway, options, target } = await jumped(net);
    expect(target.height - begin.height).toBeGreaterThan(32);
    expect([told, chain.jumps.count, chain.trust().checked['jumps']]).toEqual([[[begin.height, true]], 0, 0]);
    expect(gateway.calls.filter((name) => name === 'tenure').length).toBeGreaterThan(5);
    const again = chainOf(net.networkWith({ checkpoint: 1 }));
    await proveTarget(gatewayOf(net), again.options, { signal });
    gateway.calls.length = 0;
    await proveTarget(gateway, { ...options, chain: again.chain }, { signal });
    expect(gateway.calls.filter((name) => name === 'tenure')).toEqual([]);
  });

  it('of more is told, and what it began at is kept: a branch on which it is not halts the chain', async () => {
    const { tenure } = gatewayOf(net);
    const heavy: Partial<Gateway> = { tenure: async (from, stop, ask) => tenure(from, stop, ask).then((answer) => answer && { ...answer, size: LINK.bytes + 1 }) };
    const { told, chain, begin, target } = await jumped(net, heavy);
    expect([told, chain.trust().checked['jumps']]).toEqual([[[begin.height, false]], 1]);
    expect(chain.jumps.newest).toEqual({ from: { height: begin.height, id: begin.id, header: undefined }, to: target });
    const own = nakamoto().find(({ height }) => height === begin.height)!;
    chain.checkJump([itemOf(own)]);
    expect(chain.halted()).toBeUndefined();
    chain.checkJump([{ ...itemOf(own), id: 'cd'.repeat(32) }]);
    expect(chain.halted()).toMatchObject({ height: begin.height });
  });

  it('is nothing where hashes lead beside our block, though the gateway says otherwise: the chain halts', async () => {
    const own = await smallNet();
    const { chain, options, target } = await jumped(own);
    const ours = own.viewOf(0).block(target.id)!;
    own.fork(4, 1);
    own.produceTenures(LATER);
    expect(own.viewOf(0).at(target.height)!.id).not.toBe(target.id);
    const { headerAt } = gatewayOf(own);
    const liar = gatewayOf(own, { headerAt: async (height, ask) => (height === target.height ? { value: ours.header!, size: 1 } : headerAt(height, ask)) });
    await expect(proveTarget(liar, options, { signal })).rejects.toMatchObject({ code: 'refused' });
    expect(chain.halted()).toMatchObject({ height: target.height });
    expect(chain.tip()).toEqual({ height: target.height, id: target.id });
  });
});
