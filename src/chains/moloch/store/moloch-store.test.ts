import { expect, it } from 'vitest';
import { makeChain, networkOf } from '../../../../test/support/moloch-chain-maker.ts';
import type { Item } from '../../../engine/sync/sync-chain.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { OwnedRows } from '../../../storage/owned-rows.ts';
import { indexEvents } from '../chain/event-index.ts';
import { Mmr } from '../chain/mmr.ts';
import { type MolochBlock, trustedHeaderOf } from '../chain/moloch-block.ts';
import type { MolochNetwork } from '../chain/network.ts';
import { MolochStore, type StoredBase } from './moloch-store.ts';
import { parametersHash } from './stored-records.ts';

const made = makeChain(200);
const items = made.map(({ item }) => item);
const network = networkOf(made[0]!);
const isKey = () => true;

function open(rows = new MemoryRows(), parameters = parametersHash(network)) {
  return { rows, store: new MolochStore(new OwnedRows(rows, parameters), isKey) };
}

function baseOf(height: number): StoredBase {
  const mmr = new Mmr();
  for (const { id } of items.slice(0, height)) mmr.append(id);
  const index = indexEvents(items.slice(1, height + 1).map((item) => ({ height: item.height, events: item.block.events! })));
  return { record: { fromGenesis: true, anchorHeight: 0, anchorHash: items[0]!.id, checked: height, trusted: trustedHeaderOf(items[height]!.block), events: height, indexed: true }, mmr, index };
}

async function heights(store: MolochStore, from: number): Promise<number[]> {
  const all: Item<MolochBlock>[] = [];
  for await (const part of store.blocks(from)) all.push(...part);
  expect(all.map(({ id, block }) => [id, block])).toEqual(all.map(({ height }) => [items[height]!.id, items[height]!.block]));
  return all.map(({ height }) => height);
}

it('keeps blocks with events and signatures over a restart, counts their bytes, and puts others in the place of what is above', async () => {
  const { rows, store } = open();
  await store.append(items.slice(1, 101));
  await store.append(items.slice(101, 150), 70);
  expect(await open(rows).store.spent()).toBe(70);
  const bytes = store.blockBytes;
  expect(bytes).toBeGreaterThan(149 * 200);
  await store.append(items.slice(140, 146));
  expect(store.blockBytes).toBeLessThan(bytes);
  const again = open(rows).store;
  expect(await heights(again, 1)).toEqual(Array.from({ length: 145 }, (_, i) => i + 1));
  expect(again.blockBytes).toBe(store.blockBytes);
  expect(await heights(open(rows).store, 100)).toEqual(Array.from({ length: 46 }, (_, i) => i + 100));
});

it('keeps the base with all hashes and places, and the blocks above it', async () => {
  const { rows, store } = open();
  await store.append(items.slice(1, 151));
  await store.replaceBase(baseOf(140), true);
  const again = open(rows).store;
  const base = (await again.base())!;
  expect([base.record, base.mmr.nodes, base.index]).toEqual([{ ...baseOf(140).record, entries: 140 }, baseOf(140).mmr.nodes, baseOf(140).index]);
  expect(await heights(again, 141)).toEqual([141, 142, 143, 144, 145, 146, 147, 148, 149, 150]);
  expect([again.otherBytes, again.blockBytes]).toEqual([140 * 76, store.blockBytes]);
  await again.replaceBase(baseOf(150), false);
  expect(await heights(open(rows).store, 151)).toEqual([]);
  expect(again.blockBytes).toBe(0);
});

it('drops a base of which a row is missing, and blocks after a damaged row', async () => {
  const { rows, store } = open();
  await store.append(items.slice(1, 151));
  await rows.write({ durability: 'relaxed', writes: [{ table: 'blocks', key: 1, value: new Uint8Array(99) }] }, () => []);
  expect((await heights(open(rows).store, 1)).length).toBe(63);
  await store.replaceBase(baseOf(140), true);
  for (const key of ['mmr/0', 'index/0']) {
    const [row] = await rows.get([{ table: 'state', key }]);
    await rows.write({ durability: 'relaxed', writes: [{ table: 'state', key, value: undefined }] }, () => []);
    expect(await open(rows).store.base()).toBeUndefined();
    await rows.write({ durability: 'relaxed', writes: [{ table: 'state', key, value: row }] }, () => []);
    expect(await open(rows).store.base()).toBeDefined();
  }
});

it('is bound to every parameter of the network', async () => {
  const { rows, store } = open();
  await store.replaceBase(baseOf(140), true);
  await store.append(items.slice(141, 151));
  const checkpoint = { height: 100, hash: items[100]!.id, mmrRoot: items[100]!.block.header.mmrRoot, validatorsHash: 'ab'.repeat(32), totalEvents: 100 };
  const changes: readonly Partial<MolochNetwork>[] = [{ chainId: 'other' }, { genesisHash: 'ab'.repeat(32) }, { validators: network.validators.slice(1) }, { validators: network.validators.toReversed() }, { checkpoint }];
  for (const change of changes) {
    const other = open(rows, parametersHash({ ...network, ...change })).store;
    expect([await other.base(), await heights(other, 141)]).toEqual([undefined, []]);
  }
  expect(parametersHash({ ...network, checkpoint })).not.toEqual(parametersHash({ ...network, checkpoint: { ...checkpoint, totalEvents: 101 } }));
  // Names and addresses verify nothing.
  expect(parametersHash({ ...network, name: 'other', seeds: ['/ip4/1.2.3.4/tcp/1/wss'] })).toEqual(parametersHash(network));
});

it('keeps the evidence of a halt, and wipes everything', async () => {
  const { rows, store } = open();
  const halt = { height: 7, evidence: [new Uint8Array(), Uint8Array.of(1, 2, 3)] } as const;
  await store.keepHalt(halt);
  await store.append(items.slice(1, 10));
  await store.chunks.put('a', 0, Uint8Array.of(1));
  expect(await open(rows).store.halt()).toEqual(halt);
  await store.wipe();
  const again = open(rows).store;
  expect([await again.halt(), await again.base(), await heights(again, 1), store.blockBytes, (await again.chunks.load('a')).size]).toEqual([undefined, undefined, [], 0, 0]);
});
