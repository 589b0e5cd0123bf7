/**
 * The chain of a Moloch client: its rules as the stages of a sync, its fork choice, and what it tells of blocks. Connections and the store are given to it.
 * @module
 */
import { concatBytes } from '../../../base/bytes.ts';
import type { FollowedChain, Outcome } from '../../../engine/follow/followed-chain.ts';
import type { Fault, Item, RunFault, Tip } from '../../../engine/sync/sync-chain.ts';
import type { BlockView, HeadView, TrustRecord } from '../../../engine/view.ts';
import { checkEvents, checkEventTimes, checkParent } from '../chain/block-rules.ts';
import { BlockTree, type FinalBlock, type TreeChange } from '../chain/block-tree.ts';
import { blockHash } from '../chain/hash.ts';
import { Mmr, mmrRoot } from '../chain/mmr.ts';
import { itemOf, type Finalized, type MolochBlock } from '../chain/moloch-block.ts';
import { genesisOf, type MolochNetwork } from '../chain/network.ts';
import { anchorOf, createSnapshotRules, openSnapshotFile, type SnapshotAnchor, type SnapshotContent } from '../chain/snapshot-rules.ts';
import { checkFinalitySignatures, checkSigners, checkTrustedHeader } from '../chain/trusted-header-rules.ts';
import { verifySignature, type VerifySignature } from '../chain/verify-signature.ts';
import { encodeBlock } from '../wire/block.ts';
import type { MolochEvent } from '../wire/event.ts';
import type { TrustedHeader } from '../wire/trusted-header.ts';
import { MolochSnapshotError, snapshotOf } from './chain-snapshot.ts';
import { FinalBlocks } from './final-blocks.ts';
import { blockViewOf, headViewOf, networkViewOf, trustRecordOf, type TrustBase } from './moloch-views.ts';
import { checkBlockSignatures, checkRunFinality, checkRunSignatures, checkVotes } from './run-checks.ts';

/** Final headers that are remembered beyond the chain, at most: some for each peer. The oldest is dropped. */
const MAX_PROVEN = 64;

/** Where the chain's progress is stored. */
export interface MolochSink {
  /** Final blocks, ascending, with their signatures. */
  blocks(items: readonly Item<MolochBlock>[]): Promise<void>;
  /** Replaces everything. */
  snapshot(content: SnapshotContent): Promise<void>;
}

export interface MolochChainOptions {
  readonly network: MolochNetwork;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly sink: MolochSink;
  readonly verify?: VerifySignature | undefined;
  /** Events of blocks that were rolled back, for the pool (Moloch reference, 6.7). */
  readonly returned?: ((events: readonly MolochEvent[]) => void) | undefined;
}

/** What was stored. */
export interface StoredMoloch {
  readonly snapshot: SnapshotContent | undefined;
  /** Final blocks after genesis or the snapshot, ascending. */
  readonly items: readonly Item<MolochBlock>[];
}

type Rules = Omit<FollowedChain<MolochBlock, Finalized>, 'connect' | 'store' | 'questions' | 'fetchBlock'>;

export class MolochChain implements Rules {
  readonly network;
  readonly parameters: MolochNetwork;
  readonly snapshots;
  readonly #options: MolochChainOptions;
  readonly #verify: VerifySignature;
  #base!: Omit<TrustBase, 'blocks'>;
  #checked = 0;
  readonly #proven = new Map<number, SnapshotAnchor>();
  #blocks!: FinalBlocks;
  #tree!: BlockTree;

  constructor(options: MolochChainOptions) {
    this.#options = options;
    this.#verify = options.verify ?? verifySignature;
    this.parameters = options.network;
    this.network = networkViewOf(options.network);
    const { chainId, validators } = options.network;
    this.snapshots = createSnapshotRules({
      chainId,
      validators,
      verify: this.#verify,
      anchorAt: (height) => Promise.resolve(this.#anchorAt(height)),
      importContent: async (content) => {
        const fault = this.#takeSnapshot(content);
        if (!fault) await options.sink.snapshot(content);
        return fault;
      },
    });
    this.reset();
  }

  /** Back to genesis. */
  reset(): void {
    const { network } = this.#options;
    const { header, events } = genesisOf(network);
    const block: MolochBlock = { header, events, signatures: [] };
    const item = itemOf(block, encodeBlock({ header, events }).length);
    this.#blocks = new FinalBlocks({ mmr: new Mmr(), index: [], events: 0 });
    this.#begin({ kind: 'genesis', height: 0, hash: item.id }, item, undefined);
  }

  /**
   * Takes what was stored, on a chain that is at genesis. Every signature was checked before it was stored, and hashes bind the blocks: so only the newest signatures are
   * checked again, and blocks above them, or after a damaged one, are left out.
   */
  async restore({ snapshot, items }: StoredMoloch): Promise<void> {
    const { validators } = this.parameters;
    if (snapshot && !(await checkTrustedHeader(snapshot.trusted, validators, this.#verify))) this.#takeSnapshot(snapshot);
    let parent: Item<MolochBlock> | Tip = this.tip();
    const run: Item<MolochBlock>[] = [];
    for (const item of items) {
      if (item.height <= parent.height) continue;
      if (this.checkStructure(item) ?? this.checkLink(parent, item)) break;
      run.push(item);
      parent = item;
    }
    while (run.length > 0) {
      const { id, block } = run.at(-1)!;
      if (!(await checkFinalitySignatures(id, block.signatures, validators, this.#verify))) break;
      run.pop();
    }
    for (const item of run) this.#take(this.#tree.add(item));
  }

  /** The final blocks, for those who serve and prove. */
  get finalBlocks(): FinalBlocks {
    return this.#blocks;
  }

  /** The newest header that signatures make final; undefined at genesis. */
  get finalProof(): TrustedHeader | undefined {
    return this.#tree.proof;
  }

  /** Blocks above the final one, ascending. */
  get pending(): readonly Item<MolochBlock>[] {
    return this.#tree.pending;
  }

  tip(): Tip {
    const { height, id } = this.#tree.final;
    return { height, id };
  }

  head(): Tip {
    return this.#tree.head;
  }

  /** The id of the block that the chain has at a height. */
  idAt(height: number): string | undefined {
    return this.#blocks.idAt(height) ?? this.pending.find((item) => item.height === height)?.id;
  }

  /** A block that is held, of any branch. */
  held(key: number | string): Item<MolochBlock> | undefined {
    if (typeof key === 'string') return this.#blocks.byId(key) ?? this.#tree.block(key);
    return this.#blocks.at(key) ?? this.pending.find(({ height }) => height === key);
  }

  checkStructure({ block }: Item<MolochBlock>): Fault | undefined {
    if (block.signatures.length > 0) {
      const fault = checkSigners(block.signatures, this.parameters.validators);
      if (fault && fault.code !== 'too-few-signatures') return fault;
    }
    return checkEvents(block);
  }

  checkLink(parent: Item<MolochBlock> | Tip, item: Item<MolochBlock>): Fault | undefined {
    const { final } = this.#tree;
    const time = 'block' in parent ? parent.block.header.time : parent.id === final.id ? final.time : undefined;
    return checkParent({ height: parent.height, id: parent.id, time }, item);
  }

  checkSignatures(run: readonly Item<MolochBlock>[], { signal }: { readonly signal: AbortSignal }): Promise<RunFault | undefined> {
    return checkRunSignatures(run, this.parameters.validators, this.#verify, signal);
  }

  checkFinality(run: readonly Item<MolochBlock>[]): RunFault | undefined {
    return checkRunFinality(run, this.parameters.validators);
  }

  async apply(run: readonly Item<MolochBlock>[]): Promise<RunFault | undefined> {
    const finalized: Item<MolochBlock>[] = [];
    let fault: RunFault | undefined;
    for (const item of run) {
      const { outcome, finalized: now } = this.#take(this.#tree.add(item));
      finalized.push(...now);
      fault = faultOf(outcome, item.height);
      if (fault) break;
    }
    if (finalized.length > 0) await this.#options.sink.blocks(finalized);
    return fault;
  }

  /** Whether the range over the blocks before this height has the root of the header: what this chain has in place of a state root. */
  checkState(height: number): Promise<boolean | undefined> {
    const header = this.#blocks.at(height)?.block.header;
    return Promise.resolve(header && mmrRoot(this.#blocks.mmr.peaksAt(height)) === header.mmrRoot);
  }

  async push(item: Item<MolochBlock>, signal: AbortSignal): Promise<Outcome<MolochBlock>> {
    const { id, block } = item;
    if (this.#isFinal(item) || (this.#tree.block(id) && block.signatures.length === 0)) return { kind: 'known' };
    const structure = this.checkStructure(item);
    if (structure) return { kind: 'fault', fault: structure };
    const { validators } = this.parameters;
    const isProven = checkSigners(block.signatures, validators) === undefined;
    // Anybody can seal: without this, strangers could fill the tree.
    if (!isProven && !validators.includes(block.header.sealer)) return { kind: 'fault', fault: { code: 'unknown-sealer', weight: 'offence', data: { height: item.height, sealer: block.header.sealer } } };
    if (!isProven && checkEventTimes(block, this.#options.now())) return { kind: 'held' };
    const fault = await checkBlockSignatures(item, validators, this.#verify, signal);
    signal.throwIfAborted();
    return fault ? { kind: 'fault', fault } : this.#settle(this.#tree.add(item));
  }

  async finalize(proof: Finalized, signal: AbortSignal): Promise<Outcome<MolochBlock>> {
    const fault = await checkVotes(proof.hash, proof.signatures, this.parameters.validators, this.#verify);
    signal.throwIfAborted();
    return fault ? { kind: 'fault', fault } : this.#settle(this.#tree.sign(proof));
  }

  /** Whether a peer's header is final: `short` if only signatures are missing. A final one is remembered, so that a snapshot at its height can be checked against it. */
  async proveFinal(trusted: TrustedHeader, signal: AbortSignal): Promise<'final' | 'short' | Fault> {
    const fault = await checkTrustedHeader(trusted, this.parameters.validators, this.#verify);
    signal.throwIfAborted();
    if (fault) return fault.code === 'too-few-signatures' ? 'short' : fault;
    const { header } = trusted;
    this.#proven.delete(header.height);
    this.#proven.set(header.height, anchorOf(header, blockHash(header), this.parameters.validators));
    for (const oldest of this.#proven.keys()) if (this.#proven.size > MAX_PROVEN) this.#proven.delete(oldest);
    return 'final';
  }

  view(tip: Tip): HeadView {
    const item = this.held(tip.id);
    if (!item) throw new RangeError(`no block ${tip.id} at height ${tip.height}`);
    return headViewOf(item, this.parameters, this.#trustBase(), this.#isFinal(item));
  }

  block(key: number | string): Promise<BlockView | undefined> {
    const item = this.held(key);
    return Promise.resolve(item && this.blockView(item));
  }

  /** `linkedFrom`: of a block that only a peer had, the final height whose range has its hash. */
  blockView(item: Item<MolochBlock>, linkedFrom?: number): BlockView {
    const isFinal = this.#isFinal(item);
    return blockViewOf(item, this.parameters, this.#trustBase(), { isFinal, inChain: isFinal || this.pending.some(({ id }) => id === item.id), linkedFrom });
  }

  exportSnapshot(): Uint8Array {
    const made = snapshotOf(this);
    if (!made) throw new MolochSnapshotError('nothing-final');
    return concatBytes(...made.chunks);
  }

  /** The file of a snapshot; its own header is the anchor, if enough validators signed it. Throws `MolochSnapshotError`. */
  async importSnapshot(bytes: Uint8Array, signal: AbortSignal): Promise<Outcome<MolochBlock>> {
    const { validators, chainId } = this.parameters;
    const content = openSnapshotFile(bytes, chainId, validators);
    if ('code' in content) throw new MolochSnapshotError('damaged', { reason: content.code });
    const fault = await checkTrustedHeader(content.trusted, validators, this.#verify);
    signal.throwIfAborted();
    if (fault) throw new MolochSnapshotError('refused', { reason: fault.code });
    const refused = this.#takeSnapshot(content);
    if (refused) throw new MolochSnapshotError(refused.code === 'not-newer' ? 'not-newer' : 'not-linked', { reason: refused.code });
    await this.#options.sink.snapshot(content);
    return { kind: 'adopted', adopted: [], reverted: [] };
  }

  trust(): TrustRecord {
    return trustRecordOf(this.#trustBase());
  }

  #trustBase(): TrustBase {
    return { ...this.#base, blocks: this.#checked };
  }

  #isFinal({ height, id }: Tip): boolean {
    return height <= this.#tree.final.height && this.#blocks.idAt(height) === id;
  }

  #anchorAt(height: number): SnapshotAnchor | undefined {
    const { checkpoint, validators } = this.parameters;
    if (checkpoint?.height === height) return { ...checkpoint, stateRoot: checkpoint.stateRoot };
    const item = this.#blocks.at(height);
    return item ? anchorOf(item.block.header, item.id, validators) : this.#proven.get(height);
  }

  /** A snapshot replaces the chain up to its height. */
  #takeSnapshot({ trusted, mmr, index, events }: SnapshotContent): Fault | undefined {
    const { header, signatures } = trusted;
    const { final } = this.#tree;
    if (header.height <= final.height) return { code: 'not-newer', weight: 'offence', data: { height: header.height, tip: final.height } };
    const range = new FinalBlocks({ mmr, index, events });
    if (range.idAt(0) !== this.parameters.genesisHash) return { code: 'other-genesis', weight: 'lie', data: { hash: range.idAt(0) ?? '' } };
    if (range.idAt(final.height) !== final.id) return { code: 'not-linked', weight: 'lie', data: { height: final.height, hash: range.idAt(final.height) ?? '', expected: final.id } };
    const item = itemOf({ header, events: undefined, signatures }, encodeBlock({ header, events: [] }).length);
    this.#blocks = new FinalBlocks({ mmr, index, events: events - header.eventsCount });
    this.#begin({ kind: 'pinned', height: item.height, hash: item.id }, item, trusted);
    return undefined;
  }

  #begin(base: Omit<TrustBase, 'blocks'>, item: Item<MolochBlock>, proof: TrustedHeader | undefined): void {
    this.#base = base;
    this.#checked = 0;
    this.#blocks.add(item);
    const final: FinalBlock = { height: item.height, id: item.id, time: item.block.header.time, peaks: this.#blocks.mmr.peaks };
    this.#tree = new BlockTree({ validators: this.parameters.validators, final, proof, finalId: (height) => this.#blocks.idAt(height) });
  }

  #take(change: TreeChange): TreeChange {
    for (const item of change.finalized) this.#blocks.add(item);
    this.#checked += change.finalized.length;
    if (change.returned.length > 0) this.#options.returned?.(change.returned);
    return change;
  }

  async #settle(change: TreeChange): Promise<Outcome<MolochBlock>> {
    const { outcome, finalized } = this.#take(change);
    if (finalized.length > 0) await this.#options.sink.blocks(finalized);
    return outcome;
  }
}

function faultOf(outcome: Outcome<MolochBlock>, at: number): RunFault | undefined {
  if (outcome.kind === 'fault') return { ...outcome.fault, at };
  return outcome.kind === 'halted' ? { code: 'halted', weight: 'offence', at, data: { height: outcome.height } } : undefined;
}
