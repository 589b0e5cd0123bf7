import { describe, expect, it } from 'vitest';
import { itemOfVector } from '../../../../test/support/hotstuff2/items.ts';
import { networkOfRun, runThrough, testChain } from '../../../../test/support/hotstuff2/test-chain.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { OwnedRows } from '../../../storage/owned-rows.ts';
import type { RowKey, Rows, Table } from '../../../storage/rows.ts';
import { StorageError } from '../../../storage/storage-error.ts';
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
  const failures: unknown[] = [];
  const { chain } = testChain(network, {
    keep: (change: FinalChange) => store.keep({ ...change, checked: chain.checked, links: chain.sets.links, halt: undefined }).catch((error: unknown) => void failures.push(error)),
  });
  for (const item of n4.slice(1, upTo)) await chain.push(item, signal);
  return { rows, store, chain, failures };
}

async function loaded(rows: Rows, of = network): Promise<StoredChain> {
  const found = await new HotStuff2Store(owned(rows, of), 50_000_000).load();
  if (typeof found === 'string') throw new Error(found);
  return found;
}

/** Makes every write fail while it is set. */
class FailingRows extends MemoryRows {
  fails = false;
  override async write(...args: Parameters<MemoryRows['write']>): Promise<void> {
    if (this.fails) throw new StorageError('quota', 'no room');
    return super.write(...args);
  }
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

  it('a write that fails is made up for by the next one, whole', async () => {
    const rows = new FailingRows();
    const { chain, failures } = await stored({ rows, upTo: 30 });
    rows.fails = true;
    for (const item of n4.slice(30, 33)) await chain.push(item, signal);
    expect(failures).toHaveLength(3);
    rows.fails = false;
    await chain.push(n4[33]!, signal);
    const found = await loaded(rows);
    expect(found.record.root.id).toBe(n4[32]!.id);
    expect(found.state).toEqual(chain.state!.entries);
    expect(found.items.map(({ height }) => height)).toEqual([32]);
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
