import { describe, expect, it } from 'vitest';
import { blockHash } from '../../src/chains/albatross/chain/hashes.ts';
import type { NetworkParameters } from '../../src/chains/albatross/chain/network.ts';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import { macroBlock } from '../../src/chains/albatross/wire/blocks.ts';
import { encode } from '../../src/base/postcard/codec.ts';
import type { Block, MacroBlock } from '../../src/chains/albatross/wire/types.ts';
import type { TrustLevel } from '../../src/bridge/contract.ts';
import { nothingChecked } from '../../src/chains/albatross/chain/checked-counts.ts';
import type { Anchor } from '../../src/engine/trust.ts';
import { startLightClient } from '../../src/chains/albatross/client/light-client.ts';
import { resolveSettings } from '../../src/engine/settings.ts';
import { systemClock, systemRandom } from '../../src/base/system.ts';
import { MemoryRows } from '../../src/storage/memory-rows.ts';
import { createMemoryStore } from '../../src/chains/albatross/store/memory-store.ts';
import { decodeSnapshot } from '../../src/chains/albatross/store/snapshot.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import type { ArchivedProof, Store } from '../../src/chains/albatross/store/store.ts';
import { FakeChain, fakeVerify, withBadSignature } from '../support/fake-chain.ts';

const honest = new FakeChain().growTo(200 + 128 * 40 + 3);
const genesisAnchor: Anchor = { kind: 'genesis', height: 200, hash: unitAlbatross.genesisHash, witnesses: [], fewWitnesses: false };
const electionOf = (epoch: number) => 200 + 128 * epoch;
const macroOf = ({ block }: { readonly block: Block }) => block as MacroBlock;

interface Rows {
  readonly epochs: number;
  /** Epochs whose election block lacks the signatures of the previous validators. */
  readonly forged?: readonly number[];
  readonly chain?: FakeChain;
  readonly tail?: readonly Block[];
  readonly anchor?: Anchor;
  readonly electionBlocks?: number;
  /** True: the store also holds the whole election blocks on the way. */
  readonly way?: boolean;
  readonly proof?: ArchivedProof;
  readonly network?: NetworkParameters;
  /** Whole blocks, stored under the hashes of other blocks. */
  readonly under?: ReadonlyMap<string, MacroBlock>;
  readonly change?: (elections: MacroBlock[]) => MacroBlock[];
}

/** Writes a database as an attacker with write access could: all checksums, hashes and links are right. */
async function write({ epochs, forged = [], chain = honest, tail = [], anchor = genesisAnchor, electionBlocks = epochs, way = true, proof, network = unitAlbatross, under = new Map(), change = (blocks) => blocks }: Rows): Promise<MemoryRows> {
  const rows = new MemoryRows();
  const store = createMemoryStore({ network, rows });
  const elections = change(Array.from({ length: epochs }, (_, at) => macroOf((forged.includes(at + 1) ? withBadSignature : (it: never) => it)(chain.at(electionOf(at + 1)) as never))));
  const last = tail.at(-1) ?? elections.at(-1)!;
  await store.commit({ anchor, checked: { ...nothingChecked, electionBlocks }, elections, checkpoint: undefined, tail, head: { height: last.header.blockNumber, hash: blockHash(last) } });
  const archived = (block: MacroBlock) => ({ height: block.header.blockNumber, parent: block.header.parentElectionHash, bytes: encode(macroBlock, block) });
  await store.putArchive({ blocks: new Map([...(way ? elections.map((block) => [blockHash(block), archived(block)] as const) : []), ...Array.from(under, ([hash, block]) => [hash, archived(block)] as const)]), proof });
  return rows;
}

/** Opens a client without a network, so that its state depends on the store alone. Resolves when the store is checked. */
async function open(store: Store, network: NetworkParameters = unitAlbatross) {
  const levels = new Set<TrustLevel>();
  const notices: { readonly code: string; readonly data: Readonly<Record<string, unknown>> }[] = [];
  const client = await startLightClient({
    network: { ...network, seeds: [] },
    store, verify: fakeVerify, clock: { ...systemClock, now: () => honest.head.block.header.timestamp + 100_000_000 }, random: systemRandom,
    settings: resolveSettings(),
    createNode: () => Promise.reject(new StorageError('closed', 'nobody is there')),
  });
  const atOnce = client.getHead();
  const see = () => {
    // The genesis block needs no store.
    if (client.getHead().latest.height > 200) levels.add(client.getTrust().level);
  };
  see();
  const done = new Promise<void>((resolve) => {
    const look = () => {
      if (client.getLog().some(({ code }) => ['stored-chain-checked', 'stored-chain-unchecked', 'stored-chain-refused'].includes(code))) resolve();
    };
    client.events.on('log', look);
    look();
  });
  client.events.on('trust', see);
  client.events.on('head', see);
  client.events.on('notice', (notice) => notices.push(notice));
  await done;
  await new Promise((resolve) => setTimeout(resolve, 0));
  see();
  return { client, atOnce, levels: [...levels], refused: () => notices.find(({ code }) => code === 'stored-chain-refused')?.data['reason'], log: client.getLog().map(({ code }) => code) };
}

const unit = (rows: MemoryRows) => createMemoryStore({ network: unitAlbatross, rows });

describe('issue 11.3: the client believes nothing in the store', () => {
  it('restores a true chain: the head at once, its trust level after the way from genesis is verified again', async () => {
    const rows = await write({ epochs: 3, tail: [585, 586].map((height) => honest.at(height).block) });
    const { client, atOnce, levels } = await open(unit(rows));
    expect(atOnce.latest).toMatchObject({ height: 586, trust: 'witnessed' });
    expect(levels).toEqual(['witnessed', 'proven']);
    expect(client.getTrust()).toMatchObject({ level: 'proven', anchor: genesisAnchor, checked: { electionBlocks: 3 } });
    await client.close();
  });

  it.each([2, 5, 40])('refuses a forged chain of %i consistent election blocks', async (epochs) => {
    const rows = await write({ epochs, forged: [1] });
    const { client, levels, refused } = await open(unit(rows));
    expect(levels).toEqual(['witnessed']);
    expect(refused()).toBe('invalid-justification');
    expect(client.getHead().latest.height).toBe(200);
    await client.close();
    // The forged chain was deleted from the store.
    expect(await unit(rows).load()).toEqual({ kind: 'empty' });
    expect((await unit(rows).archive()).blocks.size).toBe(0);
  });

  it('keeps the same chain without the way at its low level, and stores it as unchecked', async () => {
    const rows = await write({ epochs: 5, forged: [1], way: false });
    const { client, levels, log } = await open(unit(rows));
    expect(levels).toEqual(['witnessed']);
    expect(log).toContain('stored-chain-unchecked');
    expect(client.getTrust().anchor).toMatchObject({ kind: 'genesis', unchecked: true });
    await client.close();
    const again = await open(unit(rows));
    expect(again.levels).toEqual(['witnessed']);
    await again.client.close();
  });

  it.each([
    ['without signers', { words: [] }],
    ['with all signers', undefined],
  ])('does not keep an all-zero signature %s, without the previous election block', async (_, signers) => {
    const zero = (block: MacroBlock): MacroBlock => ({ ...block, justification: { round: 0, sig: { signature: new Uint8Array(95), signers: signers ?? block.justification!.sig.signers } } });
    const rows = await write({ epochs: 3, electionBlocks: 3, way: false, change: (blocks) => [zero(blocks.at(-1)!)] });
    const { client, levels, refused } = await open(unit(rows));
    expect(levels).toEqual(['witnessed']);
    expect(refused()).toBeUndefined();
    expect(decodeSnapshot(client.exportSnapshot(), unitAlbatross.genesisHash).election?.justification).toBeUndefined();
    await client.close();
  });

  it('does not accept a newer checkpoint in place of a signed election block before it', async () => {
    const rows = await write({ epochs: 2, forged: [2] });
    const store = unit(rows);
    const checkpoint = macroOf(honest.at(488));
    await store.commit({ anchor: genesisAnchor, checked: { ...nothingChecked, electionBlocks: 2 }, elections: [], checkpoint, tail: [], head: { height: 488, hash: honest.at(488).hash } });
    const { client, levels, refused } = await open(unit(rows));
    expect(levels).toEqual([]);
    expect(refused()).toBe('invalid-justification');
    await client.close();
  });

  it('refuses a block of the running batch without a valid signature', async () => {
    const rows = await write({ epochs: 2, tail: [honest.at(457).block, withBadSignature(honest.at(458)).block] });
    const { client, levels, refused } = await open(unit(rows));
    expect(levels).toEqual(['witnessed']);
    expect(refused()).toBe('invalid-signature');
    await client.close();
  });

  it('refuses an invalid zero-knowledge proof', async () => {
    const base = honest.at(electionOf(2));
    const anchor: Anchor = { ...genesisAnchor, proof: { height: base.height, hash: base.hash } };
    const proof = { block: base.hash, message: { blockNumber: base.height, proof: new Uint8Array(475).fill(1) } };
    const rows = await write({ epochs: 3, electionBlocks: 1, anchor, proof });
    const { client, levels, refused } = await open(unit(rows));
    expect(levels).toEqual(['witnessed']);
    expect(refused()).toBe('zkp-invalid');
    await client.close();
  });

  it.each([
    ['counts that do not fit it', { electionBlocks: 2 }],
    ['another pinned block than this release has', { anchor: { ...genesisAnchor, kind: 'pinned' as const, height: electionOf(3), hash: honest.at(electionOf(3)).hash }, electionBlocks: 0 }],
    ['witnesses to blame who vouched for nothing', { anchor: { ...genesisAnchor, witnesses: [{ peer: 'honest', subnet: '10.0.0', saidAt: 1 }] } }],
  ])('refuses an anchor with %s', async (_, change) => {
    const { client, levels, refused } = await open(unit(await write({ epochs: 3, ...change })));
    expect(levels).toEqual([]);
    expect(['anchor', 'head-row']).toContain(refused());
    await client.close();
  });

  it('does not return an old election block that is not on the chain', async () => {
    const rows = await write({ epochs: 5 });
    const stranger = new FakeChain(9).growTo(electionOf(3));
    const strangers = [2, 3].map((epoch) => macroOf(stranger.at(electionOf(epoch))));
    const head = { height: electionOf(5), hash: honest.at(electionOf(5)).hash };
    await unit(rows).commit({ anchor: genesisAnchor, checked: { ...nothingChecked, electionBlocks: 5 }, elections: [...strangers, macroOf(honest.at(electionOf(5)))], checkpoint: undefined, tail: [], head });
    const { client } = await open(unit(rows));
    expect(client.getTrust().level).toBe('proven');
    expect((await client.getBlock(electionOf(4)))?.hash).toBe(honest.at(electionOf(4)).hash);
    expect(await client.getBlock(electionOf(2))).toBeUndefined();
    await client.close();
  });
});

describe('issue 11.2: the client does not use what was verified with other parameters', () => {
  const { zkp } = unitAlbatross;
  const others: readonly (readonly [string, Partial<NetworkParameters>])[] = [
    ['another zero-knowledge key', { zkp: { ...zkp!, keysCommitment: '00'.repeat(190) } }],
    ['another pinned block', { pinnedElection: { hash: honest.at(electionOf(1)).hash } }],
    ['another time-out', { minProducerTimeout: 1 }],
  ];

  it.each(others)('%s', async (_, change) => {
    const network = { ...unitAlbatross, ...change };
    const rows = await write({ epochs: 3, network });
    await createMemoryStore({ network, rows }).putBans([{ peer: 'liar', code: 'lie', evidence: {}, at: 1, until: 2, lies: 1 }]);
    const { client, levels, refused } = await open(unit(rows));
    expect(levels).toEqual([]);
    expect(refused()).toBe('other-parameters');
    await client.close();
    expect(await unit(rows).bans()).toMatchObject([{ peer: 'liar' }]);
    // The other owner's chain was deleted too.
    expect(await createMemoryStore({ network, rows }).load()).toEqual({ kind: 'empty' });
  });

  it('gives no trust level for a different block under the hash of the pinned one', async () => {
    const pin = honest.at(electionOf(2));
    const network = { ...unitAlbatross, pinnedElection: { hash: pin.hash } };
    const { header } = macroOf(pin);
    const thief = { ...macroOf(pin), header: { ...header, validators: header.validators!.map((validator) => ({ ...validator, votingKey: validator.votingKey.with(0, 0xff) })) } };
    expect(blockHash(thief)).not.toBe(pin.hash);
    const anchor: Anchor = { kind: 'pinned', height: electionOf(2), hash: pin.hash, witnesses: [], fewWitnesses: false };
    const chain = honest.fork(electionOf(2), 9).growTo(electionOf(4) + 5);
    const rows = await write({ epochs: 4, chain, network, anchor, electionBlocks: 2, under: new Map([[pin.hash, thief]]), change: (blocks) => blocks.slice(1) });
    const { client, levels } = await open(createMemoryStore({ network, rows }), network);
    expect(levels).not.toContain('pinned');
    expect(levels).not.toContain('proven');
    await client.close();
  });

  it("two owners of one database cannot read each other's rows", async () => {
    const network = { ...unitAlbatross, pinnedElection: { hash: honest.at(electionOf(1)).hash } };
    const rows = await write({ epochs: 3, network });
    const theirs = createMemoryStore({ network, rows });
    const ours = unit(rows);
    expect(await theirs.election(electionOf(2))).toMatchObject({ hash: honest.at(electionOf(2)).hash });
    expect(await ours.election(electionOf(2))).toBeUndefined();
    expect((await ours.archive()).blocks.size).toBe(0);
    expect((await theirs.archive()).blocks.size).toBe(3);
  });
});
