import type { ChainBlock, LightChain } from '../albatross/chain/light-chain.ts';
import { blockHash } from '../albatross/chain/hashes.ts';
import type { PeerId, PeerReport, SyncNet } from '../albatross/sync/net.ts';
import type { Block, Hash } from '../albatross/wire/types.ts';
import type { Store } from '../storage/store.ts';

/** A block that is, or hangs by hashes on, a verified block of the main chain. */
export interface FoundBlock {
  readonly hash: Hash;
  readonly block: Block;
  /** False when only the header is held: an old election block without its validator list. */
  readonly whole: boolean;
}

export interface BlockFinderOptions {
  readonly chain: LightChain;
  readonly store: Pick<Store, 'election'>;
  /** Undefined as long as there is no network. */
  net(): Pick<SyncNet, 'peers' | 'request'> | undefined;
  /** What a peer did that is held against it. */
  report(peer: PeerId, report: PeerReport): void;
  /** Those that may be asked, best first. */
  rank(peers: readonly PeerId[]): readonly PeerId[];
}

/** Blocks remembered from peers, so that one can walk on from them: a few batches. */
const MAX_REMEMBERED = 256;
/** Peers asked for one block before it counts as not to be had. */
const MAX_ASKED = 3;
/** Milliseconds for one answer: a person is waiting. */
const ASK_TIMEOUT = 8_000;

/**
 * Finds blocks by hash or height: in the chain, then in the store, then at peers. A peer is only asked for a hash that a verified block
 * commits to (as parent, as parent election block, in its interlink) and its answer must have this hash, so what comes back is as
 * trustworthy as the block that names it.
 */
export class BlockFinder {
  readonly #options: BlockFinderOptions;
  /** Ancestors got from peers; all of them below the macro head, and so final. */
  readonly #remembered = new Map<Hash, Block>();

  constructor(options: BlockFinderOptions) {
    this.#options = options;
  }

  /** Undefined: not known, not linked to anything verified, or no peer has it. Rejects with the signal's reason only. */
  async find(key: Hash | number, signal?: AbortSignal): Promise<FoundBlock | undefined> {
    signal?.throwIfAborted();
    const { chain } = this.#options;
    const held: ChainBlock | undefined = typeof key === 'number' ? chain.blockAt(key) : chain.block(key);
    // A block that lost is verified, but it is no part of the chain.
    if (held) return held.mainChain ? { hash: held.hash, block: held.block, whole: true } : undefined;
    const link = this.#linked(key);
    const remembered = link && this.#remembered.get(link.hash);
    if (link && remembered) return { hash: link.hash, block: remembered, whole: true };
    const stored = await this.#stored(link?.hash ?? key);
    signal?.throwIfAborted();
    const hash = link?.hash ?? stored?.hash;
    if (hash === undefined) return undefined;
    const fetched = await this.#fetch(hash, link?.height ?? stored?.block.header.blockNumber, signal);
    if (!fetched) return stored;
    this.#remembered.set(hash, fetched);
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= MAX_REMEMBERED) break;
      this.#remembered.delete(oldest);
    }
    return { hash, block: fetched, whole: true };
  }

  /** The chain was replaced: what hung on the old one is forgotten. */
  reset(): void {
    this.#remembered.clear();
  }

  /** The hash, if a verified block commits to it; its height where the link says that. */
  #linked(key: Hash | number): { readonly hash: Hash; readonly height: number | undefined } | undefined {
    const { chain } = this.#options;
    if (typeof key === 'number') {
      const hash = chain.electionHash(key);
      if (hash !== undefined) return { hash, height: key };
    }
    for (const { height, hash } of this.#links()) if (hash === key || height === key) return { hash, height };
    return undefined;
  }

  /** Everything that the verified blocks we hold point to. */
  *#links(): Generator<{ readonly hash: Hash; readonly height: number | undefined }> {
    const { chain } = this.#options;
    const { policy, macroHead, head } = chain;
    const held: Block[] = [chain.electionHead.block, ...this.#remembered.values()];
    // The chain holds the running batch and the one before; see `LightChain`.
    for (let height = head.height; height > macroHead.height - policy.blocksPerBatch; height--) {
      const item = chain.blockAt(height);
      if (item) held.push(item.block);
    }
    const genesis = policy.genesisNumber;
    for (const { header } of held) {
      // Nothing below genesis belongs to this chain.
      if (header.blockNumber <= genesis) continue;
      yield { hash: header.parentHash, height: header.blockNumber - 1 };
      if (!('parentElectionHash' in header)) continue;
      yield { hash: header.parentElectionHash, height: policy.electionBlockBefore(header.blockNumber) };
      for (const hash of header.interlink ?? []) yield { hash, height: undefined };
    }
  }

  async #stored(key: Hash | number): Promise<FoundBlock | undefined> {
    try {
      const found = await this.#options.store.election(key);
      // The store may still hold a chain that was given up; the chain's own knowledge decides.
      if (!found || !this.#belongs(found.height, found.hash)) return undefined;
      return { hash: found.hash, block: found.block, whole: false };
    } catch {
      return undefined;
    }
  }

  #belongs(height: number, hash: Hash): boolean {
    const { chain } = this.#options;
    if (height > chain.macroHead.height) return false;
    const known = chain.electionHash(height) ?? chain.blockAt(height)?.hash;
    return known === undefined || known === hash;
  }

  async #fetch(hash: Hash, height: number | undefined, signal: AbortSignal | undefined): Promise<Block | undefined> {
    const net = this.#options.net();
    if (!net) return undefined;
    for (const peer of this.#options.rank(net.peers().map(({ id }) => id)).slice(0, MAX_ASKED)) {
      try {
        const answer = await net.request(peer, 'block', { hash, includeBody: false }, { signal, timeout: ASK_TIMEOUT });
        if (!answer.ok) continue;
        const block: Block = { ...answer.value, body: undefined };
        if (blockHash(block) === hash && (height === undefined || block.header.blockNumber === height)) return block;
        this.#options.report(peer, { kind: 'lie', code: 'wrong-block', evidence: { asked: hash, got: blockHash(block) } });
      } catch {
        signal?.throwIfAborted();
        // The next peer.
      }
    }
    return undefined;
  }
}
