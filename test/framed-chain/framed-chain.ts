import { concatBytes } from '../../src/base/bytes.ts';
import type { ClientContext } from '../../src/engine/driver.ts';
import type { Fault, Item, Tip } from '../../src/engine/sync/sync-chain.ts';
import type { FollowedChain, Outcome } from '../../src/engine/follow/followed-chain.ts';
import type { HeadView } from '../../src/engine/view.ts';
import { BlockSegments } from '../../src/storage/block-segments.ts';
import { ChunkRows } from '../../src/storage/chunk-rows.ts';
import type { OwnedRows } from '../../src/storage/owned-rows.ts';
import { BLOCK_LENGTH, brokenRule, decodeToyBlock, FINAL_EVERY, genesisOf, type ToyBlock, ToyError, type ToyNetwork } from '../toy-chain/counter.ts';
import { toyNetworkView } from '../toy-chain/toy-network-view.ts';
import { connectToy } from './framed-peer.ts';

export type ToyItem = Item<ToyBlock>;
export type ToyChain = FollowedChain<ToyBlock, never>;

export function itemOf(block: ToyBlock): ToyItem {
  return { height: block.value, id: block.id, parent: block.parent, size: BLOCK_LENGTH, block };
}

/** The toy chain as the one client for followed chains wants it: blocks in segments, every tenth final. */
export async function openToyChain(rows: OwnedRows, { network, clock }: Pick<ClientContext<ToyNetwork>, 'network' | 'clock'>): Promise<ToyChain> {
  const segments = new BlockSegments(rows);
  const genesis = genesisOf(network);
  const chain: ToyBlock[] = [genesis];
  for await (const stored of segments.load(1)) {
    for (const { bytes } of stored) {
      const block = decodeToyBlock(bytes);
      if (await brokenRule(network, chain.at(-1)!, block)) break;
      chain.push(block);
    }
  }
  const tipOf = ({ value, id }: ToyBlock): Tip => ({ height: value, id });
  const head = () => chain.at(-1)!;
  /** What the sync applied is final, because hashes bind it to a final block. */
  let applied = 0;
  const final = () => chain[Math.max(applied, Math.floor(head().value / FINAL_EVERY) * FINAL_EVERY)]!;
  const view = ({ height, id }: Tip): HeadView => ({ height, hash: id, timestamp: chain[height]?.time ?? 0, trust: 'proven', finality: height <= final().value ? 'final' : 'pending', details: { chain: 'toy' } });
  const lie = (code: string): Fault => ({ code, weight: 'lie' });
  const store = async (blocks: readonly ToyBlock[]) => {
    const change = await segments.append(blocks.map(({ value, bytes }) => ({ height: value, bytes })));
    await rows.write({ durability: 'relaxed', writes: change.writes });
    change.committed();
    for (const block of blocks) if (block.value === head().value + 1) chain.push(block);
  };
  const push = async ({ block }: ToyItem): Promise<Outcome<ToyBlock>> => {
    if (chain[block.value]?.id === block.id) return { kind: 'known' };
    if (block.value > head().value + 1) return { kind: 'gap', from: head().value + 1 };
    const code = await brokenRule(network, head(), block);
    if (code) return { kind: 'fault', fault: lie(code) };
    await store([block]);
    return { kind: 'adopted', adopted: [itemOf(block)], reverted: [] };
  };
  return {
    network: toyNetworkView(network),
    tip: () => tipOf(final()),
    head: () => tipOf(head()),
    view, push,
    trust: () => ({ level: 'proven', anchor: { kind: 'genesis', height: 0, hash: genesis.id, witnesses: [], fewWitnesses: false }, onlyNames: false, checked: { milliseconds: 0 }, proof: undefined }),
    finalize: async () => ({ kind: 'known' }),
    async block(key) {
      const block = typeof key === 'number' ? chain[key] : chain.find(({ id }) => id === key);
      return block && { ...view(tipOf(block)), place: 'chain', linkedFrom: undefined, parentHash: block.parent, bytes: block.bytes };
    },
    questions: {},
    connect: (address, handlers, options) => connectToy(address, network, clock, handlers, options),
    checkStructure: () => undefined,
    checkLink: (parent, { height, parent: id }) => (id === parent.id && height === parent.height + 1 ? undefined : lie('wrong-parent')),
    async checkSignatures(run) {
      for (const { block, height } of run) {
        const code = await brokenRule(network, { ...genesis, id: block.parent, value: height - 1 }, block);
        if (code) return { ...lie(code), at: height };
      }
      return undefined;
    },
    checkFinality: (run, target) => run.flatMap(({ height }) => (height > target.height ? [{ ...lie('not-final'), at: height }] : []))[0],
    async apply(run) {
      // Above the final block it may have them already.
      await store(run.filter(({ height }) => height > head().value).map(({ block }) => block));
      applied = run.at(-1)!.height;
      return undefined;
    },
    checkState: async () => undefined,
    snapshots: undefined,
    store: {
      kind: rows.kind,
      get bytes() {
        return (chain.length - 1) * BLOCK_LENGTH;
      },
      chunks: new ChunkRows(rows),
      async wipe() {
        await rows.write({ durability: 'strict', clear: ['blocks', 'chunks'], writes: [] });
        segments.cleared();
        chain.splice(1);
        applied = 0;
      },
      flush: async () => undefined,
      close: () => rows.close(),
    },
    exportSnapshot: () => concatBytes(...chain.slice(1).map(({ bytes }) => bytes)),
    async importSnapshot(bytes) {
      const blocks: ToyBlock[] = [];
      for (let at = 0; at < bytes.length; at += BLOCK_LENGTH) {
        const block = decodeToyBlock(bytes.subarray(at, at + BLOCK_LENGTH));
        const code = await brokenRule(network, blocks.at(-1) ?? genesis, block);
        if (code) throw new ToyError(code);
        blocks.push(block);
      }
      if (blocks.length < chain.length) throw new ToyError('not-newer');
      const adopted = blocks.slice(head().value);
      await store(adopted);
      return { kind: 'adopted', adopted: adopted.map(itemOf), reverted: [] };
    },
  };
}
