import { describe, expect, it } from 'vitest';
import { FakeChain, fakeVerify } from '../../../../test/support/fake-chain.ts';
import { LightChain } from '../chain/light-chain.ts';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import { serveHeaders, withoutBody } from '../serve/serve.ts';
import type { MacroBlock } from '../wire/types.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { StoredArchive } from './stored-archive.ts';

const made = new FakeChain().growTo(598);
const election = (height: number) => made.at(height).block as MacroBlock;
const hash = (height: number) => made.at(height).hash;
const message = (blockNumber: number) => ({ blockNumber, proof: new Uint8Array(475).fill(blockNumber & 0xff) });

/** Starts a client on the same store, at the election block 584. */
async function open(rows: MemoryRows) {
  const store = createMemoryStore({ network: unitAlbatross, rows });
  const chain = new LightChain({ network: unitAlbatross, verify: fakeVerify, clock: { now: () => Number.MAX_SAFE_INTEGER } });
  expect(await chain.restore({ election: election(584), checkpoint: undefined, tail: [] })).toBe('restored');
  const failures: string[] = [];
  const archive = new StoredArchive({ store, chain, onFailed: () => failures.push('failed') });
  return { archive, store, failures };
}

const wayFromGenesis = (archive: StoredArchive) => serveHeaders(archive.served, 'macro-chain', { locators: [hash(200)], maxEpochs: 9 }, withoutBody);

describe('StoredArchive', () => {
  it('serves the way from genesis after a restart as before', async () => {
    const rows = new MemoryRows();
    const first = await open(rows);
    for (const height of [328, 456, 584]) first.archive.add(hash(height), election(height));
    first.archive.addProof(message(328), election(328));
    await first.archive.flush();
    const second = await open(rows);
    expect(wayFromGenesis(second.archive)).toEqual({ ok: false, error: 'Other' });
    await second.archive.restore();
    // It serves nothing that was only stored and not verified again.
    expect(wayFromGenesis(second.archive)).toEqual({ ok: false, error: 'Other' });
    second.archive.settle({ verified: new Set([328, 456, 584].map(hash)), bases: new Set([hash(200)]) });
    expect(wayFromGenesis(second.archive)).toEqual({ ok: true, value: { epochs: [hash(328), hash(456), hash(584)], checkpoint: undefined } });
    expect(second.archive.proof).toEqual({ message: message(328), block: { ...election(328), body: undefined } });
  });

  it('issue 11: drops stored blocks that were not verified, and signatures that were not verified', async () => {
    const rows = new MemoryRows();
    const first = await open(rows);
    for (const height of [328, 456, 584]) first.archive.add(hash(height), election(height));
    await first.archive.flush();
    const second = await open(rows);
    await second.archive.restore();
    second.archive.settle({ verified: new Set([hash(584)]), bases: new Set([hash(456)]) });
    const { way } = second.archive;
    expect(way.get(hash(584))?.justification).toBeDefined();
    expect(way.get(hash(456))?.justification).toBeUndefined();
    expect(way.get(hash(328))).toBeUndefined();
    // A copy that was verified without its signatures does not bring them back.
    second.archive.add(hash(456), { ...election(456), justification: undefined });
    expect(way.get(hash(456))?.justification).toBeUndefined();
  });

  it('serves no proof of another chain, and uses an older one of its own chain instead', async () => {
    const { archive } = await open(new MemoryRows());
    const other = new FakeChain(1).growTo(584).at(584).block as MacroBlock;
    archive.addProof(message(584), other);
    expect(archive.proof).toBeUndefined();
    for (const height of [456, 584]) archive.add(hash(height), election(height));
    archive.addProof(message(456), election(456));
    expect(archive.proof?.message.blockNumber).toBe(456);
    archive.addProof(message(328), election(328));
    expect(archive.proof?.message.blockNumber).toBe(456);
  });

  it('deletes its rows when its content is false', async () => {
    const rows = new MemoryRows();
    const first = await open(rows);
    for (const height of [456, 584]) first.archive.add(hash(height), election(height));
    first.archive.addProof(message(584), election(584));
    await first.archive.flush();
    const second = await open(rows);
    await second.archive.restore();
    second.archive.drop();
    await second.archive.flush();
    expect(await second.store.archive()).toEqual({ blocks: new Map(), proof: undefined });
  });

  it('is emptied with the store, and is written whole into a new store', async () => {
    const rows = new MemoryRows();
    const { archive, store } = await open(rows);
    for (const height of [456, 584]) archive.add(hash(height), election(height));
    archive.addProof(message(584), election(584));
    await archive.flush();
    await store.wipe();
    archive.rewrite();
    await archive.flush();
    expect((await store.archive()).blocks.size).toBe(2);
    expect((await store.archive()).proof?.block).toBe(hash(584));
    await store.wipe();
    archive.clear();
    await archive.flush();
    expect(archive.proof).toBeUndefined();
    expect((await store.archive()).blocks.size).toBe(0);
  });

  it('reports a failed write, and goes on', async () => {
    const rows = new MemoryRows();
    const { archive, failures } = await open(rows);
    rows.onWrite = () => {
      throw new Error('no room');
    };
    archive.add(hash(456), election(456));
    await archive.flush();
    expect(failures).toEqual(['failed']);
    rows.onWrite = undefined;
    archive.add(hash(584), election(584));
    await archive.flush();
    expect(wayFromGenesis(archive)).toEqual({ ok: false, error: 'Other' });
  });
});
