import { describe, expect, it } from 'vitest';
import { BlockMaker } from '../../../../test/support/hotstuff2/block-maker.ts';
import { itemOfVector } from '../../../../test/support/hotstuff2/items.ts';
import { networkOfMaker, networkOfRun } from '../../../../test/support/hotstuff2/test-chain.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { verifyHere } from '../../../../test/support/verify-here.ts';
import { followLog } from '../../../engine/follow/follow-log.ts';
import { DEFAULT_SYNC_CONFIG } from '../../../engine/sync/default-sync-config.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { OwnedRows } from '../../../storage/owned-rows.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import type { Hs2Network } from '../chain/network.ts';
import { Losers } from '../chain/losers.ts';
import { parametersHash } from '../chain/parameters-hash.ts';
import { KeyValueState } from '../chain/state.ts';
import { HotStuff2Store } from '../store/hotstuff2-store.ts';
import { openHotStuff2 } from './open-hotstuff2.ts';
import { StoreKeeper } from './store-keeper.ts';

const network = networkOfRun(vectors.n4);
const n4 = vectors.n4.blocks.map(itemOfVector);
const { signal } = new AbortController();

/** A database whose writes fail while `fails` is set. */
class Disk extends MemoryRows {
  override readonly kind = 'indexeddb' as unknown as MemoryRows['kind'];
  fails = false;
  readonly cleared: string[] = [];
  override async write(...args: Parameters<MemoryRows['write']>): Promise<void> {
    if (this.fails) throw new StorageError('quota', 'no room');
    this.cleared.push(...(args[0].clear ?? []));
    return super.write(...args);
  }
  override async close(): Promise<void> {
    // What is on disk stays.
  }
}
const owned = (rows: MemoryRows, of: Hs2Network = network) => new OwnedRows(rows, parametersHash(of));

async function open(rows: MemoryRows, network: Hs2Network = networkOfRun(vectors.n4)) {
  const clock = new ManualClock(4_000_000_000_000);
  const failures: (readonly [string, number])[] = [];
  const client = await openHotStuff2(owned(rows, network), {
    network, clock, verify: verifyHere, log: followLog(clock, 10).log, sync: DEFAULT_SYNC_CONFIG, storageCap: 1e8, failed: (code, height) => void failures.push([code, height]),
  });
  const push = async (from: number, to: number) => {
    for (const item of n4.slice(from, to)) await client.push(item, signal);
  };
  return { client, failures, push };
}

/** The heights and the state that a new client finds. */
async function found(rows: MemoryRows) {
  const stored = await new HotStuff2Store(owned(rows), 1e8).load();
  if (typeof stored === 'string') return stored;
  return { heights: stored.items.map(({ height }) => height), root: stored.record.root.id, state: stored.state };
}
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('a store that fails', () => {
  it('is left at once; the client goes on in memory, and takes every block back to the database', async () => {
    const disk = new Disk();
    const { client, failures, push } = await open(disk);
    await push(1, 30);
    disk.fails = true;
    await push(30, 40);
    expect([client.store.kind, failures]).toEqual(['memory', [['quota', 29]]]);
    expect((await found(disk) as { readonly heights: readonly number[] }).heights).toEqual(upTo(1, 28));
    await expect(client.keeper.moveTo(owned(disk))).rejects.toMatchObject({ code: 'quota' });
    expect(client.store.kind).toBe('memory');
    disk.fails = false;
    disk.cleared.length = 0;
    await client.keeper.moveTo(owned(disk));
    // The blocks that were there stay there.
    expect([client.store.kind, disk.cleared]).toEqual(['indexeddb', ['state']]);
    expect(await found(disk)).toEqual({ heights: upTo(1, 38), root: n4[38]!.id, state: client.chain.state!.entries });
    await push(40, 50);
    expect(await found(disk)).toEqual({ heights: upTo(1, 48), root: n4[48]!.id, state: client.chain.state!.entries });
    const again = await open(disk);
    expect([again.client.tip(), again.client.head()]).toEqual([client.tip(), client.head()]);
    expect(again.client.chain.checked.blocks).toBe(48);
  });

  it('a client that began in memory brings what it has into an empty database, with what it knows of peers', async () => {
    const memory = await open(new MemoryRows());
    await memory.push(1, 60);
    await memory.client.store.peers!.keepBans([{ peer: 'x', code: 'forged', evidence: {}, at: 1, until: 2, lies: 1, address: '/dns4/x/tcp/1/wss' }]);
    const disk = new Disk();
    await memory.client.keeper.moveTo(owned(disk));
    expect(await found(disk)).toMatchObject({ heights: upTo(1, 58) });
    const again = await open(disk);
    expect(again.client.store.peers!.known.bans).toMatchObject([{ peer: 'x' }]);
    await again.client.store.wipe();
    expect([await found(disk), (await open(disk)).client.store.peers!.known]).toEqual(['none', { bans: [], peers: [] }]);
  });

  it('waits where the database has more than it, and replaces what is of another chain, or damaged', async () => {
    const disk = new Disk();
    await (await open(disk)).push(1, 100);
    const behind = await open(new MemoryRows());
    await behind.push(1, 50);
    await expect(behind.client.keeper.moveTo(owned(disk))).rejects.toMatchObject({ code: 'store-ahead', data: { height: 98 } });
    await behind.push(50, 120);
    await behind.client.keeper.moveTo(owned(disk));
    expect(await found(disk)).toMatchObject({ heights: upTo(1, 118) });
    const [head] = await disk.get([{ table: 'meta', key: 'head' }]);
    await disk.write({ durability: 'relaxed', writes: [{ table: 'meta', key: 'head', value: head!.with(head!.length - 1, head!.at(-1)! ^ 1) }] }, () => []);
    const other = await open(new MemoryRows());
    await other.push(1, 70);
    await other.client.keeper.moveTo(owned(disk));
    expect(await found(disk)).toMatchObject({ heights: upTo(1, 68) });
  });

  it('wiped in memory, it wipes the database when it goes back, with what that knows of peers', async () => {
    const disk = new Disk();
    const first = await open(disk);
    await first.push(1, 100);
    await first.client.store.peers!.keepBans([{ peer: 'x', code: 'forged', evidence: {}, at: 1, until: 2, lies: 1, address: '/dns4/x/tcp/1/wss' }]);
    disk.fails = true;
    await first.push(100, 103);
    expect(first.client.store.peers!.known.bans).toHaveLength(1);
    await first.client.store.wipe();
    disk.fails = false;
    await first.client.keeper.moveTo(owned(disk));
    expect([await found(disk), first.client.store.peers!.known]).toEqual(['none', { bans: [], peers: [] }]);
    await first.push(1, 5);
    expect(await found(disk)).toMatchObject({ heights: [1, 2, 3] });
    expect((await open(disk)).client.store.peers!.known.bans).toEqual([]);
  });

  it('stands still for what another client found, when it goes on in the database of that one', async () => {
    const disk = new Disk();
    const first = await open(disk);
    await first.push(1, 40);
    const [a, b] = [vectors.situations.conflictingFinals.a, vectors.situations.conflictingFinals.b].map((pair) => Losers.proofOf(itemOfVector(pair[0]!), itemOfVector(pair[1]!)));
    const halt = { height: 201, evidence: [a!, b!] as const };
    await first.client.keeper.keepHalt(halt);
    const memory = await open(new MemoryRows());
    await memory.push(1, 60);
    await memory.client.keeper.moveTo(owned(disk));
    expect([memory.client.store.kind, memory.client.halted?.()]).toEqual(['indexeddb', halt]);
    expect((await memory.client.push(n4[60]!, signal)).kind).toBe('halted');
    const wiped = await open(new MemoryRows());
    await wiped.client.store.wipe();
    await wiped.client.keeper.moveTo(owned(disk));
    expect(wiped.client.halted?.()).toBeUndefined();
  });

  it('does not take a block to the database at whose state the client stands still', async () => {
    const maker = new BlockMaker();
    const state = new KeyValueState();
    const good = maker.row(4, maker.genesis, state);
    const bad = maker.make(good.at(-1)!, state, { header: { stateRoot: 'a'.repeat(64) } });
    const made = networkOfMaker(maker);
    const disk = new Disk();
    const { client } = await open(disk, made);
    for (const item of good) await client.push(item, signal);
    disk.fails = true;
    await client.push(bad, signal);
    expect(client.store.kind).toBe('memory');
    expect(await client.push(maker.make(bad, state), signal)).toMatchObject({ kind: 'halted', height: 5, reason: 'state-root' });
    // Nobody vouches for that block's state, so that it is not given to others.
    expect(() => client.exportSnapshot()).toThrow(expect.objectContaining({ name: 'SyncError', code: 'halted', data: { height: 5, reason: 'state-root' } }));
    disk.fails = false;
    await expect(client.keeper.moveTo(owned(disk, made))).rejects.toMatchObject({ code: 'halted', data: { height: 5, reason: 'state-root' } });
    const again = (await open(disk, made)).client;
    expect([again.tip().height, again.chain.state?.root()]).toEqual([3, good[2]!.block.header.stateRoot]);
    await client.store.wipe();
    await client.keeper.moveTo(owned(disk, made));
    expect([client.store.kind, (await open(disk, made)).client.tip().height]).toEqual(['indexeddb', 0]);
  });

  it('says after a wipe in memory whether the database is marked for it', async () => {
    for (const [markWipe, owed] of [[async () => true, 'marked'], [async () => false, 'later'], [undefined, undefined]] as const) {
      const keeper = new StoreKeeper({ rows: owned(new MemoryRows()), parameters: parametersHash(network), cap: 1e8, markWipe });
      await keeper.wipe(() => undefined);
      expect(keeper.wipeOwed).toBe(owed);
    }
    const disk = new StoreKeeper({ rows: owned(new Disk()), parameters: parametersHash(network), cap: 1e8, markWipe: async () => true });
    await disk.wipe(() => undefined);
    expect(disk.wipeOwed).toBeUndefined();
  });

  it('keeps a block that comes while it moves', async () => {
    const memory = await open(new MemoryRows());
    await memory.push(1, 60);
    const disk = new Disk();
    await Promise.all([memory.client.keeper.moveTo(owned(disk)), memory.push(60, 70)]);
    expect(await found(disk)).toMatchObject({ heights: upTo(1, 68), root: n4[68]!.id });
  });
});
