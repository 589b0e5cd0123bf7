import type { LightChain } from '../chain/light-chain.ts';
import type { Block } from '../wire/types.ts';
import type { Hash } from '../../../base/hash.ts';
import type { BlockView } from '../../../engine/view.ts';
import type { Store } from '../store/store.ts';
import { BlockAsker, type BlockAskerOptions } from './block-asker.ts';
import { ChainDescent } from './chain-descent.ts';

export interface FoundBlock {
  readonly hash: Hash;
  readonly block: Block;
  /** False if only the header is held: an old election block without its validator list. */
  readonly whole: boolean;
  readonly place: BlockView['place'];
  readonly linkedFrom: number | undefined;
}

export interface BlockFinderOptions extends Omit<BlockAskerOptions, 'policy'> {
  readonly chain: LightChain;
  readonly store: Pick<Store, 'election'>;
}

/** Finds blocks by hash or height: in the chain, then in the store and at peers. Tells whether a block could be linked to the chain. */
export class BlockFinder {
  readonly #chain: LightChain;
  readonly #asker: BlockAsker;
  readonly #descent: ChainDescent;

  constructor({ chain, store, ...peers }: BlockFinderOptions) {
    this.#chain = chain;
    this.#asker = new BlockAsker({ ...peers, policy: chain.policy });
    this.#descent = new ChainDescent({ chain, store, asker: this.#asker });
  }

  /** Undefined: the chain has no such height, or no peer has the block. Rejects with the signal's reason only. */
  async find(key: Hash | number, signal?: AbortSignal): Promise<FoundBlock | undefined> {
    signal?.throwIfAborted();
    return typeof key === 'number' ? this.#at(key, signal) : this.#byHash(key, signal);
  }

  /** The chain was replaced: forgets blocks linked to the old one. */
  reset(): void {
    this.#descent.reset();
  }

  async #at(height: number, signal: AbortSignal | undefined): Promise<FoundBlock | undefined> {
    const held = this.#chain.blockAt(height);
    if (held) return { hash: held.hash, block: held.block, whole: true, place: 'chain', linkedFrom: undefined };
    if (height <= this.#chain.genesis.height || height > this.#chain.macroHead.height) return undefined;
    const reached = await this.#descent.at(height, signal);
    return reached && { hash: reached.hash, block: reached.block, whole: reached.whole, place: 'chain', linkedFrom: reached.from };
  }

  async #byHash(hash: Hash, signal: AbortSignal | undefined): Promise<FoundBlock | undefined> {
    const held = this.#chain.block(hash);
    if (held) return { hash, block: held.block, whole: true, place: held.mainChain ? 'chain' : 'reverted', linkedFrom: undefined };
    // The claimed height only says where to look, so its source does not matter: the hash found there decides.
    const said = this.#descent.kept(hash)?.block.header.blockNumber ?? (await this.#descent.storedHeight(hash));
    const there = said === undefined ? undefined : await this.#at(said, signal);
    if (there?.hash === hash) return there;
    const block = await this.#asker.block(hash, signal);
    const height = block?.header.blockNumber;
    const found = height === undefined || height === said ? undefined : await this.#at(height, signal);
    if (found?.hash === hash) return found;
    return block && { hash, block, whole: true, place: 'unlinked', linkedFrom: undefined };
  }
}
