/**
 * The requirements on every store, as tests that run on each implementation.
 * @module
 */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../vectors/blocks.json' with { type: 'json' };
import { loadGenesis } from '../../src/chains/albatross/chain/genesis.ts';
import { blockHash } from '../../src/chains/albatross/chain/hashes.ts';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import { block as blockCodec, macroBlock } from '../../src/chains/albatross/wire/blocks.ts';
import { fromHex } from '../../src/base/bytes.ts';
import { decode, encode } from '../../src/base/postcard/codec.ts';
import type { Block, MacroBlock, MicroBlock } from '../../src/chains/albatross/wire/types.ts';
import type { ProofRecord } from '../../src/chains/albatross/chain/proof-record.ts';
import type { DecodedKey } from '../../src/crypto/jobs.ts';
import { nothingChecked } from '../../src/chains/albatross/chain/checked-counts.ts';
import type { Anchor } from '../../src/engine/trust.ts';
import type { RowKey, Table } from '../../src/storage/rows.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import type { ChainCommit, Store } from '../../src/chains/albatross/store/store.ts';

/** One stored row, in its raw form. */
export interface RawRow {
  readonly table: Table;
  readonly key: RowKey;
  readonly value: Uint8Array;
}

/** Access to a store's raw rows. */
export interface StoreHarness {
  /** A new store on the same rows. */
  open(): Store;
  rows(): Promise<readonly RawRow[]>;
  poke(row: RawRow): Promise<void>;
  /** Calls `spy` before every row is written. A spy that throws makes that write fail. Undefined removes it. */
  onWrite(spy: ((table: Table, key: RowKey) => void) | undefined): void;
}

const genesis = loadGenesis(unitAlbatross);
const micro201 = decode(blockCodec, fromHex(vectors.micro201)) as MicroBlock;
const macro232 = decode(blockCodec, fromHex(vectors.macro232)) as MacroBlock;
const genesisAnchor: Anchor = { kind: 'genesis', height: 200, hash: unitAlbatross.genesisHash, witnesses: [], fewWitnesses: false };

function election(height: number, parentElectionHash: string): MacroBlock {
  const { validators } = genesis.header;
  return { ...macro232, body: undefined, header: { ...macro232.header, blockNumber: height, parentElectionHash, interlink: [], validators } };
}

function checkpoint(height: number, parentElectionHash: string): MacroBlock {
  return { ...macro232, body: undefined, header: { ...macro232.header, blockNumber: height, parentElectionHash } };
}

function microAfter(parent: Block): MicroBlock {
  return { ...micro201, body: undefined, header: { ...micro201.header, blockNumber: parent.header.blockNumber + 1, parentHash: blockHash(parent) } };
}

function tailAfter(parent: Block, length: number): MicroBlock[] {
  const tail: MicroBlock[] = [];
  for (let last = parent; tail.length < length; last = tail.at(-1)!) tail.push(microAfter(last));
  return tail;
}

const election328 = election(328, unitAlbatross.genesisHash);
const election456 = election(456, blockHash(election328));
const election584 = election(584, blockHash(election456));
const checkpoint488 = checkpoint(488, blockHash(election456));
const witnessAnchor: Anchor = {
  kind: 'witnesses', height: 328, hash: blockHash(election328), fewWitnesses: true,
  witnesses: [{ peer: '12D3KooWexample', subnet: '127.0.0.1', saidAt: 1_700_000_000_000 }],
};

/** A commit whose head is the last of the given blocks. */
function commitOf(change: Partial<ChainCommit>): ChainCommit {
  const last: Block = change.tail?.at(-1) ?? change.checkpoint ?? change.elections?.at(-1) ?? genesis;
  return {
    anchor: genesisAnchor, checked: { electionBlocks: 1, checkpoints: 2, microBlocks: 3, justifications: 3, proofs: 0, milliseconds: 7 }, elections: [], checkpoint: undefined, tail: [],
    head: { height: last.header.blockNumber, hash: blockHash(last) }, ...change,
  };
}

/** A commit with everything: two epochs, a checkpoint and a tail. */
const fullCommit = commitOf({ anchor: witnessAnchor, elections: [election328, election456], checkpoint: checkpoint488, tail: tailAfter(checkpoint488, 3) });

/** A value with the form of a decoded key; the store checks no more. */
function decodedKey(seed: number): DecodedKey {
  const compressed = new Uint8Array(285).fill(seed & 0xff);
  compressed[0] = seed >> 8;
  compressed[284] = 0x80 | (seed & 0x0f);
  const point = new Uint8Array(570).fill(7);
  point.set(compressed);
  point[284] = seed & 0x0f;
  return { compressed, point };
}

async function chainOf(store: Store) {
  const outcome = await store.load();
  if (outcome.kind !== 'chain') throw new Error(`expected a chain, got ${JSON.stringify(outcome)}`);
  return outcome.chain;
}

async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  return promise.then(
    () => undefined,
    (error: unknown) => (error instanceof StorageError ? error.code : String(error)),
  );
}

/** Declares the tests. `create` makes new, empty rows. */
export function storeCompliance(name: string, create: () => Promise<StoreHarness>): void {
  describe(`store compliance: ${name}`, () => {
    it('is empty at first', async () => {
      const store = (await create()).open();
      expect(await store.load()).toEqual({ kind: 'empty' });
      expect(await store.election(328)).toBeUndefined();
      expect(await store.decodedKeys([decodedKey(1).compressed])).toEqual([]);
    });

    it('keeps the record of verified election blocks, whatever happens to the chain', async () => {
      const harness = await create();
      const store = harness.open();
      expect(await store.proofs()).toEqual([]);
      const from = { height: 200, hash: unitAlbatross.genesisHash };
      const checked = { ...nothingChecked, electionBlocks: 1, justifications: 1, milliseconds: 12 };
      const record: ProofRecord = { origin: 'genesis', from, head: { block: election328, hash: blockHash(election328), peer: 'p' }, proof: undefined, checked };
      const pinned: ProofRecord = { ...record, origin: 'pinned', from: { height: 328, hash: blockHash(election328) }, proof: { height: 328, hash: blockHash(election328) } };
      await store.putProof(record);
      await store.putProof(pinned);
      await store.commit(fullCommit);
      expect(await harness.open().proofs()).toEqual([record, pinned]);
      const further = { ...record, head: { block: election456, hash: blockHash(election456), peer: '' } };
      await store.putProof(further);
      await store.dropProof('pinned');
      await store.commit(commitOf({ startsOver: true, checkpoint: macro232 }));
      expect(await harness.open().proofs()).toEqual([further]);
      await store.wipe();
      expect(await harness.open().proofs()).toEqual([]);
    });

    it('accepts no record that differs from what was written', async () => {
      const harness = await create();
      const store = harness.open();
      const from = { height: 200, hash: unitAlbatross.genesisHash };
      await store.putProof({ origin: 'genesis', from, head: { block: election328, hash: blockHash(election456), peer: '' }, proof: undefined, checked: nothingChecked });
      expect(await store.proofs()).toEqual([]);
      await store.putProof({ origin: 'genesis', from, head: { block: checkpoint488, hash: blockHash(checkpoint488), peer: '' }, proof: undefined, checked: nothingChecked });
      expect(await store.proofs()).toEqual([]);
    });

    it('gives back real blocks: 201 on genesis, then checkpoint 232', async () => {
      const harness = await create();
      const store = harness.open();
      await store.commit(commitOf({ tail: [micro201] }));
      expect(await chainOf(harness.open())).toEqual({
        anchor: genesisAnchor, checked: { electionBlocks: 1, checkpoints: 2, microBlocks: 3, justifications: 3, proofs: 0, milliseconds: 7 },
        election: undefined, previousElection: undefined, checkpoint: undefined, tail: [{ ...micro201, body: undefined }],
      });
      await store.commit(commitOf({ checkpoint: macro232 }));
      const chain = await chainOf(harness.open());
      expect(chain.checkpoint).toEqual({ ...macro232, body: undefined });
      expect(blockHash(chain.checkpoint!)).toBe(vectors.macro232_hash);
      expect(chain.tail).toEqual([]);
    });

    it('gives back two epochs with validators, checkpoint and tail', async () => {
      const harness = await create();
      await harness.open().commit(fullCommit);
      const chain = await chainOf(harness.open());
      expect(chain).toEqual({
        anchor: witnessAnchor, checked: fullCommit.checked, election: election456, previousElection: election328, checkpoint: checkpoint488, tail: fullCommit.tail,
      });
    });

    it('keeps the headers of all election blocks, but whole blocks of two epochs only', async () => {
      const harness = await create();
      const store = harness.open();
      for (const block of [election328, election456, election584]) await store.commit(commitOf({ elections: [block] }));
      for (const block of [election328, election456, election584]) {
        const height = block.header.blockNumber;
        const hash = blockHash(block);
        const expected = { height, hash, block: { ...block, header: { ...block.header, validators: undefined } } };
        expect(await harness.open().election(height)).toEqual(expected);
        expect(await harness.open().election(hash)).toEqual(expected);
      }
      expect(await store.election(1000)).toBeUndefined();
      expect(await store.election('00'.repeat(32))).toBeUndefined();
      const whole = (await harness.rows()).filter((row) => row.table === 'validators').map((row) => row.key);
      expect(whole.sort()).toEqual([456, 584]);
    });

    it('replaces tail and checkpoint; an election block removes both', async () => {
      const harness = await create();
      const store = harness.open();
      await store.commit(fullCommit);
      await store.commit(commitOf({ anchor: witnessAnchor, elections: [election584] }));
      const chain = await chainOf(harness.open());
      expect(chain).toMatchObject({ election: election584, previousElection: election456, checkpoint: undefined, tail: [] });
      const tail = tailAfter(election584, 2);
      await harness.open().commit(commitOf({ anchor: witnessAnchor, tail }));
      expect(await chainOf(harness.open())).toMatchObject({ election: election584, tail });
    });

    it('starts over in one transaction', async () => {
      const harness = await create();
      const store = harness.open();
      await store.commit(fullCommit);
      await store.commit(commitOf({ startsOver: true, tail: [micro201] }));
      expect(await chainOf(harness.open())).toMatchObject({ anchor: genesisAnchor, election: undefined, checkpoint: undefined });
      expect(await store.election(456)).toBeUndefined();
    });

    it('is empty and usable after a wipe', async () => {
      const harness = await create();
      const store = harness.open();
      await store.takeFencing();
      await store.commit(fullCommit);
      await store.putDecodedKeys([decodedKey(1)]);
      expect(await store.size()).toBeGreaterThan(1_000);
      await store.wipe();
      expect(await store.load()).toEqual({ kind: 'empty' });
      expect(await store.decodedKeys([decodedKey(1).compressed])).toEqual([]);
      expect((await harness.rows()).map((row) => row.key)).toEqual(['fencing']);
      await store.commit(fullCommit);
      expect((await harness.open().load()).kind).toBe('chain');
    });

    it('keeps decoded keys, and only well-formed ones', async () => {
      const harness = await create();
      const store = harness.open();
      const wrong = { compressed: decodedKey(3).compressed, point: decodedKey(4).point };
      await store.putDecodedKeys([decodedKey(1), decodedKey(2), wrong]);
      const asked = [1, 3, 2].map((seed) => decodedKey(seed).compressed);
      expect(await harness.open().decodedKeys(asked)).toEqual([decodedKey(1), decodedKey(2)]);
    });

    it('keeps at most 1024 decoded keys', async () => {
      const harness = await create();
      const store = harness.open();
      await store.putDecodedKeys(Array.from({ length: 1_000 }, (_, seed) => decodedKey(seed)));
      await store.putDecodedKeys(Array.from({ length: 100 }, (_, seed) => decodedKey(2_000 + seed)));
      expect((await harness.rows()).filter((row) => row.table === 'keys')).toHaveLength(1_024);
      expect(await store.decodedKeys([decodedKey(2_050).compressed])).toHaveLength(1);
    });

    it('makes room by deleting the oldest election headers first, and keeps the blocks that the chain rests on', async () => {
      const harness = await create();
      const store = harness.open();
      for (const block of [election328, election456, election584]) await store.commit(commitOf({ elections: [block] }));
      await store.putDecodedKeys([decodedKey(1)]);
      const size = await store.size();
      expect(await store.trim(size * 2)).toBe(size);
      expect(await store.trim(Math.ceil((size - 1) / 0.9))).toBeLessThan(size);
      expect(await store.election(328)).toBeUndefined();
      expect(await store.election(blockHash(election328))).toBeUndefined();
      expect(await store.decodedKeys([decodedKey(1).compressed])).toHaveLength(1);
      expect(await store.trim(1)).toBeGreaterThan(1_000);
      expect(await store.decodedKeys([decodedKey(1).compressed])).toEqual([]);
      expect(await store.election(456)).toBeDefined();
      expect(await chainOf(harness.open())).toMatchObject({ election: election584, previousElection: election456 });
    });

    it('keeps blocks for other clients, whatever happens to the chain, and only as they were written', async () => {
      const harness = await create();
      const store = harness.open();
      expect(await store.archive()).toEqual({ blocks: new Map(), proof: undefined });
      const bytes = encode(macroBlock, election328);
      const first = { height: 328, parent: unitAlbatross.genesisHash, bytes };
      const second = { height: 456, parent: blockHash(election328), bytes: encode(macroBlock, election456) };
      const proof = { block: blockHash(election328), message: { blockNumber: 328, proof: new Uint8Array(475).fill(9) } };
      await store.putArchive({ blocks: new Map([[blockHash(election328), first], [blockHash(election456), second]]), proof });
      await store.commit(commitOf({ startsOver: true, tail: [micro201] }));
      expect(await harness.open().archive()).toEqual({ blocks: new Map([[blockHash(election328), first], [blockHash(election456), second]]), proof });
      await store.putArchive({ blocks: new Map([[blockHash(election456), undefined]]) });
      expect(await harness.open().archive()).toEqual({ blocks: new Map([[blockHash(election328), first]]), proof });
      for (const row of (await harness.rows()).filter(({ table }) => table === 'archive')) {
        for (const at of [0, 40, row.value.length - 1]) {
          await harness.poke({ ...row, value: row.value.map((byte, index) => (index === at ? byte ^ 1 : byte)) });
          const damaged = await harness.open().archive();
          expect([damaged.blocks.size, damaged.proof === undefined]).toEqual(row.key === 'proof' ? [1, true] : [0, false]);
          await harness.poke(row);
        }
      }
      await store.wipe();
      expect(await harness.open().archive()).toEqual({ blocks: new Map(), proof: undefined });
    });

    it('issue 11: reads blocks for other clients up to a bound, and deletes what somebody wrote beyond it', async () => {
      const harness = await create();
      const store = harness.open();
      const block = { height: 328, parent: unitAlbatross.genesisHash, bytes: encode(macroBlock, election328) };
      await store.putArchive({ blocks: new Map(Array.from({ length: 200 }, (_, i) => [i.toString(16).padStart(64, '0'), block])) });
      const { blocks } = await store.archive(100 * block.bytes.length);
      expect(blocks.size).toBe(128);
      expect((await harness.open().archive()).blocks.size).toBe(128);
    });

    it('deletes blocks for other clients before its own', async () => {
      const harness = await create();
      const store = harness.open();
      for (const block of [election328, election456, election584]) await store.commit(commitOf({ elections: [block] }));
      const own = await store.size();
      await store.putArchive({ blocks: new Map([[blockHash(election328), { height: 328, parent: unitAlbatross.genesisHash, bytes: encode(macroBlock, election328) }]]) });
      expect(await store.trim(Math.ceil(own / 0.9) + 1)).toBe(own);
      expect(await store.archive()).toEqual({ blocks: new Map(), proof: undefined });
      expect(await store.election(328)).toBeDefined();
    });

    it('keeps bans with their evidence, and only well-formed ones', async () => {
      const harness = await create();
      const store = harness.open();
      expect(await store.bans()).toEqual([]);
      const ban = { peer: '12D3KooWexample', code: 'wrong-signature', evidence: { height: 5, hash: 'ab' }, at: 1, until: 2, lies: 3 };
      await store.putBans([ban, { ...ban, peer: 'x'.repeat(400) }, { ...ban, evidence: { deep: {} as never } }]);
      expect(await harness.open().bans()).toEqual([ban]);
      const row = (await harness.rows()).find(({ key }) => key === 'bans')!;
      await harness.poke({ ...row, value: row.value.slice(0, -1) });
      expect(await harness.open().bans()).toEqual([]);
      await store.putBans([ban]);
      await store.wipe();
      expect(await store.bans()).toEqual([]);
    });

    it('keeps remembered peers, and only well-formed ones', async () => {
      const harness = await create();
      const store = harness.open();
      expect(await store.peers()).toEqual([]);
      const peer = { address: '/dns4/a.example/tcp/443/wss', peer: '12D3KooWexample', network: 'a.example', at: 1_700_000_000_000 };
      await store.putPeers([peer, { ...peer, address: 'x'.repeat(400) }, { ...peer, at: Number.NaN }, { ...peer, peer: 5 as never }]);
      await store.commit(commitOf({ startsOver: true, tail: [micro201] }));
      expect(await harness.open().peers()).toEqual([peer]);
      const row = (await harness.rows()).find(({ key }) => key === 'peers')!;
      await harness.poke({ ...row, value: row.value.map((byte, index) => (index === row.value.length - 2 ? byte ^ 1 : byte)) });
      expect(await harness.open().peers()).toEqual([]);
      await store.putPeers(Array.from({ length: 40 }, () => peer));
      expect(await store.peers()).toHaveLength(32);
      await store.wipe();
      expect(await store.peers()).toEqual([]);
    });

    it('can be taken again after it was lost', async () => {
      const harness = await create();
      const store = harness.open();
      expect(await store.takeFencing()).toBe(1);
      const fencing = (await harness.rows()).find((row) => row.key === 'fencing')!;
      await harness.poke({ ...fencing, value: new Uint8Array() });
      expect(await codeOf(store.commit(fullCommit))).toBe('lost');
      expect(await store.takeFencing()).toBe(2);
      await store.commit(fullCommit);
      expect(await chainOf(harness.open())).toMatchObject({ election: election456 });
    });

    it('writes the head last', async () => {
      const harness = await create();
      const store = harness.open();
      const order: string[] = [];
      harness.onWrite((table, key) => order.push(`${table}/${key}`));
      await store.commit(fullCommit);
      harness.onWrite(undefined);
      expect(order.at(-1)).toBe('meta/head');
      expect(order).toContain('chain/tail');
      expect(order).toContain('elections/328');
    });

    it('an aborted transaction leaves the old state, wherever it fails', async () => {
      const harness = await create();
      const store = harness.open();
      const before = commitOf({ tail: [micro201] });
      await store.commit(before);
      const rows = await harness.rows();
      for (let failing = 0; failing < 6; failing++) {
        let count = 0;
        harness.onWrite(() => {
          if (count++ === failing) throw new Error('no');
        });
        expect(await codeOf(store.commit({ ...fullCommit, startsOver: true }))).toBe('aborted');
        harness.onWrite(undefined);
        expect(await harness.rows()).toEqual(rows);
      }
      expect(await chainOf(harness.open())).toMatchObject({ tail: [{ ...micro201, body: undefined }] });
      await store.commit(fullCommit);
      expect(await chainOf(harness.open())).toMatchObject({ election: election456 });
    });

    it('counts the grants of ownership, and refuses a former owner', async () => {
      const harness = await create();
      const first = harness.open();
      expect(await first.takeFencing()).toBe(1);
      await first.commit(fullCommit);
      const second = harness.open();
      expect(await second.takeFencing()).toBe(2);
      expect(await codeOf(first.commit(commitOf({ startsOver: true })))).toBe('stale-owner');
      expect(await codeOf(first.wipe())).toBe('stale-owner');
      expect(await codeOf(first.putDecodedKeys([decodedKey(1)]))).toBe('stale-owner');
      expect(await chainOf(second)).toMatchObject({ election: election456 });
      await second.commit(commitOf({ startsOver: true, tail: [micro201] }));
      await second.wipe();
      expect(await harness.open().takeFencing()).toBe(3);
    });

    it('a flipped bit in any row gives `damaged` or correct data, never wrong data', async () => {
      const harness = await create();
      const writer = harness.open();
      await writer.commit(fullCommit);
      await writer.putDecodedKeys([decodedKey(1)]);
      const good = await chainOf(harness.open());
      const goodElections = new Map<number, unknown>();
      for (const height of [328, 456]) goodElections.set(height, await writer.election(height));
      const rows = (await harness.rows()).toSorted((a, b) => `${a.table}/${a.key}`.localeCompare(`${b.table}/${b.key}`));
      expect(new Set(rows.map((row) => row.table))).toEqual(new Set(['meta', 'chain', 'validators', 'elections', 'election-heights', 'keys']));
      const decisive = new Set<Table>(['meta', 'chain', 'validators']);
      const flip = fc.record({ row: fc.nat(rows.length - 1), at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), mask: fc.integer({ min: 1, max: 255 }), cut: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(flip, async ({ row, at, mask, cut }) => {
          const target = rows[row]!;
          const index = Math.floor(at * target.value.length);
          const bad = cut && mask > 200 ? target.value.slice(0, index) : target.value.map((byte, i) => (i === index ? byte ^ mask : byte));
          await harness.poke({ ...target, value: bad });
          const store = harness.open();
          const keys = await store.decodedKeys([decodedKey(1).compressed]);
          expect([[], [decodedKey(1)]]).toContainEqual(keys);
          for (const [height, known] of goodElections) {
            for (const key of [height, (known as { hash: string }).hash]) expect([undefined, known]).toContainEqual(await store.election(key));
          }
          const outcome = await store.load();
          const damaged = decisive.has(target.table);
          expect(outcome.kind).toBe(damaged ? 'damaged' : 'chain');
          expect(outcome.kind === 'chain' ? outcome.chain : good).toEqual(good);
          // Damaged data is removed: none of it comes back.
          expect((await harness.open().load()).kind).toBe(damaged ? 'empty' : 'chain');
          expect(damaged ? await store.election(328) : undefined).toBeUndefined();
          for (const original of rows) await harness.poke(original);
        }),
        { numRuns: 60 },
      );
    });

    it('a damaged fencing number does not lock any owner out', async () => {
      const harness = await create();
      const store = harness.open();
      await store.takeFencing();
      await store.commit(fullCommit);
      const row = (await harness.rows()).find(({ key }) => key === 'fencing')!;
      for (let index = 0; index < row.value.length; index++) {
        await harness.poke({ ...row, value: row.value.map((byte, at) => (at === index ? byte ^ 0x40 : byte)) });
        const next = harness.open();
        expect(await next.takeFencing()).toBe(1);
        expect((await next.load()).kind).toBe('chain');
      }
    });

    it('reports which row is damaged, even where checksums are right', async () => {
      const cases: [Partial<ChainCommit>, string][] = [
        [{ head: { height: 491, hash: '11'.repeat(32) } }, 'head-hash'],
        [{ tail: [...fullCommit.tail].toReversed() }, 'tail-link'],
        [{ checkpoint: checkpoint(488, blockHash(election328)) }, 'checkpoint-link'],
        [{ elections: [election(328, 'ab'.repeat(32)), election456] }, 'previous-election-link'],
        [{ anchor: { ...witnessAnchor, height: 584 } }, 'anchor'],
        [{ anchor: { ...genesisAnchor, hash: 'cd'.repeat(32) } }, 'anchor'],
      ];
      for (const [change, code] of cases) {
        const store = (await create()).open();
        await store.commit({ ...fullCommit, ...change });
        expect(await store.load()).toMatchObject({ kind: 'damaged', code });
      }
    });
  });
}
