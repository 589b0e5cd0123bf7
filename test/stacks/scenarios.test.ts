import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import type { StacksNet } from '../../devnet/stacks/stacks-net.ts';
import type { StacksCycle } from '../../src/chains/stacks/chain/details.ts';
import { parametersHash } from '../../src/chains/stacks/chain/parameters-hash.ts';
import { StacksStore } from '../../src/chains/stacks/store/stacks-store.ts';
import { encodeHeader } from '../../src/chains/stacks/wire/header.ts';
import { IndexedDbRows } from '../../src/storage/indexed-db-rows.ts';
import { OwnedRows } from '../../src/storage/owned-rows.ts';
import { atHead, banned, stacksBench, waits } from '../support/stacks/stacks-bench.ts';

const { network, clientOf } = stacksBench();
const paths = (net: StacksNet, part: string) => net.log.all.filter(({ path }) => path.includes(part));

describe('a client of gateways', () => {
  it('comes from the checkpoint over two cycles to the head with simple GETs only, and crosses the next boundary', async () => {
    const net = await network();
    const { client } = await clientOf(net);
    await atHead(client, net);
    const cycles = (await client.ask('getCycles', [])) as readonly StacksCycle[];
    expect(cycles.map(({ cycle, from }) => [cycle, from])).toEqual([[1, 'checkpoint'], [2, 'hand-over'], [3, 'hand-over']]);
    expect(client.getHead().final).toMatchObject({ finality: 'final', details: { grade: 'confirmed' } });
    expect(client.getTrust()).toMatchObject({ level: 'pinned', checked: { cycles: 2 } });
    // The set of the next cycle is proven before its first block counts.
    net.nextCycle();
    net.produceTenures(2);
    await atHead(client, net);
    expect(client.getHead().latest.details).toMatchObject({ grade: 'signed', cycle: 4 });
    expect(new Set(net.log.all.map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  it('a forged stacker set changes nothing', async () => {
    const net = await network();
    net.fault(0, 'forged-set');
    const { client } = await clientOf(net);
    await atHead(client, net);
    const cycles = (await client.ask('getCycles', [])) as readonly StacksCycle[];
    expect(cycles.map(({ totalWeight }) => totalWeight)).toEqual([1, 2, 3].map((cycle) => net.chain.sets.of(cycle).reduce((sum, { weight }) => sum + weight, 0)));
    expect(paths(net, '/v3/stacker_set/').length).toBeGreaterThan(0);
  });

  it('tells a tenure that forks as adopted and reverted; what is confirmed stays', async () => {
    const net = await network();
    const { client, told } = await clientOf(net);
    await atHead(client, net);
    const before = client.getHead();
    const made = net.fork(1, 1);
    await atHead(client, net);
    const event = told.heads.find(({ reverted }) => reverted.length > 0)!;
    expect(event.reverted.at(-1)!.hash).toBe(before.latest.hash);
    expect(told.heads.flatMap(({ adopted }) => adopted.map(({ hash }) => hash))).toEqual(expect.arrayContaining(made.map(({ id }) => id)));
    expect(client.getHead().final.height).toBeGreaterThanOrEqual(before.final.height);
    expect(banned(client)).toEqual([]);
  });

  it('stands still when two confirmed branches exclude each other', async () => {
    const net = await network();
    const params = { network: net.network };
    const { client, told } = await clientOf(params, { memoryOnly: false, database: 'halted' });
    await atHead(client, net);
    const { final } = client.getHead();
    net.fork(4, 1);
    net.produceTenures(2);
    await vi.waitFor(() => {
      net.produceBlocks(1);
      expect(client.getStatus()).toMatchObject({ phase: 'failed', reason: { code: 'chain-halted' } });
    }, { interval: 200 });
    expect(client.getHead().final).toEqual(final);
    expect(told.notices.map(({ code }) => code)).toContain('chain-halted');
    await client.close();
    const again = await clientOf(params, { memoryOnly: false, database: 'halted' });
    expect(again.client.getStatus()).toMatchObject({ phase: 'failed', reason: { code: 'chain-halted', data: { height: final.height } } });
  });

  it('stands still before a cycle that nobody signs, says so, and still does after a restart', async () => {
    const net = await network({ emptyCycle: 4 });
    const params = { network: net.network };
    const { client, told } = await clientOf(params, { memoryOnly: false, database: 'nobody-signs' });
    await atHead(client, net);
    // The last Bitcoin block of cycle 3; then no block is made any more, nor announced.
    expect(() => net.produceTenures(10)).toThrow('nobody signs in cycle 4');
    const failed = { phase: 'failed', reason: { code: 'no-participation', data: { height: expect.any(Number) as number } } };
    await vi.waitFor(() => expect(client.getStatus()).toMatchObject(failed), waits);
    expect(told.notices).toMatchObject(expect.arrayContaining([expect.objectContaining({ level: 'error', code: 'no-participation' })]));
    expect(await client.ask('getHaltEvidence', [])).toMatchObject({ reason: 'no-participation' });
    expect(banned(client)).toEqual([]);
    await client.close();
    const again = await clientOf(params, { memoryOnly: false, database: 'nobody-signs' });
    expect(again.client.getStatus()).toMatchObject(failed);
  });

  it('a halt that somebody wrote into the database stops nothing', async () => {
    const net = await network();
    const params = { network: net.network };
    const options = { memoryOnly: false, database: 'forged-halt' };
    const { client } = await clientOf(params, options);
    await atHead(client, net);
    await client.close();
    const rows = new OwnedRows(new IndexedDbRows({ name: options.database }), parametersHash(net.network));
    await rows.takeFencing();
    const store = new StacksStore(rows);
    const { height, header } = net.viewOf(0).at(client.getHead().final.height)!;
    await store.keepHalt({ height, evidence: [encodeHeader(header!), encodeHeader({ ...header!, stateRoot: 'ab'.repeat(32) })] });
    await store.close();
    const again = await clientOf(params, options);
    net.produceTenures(1);
    await atHead(again.client, net);
    expect(again.client.getLog().filter(({ code }) => code.startsWith('stored-'))).toMatchObject([{ code: 'stored-chain-restored' }, { code: 'stored-halt-refused', data: { reason: 'not-signed' } }]);
  });

  it('a gateway that goes down and comes back', async () => {
    const net = await network();
    const { client } = await clientOf(net);
    await atHead(client, net);
    await net.stopGateway(0);
    await vi.waitFor(() => expect(client.getStatus().peers.connected).toBe(0), waits);
    net.produceTenures(1, 2);
    await net.startGateway(0);
    await atHead(client, net);
    expect(client.getStatus().consensus).toBe('established');
  });

  it('jumps a long gap: cycle by cycle, and then to the newest confirmed block; older blocks are bound by hashes', async () => {
    const net = await network({ cycles: 11, signers: 2 });
    const params = { network: net.networkWith({ checkpoint: 1 }) };
    const { client, told } = await clientOf(params);
    await atHead(client, net);
    const { final } = client.getHead();
    expect(final.height - params.network.checkpoint.block.height).toBeGreaterThan(128);
    expect(((await client.ask('getCycles', [])) as readonly StacksCycle[]).length).toBe(11);
    expect(paths(net, '/v3/blocks/').length).toBeLessThan(30);
    expect(told.log.find(({ code }) => code === 'jumped-linked')).toMatchObject({ data: { from: params.network.checkpoint.block.height, to: expect.any(Number) as number } });
    expect(client.getTrust().checked['jumps']).toBe(0);
    const below = await client.getBlock(final.height - 9);
    expect(below).toMatchObject({ hash: net.viewOf(0).at(final.height - 9)!.id, linkedFrom: final.height, details: { grade: 'confirmed' } });
    // By its id, too, as the way of a proof names it; one that is on no chain is not found.
    expect(await client.getBlock(net.viewOf(0).at(final.height - 9)!.id)).toEqual(below);
    expect(await client.getBlock('ab'.repeat(32))).toBeUndefined();
  });

  it('a gateway with a quota of requests: the head comes later', async () => {
    const net = await network();
    net.fault(0, 'quota', { requests: 40, seconds: 1 });
    const { client } = await clientOf(net);
    await atHead(client, net);
    expect(banned(client)).toEqual([]);
  });

  it('a restart from the store fetches no proof and no block again', async () => {
    const net = await network();
    const first = await clientOf(net, { memoryOnly: false, database: 'restart' });
    await atHead(first.client, net);
    await first.client.close();
    net.log.clear();
    const second = await clientOf(net, { memoryOnly: false, database: 'restart' });
    expect(second.client.getHead().latest.hash).toBe(net.tip.id);
    await vi.waitFor(() => expect(second.client.getStatus().consensus).toBe('established'), waits);
    expect(((await second.client.ask('getCycles', [])) as readonly StacksCycle[]).length).toBe(3);
    expect([...paths(net, '/v2/clarity/'), ...paths(net, '/v3/stacker_set/'), ...net.log.all.filter(({ path }) => /^\/v3\/tenures\/[0-9a-f]{64}/u.test(path))]).toEqual([]);
  });
});
