// Tests: `src/chains/albatross/client/block-finder.test.ts`.
import type { LightChain } from '../chain/light-chain.ts';
import { namedNearest } from '../chain/named-elections.ts';
import type { Hash } from '../../../base/hash.ts';
import type { MacroBlock } from '../wire/types.ts';
import type { Store } from '../store/store.ts';
import type { BlockAsker, HashedBlock } from './block-asker.ts';

export interface ChainDescentOptions {
  readonly chain: LightChain;
  readonly store: Pick<Store, 'election'>;
  readonly asker: BlockAsker;
}

/** A block of the chain that was reached by following hashes, and the height of the macro block where they begin. */
export interface Reached extends HashedBlock {
  readonly from: number;
  /** False if only the header is held: an old election block without its validator list. */
  readonly whole: boolean;
}

/** Blocks kept, so that neighbouring blocks can be reached quickly: a few batches. */
const MAX_KEPT = 512;
/** Hashes of macro blocks kept, some 100 bytes each, so that an interrupted search can continue where it ended. */
const MAX_HASHES = 8192;

/**
 * Goes from the blocks that the client holds down to any older one, by the hashes that each block names: from election block to election
 * block (parent election block and interlink), then batch by batch. So a block it reaches is as trustworthy as the block it began at.
 */
export class ChainDescent {
  readonly #options: ChainDescentOptions;
  /** By height; least recently added first. */
  #kept = new Map<number, Reached>();
  /** Hashes of macro blocks on the chain, by height. */
  #hashes = new Map<number, Hash>();
  /** Hashes of the election blocks before the newest one (`from`), newest first, as far as the store was read. */
  #row: { readonly from: Hash; readonly hashes: Hash[] } = { from: '', hashes: [] };

  constructor(options: ChainDescentOptions) {
    this.#options = options;
  }

  /** The chain was replaced: drops everything linked to it. */
  reset(): void {
    this.#kept = new Map();
    this.#hashes = new Map();
  }

  kept(hash: Hash): Reached | undefined {
    for (const reached of this.#kept.values()) if (reached.hash === hash) return reached;
    return undefined;
  }

  /** The height of a stored election block; a stored row proves nothing. */
  async storedHeight(hash: Hash): Promise<number | undefined> {
    return (await this.#options.store.election(hash).catch(() => undefined))?.height;
  }

  /** A block above genesis that the chain does not hold. Undefined if the way is broken: no peer has one of the blocks on it. */
  async at(height: number, signal?: AbortSignal): Promise<Reached | undefined> {
    const { policy, electionHead } = this.#options.chain;
    const known = this.#kept.get(height);
    if (known) return known;
    const election = policy.isElection(height) ? height : policy.electionBlockAfter(height);
    if (election < electionHead.height) {
      const hash = await this.#electionHash(election, signal);
      if (hash === undefined) return undefined;
      if (election === height) return this.#election(height, hash, signal);
    }
    return this.#inEpoch(height, signal);
  }

  /** Goes batch by batch, down from the lowest known block above. */
  async #inEpoch(height: number, signal: AbortSignal | undefined): Promise<Reached | undefined> {
    const { asker, chain } = this.#options;
    const { policy } = chain;
    const [kept, hashes] = [this.#kept, this.#hashes];
    const from = Math.min(policy.electionBlockAfter(height), chain.macroHead.height);
    let next = await this.#nextBelow(height, signal);
    while (next) {
      signal?.throwIfAborted();
      const batch = await asker.batchUpTo(next.hash, next.height, signal);
      // The chain was replaced meanwhile, or no peer has the batch.
      if (!batch || kept !== this.#kept) return undefined;
      for (const item of batch) {
        const { blockNumber } = item.block.header;
        if (policy.isMacro(blockNumber)) keep(hashes, blockNumber, item.hash, MAX_HASHES);
      }
      const first = batch[0]!;
      if (first.block.header.blockNumber > height) {
        next = { hash: first.block.header.parentHash, height: first.block.header.blockNumber - 1 };
        continue;
      }
      for (const item of batch) keep(kept, item.block.header.blockNumber, { ...item, from, whole: true }, MAX_KEPT);
      return kept.get(height);
    }
    return undefined;
  }

  /** The lowest hash, at this height or above, that a block on the chain names, with its height. */
  async #nextBelow(height: number, signal: AbortSignal | undefined): Promise<{ readonly hash: Hash; readonly height: number } | undefined> {
    const { chain } = this.#options;
    const { policy } = chain;
    const end = Math.min(policy.electionBlockAfter(height), chain.macroHead.height);
    for (let above = height; above <= end; above += 1) {
      const block = chain.blockAt(above)?.block ?? this.#kept.get(above)?.block;
      if (block) return { hash: block.header.parentHash, height: above - 1 };
      const hash = this.#hashes.get(above);
      if (hash === undefined) continue;
      if (policy.isElection(above)) {
        const parentHash = (await this.#election(above, hash, signal))?.block.header.parentHash;
        return parentHash === undefined ? undefined : { hash: parentHash, height: above - 1 };
      }
      return { hash, height: above };
    }
    return undefined;
  }

  async #electionHash(height: number, signal: AbortSignal | undefined): Promise<Hash | undefined> {
    const { chain } = this.#options;
    const { policy, electionHead } = chain;
    const hashes = this.#hashes;
    const known = hashes.get(height) ?? chain.electionHash(height) ?? (await this.#storedHash(height));
    if (known !== undefined) {
      keep(hashes, height, known, MAX_HASHES);
      return known;
    }
    let [at, block]: readonly [number, MacroBlock] = [electionHead.height, electionHead.block];
    while (at > height) {
      signal?.throwIfAborted();
      const { height: lower, hash } = namedNearest(block, height, policy);
      if (hashes !== this.#hashes) return undefined;
      keep(hashes, lower, hash, MAX_HASHES);
      if (lower === height) return hash;
      const reached = await this.#election(lower, hash, signal);
      if (reached?.block.type !== 'macro') return undefined;
      [at, block] = [lower, reached.block];
    }
    return undefined;
  }

  /** The whole block from a peer, or its stored header. */
  async #election(height: number, hash: Hash, signal: AbortSignal | undefined): Promise<Reached | undefined> {
    const { asker, chain, store } = this.#options;
    const kept = this.#kept;
    const known = kept.get(height);
    if (known) return known;
    const from = chain.electionHead.height;
    const block = await asker.block(hash, signal);
    if (block?.header.blockNumber === height) {
      const reached = { hash, block, from, whole: true };
      if (kept === this.#kept) keep(kept, height, reached, MAX_KEPT);
      return reached;
    }
    const stored = await store.election(hash).catch(() => undefined);
    return stored?.height === height ? { hash, block: stored.block, from, whole: false } : undefined;
  }

  /** The hash by the rows of the store, each found by the hash that its successor names. A row proves nothing, and may be of a chain that was given up. */
  async #storedHash(height: number): Promise<Hash | undefined> {
    const { chain, store } = this.#options;
    const { policy, electionHead } = chain;
    if (this.#row.from !== electionHead.hash) this.#row = { from: electionHead.hash, hashes: [electionHead.block.header.parentElectionHash] };
    const { hashes } = this.#row;
    const place = policy.epochAt(electionHead.height) - policy.epochAt(height) - 1;
    for (let at = hashes.length; at <= place; at += 1) {
      const row = await store.election(hashes[at - 1]!).catch(() => undefined);
      if (row?.height !== electionHead.height - at * policy.blocksPerEpoch) return undefined;
      hashes[at] = row.block.header.parentElectionHash;
    }
    return hashes[place];
  }
}

/** Adds an entry; at the bound the oldest is dropped. */
function keep<K, V>(map: Map<K, V>, key: K, value: V, bound: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= bound) return;
    map.delete(oldest);
  }
}
