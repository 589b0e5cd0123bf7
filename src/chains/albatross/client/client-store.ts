// Tests: `src/chains/albatross/client/light-client.test.ts`, `test/client/storage-faults.test.ts`.
import { anchorOf, creditOf, type ProofRecord } from '../chain/proof-record.ts';
import type { ChainChange, LightChain } from '../chain/light-chain.ts';
import type { BulkVerifier } from '../sync/past/bulk-verifier.ts';
import type { Clock } from '../../../base/clock.ts';
import type { ClientLog } from '../../../engine/client-log.ts';
import type { AlbatrossCounts } from '../chain/checked-counts.ts';
import type { Anchor } from '../../../engine/trust.ts';
import type { ClientStatus } from '../../../engine/view.ts';
import { StorageError, type StorageErrorCode } from '../../../storage/storage-error.ts';
import { mayReturn, StoreReturn } from '../../../storage/store-return.ts';
import type { LoadOutcome, Store } from '../store/store.ts';
import type { SwappableStore } from '../store/swappable-store.ts';
import { type Evidence, genesisAnchor } from './evidence.ts';
import { ourChainStands } from './keep-ours-or-stored.ts';
import type { PeersAndSync } from './peers-and-sync.ts';
import { StoredArchive } from './stored-archive.ts';
import { type ElectionStepTest, restoreChain } from './stored-chain.ts';
import { checkStored } from './stored-check.ts';
import { StoredProofs } from './stored-proofs.ts';
import { WriteBehind } from './write-behind.ts';

/** The state that the client restored from the store. */
interface Restored {
  readonly anchor: Anchor;
  readonly electionHead: LightChain['electionHead'];
  readonly checked: AlbatrossCounts;
}

export interface ClientStoreOptions {
  readonly chain: LightChain;
  readonly bulk: BulkVerifier;
  /** From earlier sessions. */
  readonly proofs: readonly ProofRecord[];
  /** The store's archive. It is read while the chain is restored. */
  readonly archive: ReturnType<Store['archive']>;
  /** What was verified while the chain was restored; undefined if no chain was. */
  readonly known: ElectionStepTest | undefined;
  readonly store: SwappableStore;
  readonly evidence: Evidence;
  readonly clock: Clock;
  readonly log: ClientLog;
  /** Bytes that may be stored. */
  readonly cap: number;
  readonly kind: ClientStatus['storage']['kind'];
  /** Opens the persistent store, for a client that works in memory. */
  readonly reopen: (() => Promise<Store>) | undefined;
  /** Marks the persistent store for a wipe that does not reach it. True: the mark is made. */
  readonly markWipe?: (() => Promise<boolean>) | undefined;
  /** The sync stops while the chain is replaced. */
  readonly network: () => Pick<PeersAndSync, 'stopSync' | 'startSync' | 'forgetPeers' | 'restorePeers' | 'confirmAnchor'>;
  /** Resolves when the network has started, or could not. */
  readonly started: () => Promise<void> | undefined;
  /** The client is being closed. */
  readonly signal: AbortSignal;
  readonly onAnchor: (anchor: Anchor) => void;
  readonly onStatus: () => void;
}

/** What a client keeps on disk: writes every change, verifies what was stored, works in memory while there is no database, and comes back. */
export class ClientStore {
  readonly #options: ClientStoreOptions;
  readonly #chain: LightChain;
  readonly #store: SwappableStore;
  readonly #log: ClientLog;
  readonly #persistence: WriteBehind;
  readonly #return: StoreReturn;
  readonly proofs: StoredProofs;
  readonly archive: StoredArchive;
  kind: ClientStatus['storage']['kind'];
  /** Approximate bytes held. */
  bytes = 0;
  /** Why the persistent store could not be read. It may still hold data, and it may become readable later. */
  #unread: string | undefined;
  /** A wipe reached no database. The database that comes back is wiped before anything in it is read. */
  #wipeOwed = false;
  /** The wipe, or the move to another store, that is under way. */
  #changing: Promise<void> = Promise.resolve();
  #known: ElectionStepTest | undefined;
  /** Whether anything was written since the start. */
  #committed = false;

  constructor(options: ClientStoreOptions) {
    const { chain, store, log, clock, evidence } = options;
    this.#options = options;
    this.#chain = chain;
    this.#store = store;
    this.#log = log;
    this.kind = options.kind;
    this.#known = options.known;
    this.proofs = new StoredProofs(store, options.proofs, () => log.add('storage', 'info', 'proof-not-stored'), {
      verified: (blocks) => {
        for (const { hash, block } of blocks) this.archive.add(hash, block);
      },
      verifiedByProof: (message, block) => this.archive.addProof(message, block),
    });
    this.archive = new StoredArchive({ store, chain, onFailed: () => log.add('storage', 'info', 'archive-not-stored') });
    this.#persistence = new WriteBehind({
      store,
      chain,
      evidence: () => (evidence.fits ? { anchor: evidence.anchor, checked: chain.checked } : undefined),
      log: (level, code, data) => void log.notice('storage', level, code, data),
      onCommitted: (macro) => {
        // Also measure at the first commit: what was measured before it is close to nothing.
        if (macro || !this.#committed) this.#measureStore();
        this.#committed = true;
      },
      onLost: () => {
        log.notice('storage', 'warning', 'storage-lost');
        this.proofs.rewrite();
        this.archive.rewrite();
      },
      onGivenUp: (code) => this.#onGivenUp(code),
    });
    this.#return = new StoreReturn({
      clock,
      attempt: () => this.#moveToStore(),
      onFailed: (code) => log.add('storage', 'info', 'storage-not-yet', { reason: code }),
    });
  }

  /** `startsOver`: do not use what is stored. `failure`: why the store could not be read. */
  start(startsOver: boolean, failure: string | undefined): void {
    if (startsOver) this.#persistence.startOver();
    if (failure !== undefined && mayReturn(failure)) {
      this.#unread = failure;
      this.#return.begin();
    }
    this.#store.watch(() => this.#persistence.giveUp('no-answer'));
    // First, because its jobs take longest.
    this.#checkStored(this.#options.archive);
    this.#measureStore();
  }

  /** The chain changed; the write-behind hears of it by itself. */
  onChange({ kind: what, adopted }: ChainChange): void {
    for (const { hash, kind, block } of adopted) if (kind === 'election' && block.type === 'macro') this.archive.add(hash, block);
    if (what === 'reset' || what === 'recopied') this.#archiveElection();
  }

  /** The evidence changed. */
  touch(): void {
    this.#persistence.touch();
  }

  /** Writes what is not written yet. */
  async flush(): Promise<void> {
    await this.#persistence.flush();
  }

  /** See `ChainClient.returnToStore`. */
  returnToStore(): void {
    this.#return.begin(true);
  }

  /** Resolves when no attempt to come back to the database is under way any more. */
  stopReturning(): Promise<void> {
    return this.#return.stop();
  }

  /** Writes everything that is not written yet, and closes the store. */
  async close(): Promise<void> {
    await this.#persistence.close();
    await this.proofs.flush();
    await this.archive.flush();
    await this.#store.close();
  }

  /** See `ChainClient.wipe`. */
  wipe(): Promise<void> {
    return this.#alone(() => this.#wipe());
  }

  /** Runs `change` when no other change of the store is under way. */
  #alone(change: () => Promise<void>): Promise<void> {
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  async #wipe(): Promise<void> {
    if (this.#options.signal.aborted) return;
    if (this.#unread !== undefined) throw new StorageError(this.#unread as StorageErrorCode, 'what is stored cannot be wiped: the database could not be read');
    if (this.#store.silent) throw new StorageError('no-answer', 'what is stored cannot be wiped: the database does not answer');
    // Nothing may be written or pushed in between.
    await this.#options.network().stopSync();
    try {
      await this.#persistence.flush();
      await this.proofs.flush();
      await this.archive.flush();
      await this.#store.wipe();
      this.#wipeOwed = this.#store.kind === 'memory' && this.#options.reopen !== undefined;
      const marked = this.#wipeOwed && ((await this.#options.markWipe?.()) ?? false);
      this.#options.network().forgetPeers();
      this.proofs.clear();
      this.archive.clear();
      this.#chain.reset();
      this.#options.onAnchor(genesisAnchor(this.#chain));
      this.#log.notice('storage', 'info', this.#wipeOwed ? 'wiped-later' : 'wiped', this.#wipeOwed ? { marked: String(marked) } : undefined);
      this.#measureStore();
    } finally {
      this.#options.network().startSync();
    }
  }

  #onGivenUp(code: string): void {
    if (this.kind === 'memory') return;
    this.kind = 'memory';
    this.bytes = 0;
    this.#log.notice('storage', 'warning', 'storage-given-up', { reason: code });
    this.#options.onStatus();
    if (this.#options.reopen && mayReturn(code)) this.#return.begin();
  }

  /** Moves from memory to the persistent store. Throws if that store cannot be opened, read or written. */
  async #moveToStore(): Promise<void> {
    const { reopen } = this.#options;
    if (!reopen) return;
    const store = await reopen();
    await this.#options.started();
    return this.#alone(() => this.#use(store));
  }

  /** Uses the persistent store from now on. */
  async #use(store: Store): Promise<void> {
    if (this.#options.signal.aborted) return store.close();
    const load = async () => {
      if (this.#wipeOwed) await store.wipe();
      return store.load();
    };
    const outcome = await load().catch(async (error: unknown) => {
      await store.close();
      throw error;
    });
    this.#wipeOwed = false;
    if (this.#options.signal.aborted) return store.close();
    const stored = outcome.kind === 'chain' ? outcome.chain : undefined;
    this.#persistence.suspend('unavailable');
    this.proofs.claim(await store.proofs());
    const stands = !stored || ourChainStands(this.#chain, this.#options.evidence.anchor, stored);
    const usable = stands || (await this.#takeOver(outcome));
    await this.#store.change(store);
    this.#unread = undefined;
    this.proofs.rewrite();
    this.archive.rewrite();
    this.#checkStored();
    await this.#persistence.resume(usable ? stored : undefined);
    this.#options.network().restorePeers(await store.bans(), await store.peers());
    this.kind = store.kind;
    this.#log.notice('storage', 'info', 'storage-resumed');
    this.#measureStore();
    this.#options.onStatus();
  }

  /**
   * Verifies what is stored. Only the proof of the past waits for this. Until it is done, the stored chain earns `witnessed` at most
   * (`Anchor.unchecked`).
   */
  #checkStored(archive?: ReturnType<Store['archive']>): void {
    const { anchor } = this.#options.evidence;
    const { electionHead, checked } = this.#chain;
    const check = this.#runCheck(anchor.unchecked ? { anchor, electionHead, checked } : undefined, archive);
    this.proofs.settleWith(
      check.catch((error: unknown) => {
        if (!this.#options.signal.aborted) this.#log.add('storage', 'warning', 'stored-chain-not-checked', { error: String(error).slice(0, 200) });
      }),
    );
  }

  async #runCheck(restored: Restored | undefined, archive: ReturnType<Store['archive']> | undefined): Promise<void> {
    await this.archive.restore(archive).catch(() => this.#log.add('storage', 'info', 'archive-not-read'));
    if (!this.archive.has(this.#chain.electionHead.hash)) this.#archiveElection();
    const { signal, clock } = this.#options;
    const verdict = await checkStored({ chain: this.#chain, bulk: this.#options.bulk, clock, way: this.archive.way, claims: this.proofs.claims, restored: restored?.electionHead, known: this.#known, signal });
    // The anchor may have been replaced or given up meanwhile.
    const stands = restored !== undefined && this.#options.evidence.anchor === restored.anchor;
    if (verdict.kind === 'refused') return this.#setAside(verdict, stands);
    this.proofs.confirm(verdict.records);
    this.archive.settle(verdict);
    if (!stands) return;
    const { electionHead } = restored;
    const record = verdict.records.find(({ head }) => head.hash === electionHead.hash);
    if (record) this.#chain.credit(creditOf(record, restored.checked));
    if (record) this.#chain.takeJustification(record.head.hash, record.head.block.justification);
    if (record) this.#confirmAnchor(anchorOf(record));
    // The restored chain starts at the genesis block, so nothing lies between that and the blocks that were verified at once.
    else if (electionHead.hash === this.#chain.genesis.hash) this.#confirmAnchor(genesisAnchor(this.#chain));
    else this.#log.add('storage', 'info', 'stored-chain-unchecked', { height: electionHead.height, hash: electionHead.hash });
  }

  #confirmAnchor(anchor: Anchor): void {
    const { height, hash } = this.#chain.electionHead;
    this.#log.add('storage', 'info', 'stored-chain-checked', { height, hash });
    if (!this.#options.network().confirmAnchor(anchor)) this.#options.onAnchor(anchor);
  }

  /** The stored data is false. No peer is to blame for it, so delete it, and also reset the chain if it rests on it. */
  async #setAside({ code, height, hash }: { readonly code: string; readonly height: number; readonly hash: string }, stands: boolean): Promise<void> {
    this.#log.notice('storage', 'warning', 'stored-chain-refused', { height, hash, reason: code });
    if (!stands) {
      this.proofs.drop();
      return this.archive.drop();
    }
    // No sync may start on this chain in between.
    const stopped = this.#options.network().stopSync();
    this.#chain.reset();
    this.#options.onAnchor(genesisAnchor(this.#chain));
    this.proofs.clear();
    this.archive.clear();
    try {
      await stopped;
      await this.#store.setAside();
    } catch {
      this.#log.add('storage', 'info', 'not-set-aside');
    } finally {
      this.#options.network().startSync();
      this.#measureStore();
    }
  }

  /** Replaces our chain with the stored one; the sync continues from there. Returns false if the stored chain is refused. */
  async #takeOver(outcome: LoadOutcome): Promise<boolean> {
    await this.#options.network().stopSync();
    try {
      const restored = await restoreChain(this.#chain, outcome);
      this.#known = restored.kind === 'restored' ? restored.known : undefined;
      if (restored.kind === 'restored') this.#options.onAnchor(restored.anchor);
      if (restored.kind === 'refused') this.#log.notice('storage', 'warning', 'stored-chain-refused', { ...restored.data, reason: restored.code });
      return restored.kind === 'restored';
    } finally {
      this.#options.network().startSync();
    }
  }

  /** Archives the election head if it did not arrive as an adopted block. */
  #archiveElection(): void {
    const { electionHead, genesis } = this.#chain;
    if (electionHead.hash !== genesis.hash) this.archive.add(electionHead.hash, electionHead.block);
  }

  #measureStore(): void {
    this.#store.trim(this.#options.cap).then(
      (bytes) => {
        this.bytes = bytes;
        this.#options.onStatus();
      },
      () => undefined,
    );
  }
}
