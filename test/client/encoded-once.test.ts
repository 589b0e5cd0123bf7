import { afterEach, expect, it, vi } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { MemoryRows } from '../../src/storage/memory-rows.ts';
import { createMemoryStore } from '../../src/chains/albatross/store/memory-store.ts';
import type { ChainCommit, Store } from '../../src/chains/albatross/store/store.ts';
import { bitSet, macroHeader, microHeader } from '../../src/chains/albatross/wire/blocks.ts';
import type { Block } from '../../src/chains/albatross/wire/types.ts';
import { type NodeClient, startNodeClient } from '../support/node-client.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).toReversed()) await item.close();
  vi.restoreAllMocks();
});

/** Counts how often each object is written by the codec. */
function countWrites<T extends object>(codec: { write(w: never, value: T): void }): ReadonlyMap<T, number> {
  const counts = new Map<T, number>();
  const write = codec.write.bind(codec);
  vi.spyOn(codec, 'write').mockImplementation((w, value) => {
    counts.set(value, (counts.get(value) ?? 0) + 1);
    write(w, value);
  });
  return counts;
}

/** A client, and the blocks that it stored: the objects that it decoded, which are not those of the nodes in this process. */
async function storingClient(devnet: Devnet): Promise<{ readonly client: NodeClient; readonly stored: ReadonlySet<Block> }> {
  const stored = new Set<Block>();
  const inner = createMemoryStore({ network: devnet.network, rows: new MemoryRows() });
  const commit = async (change: ChainCommit): Promise<void> => {
    for (const block of [...change.elections, ...(change.checkpoint ? [change.checkpoint] : []), ...change.tail]) stored.add(block);
    await inner.commit(change);
  };
  const store: Store = new Proxy(inner, {
    get: (target, name) => {
      if (name === 'commit') return commit;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const client = await startNodeClient({ network: devnet.network, store });
  open.push(client);
  return { client, stored };
}

async function devnetAt(height: number): Promise<Devnet> {
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'encoded-once' });
  open.push(devnet);
  await devnet.produce(height - devnet.chain.head.height);
  return devnet;
}

const atHead = (devnet: Devnet) => (client: NodeClient['client']) => client.getHead().latest.hash === devnet.chain.head.hash;

it('a micro block is encoded once and hashed once on its way from gossip to the store and to other peers', async () => {
  const devnet = await devnetAt(210);
  const { client, stored } = await storingClient(devnet);
  await client.until('established', (it) => it.getStatus().consensus === 'established');
  const writes = countWrites<object>(microHeader);
  for (let i = 0; i < 8; i++) {
    await devnet.produce(1);
    await client.until('the head', atHead(devnet));
  }
  await client.close();
  const announced = Array.from(stored, ({ header }) => header).filter(({ blockNumber }) => blockNumber > 210);
  expect(announced.length).toBeGreaterThan(0);
  // Each of them is in the rows of all commits up to the last. One write is for the hash, one for the bytes.
  expect(announced.map((header) => writes.get(header))).toEqual(announced.map(() => 2));
});

it('an election block is encoded once and hashed once on its way from a peer to the store', async () => {
  const devnet = await devnetAt(330);
  const headers = countWrites<object>(macroHeader);
  const punishedSets = countWrites<object>(bitSet);
  const { client, stored } = await storingClient(devnet);
  await client.until('the head', atHead(devnet));
  await client.close();
  const elections = Array.from(stored).flatMap((block) => (block.type === 'macro' ? [block.header] : []));
  expect(elections.map(({ blockNumber }) => blockNumber)).toEqual([328]);
  // The block's hash and the hash that the validators signed have a form of their own, in which this set is encoded.
  expect(elections.map((header) => ({ headers: headers.get(header), sets: punishedSets.get(header.nextBatchInitialPunishedSet) }))).toEqual([{ headers: 1, sets: 3 }]);
});
