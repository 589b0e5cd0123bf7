import type { Hash } from '../../../../base/hash.ts';
import type { Answer } from '../../../../engine/questions.ts';
import { reaches, type TrustLevel } from '../../../../engine/trust.ts';
import type { LogCode } from '../../../../base/log-codes.ts';
import { eventHash } from '../../proofs/event-hash.ts';
import type { KeptEntry, Store } from '../../store/store.ts';
import type { ChainGround } from './chain-ground.ts';
import type { HistoryQuestions, ProvenEntry, Receipt } from './history-questions.ts';

/** Entries whose block is not final yet, kept in memory until it is. */
const MAX_PENDING = 1024;
/** What an entry of an earlier session is worth at most: the store claims it, and nothing of its proof is verified again. */
const STORED_LEVEL: TrustLevel = 'witnessed';

/** A proven entry, and the block that it stands on. */
export interface HeldEntry extends KeptEntry {
  /** It was proven in an earlier session: worth `witnessed` at most. */
  readonly stored: boolean;
}

export interface KeptHistoryOptions {
  readonly history: HistoryQuestions;
  readonly ground: ChainGround;
  readonly store: Pick<Store, 'history' | 'putHistory' | 'clearHistory'>;
  readonly log: (code: LogCode) => void;
  /** The chain does not continue the stored one, so what is stored does not count. */
  readonly startsOver: boolean;
  readonly signal: AbortSignal;
}

/**
 * The history with a memory: what a final block proved is stored, and peers are not asked for it again. The rows belong to the stored chain
 * and are deleted with it. A row is checked when it is read: its entry has to hash to its name, and its block has to be final on the chain
 * and be the one that the chain has at that height, where the chain holds that block. A row that fails is asked for anew; no peer is blamed.
 */
export class KeptHistory {
  readonly #options: KeptHistoryOptions;
  /** Proven in this session and stored. */
  readonly #own = new Set<Hash>();
  readonly #pending = new Map<Hash, ProvenEntry>();
  /** Counts the chains: what was asked for on an earlier one is not kept. */
  #chains = 0;
  #cleared: Promise<void> = Promise.resolve();

  constructor(options: KeptHistoryOptions) {
    this.#options = options;
    if (options.startsOver) this.#clear();
    const stop = options.ground.chain.events.on('change', ({ kind, reverted }) => {
      if (kind === 'reset') return this.#clear();
      const gone = new Set(reverted.map(({ hash }) => hash));
      for (const [hash, { ground }] of this.#pending) if (gone.has(ground.hash)) this.#pending.delete(hash);
      if (kind === 'finalized' || kind === 'epoch-finalized') this.#keep(this.#pending);
    });
    options.signal.addEventListener('abort', stop, { once: true });
  }

  /** The entry with this hash; `minLevel`: one that is worth less is proven anew. Throws as `HistoryQuestions.entry`. */
  async entry(hash: Hash, height: number | undefined, minLevel: TrustLevel | undefined, signal: AbortSignal | undefined): Promise<HeldEntry> {
    const held = (await this.#read([hash], minLevel)).get(hash);
    signal?.throwIfAborted();
    if (held) return held;
    const chains = this.#chains;
    const proven = await this.#options.history.entry(hash, height, signal);
    if (chains === this.#chains) this.#keep(new Map([[hash, proven]]));
    return heldOf(proven);
  }

  /** The entries of these receipts that are stored, or that peers could prove. Throws the signal's reason only. */
  async entries(receipts: readonly Receipt[], address: Uint8Array, minLevel: TrustLevel | undefined, signal: AbortSignal | undefined): Promise<ReadonlyMap<Hash, HeldEntry>> {
    const held = new Map(await this.#read(Array.from(new Set(receipts.map(({ hash }) => hash))), minLevel));
    signal?.throwIfAborted();
    const chains = this.#chains;
    const proven = await this.#options.history.entries(receipts.filter(({ hash }) => !held.has(hash)), address, signal);
    if (chains === this.#chains) this.#keep(proven);
    for (const [hash, entry] of proven) held.set(hash, heldOf(entry));
    return held;
  }

  /** An answer about the entry. It stands on the entry's block. Throws `QuestionError` `level-too-low`. */
  answer<Value>(value: Value, { ground, stored }: HeldEntry, minLevel: TrustLevel | undefined): Answer<Value> {
    return this.#options.ground.answerAt(value, ground, minLevel, mostOf(stored));
  }

  /** What is stored and worth enough. */
  async #read(hashes: readonly Hash[], minLevel: TrustLevel | undefined): Promise<ReadonlyMap<Hash, HeldEntry>> {
    const usable = new Map<Hash, HeldEntry>();
    const wanted = minLevel && !reaches(STORED_LEVEL, minLevel) ? hashes.filter((hash) => this.#own.has(hash)) : hashes;
    if (wanted.length === 0) return usable;
    try {
      await this.#cleared;
      for (const [hash, kept] of await this.#options.store.history(wanted)) {
        if (this.#counts(hash, kept)) usable.set(hash, { ...kept, stored: !this.#own.has(hash) });
      }
    } catch {
      this.#options.log('history-not-read');
    }
    return usable;
  }

  /** Whether a row is what its name says, and is final on our chain. */
  #counts(hash: Hash, { entry, ground }: KeptEntry): boolean {
    const { chain } = this.#options.ground;
    if (ground.height > chain.macroHead.height || entry.blockNumber > ground.height || entry.network !== chain.network.networkId) return false;
    const ours = chain.blockAt(ground.height)?.hash ?? chain.electionHash(ground.height);
    return (ours === undefined || ours === ground.hash) && hash === eventHash(entry);
  }

  /** Stores the entries whose block is final; the others wait for that. */
  #keep(entries: ReadonlyMap<Hash, ProvenEntry>): void {
    const { ground: { chain }, store, log } = this.#options;
    const final = new Map<Hash, KeptEntry>();
    for (const [hash, proven] of entries) {
      if (proven.ground.block.header.blockNumber <= chain.macroHead.height) {
        final.set(hash, heldOf(proven));
        this.#pending.delete(hash);
      } else if (this.#pending.size < MAX_PENDING) this.#pending.set(hash, proven);
    }
    if (final.size === 0) return;
    const chains = this.#chains;
    store.putHistory(final).then(
      () => {
        if (chains === this.#chains) for (const hash of final.keys()) this.#own.add(hash);
      },
      () => log('history-not-stored'),
    );
  }

  /** The chain was given up, and all that was proven on it. */
  #clear(): void {
    this.#chains += 1;
    this.#own.clear();
    this.#pending.clear();
    this.#cleared = this.#options.store.clearHistory().catch(() => this.#options.log('history-not-stored'));
  }
}

/** What an answer is worth at most if an entry in it was stored in an earlier session. */
export function mostOf(stored: boolean): TrustLevel | undefined {
  return stored ? STORED_LEVEL : undefined;
}

function heldOf({ entry, ground: { hash, block } }: ProvenEntry): HeldEntry {
  const { blockNumber, timestamp } = block.header;
  return { entry, ground: { height: blockNumber, hash, timestamp }, stored: false };
}
