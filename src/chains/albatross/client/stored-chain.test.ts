import { describe, expect, it } from 'vitest';
import { genesisLink, makeChain, testNow } from '../../../../test/support/chain-maker.ts';
import { verifyNow } from '../../../../test/support/verify-now.ts';
import { LightChain } from '../chain/light-chain.ts';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import type { LoadOutcome, Store, StoredChain } from '../store/store.ts';
import { Evidence, genesisAnchor } from './evidence.ts';
import { WriteBehind } from './write-behind.ts';
import { loadStore, restoreChain } from './stored-chain.ts';

const links = makeChain(genesisLink, 500);
const linkAt = (height: number) => links[height - 201]!;

function newChain(store?: Store): LightChain {
  return new LightChain({
    network: unitAlbatross,
    verify: verifyNow,
    clock: { now: () => testNow },
    decodedKeys: store && ((keys) => store.decodedKeys(keys)),
    rememberKeys: store && ((keys) => void store.putDecodedKeys(keys)),
  });
}

/** Stores a client's chain from genesis to `height`: the finished batches by their macro block, and then each block, as a live client does. */
async function storedUpTo(height: number, rows = new MemoryRows()): Promise<MemoryRows> {
  const store = createMemoryStore({ network: unitAlbatross, rows });
  const chain = newChain(store);
  const outcome = await restoreChain(chain, await store.load());
  const evidence = new Evidence(chain, outcome.kind === 'restored' ? outcome.anchor : undefined);
  const persistence = new WriteBehind({
    store,
    chain,
    evidence: () => (evidence.fits ? { anchor: evidence.anchor, checked: chain.checked } : undefined),
    log: () => undefined,
    onGivenUp: (code) => expect(code).toBe('never'),
  });
  for (let at = chain.head.height + 1; at <= height; at++) {
    const { block } = linkAt(at);
    const next = chain.policy.macroBlockAfter(at - 1);
    // Whole batches by their macro block, as in a catch-up.
    const result = next <= height ? await chain.pushMacro(linkAt(next).block) : await chain.push(block);
    expect(result.result).toBe('extended');
    at = chain.head.height;
  }
  await persistence.close();
  return rows;
}

describe('a stored chain', () => {
  it.each([201, 210, 232, 240, 328, 329, 360, 456, 490])('is restored unchanged at %i', async (height) => {
    const rows = await storedUpTo(height);
    const store = createMemoryStore({ network: unitAlbatross, rows });
    const chain = newChain();
    const outcome = await restoreChain(chain, await store.load());
    expect(outcome).toMatchObject({ kind: 'restored', anchor: { ...genesisAnchor(chain), unchecked: true } });
    expect(chain.head).toMatchObject({ height, hash: linkAt(height).hash });
    expect(chain.macroHead.hash).toBe(height < 232 ? unitAlbatross.genesisHash : linkAt(chain.policy.lastMacroBlock(height)).hash);
    expect(new Evidence(chain).record.level).toBe('proven');
    for (const election of [328, 456].filter((at) => at <= height)) expect((await store.election(election))?.hash).toBe(linkAt(election).hash);
  });

  it('continues where it stopped, and keeps decoded keys', async () => {
    const rows = await storedUpTo(240);
    await storedUpTo(330, rows);
    const store = createMemoryStore({ network: unitAlbatross, rows });
    expect(await store.load()).toMatchObject({ kind: 'chain', chain: { election: { header: { blockNumber: 328 } }, tail: [{}, {}] } });
    const [key] = await store.decodedKeys([genesisLink.block.header.validators![0]!.votingKey]);
    expect(key?.point).toHaveLength(570);
  });

  it.each([
    ['a checkpoint that was not signed', 240, (chain: StoredChain) => ({ ...chain, checkpoint: { ...chain.checkpoint!, justification: linkAt(264).block.justification as never } })],
    ['an election block that was not signed', 328, (chain: StoredChain) => ({ ...chain, election: { ...chain.election!, justification: linkAt(264).block.justification as never } })],
    ['a second election block that its predecessor did not sign', 456, (chain: StoredChain) => ({ ...chain, election: { ...chain.election!, justification: linkAt(328).block.justification as never } })],
    ['a micro block that does not follow', 240, (chain: StoredChain) => ({ ...chain, tail: chain.tail.slice(1) })],
  ])('is refused with %s', async (_, height, change) => {
    const rows = await storedUpTo(height);
    const outcome = (await createMemoryStore({ network: unitAlbatross, rows }).load()) as Extract<LoadOutcome, { kind: 'chain' }>;
    const chain = newChain();
    expect(await restoreChain(chain, { kind: 'chain', chain: change(outcome.chain) })).toMatchObject({ kind: 'refused', code: expect.any(String) });
    expect(chain.head.height).toBe(200);
  });

  it('that is damaged reports the damage', async () => {
    expect(await restoreChain(newChain(), { kind: 'damaged', code: 'tail-link', data: { height: 3 } })).toEqual({ kind: 'refused', code: 'tail-link', data: { height: 3 } });
  });
});

describe('loadStore', () => {
  it('works in memory when the store cannot be used', async () => {
    let closed = false;
    const broken = {
      load: () => Promise.reject(new StorageError('schema-from-the-future', 'newer')),
      close: async () => void (closed = true),
    } as unknown as Store;
    const loaded = await loadStore(broken, unitAlbatross);
    expect(loaded).toMatchObject({ store: { kind: 'memory' }, outcome: { kind: 'empty' }, failure: { code: 'schema-from-the-future' } });
    expect(closed).toBe(true);
  });
});
