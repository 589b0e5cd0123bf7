import { describe, expect, it } from 'vitest';
import { itemOfVector } from '../../../../test/support/hotstuff2/items.ts';
import { networkOfRun, runThrough, testChain } from '../../../../test/support/hotstuff2/test-chain.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { OwnedRows } from '../../../storage/owned-rows.ts';
import type { RowKey, Rows, Table } from '../../../storage/rows.ts';
import { parametersHash } from '../chain/parameters-hash.ts';
import type { FinalChange } from '../client/final-change.ts';
import { HotStuff2Store, type StoredChain } from './hotstuff2-store.ts';

const network = networkOfRun(vectors.n4);
const n4 = vectors.n4.blocks.map(itemOfVector);
const { signal } = new AbortController();
const owned = (rows: Rows, of = network) => new OwnedRows(rows, parametersHash(of));

/** Takes blocks of the run one by one, as they are announced, into a store. */
async function stored({ rows = new MemoryRows() as Rows, cap = 50_000_000, upTo = 80 } = {}) {
  const store = new HotStuff2Store(owned(rows), cap);
  const { chain } = testChain(network, {
    keep: (change: FinalChange) => store.keep({ ...change, checked: chain.checked, links: chain.sets.links, halt: undefined }),
  });
  for (const item of n4.slice(1, upTo)) await chain.push(item, signal);
  return { rows, store, chain };
}

async function loaded(rows: Rows, of = network): Promise<StoredChain> {
  const found = await new HotStuff2Store(owned(rows, of), 50_000_000).load();
  if (typeof found === 'string') throw new Error(found);
  return found;
}

describe('the store of a HotStuff-2 chain', () => {
  it('has headers, state, the blocks above, and the record, as they were', async () => {
    const { rows, store, chain } = await stored();
    const found = await loaded(rows);
    expect(found.record).toMatchObject({ root: { id: chain.tip().id, proof: chain.final.proof }, from: 1, hasState: true, checked: { blocks: 78 } });
    expect(found.items.map(({ id }) => id)).toEqual(n4.slice(1, 79).map(({ id }) => id));
    expect(found.items.every(({ block }) => block.payload === undefined && block.qc !== undefined)).toBe(true);
    expect(found.state).toEqual(chain.state!.entries);
    expect(found.pending).toEqual(chain.pending);
    expect(store.bytes).toBeGreaterThan(chain.state!.bytes);
    expect(await store.block(40)).toMatchObject({ id: n4[40]!.id });
    expect([await store.block(0), await store.block(500)]).toEqual([undefined, undefined]);
  });

  it('is of one network: what was verified under other parameters is not there', async () => {
    const { rows } = await stored();
    expect(await new HotStuff2Store(owned(rows, networkOfRun(vectors.n7)), 1).load()).toBe('other-parameters');
    expect(await new HotStuff2Store(owned(new MemoryRows()), 1).load()).toBe('none');
  });

  // Without the row of the newest blocks none reaches the newest one, which the client's check sees.
  it.each<[Table, RowKey, unknown]>([
    ['meta', 'head', 'damaged'],
    ['blocks', 0, expect.objectContaining({ items: [] })],
    ['state', 'first', 'damaged'],
  ])('a damaged row %s/%s is noticed', async (table, key, wanted) => {
    const { rows } = await stored();
    const at = key === 'first' ? (await rows.keys('state'))[0]! : key;
    const [bytes] = await rows.get([{ table, key: at }]);
    await rows.write({ durability: 'relaxed', writes: [{ table, key: at, value: bytes!.with(bytes!.length - 1, bytes!.at(-1)! ^ 1) }] }, () => []);
    expect(await new HotStuff2Store(owned(rows), 50_000_000).load()).toEqual(wanted);
  });

  it('a snapshot, and a run without state, take the place of what was there', async () => {
    const { rows, store } = await stored();
    const { chain } = testChain(network, { keep: (change: FinalChange) => store.keep({ ...change, checked: chain.checked, links: [], halt: undefined }) });
    await runThrough(chain, n4.slice(1, 100).map((item) => ({ ...item, block: { ...item.block, payload: undefined } })), { headersOnly: true });
    const headers = await loaded(rows);
    expect([headers.record.hasState, headers.state, headers.items.length]).toEqual([false, undefined, 98]);
    expect(await rows.keys('state')).toEqual([]);
    const final = await stored({ upTo: 60 });
    await store.keep({ items: [n4[58]!], root: final.chain.final, state: final.chain.state, pending: [], replaces: true, checked: final.chain.checked, links: [], halt: undefined });
    const snapshot = await loaded(rows);
    expect([snapshot.record.from, snapshot.items.length, snapshot.state]).toEqual([58, 1, final.chain.state!.entries]);
  });

  it('finds the height of a block by its hash, as long as it is stored', async () => {
    const { store } = await stored({ upTo: 190 });
    for (const height of [1, 63, 64, 100, 187]) expect(await store.heightOf(n4[height]!.id)).toBe(height);
    expect([await store.heightOf(n4[0]!.id), await store.heightOf('ab'.repeat(32))]).toEqual([undefined, undefined]);
    const capped = await stored({ upTo: 190, cap: 60_000 });
    expect([await capped.store.heightOf(n4[63]!.id), await capped.store.heightOf(n4[64]!.id)]).toEqual([undefined, 64]);
    expect(await new HotStuff2Store(owned(new MemoryRows()), 1).heightOf(n4[1]!.id)).toBeUndefined();
  });

  it('drops the oldest headers at its cap', async () => {
    const { rows, chain } = await stored({ cap: 60_000, upTo: 190 });
    const found = await loaded(rows);
    expect(found.record.from).toBe(64);
    expect([found.items[0]!.height, found.items.at(-1)!.id]).toEqual([64, chain.tip().id]);
    expect(found.state).toEqual(chain.state!.entries);
  });

  it('keeps a halt, also without a chain, and forgets everything when it is wiped', async () => {
    const { rows, store } = await stored();
    const halt = { height: 7, evidence: [Uint8Array.of(1), Uint8Array.of(2, 3)] } as const;
    await store.keepHalt(halt);
    expect(await store.halt()).toEqual(halt);
    await store.wipe({ keepsHalt: true });
    expect([await store.load(), await store.halt()]).toEqual(['none', halt]);
    await store.wipe();
    expect([await store.load(), store.bytes, await rows.keys('blocks'), await rows.keys('state')]).toEqual(['none', 0, [], []]);
    expect(await store.halt()).toBeUndefined();
  });
});
