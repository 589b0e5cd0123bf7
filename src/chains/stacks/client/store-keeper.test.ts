import { beforeAll, describe, expect, it } from 'vitest';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { chainOf, gatewayOf, itemOf, smallNet } from '../../../../test/support/stacks/stacks-world.ts';
import { backFrom } from '../../../../devnet/stacks/dev-block.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { OwnedRows } from '../../../storage/owned-rows.ts';
import type { RowKey } from '../../../storage/rows.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import { parametersHash } from '../chain/parameters-hash.ts';
import { StacksStore } from '../store/stacks-store.ts';
import { learnCycles } from './learn-cycles.ts';
import { StacksChain } from './stacks-chain.ts';
import { StoreKeeper } from './store-keeper.ts';

const { signal } = new AbortController();
let net: StacksNet;

beforeAll(async () => {
  net = await smallNet();
});

const memory = () => new OwnedRows(new MemoryRows(), parametersHash(net.network));

async function setup({ stands = true } = {}) {
  const rows = new MemoryRows();
  const writes: (readonly RowKey[])[] = [];
  const broken = { code: undefined as 'quota' | 'closed' | undefined };
  const owned = new OwnedRows({
    kind: 'memory', rebuilt: false, get: (keys) => rows.get(keys), keys: (table) => rows.keys(table), size: () => rows.size(), close: () => rows.close(),
    write: (batch, guard) => (writes.push(batch.writes.map(({ key }) => key)), broken.code === undefined ? rows.write(batch, guard) : Promise.reject(new StorageError(broken.code, 'as told'))),
  }, parametersHash(net.network));
  const failures: string[] = [];
  const { options, clock } = chainOf(net.network);
  const chain: StacksChain = new StacksChain({ ...options, clock, keep: (change) => keeper.keep(change) });
  const keeper: StoreKeeper = new StoreKeeper({ rows: owned, memory, firstCycle: 2, chain: () => chain, failed: (code) => failures.push(code), changed: () => undefined, markWipe: async () => true, stands: async () => stands });
  await learnCycles(gatewayOf(net), 3, { ...options, cycles: chain.cycles, signal });
  const blocks = [...backFrom(net.tip)].filter(({ height }) => height > net.network.checkpoint.block.height).toReversed();
  const push = async (from: number, to: number) => {
    for (const block of blocks.slice(from, to)) await chain.push(itemOf(block), signal);
  };
  const stored = async (own: OwnedRows = owned) => {
    const it = await new StacksStore(own).load();
    return typeof it === 'string' ? it : { root: it.record.root.id, ids: it.blocks.map(({ item }) => item.id), cycles: it.handOvers.length };
  };
  const inChain = () => ({ root: chain.tip().id, ids: [...chain.confirmed.all, ...chain.branch()].map(({ item }) => item.id), cycles: chain.cycles.handOvers.length });
  return { keeper, chain, broken, failures, push, stored, inChain, rows: owned, writes };
}

describe('keeps a chain', () => {
  it('what is stored is what the chain has, after each change', async () => {
    const { push, stored, inChain } = await setup();
    await push(0, 4);
    expect(await stored()).toEqual(inChain());
    await push(4, 20);
    expect(await stored()).toEqual(inChain());
  });

  it.each(['quota', 'closed'] as const)('a write that fails (%s) takes it to memory with everything, also a halt and bans, and it is told once', async (code) => {
    const { push, stored, inChain, broken, failures, keeper, rows, chain } = await setup();
    await push(0, 4);
    const before = await stored();
    const ban = { peer: 'https://gateway.example', code: 'weight', evidence: {}, at: 1, until: 2, lies: 1, address: 'https://gateway.example' };
    const halt = { height: 7, evidence: [Uint8Array.of(1), Uint8Array.of(2)] as const };
    broken.code = code;
    await push(4, 8);
    expect(failures).toEqual([code]);
    expect(keeper.store.kind).toBe('memory');
    broken.code = undefined;
    await push(8, 12);
    chain.restoreHalt(halt);
    await keeper.keepHalt(halt);
    await keeper.peers.keepBans([ban]);
    const it = await keeper.store.load();
    expect(typeof it !== 'string' && it.blocks.map(({ item }) => item.id)).toEqual(inChain().ids);
    expect([await stored(), await new StacksStore(rows).halt(), failures]).toEqual([before, undefined, [code]]);
    // And back.
    await keeper.moveTo(rows);
    expect([await stored(), await new StacksStore(rows).halt(), keeper.peers.known.bans]).toEqual([inChain(), halt, [ban]]);
  });

  it('a halt that cannot be written is kept in memory', async () => {
    const { push, broken, keeper, chain } = await setup();
    await push(0, 4);
    const halt = { height: 7, evidence: [Uint8Array.of(1), Uint8Array.of(2)] as const };
    broken.code = 'quota';
    chain.restoreHalt(halt);
    await keeper.keepHalt(halt);
    expect(await keeper.store.halt()).toEqual(halt);
  });

  it('goes on in other rows with everything', async () => {
    const { push, stored, inChain, keeper } = await setup();
    await push(0, 6);
    const next = new OwnedRows(new MemoryRows(), parametersHash(net.network));
    await keeper.moveTo(next);
    await push(6, 9);
    expect(await stored(next)).toEqual(inChain());
    const bad = new OwnedRows({ ...new MemoryRows(), kind: 'memory', rebuilt: false, get: async (keys) => keys.map(() => undefined), keys: async () => [], size: async () => 0, close: async () => undefined, write: async () => Promise.reject(new StorageError('quota', 'full')) }, parametersHash(net.network));
    await expect(keeper.moveTo(bad)).rejects.toMatchObject({ code: 'quota' });
    await push(9, 11);
    expect(await stored(next)).toEqual(inChain());
  });

  it('has what it knows of gateways after a restart and in other rows, and wipes it with the rest', async () => {
    const ban = { peer: 'https://gateway.example', code: 'weight', evidence: {}, at: 1, until: 2, lies: 1, address: 'https://gateway.example' };
    const { keeper, chain, push, rows } = await setup();
    const bansOf = async (own: OwnedRows) => (await new StoreKeeper({ rows: own, memory, firstCycle: 2, chain: () => chain, failed: () => undefined, changed: () => undefined, stands: async () => true }).peers.load()).bans;
    await push(0, 3);
    await keeper.peers.keepBans([ban]);
    expect(await bansOf(rows)).toEqual([ban]);
    const next = new OwnedRows(new MemoryRows(), parametersHash(net.network));
    await keeper.moveTo(next);
    expect(await bansOf(next)).toEqual([ban]);
    await keeper.wipe(() => undefined);
    expect([await bansOf(next), keeper.peers.known.bans, await keeper.store.load()]).toEqual([[], [], 'none']);
  });

  it('leaves a database alone that reaches further, until it has come as far', async () => {
    const [ahead, behind] = [await setup(), await setup()];
    await ahead.push(0, 20);
    await behind.push(0, 6);
    const before = await ahead.stored();
    await expect(behind.keeper.moveTo(ahead.rows)).rejects.toMatchObject({ code: 'store-ahead', data: { height: ahead.chain.tip().height, tip: behind.chain.tip().height } });
    expect(await ahead.stored()).toEqual(before);
    await behind.push(6, 22);
    await behind.keeper.moveTo(ahead.rows);
    expect(await ahead.stored()).toEqual(behind.inChain());
  });

  it('stands still for the halt that the database has, and writes its own with the chain in one transaction', async () => {
    const halt = { height: 7, evidence: [Uint8Array.of(1), Uint8Array.of(2)] as const };
    const found = await setup();
    await found.push(0, 3);
    await found.keeper.keepHalt(halt);
    const memory = await setup();
    await memory.push(0, 8);
    await memory.keeper.moveTo(found.rows);
    expect([memory.chain.halted(), await memory.keeper.store.halt(), await found.stored()]).toEqual([halt, halt, memory.inChain()]);
    const other = await setup();
    const writes = other.writes.length;
    await memory.keeper.moveTo(other.rows);
    expect([await new StacksStore(other.rows).halt(), other.writes.slice(writes).filter((keys) => keys.includes('head'))]).toEqual([halt, [expect.arrayContaining(['head', 'halt', 'jumps'])]]);
  });

  it('a stored halt that does not hold stops nothing, and is deleted', async () => {
    const forged = { height: 7, evidence: [Uint8Array.of(1), Uint8Array.of(2)] as const };
    const found = await setup({ stands: false });
    await found.push(0, 3);
    await found.keeper.keepHalt(forged);
    await found.keeper.loadHalt();
    expect([found.chain.halted(), await found.keeper.store.halt()]).toEqual([undefined, undefined]);
    await found.keeper.keepHalt(forged);
    const memory = await setup({ stands: false });
    await memory.push(0, 8);
    await memory.keeper.moveTo(found.rows);
    expect([memory.chain.halted(), await memory.keeper.store.halt()]).toEqual([undefined, undefined]);
  });

  it('a wipe in memory is made up for in the database, and marked until then', async () => {
    const found = await setup();
    await found.push(0, 8);
    await found.keeper.keepHalt({ height: 7, evidence: [Uint8Array.of(1), Uint8Array.of(2)] });
    const memory = await setup();
    await memory.keeper.wipe(() => memory.chain.reset());
    expect(memory.keeper.wipeOwed).toBe('marked');
    await memory.push(0, 3);
    await memory.keeper.moveTo(found.rows);
    expect([memory.keeper.wipeOwed, memory.chain.halted(), await found.stored()]).toEqual([undefined, undefined, memory.inChain()]);
  });
});
