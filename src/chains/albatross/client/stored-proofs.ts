import type { ProofKeeper, ProofRecord, ProvenBlock } from '../chain/proof-record.ts';
import type { ZkProof } from '../wire/requests.ts';
import type { MacroBlock } from '../wire/types.ts';
import type { Store } from '../store/store.ts';
import { DirtyRows } from '../../../storage/dirty-rows.ts';

/**
 * Keeps the proof records in the store. If writing fails, that is reported and the record stays in memory. A record from a store is a claim
 * until it is verified again (`stored-check.ts`).
 */
export class StoredProofs implements ProofKeeper {
  readonly #onVerified: Pick<ProofKeeper, 'verified' | 'verifiedByProof'>;
  readonly #records = new Map<ProofRecord['origin'], ProofRecord>();
  #claims: readonly ProofRecord[];
  #settled: Promise<void> = Promise.resolve();
  readonly #rows: DirtyRows<ProofRecord['origin']>;

  constructor(store: Pick<Store, 'putProof' | 'dropProof'>, claims: readonly ProofRecord[], onFailed: () => void, onVerified: Pick<ProofKeeper, 'verified' | 'verifiedByProof'> = {}) {
    this.#onVerified = onVerified;
    this.#claims = claims;
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

  /** The records that stores claim as verified. */
  get claims(): readonly ProofRecord[] {
    return this.#claims;
  }

  get settled(): Promise<void> {
    return this.#settled;
  }

  /** `settled` is this promise from now on: until it resolves, the claims are being verified. */
  settleWith(check: Promise<void>): void {
    this.#settled = check;
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

  /** Another store was loaded, with other claims. */
  claim(claims: readonly ProofRecord[]): void {
    this.#claims = claims;
  }

  /** Takes claims that were verified again; for each origin the record that reaches further counts. */
  confirm(records: readonly ProofRecord[]): void {
    this.#claims = [];
    for (const record of records) {
      const ours = this.#records.get(record.origin);
      if (!ours || ours.head.block.header.blockNumber < record.head.block.header.blockNumber) this.#records.set(record.origin, record);
    }
  }

  /** The stores' claims are false: drops them all. */
  drop(): void {
    for (const { origin } of this.#claims) this.#rows.note(origin);
    this.#claims = [];
  }

  /** The store was replaced: writes everything. */
  rewrite(): void {
    for (const origin of this.#records.keys()) this.#rows.note(origin);
  }

  /** The store was emptied. */
  clear(): void {
    this.#records.clear();
    this.#claims = [];
    this.#rows.clear();
  }

  /** Resolves when all noted changes are written, or cannot be. */
  flush(): Promise<void> {
    return this.#rows.flush();
  }
}
