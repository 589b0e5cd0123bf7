/**
 * The chain of a Moloch client: its rules as the stages of a sync, its fork choice, and what it tells of blocks. Connections and the store are given to it.
 * @module
 */
import { concatBytes } from '../../../base/bytes.ts';
import type { FollowedChain, Halt, Outcome } from '../../../engine/follow/followed-chain.ts';
import type { Fault, Item, RunFault, Tip } from '../../../engine/sync/sync-chain.ts';
import { SyncError } from '../../../engine/sync/sync-error.ts';
import type { BlockView, HeadView, TrustRecord } from '../../../engine/view.ts';
import { checkEvents, checkEventTimes, checkParent, MAX_EVENT_LEAD } from '../chain/block-rules.ts';
import type { TreeChange } from '../chain/block-tree.ts';
import { blockHash } from '../chain/hash.ts';
import { mmrRoot } from '../chain/mmr.ts';
import { itemOf, type Finalized, type MolochBlock } from '../chain/moloch-block.ts';
import type { MolochNetwork } from '../chain/network.ts';
import { anchorOf, createSnapshotRules, openSnapshotFile, type SnapshotAnchor } from '../chain/snapshot-rules.ts';
import { checkSigners, checkTrustedHeader, checkVotes } from '../chain/trusted-header-rules.ts';
import { verifySignature, type VerifySignature } from '../chain/verify-signature.ts';
import { createKeyCheck } from '../chain/key-check.ts';
import type { IsKey } from '../wire/bincode.ts';
import type { MolochEvent } from '../wire/event.ts';
import { decodeSignedBlock } from '../wire/signed-block.ts';
import { encodeTrustedHeader, type TrustedHeader } from '../wire/trusted-header.ts';
import { MolochSnapshotError, snapshotOf } from './chain-snapshot.ts';
import type { FinalBlocks } from './final-blocks.ts';
import { MolochState } from './moloch-state.ts';
import { blockViewOf, headViewOf, networkViewOf, trustRecordOf } from './moloch-views.ts';
import { baseOfSnapshot } from './stored-base.ts';
import { checkBlockSignatures, checkRunFinality, checkRunSignatures, newestProven } from './run-checks.ts';

/** Final headers that are remembered beyond the chain, at most: four times what a sync remembers of them, so that both are here if two exclude each other. The oldest is dropped. */
const MAX_PROVEN = 256;

/** Where the chain's progress is stored. */
export interface MolochSink {
  /** Final blocks, ascending, with their signatures. */
  blocks(items: readonly Item<MolochBlock>[]): Promise<void>;
  /** The chain was replaced up to its tip. */
  replaced(): Promise<void>;
  /** Two final blocks exclude each other. */
  halted?(halt: Halt): Promise<void>;
}

export interface MolochChainOptions {
  readonly network: MolochNetwork;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Milliseconds of a clock that never goes back, for what the checks take. Default: nothing is measured. */
  readonly monotonic?: (() => number) | undefined;
  readonly sink: MolochSink;
  readonly verify?: VerifySignature | undefined;
  readonly isKey?: IsKey | undefined;
  /** A block whose events are ahead of the clock, and the time from which it can be taken (unix milliseconds). It is not kept here. */
  readonly early?: ((item: Item<MolochBlock>, due: number) => void) | undefined;
  /** Events of blocks that were rolled back, for the pool (Moloch reference, 6.7). */
  readonly returned?: ((events: readonly MolochEvent[]) => void) | undefined;
}

type Rules = Omit<FollowedChain<MolochBlock, Finalized>, 'connect' | 'store' | 'questions' | 'fetchBlock'>;

export class MolochChain implements Rules {
  readonly network;
  readonly parameters: MolochNetwork;
  readonly snapshots;
  readonly #options: MolochChainOptions;
  readonly #verify: VerifySignature;
  readonly #isKey: IsKey;
  readonly #state: MolochState;
  /** Headers that peers have proven to be final, by height. */
  readonly #proven = new Map<number, TrustedHeader>();
  /** Blocks that had to wait for their time. */
  readonly #early = new WeakSet<Item<MolochBlock>>();

  constructor(options: MolochChainOptions) {
    this.#options = options;
    this.#verify = options.verify ?? verifySignature;
    this.#isKey = options.isKey ?? createKeyCheck();
    this.parameters = options.network;
    this.network = networkViewOf(options.network);
    this.#state = new MolochState(options.network);
    const { chainId, validators } = options.network;
    this.snapshots = createSnapshotRules({
      chainId,
      validators,
      verify: this.#verify,
      anchorAt: (height) => Promise.resolve(this.#anchorAt(height)),
      importContent: async (content) => {
        this.#throwIfHalted();
        const fault = this.#state.replace(baseOfSnapshot(content));
        if (!fault) await options.sink.replaced();
        return fault;
      },
    });
  }

  /** Back to genesis. */
  reset(): void {
    this.#state.reset();
    this.#proven.clear();
  }

  /** What it holds. */
  get state(): MolochState {
    return this.#state;
  }

  /** The final blocks, for those who serve and prove. */
  get finalBlocks(): FinalBlocks {
    return this.#state.blocks;
  }

  /** The newest header that signatures make final; undefined at genesis. */
  get finalProof(): TrustedHeader | undefined {
    return this.#state.proof;
  }

  tip(): Tip {
    const { height, id } = this.#state.final;
    return { height, id };
  }

  head(): Tip {
    return this.#state.head;
  }

  /** See `MolochState`. */
  idAt(height: number): string | undefined {
    return this.#state.idAt(height);
  }

  /** See `MolochState`. */
  held(key: number | string): Item<MolochBlock> | undefined {
    return this.#state.held(key);
  }

  checkStructure({ height, id, block }: Item<MolochBlock>): Fault | undefined {
    const { checkpoint } = this.parameters;
    if (checkpoint?.height === height && checkpoint.hash !== id) return { code: 'other-checkpoint', weight: 'lie', data: { field: 'hash', value: id, expected: checkpoint.hash } };
    if (block.signatures.length > 0) {
      const fault = checkSigners(block.signatures, this.parameters.validators);
      if (fault && fault.code !== 'too-few-signatures') return fault;
    }
    return checkEvents(block);
  }

  /** Throws `SyncError` (`halted`), as `checkSignatures` and `apply` do. */
  checkLink(parent: Item<MolochBlock> | Tip, item: Item<MolochBlock>): Fault | undefined {
    this.#throwIfHalted();
    const { final } = this.#state;
    const time = 'block' in parent ? parent.block.header.time : parent.id === final.id ? final.time : undefined;
    const fault = checkParent({ height: parent.height, id: parent.id, time }, item);
    if (fault?.code === 'other-parent' && parent.height === final.height) void this.#suspect(item).catch(() => undefined);
    return fault;
  }

  async checkSignatures(run: readonly Item<MolochBlock>[], { signal }: { readonly signal: AbortSignal }): Promise<RunFault | undefined> {
    this.#throwIfHalted();
    const { monotonic = () => 0 } = this.#options;
    const began = monotonic();
    const fault = await checkRunSignatures(run, this.parameters.validators, this.#verify, signal);
    this.#state.spent(monotonic() - began);
    return fault;
  }

  checkFinality(run: readonly Item<MolochBlock>[]): RunFault | undefined {
    return checkRunFinality(run, this.parameters.validators);
  }

  async apply(run: readonly Item<MolochBlock>[]): Promise<RunFault | undefined> {
    const finalized: Item<MolochBlock>[] = [];
    let fault: RunFault | undefined;
    const newest = newestProven(run, this.parameters.validators);
    for (const [i, item] of run.entries()) {
      const { outcome, finalized: now } = this.#noted(this.#state.add(item, i < newest));
      finalized.push(...now);
      fault = faultOf(outcome, item.height);
      if (fault) break;
    }
    if (finalized.length > 0) await this.#options.sink.blocks(finalized);
    const halt = this.halted();
    if (halt) await this.#options.sink.halted?.(halt);
    this.#throwIfHalted();
    return fault;
  }

  /** The two proofs, once there are two final blocks that exclude each other. */
  halted(): Halt | undefined {
    return this.#state.halted;
  }

  #throwIfHalted(): void {
    const halt = this.#state.halted;
    if (halt) throw new SyncError('halted', `two final blocks exclude each other at height ${halt.height}`, { height: halt.height });
  }

  /** A block in the bytes of `encodeSignedBlock`. Throws `MolochCodecError`. */
  decodeItem(bytes: Uint8Array): Item<MolochBlock> {
    return itemOf(decodeSignedBlock(bytes, { isKey: this.#isKey }), bytes.length);
  }

  /** Whether the range over the blocks before this height has the root of the header: what this chain has in place of a state root. */
  checkState(height: number): Promise<boolean | undefined> {
    const header = this.#state.blocks.at(height)?.block.header;
    return Promise.resolve(header && mmrRoot(this.#state.blocks.mmr.peaksAt(height)) === header.mmrRoot);
  }

  async push(item: Item<MolochBlock>, signal: AbortSignal): Promise<Outcome<MolochBlock>> {
    const { id, block } = item;
    if (this.#state.isFinal(item) || (this.#state.isInTree(id) && block.signatures.length === 0)) return { kind: 'known' };
    const structure = this.checkStructure(item);
    if (structure) return { kind: 'fault', fault: structure };
    const { validators } = this.parameters;
    const isProven = checkSigners(block.signatures, validators) === undefined;
    // Anybody can seal: without this, strangers could fill the tree.
    if (!isProven && !validators.includes(block.header.sealer)) return { kind: 'fault', fault: { code: 'unknown-sealer', weight: 'offence', data: { height: item.height, sealer: block.header.sealer } } };
    const fault = await checkBlockSignatures(item, validators, this.#verify, signal);
    signal.throwIfAborted();
    if (fault) return { kind: 'fault', fault };
    if (!isProven && checkEventTimes(block, this.#options.now())) {
      this.#early.add(item);
      this.#options.early?.(item, Math.max(...(block.events ?? []).map(({ time }) => time)) - MAX_EVENT_LEAD);
      return { kind: 'held' };
    }
    const outcome = await this.#settle(this.#state.add(item));
    // Who sent a block that had to wait is not known any more: nobody else is to blame for it.
    return outcome.kind === 'fault' && this.#early.has(item) ? { kind: 'known' } : outcome;
  }

  async finalize(proof: Finalized, signal: AbortSignal): Promise<Outcome<MolochBlock>> {
    const fault = await checkVotes(proof.hash, proof.signatures, this.parameters.validators, this.#verify);
    signal.throwIfAborted();
    return fault ? { kind: 'fault', fault } : this.#settle(this.#state.sign(proof));
  }

  /**
   * Whether a peer's header is final: `short` if only signatures are missing. A final one is remembered, so that a snapshot at its height can be checked against it; one that
   * excludes our final block, or another one that was proven, halts the chain.
   */
  async proveFinal(trusted: TrustedHeader, signal: AbortSignal): Promise<'final' | 'short' | Fault> {
    const fault = await checkTrustedHeader(trusted, this.parameters.validators, this.#verify);
    signal.throwIfAborted();
    if (fault) return fault.code === 'too-few-signatures' ? 'short' : fault;
    const { header, signatures } = trusted;
    const before = this.#rivalOf(header);
    if (before && !this.halted()) await this.#halt({ height: header.height, evidence: [encodeTrustedHeader(before), encodeTrustedHeader(trusted)] });
    if (this.#state.excludes(header)) await this.#settle(this.#state.add(itemOf({ header, events: undefined, signatures }, 0)));
    this.#proven.delete(header.height);
    this.#proven.set(header.height, trusted);
    for (const oldest of this.#proven.keys()) if (this.#proven.size > MAX_PROVEN) this.#proven.delete(oldest);
    return 'final';
  }

  view(tip: Tip): HeadView {
    const item = this.held(tip.id);
    if (!item) throw new RangeError(`no block ${tip.id} at height ${tip.height}`);
    return headViewOf(item, this.parameters, this.#state.trust, this.#state.isFinal(item));
  }

  block(key: number | string): Promise<BlockView | undefined> {
    const item = this.held(key);
    return Promise.resolve(item && this.blockView(item));
  }

  /** `linkedFrom`: of a block that only a peer had, the final height whose range has its hash. */
  blockView(item: Item<MolochBlock>, linkedFrom?: number): BlockView {
    const isFinal = this.#state.isFinal(item);
    return blockViewOf(item, this.parameters, this.#state.trust, { isFinal, inChain: isFinal || this.#state.pending.some(({ id }) => id === item.id), linkedFrom });
  }

  exportSnapshot(): Uint8Array {
    const made = snapshotOf(this);
    if (!made) throw new MolochSnapshotError(this.finalProof ? 'places-unknown' : 'nothing-final');
    return concatBytes(...made.chunks);
  }

  /** The file of a snapshot; its own header is the anchor, if enough validators signed it. Throws `MolochSnapshotError`. */
  async importSnapshot(bytes: Uint8Array, signal: AbortSignal): Promise<Outcome<MolochBlock>> {
    const { validators, chainId } = this.parameters;
    if (this.halted()) throw new MolochSnapshotError('refused', { reason: 'halted' });
    const content = openSnapshotFile(bytes, chainId, validators);
    if ('code' in content) throw new MolochSnapshotError('damaged', { reason: content.code });
    const fault = await checkTrustedHeader(content.trusted, validators, this.#verify);
    signal.throwIfAborted();
    if (fault) throw new MolochSnapshotError('refused', { reason: fault.code });
    const refused = this.#state.replace(baseOfSnapshot(content));
    if (refused) throw new MolochSnapshotError(refused.code === 'not-newer' ? 'not-newer' : 'not-linked', { reason: refused.code });
    await this.#options.sink.replaced();
    return { kind: 'adopted', adopted: [], reverted: [] };
  }

  trust(): TrustRecord {
    return trustRecordOf(this.#state.trust);
  }

  #anchorAt(height: number): SnapshotAnchor | undefined {
    const { checkpoint, validators } = this.parameters;
    if (checkpoint?.height === height) return { ...checkpoint, stateRoot: checkpoint.stateRoot };
    const header = this.#state.blocks.at(height)?.block.header ?? this.#proven.get(height)?.header;
    return header && anchorOf(header, blockHash(header), validators);
  }

  /** Hands on the events that are lost. */
  #noted(change: TreeChange): TreeChange {
    if (change.returned.length > 0) this.#options.returned?.(change.returned);
    return change;
  }

  async #settle(change: TreeChange): Promise<Outcome<MolochBlock>> {
    const { outcome, finalized } = this.#noted(change);
    if (finalized.length > 0) await this.#options.sink.blocks(finalized);
    if (outcome.kind === 'halted') await this.#options.sink.halted?.({ height: outcome.height, evidence: outcome.evidence });
    return outcome;
  }

  /** A header that was proven to be final, and cannot be in one chain with this one, as far as that is seen from the two alone. */
  #rivalOf(header: TrustedHeader['header']): TrustedHeader | undefined {
    const [below, same, above] = [-1, 0, 1].map((step) => this.#proven.get(header.height + step));
    const hash = blockHash(header);
    if (same && blockHash(same.header) !== hash) return same;
    if (below && blockHash(below.header) !== header.parent) return below;
    return above && above.header.parent !== hash ? above : undefined;
  }

  async #halt(halt: Halt): Promise<void> {
    this.#state.standStill(halt);
    await this.#options.sink.halted?.(halt);
  }

  /** A block that does not link to our final one: if it is final too, both cannot be. The sync finds the chain halted at its next step. */
  async #suspect(item: Item<MolochBlock>): Promise<void> {
    const { validators } = this.parameters;
    if (this.#state.halted || checkSigners(item.block.signatures, validators)) return;
    if (!(await checkBlockSignatures(item, validators, this.#verify, new AbortController().signal))) await this.#settle(this.#state.add(item));
  }
}

function faultOf(outcome: Outcome<MolochBlock>, at: number): RunFault | undefined {
  return outcome.kind === 'fault' ? { ...outcome.fault, at } : undefined;
}
