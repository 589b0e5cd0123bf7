import type { ProofKeeper, ProofRecord, ProvenBlock } from '../albatross/chain/proof-record.ts';
import type { ZkProof } from '../albatross/wire/requests.ts';
import type { MacroBlock } from '../albatross/wire/types.ts';
import type { Store } from '../storage/store.ts';
import { DirtyRows } from './dirty-rows.ts';

/** Keeps the proof records in the store. What cannot be written is told, and stays in memory. */
export class StoredProofs implements ProofKeeper {
  readonly #onVerified: Pick<ProofKeeper, 'verified' | 'verifiedByProof'>;
  readonly #records: Map<ProofRecord['origin'], ProofRecord>;
  readonly #rows: DirtyRows<ProofRecord['origin']>;

  constructor(store: Pick<Store, 'putProof' | 'dropProof'>, records: readonly ProofRecord[], onFailed: () => void, onVerified: Pick<ProofKeeper, 'verified' | 'verifiedByProof'> = {}) {
    this.#onVerified = onVerified;
    this.#records = new Map(records.map((record) => [record.origin, record]));
    this.#rows = new DirtyRows(async (origins) => {
      for (const origin of origins) {
        const record = this.#records.get(origin);
        await (record ? store.putProof(record) : store.dropProof(origin));
      }
    }, onFailed);
  }

  get records(): readonly ProofRecord[] {
    return [...this.#records.values()];
  }

  save(record: ProofRecord): void {
    this.#records.set(record.origin, record);
    this.#rows.note(record.origin);
  }

  verified(blocks: readonly ProvenBlock[]): void {
    this.#onVerified.verified?.(blocks);
  }

  verifiedByProof(message: ZkProof, block: MacroBlock): void {
    this.#onVerified.verifiedByProof?.(message, block);
  }

  forget(origin: ProofRecord['origin']): void {
    this.#records.delete(origin);
    this.#rows.note(origin);
  }

  /** What another store has; of each origin the one that leads further counts. */
  merge(records: readonly ProofRecord[]): void {
    for (const record of records) {
      const ours = this.#records.get(record.origin);
      if (!ours || ours.head.block.header.blockNumber < record.head.block.header.blockNumber) this.#records.set(record.origin, record);
    }
  }

  /** The store is another one: everything is written. */
  rewrite(): void {
    for (const origin of this.#records.keys()) this.#rows.note(origin);
  }

  /** The store was emptied. */
  clear(): void {
    this.#records.clear();
    this.#rows.clear();
  }

  /** Resolves when what was noted is written, or cannot be. */
  flush(): Promise<void> {
    return this.#rows.flush();
  }
}
