import type { ProofKeeper, ProofRecord, ProvenBlock } from '../albatross/chain/proof-record.ts';
import type { ZkProof } from '../albatross/wire/requests.ts';
import type { MacroBlock } from '../albatross/wire/types.ts';
import type { Store } from '../storage/store.ts';

/**
 * Keeps the proof records in the store. One write is under way at a time; of what comes meanwhile the newest record counts. What cannot be
 * written is told, and stays in memory.
 */
export class StoredProofs implements ProofKeeper {
  readonly #store: Pick<Store, 'putProof' | 'dropProof'>;
  readonly #onFailed: () => void;
  readonly #onVerified: Pick<ProofKeeper, 'verified' | 'verifiedByProof'>;
  readonly #records: Map<ProofRecord['origin'], ProofRecord>;
  readonly #dirty = new Set<ProofRecord['origin']>();
  #writing: Promise<void> | undefined;

  constructor(store: Pick<Store, 'putProof' | 'dropProof'>, records: readonly ProofRecord[], onFailed: () => void, onVerified: Pick<ProofKeeper, 'verified' | 'verifiedByProof'> = {}) {
    this.#store = store;
    this.#onFailed = onFailed;
    this.#onVerified = onVerified;
    this.#records = new Map(records.map((record) => [record.origin, record]));
  }

  get records(): readonly ProofRecord[] {
    return [...this.#records.values()];
  }

  save(record: ProofRecord): void {
    this.#records.set(record.origin, record);
    this.#note(record.origin);
  }

  verified(blocks: readonly ProvenBlock[]): void {
    this.#onVerified.verified?.(blocks);
  }

  verifiedByProof(message: ZkProof, block: MacroBlock): void {
    this.#onVerified.verifiedByProof?.(message, block);
  }

  forget(origin: ProofRecord['origin']): void {
    this.#records.delete(origin);
    this.#note(origin);
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
    for (const origin of this.#records.keys()) this.#note(origin);
  }

  /** The store was emptied. */
  clear(): void {
    this.#records.clear();
    this.#dirty.clear();
  }

  /** Resolves when what was noted is written, or cannot be. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  #note(origin: ProofRecord['origin']): void {
    this.#dirty.add(origin);
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  async #write(): Promise<void> {
    for (let [origin] = this.#dirty; origin; [origin] = this.#dirty) {
      this.#dirty.delete(origin);
      const record = this.#records.get(origin);
      try {
        await (record ? this.#store.putProof(record) : this.#store.dropProof(origin));
      } catch {
        this.#onFailed();
      }
    }
  }
}
