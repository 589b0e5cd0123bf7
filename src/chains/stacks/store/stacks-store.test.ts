import { beforeAll, describe, expect, it } from 'vitest';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { peerOf } from '../../../../test/support/stacks/line-of.ts';
import { chainOf, gatewayOf, smallNet } from '../../../../test/support/stacks/stacks-world.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { OwnedRows } from '../../../storage/owned-rows.ts';
import { storedOf } from '../client/chain-file.ts';
import type { StacksChain } from '../client/stacks-chain.ts';
import { parametersHash } from '../chain/parameters-hash.ts';
import { decodeInventory, encodeInventory } from './inventory-bytes.ts';
import { StacksStore, type StoredChain } from './stacks-store.ts';

const { signal } = new AbortController();
let net: StacksNet;
let chain: StacksChain;

beforeAll(async () => {
  net = await smallNet();
  const world = chainOf(net.network);
  ({ chain } = world);
  const { peer } = peerOf(net, world, gatewayOf(net));
  const target = await peer.proveTarget(0, { signal });
  await chain.snapshots!.import({ id: '', height: target.height, chunks: 0, size: undefined }, []);
  for (const item of (await peer.getBlocks(target.height + 1, 1_000, { signal })).value) await chain.push(item, signal);
});

const firstCycle = 2;
const rowsOf = () => new MemoryRows();
const open = (rows = rowsOf(), network = net.network) => new StacksStore(new OwnedRows(rows, parametersHash(network)));
const loaded = async (store: StacksStore): Promise<StoredChain> => {
  const stored = await store.load();
  if (typeof stored === 'string') throw new Error(stored);
  return stored;
};

describe('the store of a Stacks chain', () => {
  it('gives back what was kept: hand-overs, confirmed and pending blocks, counts', async () => {
    const rows = rowsOf();
    const store = open(rows);
    expect(await store.load()).toBe('none');
    const whole = storedOf(chain, 2_048);
    await store.keep({ ...whole, firstCycle, replaces: true });
    const again = open(rows);
    expect(await loaded(again)).toEqual({ ...whole, record: { ...whole.record, checked: { ...whole.record.checked, milliseconds: Math.round(whole.record.checked.milliseconds) } } });
    expect(again.bytes).toBe(store.bytes);
    expect(store.bytes).toBeGreaterThan(50_000);
  });

  it('blocks of another branch replace those at their heights and above', async () => {
    const store = open();
    const whole = storedOf(chain, 2_048);
    await store.keep({ ...whole, firstCycle, replaces: true });
    const at = whole.blocks.length - 2;
    await store.keep({ ...whole, firstCycle, blocks: [whole.blocks[at]!], replaces: false });
    expect((await loaded(store)).blocks.map(({ item }) => item.id)).toEqual(whole.blocks.slice(0, at + 1).map(({ item }) => item.id));
  });

  it('a hand-over is written once', async () => {
    const rows = rowsOf();
    const store = open(rows);
    const whole = storedOf(chain, 2_048);
    await store.keep({ ...whole, record: { ...whole.record, handOvers: 1 }, handOvers: whole.handOvers.slice(0, 1), firstCycle, replaces: true });
    const before = store.bytes;
    await store.keep({ ...whole, blocks: [], firstCycle, replaces: false });
    expect(store.bytes).toBeGreaterThan(before);
    expect((await loaded(open(rows))).handOvers).toHaveLength(2);
  });

  it('another checkpoint is another store, a damaged row is told, and a wipe leaves nothing', async () => {
    const rows = rowsOf();
    const store = open(rows);
    await store.keep({ ...storedOf(chain, 2_048), firstCycle, replaces: true });
    await store.keepHalt({ height: 3, evidence: [Uint8Array.of(1), Uint8Array.of(2, 3)] });
    expect(await open(rows, net.networkWith({ checkpoint: 2 })).load()).toBe('other-parameters');
    await new OwnedRows(rows, parametersHash(net.network)).write({ durability: 'strict', writes: [{ table: 'chain', key: 'hand-over/2', value: undefined }] });
    expect(await store.load()).toBe('damaged');
    expect(await store.halt()).toEqual({ height: 3, evidence: [Uint8Array.of(1), Uint8Array.of(2, 3)] });
    await store.wipe({ keepsHalt: true });
    expect([await store.load(), (await store.halt())?.height]).toEqual(['none', 3]);
    await store.keepHalt({ height: 4, reason: 'no-participation', evidence: [Uint8Array.of(1), new Uint8Array(0)] });
    expect(await store.halt()).toEqual({ height: 4, reason: 'no-participation', evidence: [Uint8Array.of(1), new Uint8Array(0)] });
    const jumps = { count: 2, newest: { from: { height: 5, id: 'ab'.repeat(32), header: Uint8Array.of(1, 2) }, to: { height: 900, id: 'cd'.repeat(32) } } };
    await store.keepJumps(jumps);
    expect(await store.jumps()).toEqual(jumps);
    await store.keepJumps({ count: 1, newest: { ...jumps.newest, from: { ...jumps.newest.from, header: undefined } } });
    expect((await store.jumps())!.newest!.from.header).toBeUndefined();
    await store.wipe();
    expect([await store.halt(), await store.jumps(), store.bytes]).toEqual([undefined, undefined, 0]);
  });

  it('inventories of past cycles', async () => {
    const store = open();
    const inventory = { source: 'derived', gateway: 'https://gateway.example', cycle: 7, from: 170, bits: [true, false, true], knownFrom: 171, top: 'ab'.repeat(20), next: undefined } as const;
    await store.keepInventory(inventory);
    expect([await store.inventory(7), await store.inventory(8)]).toEqual([inventory, undefined]);
    expect(() => decodeInventory(encodeInventory(inventory).slice(1))).toThrow(expect.objectContaining({ name: 'StacksWireError' }));
  });
});
