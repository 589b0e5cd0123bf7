import { genesisRecord, type ProofRecord } from '../../chain/proof-record.ts';
import type { MacroSyncOptions } from '../macro-context.ts';

/** After this many rounds in a row in which no answering peer knew the proven block, assume that it was verified on a chain that no longer exists. */
const maxStrangeRounds = 3;

const heightOf = ({ head }: ProofRecord): number => head.block.header.blockNumber;

/** What is verified of the past, from genesis and from the pinned block. What is added is also given to the `ProofKeeper`. */
export class ProofRecords {
  readonly #options: Pick<MacroSyncOptions, 'chain' | 'proofs' | 'log'>;
  readonly #records = new Map<ProofRecord['origin'], ProofRecord>();
  #strangeRounds = 0;
  /**
   * A second verification from genesis, begun because no answering peer knew the proven block. It replaces that record when it gets further
   * or decides about our chain.
   */
  #anew: ProofRecord | undefined;

  constructor(options: Pick<MacroSyncOptions, 'chain' | 'proofs' | 'log'>) {
    this.#options = options;
    this.takeUp();
  }

  /** What is proven from genesis, if anything. */
  get proven(): ProofRecord | undefined {
    return this.#records.get('genesis');
  }

  get pinned(): ProofRecord | undefined {
    return this.#records.get('pinned');
  }

  /** The record from genesis to continue. */
  get fromGenesis(): ProofRecord {
    return this.#anew ?? this.proven ?? genesisRecord(this.#options.chain);
  }

  /** The record in its newest form. */
  current(record: ProofRecord): ProofRecord {
    return (record.origin === 'genesis' ? this.#anew : undefined) ?? this.#records.get(record.origin) ?? record;
  }

  /** Takes over stored records that reach further than ours. */
  takeUp(): void {
    const { proofs, chain } = this.#options;
    const pin = chain.network.pinnedElection?.hash;
    for (const record of proofs.records) {
      if (record.from.hash !== (record.origin === 'genesis' ? chain.genesis.hash : pin)) continue;
      const ours = this.#records.get(record.origin);
      if (!ours || heightOf(ours) < heightOf(record)) this.#records.set(record.origin, record);
    }
  }

  keep(record: ProofRecord): ProofRecord {
    const known = this.proven;
    if (record.origin === 'genesis' && this.#anew) {
      this.#anew = known && heightOf(known) > heightOf(record) ? record : undefined;
      if (this.#anew) return record;
    }
    this.#records.set(record.origin, record);
    this.#options.proofs.save(record);
    return record;
  }

  drop(origin: ProofRecord['origin']): void {
    this.#records.delete(origin);
    this.#options.proofs.forget(origin);
  }

  /** Replaces all records by one of another chain, verified elsewhere. Undefined: that chain has no election block yet. */
  replace(record: ProofRecord | undefined): void {
    for (const origin of this.#records.keys()) this.drop(origin);
    this.#anew = undefined;
    this.#strangeRounds = 0;
    if (record) this.keep(record);
  }

  /** The record decides about our chain: if it is the second verification from genesis, it takes the place of the first. */
  decides(record: ProofRecord): void {
    if (record !== this.#anew) return;
    this.drop('genesis');
    this.keep(record);
  }

  /** Counts a round that continued `record`. If in some rounds in a row no answering peer knows its block, what was verified is put in doubt. */
  countStrangers(record: ProofRecord, unknown: boolean): void {
    this.#strangeRounds = unknown ? this.#strangeRounds + 1 : 0;
    if (this.#strangeRounds < maxStrangeRounds || record.head.hash === record.from.hash) return;
    this.#options.log('warning', 'proof-unknown', { height: heightOf(record), hash: record.head.hash });
    this.#strangeRounds = 0;
    if (record.origin === 'genesis') this.#anew = genesisRecord(this.#options.chain);
    else this.drop('pinned');
  }
}
