import { ElectionArchive } from '../albatross/chain/election-archive.ts';
import { blockHash } from '../albatross/chain/hashes.ts';
import type { ServedProof } from '../albatross/sync/serve.ts';
import type { ZkProof } from '../albatross/wire/requests.ts';
import type { Hash, MacroBlock } from '../albatross/wire/types.ts';
import type { ArchivedProof, Store } from '../storage/store.ts';
import { DirtyRows } from './dirty-rows.ts';
import { OwnServedChain } from './served-chain.ts';

export interface StoredArchiveOptions {
  readonly store: Pick<Store, 'archive' | 'putArchive'>;
  readonly chain: ConstructorParameters<typeof OwnServedChain>[0];
  onFailed(): void;
  /** 0 keeps no blocks, also none of earlier sessions. */
  readonly maxBytes?: number | undefined;
}

/** Changes written together, in blocks of some 20 kB. */
const STEP = 64;

/**
 * What this client shows others of the way from genesis: the whole election blocks that it verified and the newest zero-knowledge proof. Kept in the
 * store, so that one that was opened again shows what it did before.
 */
export class StoredArchive {
  /** The chain with what is kept beside it. */
  readonly served: OwnServedChain;
  readonly #archive: ElectionArchive;
  readonly #store: StoredArchiveOptions['store'];
  readonly #rows: DirtyRows<Hash | 'proof'>;
  #proof: ArchivedProof | undefined;
  /** What happens to the archive is in the store already. */
  #quiet = false;

  constructor({ store, chain, onFailed, maxBytes }: StoredArchiveOptions) {
    this.#store = store;
    const onChange = (hash: Hash) => {
      if (!this.#quiet) this.#rows.note(hash);
    };
    const archive = new ElectionArchive({ maxBytes, onChange });
    this.#archive = archive;
    this.served = new OwnServedChain(chain, archive);
    const write = (keys: readonly (Hash | 'proof')[]) =>
      store.putArchive({
        blocks: new Map(keys.filter((key) => key !== 'proof').map((hash) => [hash, archive.archived(hash)])),
        proof: keys.includes('proof') ? this.#proof : undefined,
      });
    this.#rows = new DirtyRows(write, onFailed, STEP);
  }

  /** The newest proof of our chain. One for a chain that was given up is shown to nobody. */
  get proof(): ServedProof | undefined {
    const proof = this.#proof;
    const block = proof && this.#archive.get(proof.block);
    if (!block || !this.served.onMain({ height: block.header.blockNumber, hash: proof.block, kind: 'election', block })) return undefined;
    return { message: proof.message, block };
  }

  add(hash: Hash, block: MacroBlock): void {
    this.#archive.add(hash, block);
  }

  addProof(message: ZkProof, block: MacroBlock): void {
    const hash = blockHash(block);
    this.#archive.add(hash, block);
    if (message.blockNumber <= (this.proof?.message.blockNumber ?? 0)) return;
    this.#proof = { message, block: hash };
    this.#rows.note('proof');
  }

  /** Takes what the store has from earlier sessions. What was verified meanwhile stays. Rejects where the store does. */
  async restore(): Promise<void> {
    const { blocks, proof } = await this.#store.archive();
    this.#quietly(() => {
      for (const [hash, block] of blocks) if (!this.#archive.archived(hash)) this.#archive.put(hash, block);
    });
    // For some there may be no room.
    for (const hash of blocks.keys()) if (!this.#archive.archived(hash)) this.#rows.note(hash);
    this.#proof ??= proof;
  }

  /** The store is another one: everything is written. */
  rewrite(): void {
    for (const hash of this.#archive.hashes) this.#rows.note(hash);
    if (this.#proof) this.#rows.note('proof');
  }

  /** The store was emptied, and so is this. */
  clear(): void {
    this.#quietly(() => {
      for (const hash of this.#archive.hashes) this.#archive.remove(hash);
    });
    this.#proof = undefined;
    this.#rows.clear();
  }

  flush(): Promise<void> {
    return this.#rows.flush();
  }

  #quietly(change: () => void): void {
    this.#quiet = true;
    change();
    this.#quiet = false;
  }
}
