import { ElectionArchive } from '../chain/election-archive.ts';
import { unsigned } from '../chain/block-store.ts';
import { blockHash } from '../chain/hashes.ts';
import type { ServedProof } from '../serve/serve.ts';
import type { StoredWay } from '../sync/past/stored-way.ts';
import type { ZkProof } from '../wire/requests.ts';
import type { Hash } from '../../../base/hash.ts';
import type { MacroBlock } from '../wire/types.ts';
import type { ArchivedProof, Store } from '../store/store.ts';
import { DirtyRows } from '../../../storage/dirty-rows.ts';
import { OwnServedChain } from '../serve/served-chain.ts';

export interface StoredArchiveOptions {
  readonly store: Pick<Store, 'archive' | 'putArchive'>;
  readonly chain: ConstructorParameters<typeof OwnServedChain>[0];
  onFailed(): void;
}

/** Number of changes written together, in blocks of some 20 kB. */
const STEP = 64;

/**
 * The way from genesis: the whole election blocks that this client verified, and the newest zero-knowledge proof. Other clients are shown
 * it. It is also stored, and the next session uses it as evidence to verify the stored chain.
 */
export class StoredArchive {
  /** The chain together with this archive, for serving. */
  readonly served: OwnServedChain;
  readonly #archive: ElectionArchive;
  readonly #store: StoredArchiveOptions['store'];
  readonly #chain: StoredArchiveOptions['chain'];
  readonly #rows: DirtyRows<Hash | 'proof'>;
  #proof: ArchivedProof | undefined;
  /** While set, changes of the archive are not written, because the store has them already. */
  #quiet = false;
  /** Blocks from the store that were not verified again: evidence to be checked, never shown to others. */
  readonly #unverified = new Set<Hash>();
  #settled = 0;

  constructor({ store, chain, onFailed }: StoredArchiveOptions) {
    this.#store = store;
    const onChange = (hash: Hash) => {
      if (!this.#quiet) this.#rows.note(hash);
    };
    const archive = new ElectionArchive({ onChange });
    this.#archive = archive;
    this.#chain = chain;
    const unverified = this.#unverified;
    const settled = () => this.#settled;
    this.served = new OwnServedChain(chain, {
      get: (hash) => (unverified.has(hash) ? undefined : archive.get(hash)),
      below: (block) => {
        const row = Array.from(archive.below(block));
        const end = row.findIndex(([, hash]) => unverified.has(hash));
        return new Map(end < 0 ? row : row.slice(0, end));
      },
      get revision() {
        return archive.revision + settled();
      },
    });
    const write = (keys: readonly (Hash | 'proof')[]) =>
      store.putArchive({
        blocks: new Map(keys.filter((key) => key !== 'proof').map((hash) => [hash, archive.archived(hash)])),
        proof: keys.includes('proof') ? (this.#proof ?? 'none') : undefined,
      });
    this.#rows = new DirtyRows(write, onFailed, STEP);
  }

  /** The evidence for the way from genesis, to be verified. */
  get way(): StoredWay {
    const archive = this.#archive;
    return { get: (hash) => archive.get(hash), below: (block) => archive.below(block), proof: this.#proof };
  }

  has(hash: Hash): boolean {
    return this.#archive.archived(hash) !== undefined;
  }

  /** The newest proof on our chain. A proof of a chain that was given up is not shown. */
  get proof(): ServedProof | undefined {
    const proof = this.#proof;
    const block = proof && this.#archive.get(proof.block);
    if (!block || !this.served.onMain({ height: block.header.blockNumber, hash: proof.block, kind: 'election', block })) return undefined;
    return { message: proof.message, block };
  }

  add(hash: Hash, block: MacroBlock): void {
    // Remove an unverified block first, so that `add` takes nothing over from it.
    if (this.#unverified.delete(hash)) this.#archive.remove(hash);
    this.#archive.add(hash, block);
  }

  addProof(message: ZkProof, block: MacroBlock): void {
    const hash = blockHash(block);
    this.add(hash, block);
    if (message.blockNumber <= (this.proof?.message.blockNumber ?? 0)) return;
    this.#proof = { message, block: hash };
    this.#rows.note('proof');
  }

  /**
   * Takes the blocks and the proof of earlier sessions; `reading`: the store's answer, if it was asked before. What was verified meanwhile
   * stays. Rejects if the store does.
   */
  async restore(reading = this.#store.archive()): Promise<void> {
    const { blocks, proof } = await reading;
    this.#quietly(() => {
      for (const [hash, block] of blocks) {
        const held = this.#archive.get(hash);
        if (held?.justification) continue;
        this.#archive.put(hash, block);
        const stored = held && this.#archive.get(hash);
        // Our copy's list may be better than the store's.
        if (held) this.#archive.add(hash, { ...held, justification: stored?.justification });
        this.#unverified.add(hash);
      }
    });
    // Blocks for which there was no room are deleted from the store.
    for (const hash of blocks.keys()) if (!this.#archive.archived(hash)) this.#rows.note(hash);
    this.#proof ??= proof;
  }

  /**
   * The verification of stored blocks has ended. Blocks that were not verified are removed. Exceptions: the blocks that a way begins with,
   * and our chain's newest election block, lose only their signatures.
   */
  settle({ verified, bases }: { readonly verified: ReadonlySet<Hash>; readonly bases: ReadonlySet<Hash> }): void {
    for (const hash of this.#unverified) {
      this.#unverified.delete(hash);
      if (verified.has(hash)) continue;
      const block = bases.has(hash) || hash === this.#chain.electionHead.hash ? this.#archive.get(hash) : undefined;
      this.#archive.remove(hash);
      if (block) this.#archive.add(hash, unsigned(block));
    }
    this.#settled += 1;
  }

  /** The store was replaced: writes everything. */
  rewrite(): void {
    for (const hash of this.#archive.hashes) this.#rows.note(hash);
    if (this.#proof) this.#rows.note('proof');
  }

  /** The archive is false: deletes everything. */
  drop(): void {
    this.#unverified.clear();
    for (const hash of this.#archive.hashes) this.#archive.remove(hash);
    this.#proof = undefined;
    this.#rows.note('proof');
  }

  /** The store was emptied, so this is emptied too. */
  clear(): void {
    this.#unverified.clear();
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
