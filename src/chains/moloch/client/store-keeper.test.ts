import { expect, it } from 'vitest';
import { blockAfter, makeChain, networkOf } from '../../../../test/support/moloch-chain-maker.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { OwnedRows } from '../../../storage/owned-rows.ts';
import type { Rows } from '../../../storage/rows.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import { trustedHeaderOf } from '../chain/moloch-block.ts';
import { encodeTrustedHeader } from '../wire/trusted-header.ts';
import { encodeSignedBlock } from '../wire/signed-block.ts';
import { verifySignature } from '../chain/verify-signature.ts';
import { MolochChain } from './moloch-chain.ts';
import { StoreKeeper } from './store-keeper.ts';
import { parametersHash } from '../store/stored-records.ts';
import { restoreChain } from './restore-chain.ts';

const made = makeChain(300);
const items = made.map(({ item }) => item);
const network = networkOf(made[0]!);
const { signal } = new AbortController();

/** Rows in memory that pass for a database. */
function disk(): MemoryRows {
  const rows = new MemoryRows();
  Object.defineProperty(rows, 'kind', { value: 'indexeddb' });
  return rows;
}
const owned = (rows: Rows) => new OwnedRows(rows, parametersHash(network));

async function open(rows: Rows, cap = 10_000_000) {
  const failures: string[] = [];
  const keeper = new StoreKeeper({ rows: owned(rows), isKey: () => true, cap, failed: (code) => void failures.push(code), changed: () => undefined });
  const chain = new MolochChain({ network, now: () => Number.MAX_SAFE_INTEGER, sink: keeper });
  keeper.attach(chain);
  await restoreChain(chain, keeper.store, verifySignature);
  return { keeper, chain, failures };
}

it('has the chain again after a restart, with its trust, its places and its range', async () => {
  const rows = disk();
  const { chain } = await open(rows);
  await chain.apply(items.slice(1, 251));
  const again = (await open(rows)).chain;
  expect([again.tip(), again.trust(), again.finalBlocks.places(), again.finalBlocks.mmr.nodes]).toEqual([chain.tip(), chain.trust(), chain.finalBlocks.places(), chain.finalBlocks.mmr.nodes]);
  expect(await again.apply(items.slice(251))).toBeUndefined();
  expect((await open(rows)).chain.tip().height).toBe(300);
});

it('stays within its bound: the base moves up, hashes and places stay, and the trust is what it was', async () => {
  const rows = disk();
  const { chain, keeper } = await open(rows, 60_000);
  let largest = 0;
  for (let at = 1; at <= 300; at += 10) {
    await chain.apply(items.slice(at, at + 10));
    largest = Math.max(largest, keeper.bytes);
  }
  expect(largest).toBeLessThan(60_000);
  expect(keeper.store.blockBytes).toBeGreaterThan(5_000);
  const { chain: again, keeper: reopened } = await open(rows, 60_000);
  expect([again.tip(), again.trust(), again.finalBlocks.events]).toEqual([chain.tip(), chain.trust(), 300]);
  expect(again.trust()).toMatchObject({ level: 'proven', checked: { blocks: 300 } });
  expect(again.finalBlocks.mmr.nodes).toEqual(chain.finalBlocks.mmr.nodes);
  expect(again.finalBlocks.places()).toEqual(chain.finalBlocks.places());
  expect(reopened.bytes).toBe(keeper.bytes);
  expect(again.held(1)).toBeUndefined();
  expect(again.held(300)?.block).toEqual(items[300]!.block);
});

it('keeps the hashes where there is no room for places, and says that it does not know them all', async () => {
  const rows = disk();
  const { chain, keeper } = await open(rows, 20_000);
  for (let at = 1; at <= 300; at += 10) await chain.apply(items.slice(at, at + 10));
  expect(keeper.bytes).toBeLessThan(20_000 + 300 * 32);
  const again = (await open(rows)).chain;
  expect([again.tip().height, again.finalBlocks.indexed, again.finalBlocks.mmr.leaves]).toEqual([300, false, 301]);
  expect(() => again.exportSnapshot()).toThrow('places-unknown');
});

it('a store that fails is given up, and the chain goes on; back in a database, it is there as it is then', async () => {
  const rows = disk();
  const { chain, keeper, failures } = await open(rows);
  await chain.apply(items.slice(1, 11));
  rows.onWrite = () => {
    throw new StorageError('quota', 'full');
  };
  expect(await chain.apply(items.slice(11, 21))).toBeUndefined();
  expect([failures, keeper.kind, keeper.bytes, chain.tip().height]).toEqual([['aborted'], 'memory', 0, 20]);
  await chain.apply(items.slice(21, 31));
  rows.onWrite = undefined;
  expect((await open(rows)).chain.tip().height).toBe(10);
  await keeper.moveTo(owned(rows));
  expect(keeper.kind).toBe('indexeddb');
  await chain.apply(items.slice(31, 41));
  const again = (await open(rows)).chain;
  expect([again.tip().height, again.trust(), again.finalBlocks.places().length]).toEqual([40, chain.trust(), 40]);
  // No block was lost on the way.
  expect(Array.from({ length: 40 }, (_, i) => again.held(i + 1)?.block)).toEqual(items.slice(1, 41).map(({ block }) => block));
  expect(keeper.bytes).toBeGreaterThan(items.slice(1, 41).reduce((sum, { block }) => sum + encodeSignedBlock(block).length, 0) - 1);
});

it('waits where the database has more of this chain, and replaces what is of another one', async () => {
  for (const cap of [10_000_000, 20_000]) {
    const rows = disk();
    const { chain } = await open(rows, cap);
    for (let at = 1; at <= 200; at += 10) await chain.apply(items.slice(at, at + 10));
    const lower = await open(new MemoryRows());
    await lower.chain.apply(items.slice(1, 11));
    await expect(lower.keeper.moveTo(owned(rows))).rejects.toMatchObject({ code: 'store-ahead', data: { tip: 10 } });
    expect([lower.keeper.kind, (await open(rows)).chain.tip().height]).toEqual(['memory', 200]);
    await lower.chain.apply(items.slice(11, 211));
    await lower.keeper.moveTo(owned(rows));
    expect([lower.keeper.kind, (await open(rows)).chain.tip().height]).toEqual(['indexeddb', 210]);
  }
  const rows = disk();
  const { keeper, chain } = await open(rows);
  await chain.apply(items.slice(1, 21));
  await keeper.store.append([blockAfter(made[20], { branch: 'other', signers: 3 }).item]);
  const other = await open(new MemoryRows());
  await other.chain.apply(items.slice(1, 31));
  await other.keeper.moveTo(owned(rows));
  const again = (await open(rows)).chain;
  expect([again.tip().height, again.held(29), again.held(30)?.id]).toEqual([30, undefined, items[30]!.id]);
});

it('stands still after a restart too, with both proofs, until it is wiped', async () => {
  const rows = disk();
  const { chain } = await open(rows);
  await chain.apply(items.slice(1, 6));
  const other = blockAfter(made[4], { branch: 'other', signers: 3 }).item;
  expect(await chain.proveFinal(trustedHeaderOf(other.block), signal)).toBe('final');
  const halt = chain.halted()!;
  expect(halt.height).toBe(5);
  const { chain: again, keeper } = await open(rows);
  expect(again.halted()).toEqual(halt);
  await expect(again.apply(items.slice(6, 7))).rejects.toMatchObject({ code: 'halted' });
  await keeper.wipe();
  expect([again.halted(), again.tip().height, (await open(rows)).chain.halted()]).toEqual([undefined, 0, undefined]);
});

it('a halt that no database took is written when the database is back', async () => {
  const rows = disk();
  const { chain, keeper } = await open(rows);
  await chain.apply(items.slice(1, 6));
  rows.onWrite = () => {
    throw new StorageError('quota', 'full');
  };
  await chain.proveFinal(trustedHeaderOf(blockAfter(made[4], { branch: 'other', signers: 3 }).item.block), signal);
  rows.onWrite = undefined;
  expect([keeper.kind, chain.halted()?.height]).toEqual(['memory', 5]);
  await keeper.moveTo(owned(rows));
  const again = (await open(rows)).chain;
  expect([again.tip().height, again.halted()]).toEqual([5, chain.halted()]);
});

it('a database that fails in the middle of the way back loses neither its halt nor its blocks', async () => {
  const rows = disk();
  const { chain, keeper } = await open(rows);
  await chain.apply(items.slice(1, 21));
  await keeper.store.append([blockAfter(made[20], { branch: 'other', signers: 3 }).item]);
  const evidence = [trustedHeaderOf(items[5]!.block), trustedHeaderOf(blockAfter(made[4], { branch: 'other', signers: 3 }).item.block)].map(encodeTrustedHeader);
  const halt = { height: 5, evidence: [evidence[0]!, evidence[1]!] as const };
  await keeper.halted(halt);
  const other = await open(new MemoryRows());
  await other.chain.apply(items.slice(1, 31));
  let fails = true;
  let transactions = 0;
  const inner = rows.write.bind(rows);
  rows.write = (...args) => {
    transactions += 1;
    if (fails && transactions > 1) throw new StorageError('quota', 'full');
    return inner(...args);
  };
  await other.keeper.moveTo(owned(rows)).catch(() => undefined);
  const between = (await open(rows)).chain;
  expect([between.halted(), between.tip().height]).toEqual([halt, expect.toSatisfy((height: number) => height >= 21)]);
  fails = false;
  await other.keeper.moveTo(owned(rows));
  const again = (await open(rows)).chain;
  expect([again.halted(), again.tip().height]).toEqual([halt, 30]);
});

it('stands still for what another client found, when it goes on in the database of that one', async () => {
  const rows = disk();
  const first = await open(rows);
  await first.chain.apply(items.slice(1, 6));
  await first.chain.proveFinal(trustedHeaderOf(blockAfter(made[4], { branch: 'other', signers: 3 }).item.block), signal);
  const { chain, keeper } = await open(new MemoryRows());
  await chain.apply(items.slice(1, 31));
  await keeper.moveTo(owned(rows));
  expect([keeper.kind, chain.halted()]).toEqual(['indexeddb', first.chain.halted()]);
  await expect(chain.apply(items.slice(31, 32))).rejects.toMatchObject({ code: 'halted' });
  const wiped = await open(new MemoryRows());
  await wiped.keeper.wipe();
  await wiped.keeper.moveTo(owned(rows));
  expect(wiped.chain.halted()).toBeUndefined();
});

it('evidence that nobody signed makes nothing stand still', async () => {
  const rows = disk();
  const { keeper } = await open(rows);
  await keeper.halted({ height: 5, evidence: [new Uint8Array(), Uint8Array.of(1, 2, 3)] });
  expect((await open(rows)).chain.halted()).toBeUndefined();
});

it('has what it knows of peers after a restart, and wipes it with the rest, also if it is in memory then', async () => {
  const ban = { peer: 'x', code: 'forged', evidence: {}, at: 1, until: 2, lies: 1, address: '/dns4/x/tcp/1/wss' };
  const rows = disk();
  const { keeper, chain } = await open(rows);
  await chain.apply(items.slice(1, 11));
  await keeper.peers.keepBans([ban]);
  const loaded = async () => (await (await open(rows)).keeper.peers.load()).bans;
  expect(await loaded()).toEqual([ban]);
  const memory = await open(new MemoryRows());
  await memory.keeper.wipe();
  await memory.chain.apply(items.slice(1, 6));
  await memory.keeper.moveTo(owned(rows));
  expect([await loaded(), (await open(rows)).chain.tip().height]).toEqual([[], 5]);
  await memory.keeper.peers.keepBans([ban]);
  await memory.keeper.wipe();
  expect(await loaded()).toEqual([]);
});
