import { describe, expect, it } from 'vitest';
import { genesisLink, makeChain, testNow } from '../../../../test/support/chain-maker.ts';
import { verifyNow } from '../../../../test/support/verify-now.ts';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import type { MacroBlock } from '../wire/types.ts';
import type { Notice } from '../../../bridge/contract.ts';
import { nothingChecked } from '../chain/checked-counts.ts';
import { systemClock, systemRandom } from '../../../base/system.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import type { ChainCommit, Store } from '../store/store.ts';
import { startLightClient } from './light-client.ts';
import type { LightClientOptions } from './light-client-options.ts';
import { resolveSettings } from '../../../engine/settings.ts';

const links = makeChain(genesisLink, 234);

/** The stored data of a client that had verified up to block 234. */
const commit: ChainCommit = {
  anchor: { kind: 'genesis', height: 200, hash: unitAlbatross.genesisHash, witnesses: [], fewWitnesses: false },
  checked: { ...nothingChecked, checkpoints: 1, microBlocks: 33, justifications: 1 },
  elections: [],
  checkpoint: links[31]!.block as ChainCommit['checkpoint'],
  tail: [links[32]!.block, links[33]!.block],
  head: { height: 234, hash: links[33]!.hash },
};

async function start(store: Store, options: Partial<LightClientOptions> = {}) {
  const client = await startLightClient({
    network: { ...unitAlbatross, seeds: [] },
    store,
    verify: verifyNow,
    clock: { ...systemClock, now: () => testNow },
    random: systemRandom,
    settings: resolveSettings(),
    createNode: () => Promise.reject(new StorageError('closed', 'stands for any coded error')),
    ...options,
  });
  const notices: Notice[] = [];
  client.events.on('notice', (notice) => notices.push(notice));
  await new Promise((resolve) => setTimeout(resolve, 20));
  return { client, codes: () => notices.map(({ code }) => code) };
}

describe('startLightClient', () => {
  it('has the stored head at once, and reports network failures', async () => {
    const rows = new MemoryRows();
    const store = createMemoryStore({ network: unitAlbatross, rows });
    await store.commit(commit);
    const { client } = await start(createMemoryStore({ network: unitAlbatross, rows }));
    expect(client.getHead()).toMatchObject({ latest: { height: 234, trust: 'proven', finality: 'pending' }, final: { height: 232, details: { type: 'checkpoint' } } });
    expect(client.getStatus()).toMatchObject({ phase: 'failed', reason: { code: 'closed' }, storage: { kind: 'memory' }, network: { genesisHeight: 200 } });
    expect(client.getStatus().storage.bytes).toBeGreaterThan(0);
    expect(await client.getBlock(233)).toMatchObject({ height: 233, details: { type: 'micro' }, trust: 'proven', parentHash: links[31]!.hash });
    expect(await client.getBlock(links[31]!.hash)).toMatchObject({ height: 232, finality: 'final', details: { parentElectionHash: unitAlbatross.genesisHash } });
    await client.close();
    expect(client.getStatus().phase).toBe('stopped');
  });

  it('refuses a stored chain that does not verify, and tells a listener added right after', async () => {
    const rows = new MemoryRows();
    const { justification, ...rest } = commit.checkpoint!;
    const forged: MacroBlock = { ...rest, justification: justification && { ...justification, round: 1 } };
    await createMemoryStore({ network: unitAlbatross, rows }).commit({ ...commit, checkpoint: forged });
    const { client, codes } = await start(createMemoryStore({ network: unitAlbatross, rows }));
    expect(codes()).toContain('stored-chain-refused');
    expect(client.getHead().latest).toMatchObject({ height: 200, hash: unitAlbatross.genesisHash, trust: 'proven' });
    await client.close();
  });

  it('works in memory without a usable store', async () => {
    const broken = { kind: 'indexeddb', load: () => Promise.reject(new StorageError('schema-from-the-future', 'newer')), close: async () => undefined } as unknown as Store;
    const { client, codes } = await start(broken);
    expect(codes()).toContain('storage-schema-from-the-future');
    expect(client.getStatus().storage.kind).toBe('memory');
    await client.close();
  });

  it('issue 11: waits once for a database that does not answer, reports it, works in memory, and goes back to the database later', async () => {
    const rows = new MemoryRows();
    await createMemoryStore({ network: unitAlbatross, rows }).commit(commit);
    const database = (more: Partial<Store> = {}): Store => Object.assign(createMemoryStore({ network: unitAlbatross, rows }), { kind: 'indexeddb' }, more);
    const asked: string[] = [];
    const silent = (name: string) => async () => {
      asked.push(name);
      await new Promise((resolve) => setTimeout(resolve, 0));
      throw new StorageError('no-answer', 'a transaction does not end');
    };
    const broken = database({ trim: silent('trim'), decodedKeys: silent('keys'), election: silent('election'), putDecodedKeys: silent('put') });
    let works = false;
    const reopen = async () => {
      const store = database(works ? {} : { takeFencing: silent('fencing') });
      await store.takeFencing();
      return store;
    };
    const { client, codes } = await start(broken, { reopen });
    expect(codes().filter((code) => code === 'storage-given-up')).toHaveLength(1);
    expect(client.getStatus().storage.kind).toBe('memory');
    const before = asked.length;
    expect(await client.getBlock('ab'.repeat(32))).toBeUndefined();
    expect(asked).toHaveLength(before);
    await expect(client.wipe()).rejects.toMatchObject({ code: 'no-answer' });
    works = true;
    client.returnToStore();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(codes().at(-1)).toBe('storage-resumed');
    expect(client.getStatus().storage.kind).toBe('indexeddb');
    expect(client.getHead().latest.height).toBe(234);
    await client.close();
  });

  it('issue 11: does not report a complete wipe while there is an unreadable database, which may come back with its data', async () => {
    const rows = new MemoryRows();
    await createMemoryStore({ network: unitAlbatross, rows }).commit(commit);
    const database = (more: Partial<Store> = {}): Store => Object.assign(createMemoryStore({ network: unitAlbatross, rows }), { kind: 'indexeddb' }, more);
    const unread = () => Promise.reject(new StorageError('no-answer', 'a transaction does not end'));
    let works = false;
    const { client, codes } = await start(database({ load: unread }), { reopen: async () => (works ? database() : unread()) });
    await expect(client.wipe()).rejects.toMatchObject({ code: 'no-answer' });
    works = true;
    client.returnToStore();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(client.getHead().latest.height).toBe(234);
    await client.wipe();
    expect(codes()).toContain('wiped');
    expect(client.getHead().latest.height).toBe(200);
    expect(await database().load()).toMatchObject({ kind: 'empty' });
    await client.close();
  });

  it.each([0, 1])('issue 11: what was wiped while the database could not be opened is wiped there before it is used, though that fails %i times', async (failures) => {
    const rows = new MemoryRows();
    await createMemoryStore({ network: unitAlbatross, rows }).commit(commit);
    const database = (more: Partial<Store> = {}): Store => Object.assign(createMemoryStore({ network: unitAlbatross, rows }), { kind: 'indexeddb' }, more);
    let opened = 0;
    const unwiped = { wipe: () => Promise.reject(new StorageError('aborted', 'for the test')) };
    const reopen = async () => database((opened += 1) <= failures ? unwiped : {});
    const { client, codes } = await start(createMemoryStore({ network: unitAlbatross }), { reopen });
    await client.wipe();
    expect(codes()).toContain('wiped-later');
    const heights: number[] = [];
    client.events.on('head', () => heights.push(client.getHead().latest.height));
    const kinds: string[] = [];
    for (let tries = 0; tries <= failures; tries += 1) {
      client.returnToStore();
      await new Promise((resolve) => setTimeout(resolve, 20));
      kinds.push(client.getStatus().storage.kind);
    }
    expect(kinds).toEqual([...Array.from({ length: failures }, () => 'memory'), 'indexeddb']);
    expect([client.getHead().latest.height, heights.filter((height) => height > 200)]).toEqual([200, []]);
    expect(await database().load()).toMatchObject({ kind: 'empty' });
    // From now on it is used as any other, and a wipe reaches it.
    await client.wipe();
    expect(codes().at(-1)).toBe('wiped');
    await client.close();
  });

  it('issue 11: a wipe while the database is being taken is done there too', async () => {
    const rows = new MemoryRows();
    await createMemoryStore({ network: unitAlbatross, rows }).commit(commit);
    const database = (more: Partial<Store> = {}): Store => Object.assign(createMemoryStore({ network: unitAlbatross, rows }), { kind: 'indexeddb' }, more);
    const { client } = await start(createMemoryStore({ network: unitAlbatross }), { reopen: async () => database() });
    client.returnToStore();
    await Promise.all([client.wipe(), new Promise((resolve) => setTimeout(resolve, 20))]);
    expect([client.getStatus().storage.kind, client.getHead().latest.height]).toEqual(['indexeddb', 200]);
    expect(await database().load()).toMatchObject({ kind: 'empty' });
    await client.close();
  });

  it('is not affected by listeners that throw', async () => {
    const { client } = await start(createMemoryStore({ network: unitAlbatross }));
    client.events.on('status', () => {
      throw new Error('theirs');
    });
    await client.wipe();
    await client.close();
    expect(client.getStatus().phase).toBe('stopped');
  });
});
