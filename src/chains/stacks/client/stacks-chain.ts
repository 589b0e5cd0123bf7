/**
 * A Stacks chain as the sync and the live client use it: trusted signer sets, certified blocks and the rule of what is confirmed put together. It neither
 * dials nor stores; `keep` tells what has changed.
 * @module
 */
import { fromHex } from '../../../base/bytes.ts';
import type { Clock } from '../../../base/clock.ts';
import type { Hash } from '../../../base/hash.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { FollowedChain, Halt, Outcome } from '../../../engine/follow/followed-chain.ts';
import type { Fault, RunFault, SyncChain, Target, Tip } from '../../../engine/sync/sync-chain.ts';
import type { BlockView, HeadView, NetworkView, TrustRecord } from '../../../engine/view.ts';
import type { StacksNetwork } from '../chain/network.ts';
import { itemOfHeader, type StacksBlock, type StacksItem } from '../chain/stacks-block.ts';
import { decodeHeader, encodeHeader, isShadow } from '../wire/header.ts';
import { noJumps, type Jump, type Jumps } from '../store/jumps.ts';
import { Attribution } from './attribution.ts';
import { Certifier, type CertifyCode, type StacksCounts } from './certifier.ts';
import { ConfirmedBlocks } from './confirmed-blocks.ts';
import { KnownCycles } from './known-cycles.ts';
import { PendingTree, rootOf, type Placed, type Root } from './pending-tree.ts';
import { ProvenTargets, snapshotRules } from './proven-targets.ts';
import { checkRunFinality, faultOf, linkFault } from './run-rules.ts';
import { blockViewOf, checkpointView, headViewOf, networkViewOf, trustRecordOf, type BlockStanding } from './stacks-views.ts';

/** What has changed, in one piece: to be stored together. */
export interface StacksChange {
  /** Blocks that are new on the branch of the head, ascending without a gap; what was stored at their heights or above goes. */
  readonly blocks: readonly Placed[];
  /** The newest confirmed block. */
  readonly root: Root;
  /** Nothing of what was stored stays but the hand-overs. */
  readonly replaces: boolean;
}

export interface StacksChainOptions {
  readonly network: StacksNetwork;
  readonly verify: Verify;
  readonly clock: Clock;
  /** Resolves when it is stored. */
  readonly keep: (change: StacksChange) => Promise<void>;
  /** The chain stands still from here on. */
  readonly onHalt?: ((halt: Halt) => void) | undefined;
  /** Blocks were left out. */
  readonly onJump?: ((jump: Jump, isLinked: boolean) => void) | undefined;
}

type Core = Omit<FollowedChain<StacksBlock, never>, 'connect' | 'store' | 'questions' | 'fetchBlock' | 'exportSnapshot' | 'importSnapshot'>;

export class StacksChain implements Core {
  readonly network: NetworkView;
  readonly snapshots: SyncChain<StacksBlock>['snapshots'];
  readonly cycles: KnownCycles;
  readonly certifier: Certifier;
  readonly confirmed = new ConfirmedBlocks();
  readonly proven = new ProvenTargets();
  readonly #options: StacksChainOptions;
  readonly #tree: PendingTree;
  readonly #attribution: Attribution;
  #halt: Halt | undefined;
  #jumps: Jumps = noJumps;

  constructor(options: StacksChainOptions) {
    const { network, verify, clock } = options;
    this.#options = options;
    this.network = networkViewOf(network);
    this.cycles = new KnownCycles(network.checkpoint);
    this.#attribution = new Attribution(network, this.cycles);
    this.certifier = new Certifier({ cycles: this.cycles, verify, clock });
    this.#tree = new PendingTree(this.#begin);
    this.snapshots = snapshotRules(this.proven, {
      tip: () => this.tip(),
      replace: (placed) => this.#jump(placed),
    });
  }

  tip(): Tip {
    const { height, id } = this.#tree.root;
    return { height, id };
  }

  head(): Tip {
    return this.#tree.head;
  }

  /** The newest confirmed block; without a header while it is the checkpoint's. */
  get root(): Root {
    return this.#tree.root;
  }

  /** The certified blocks from the newest confirmed one, which is not among them, up to the head, or to another pending block. */
  branch(to?: Hash): readonly Placed[] {
    return this.#tree.branch(to);
  }

  get checked(): StacksCounts {
    return { ...this.certifier.checked, cycles: this.cycles.handOvers.length };
  }

  halted(): Halt | undefined {
    return this.#halt;
  }

  trust(): TrustRecord {
    return trustRecordOf(this.#options.network, { ...this.checked, jumps: this.#jumps.count });
  }

  /** The jumps over blocks between which no hashes were followed, and the newest of them. */
  get jumps(): Jumps {
    return this.#jumps;
  }

  restoreJumps(jumps: Jumps): void {
    this.#jumps = jumps;
  }

  /** Headers, ascending, to which hashes lead from our blocks: if the block that a jump began at is not among them, two confirmed ones exclude each other. */
  checkJump(headers: readonly StacksItem[]): void {
    const from = this.#jumps.newest?.from;
    const other = from && headers.find(({ height }) => height === from.height);
    if (other && other.id !== from.id) this.halt({ height: from.height, evidence: [from.header ?? fromHex(from.id), encodeHeader(other.block.header)] });
  }

  /** Whether a block is here, pending or confirmed. */
  holds(id: Hash): boolean {
    return id === this.#tree.root.id || this.find(id) !== undefined;
  }

  /** Whether a block that follows on this one can be pending: it is the newest confirmed one, or pending itself. */
  extends(id: Hash): boolean {
    return this.#rootOf(id) !== undefined;
  }

  /** A block on the branch of the head by height, or any that is held by id. */
  find(key: number | string): Placed | undefined {
    const pending = typeof key === 'string' ? this.#tree.get(key) : this.#tree.branch().find(({ item }) => item.height === key);
    return pending ?? this.confirmed.get(key);
  }

  view(tip: Tip): HeadView {
    const placed = this.find(tip.id);
    return placed ? headViewOf(placed.item, this.standingOf(placed)) : checkpointView(this.#begin);
  }

  async block(key: number | string): Promise<BlockView | undefined> {
    const placed = this.find(key);
    return placed && blockViewOf(placed.item, this.standingOf(placed));
  }

  standingOf({ item, cycle }: Placed): BlockStanding {
    return { cycle, isConfirmed: this.confirmed.get(item.id) !== undefined, standing: this.certifier.standing(item.id) };
  }

  /** The bytes of a header, as nodes serve it. */
  decodeItem(bytes: Uint8Array): StacksItem {
    return itemOfHeader(decodeHeader(bytes), undefined);
  }

  checkStructure(item: StacksItem): Fault | undefined {
    return isShadow(item.block.header) ? faultOf('shadow', item) : undefined;
  }

  checkLink(parent: StacksItem | Tip, item: StacksItem): Fault | undefined {
    return linkFault('block' in parent ? parent : (this.find(parent.id)?.item ?? (parent.id === this.#begin.id ? this.#begin : undefined)), item);
  }

  /**
   * Hashes bind the run to its newest block, so that its signatures are enough. They are verified although hashes bind that block to a certified one, too: it may be the newest confirmed one
   * from here on, whose copy of the signatures is stored.
   */
  async checkSignatures(run: readonly StacksItem[], { each, signal }: { readonly each: boolean; readonly signal: AbortSignal }): Promise<RunFault | undefined> {
    const [first] = run;
    const newest = run.at(-1);
    if (!first || !newest) return undefined;
    const start = this.#rootOf(first.parent) ?? this.#tree.root;
    for (const item of each ? run : [newest]) {
      const standing = this.certifier.standing(item.id);
      if (standing && (standing.kind === 'signed' || item !== newest)) continue;
      const code = await this.#certify(item, this.#attribution.after(start, item), start, signal);
      // Another gateway may have shown the set by a later block than it had to.
      if (code && !(standing && code === 'order')) return { ...faultOf(code, item), ...(this.#attribution.isBack(start, item) ? { weight: 'offence' as const } : {}), at: item.height };
    }
    this.certifier.linked(run.map(({ id }) => id));
    const swollen = run.find(({ block }) => this.certifier.faultOfSize(block.header));
    if (swollen) return { ...faultOf('signer-twice', swollen), at: swollen.height };
    return this.#checkCycles(run, start, signal);
  }

  /**
   * A block that is said to begin a later cycle was signed by its set. Hashes bind no date to a block, so that the gateway may have told a false one. Of a set that is not
   * proven here, or only by a later block, nothing can be said; the cycle does not rise then.
   */
  async #checkCycles(run: readonly StacksItem[], start: Root, signal: AbortSignal): Promise<RunFault | undefined> {
    let at = start;
    for (const item of run) {
      const cycle = this.#attribution.after(at, item);
      const code = cycle > at.cycle ? await this.certifier.certify(item, cycle, signal) : undefined;
      if (code && code !== 'order' && code !== 'cycle-unproven') return { ...faultOf(code, item), weight: 'offence', at: item.height };
      at = rootOf({ item, cycle: this.#cycleAfter(at, item) });
    }
    return undefined;
  }

  checkFinality(run: readonly StacksItem[], target: Target): RunFault | undefined {
    return checkRunFinality(run, target, { tenure: this.#tree.root.item?.block.header.consensusHash, isCertified: (id) => this.certifier.standing(id) !== undefined });
  }

  async apply(run: readonly StacksItem[]): Promise<RunFault | undefined> {
    const [first] = run;
    if (!first) return undefined;
    // A live block has moved the tip meanwhile.
    if (first.parent !== this.#tree.root.id) return { ...faultOf('parent', first), weight: 'offence', at: first.height };
    const placed: Placed[] = [];
    for (let at: Root = this.#tree.root, i = 0; i < run.length; i += 1) {
      const next = { item: run[i]!, cycle: this.#cycleAfter(at, run[i]!) };
      placed.push(next);
      at = rootOf(next);
    }
    this.#confirm(placed);
    this.#tree.reroot(rootOf(placed.at(-1)!));
    await this.#keep([...placed, ...this.#tree.branch()], false);
    return undefined;
  }

  /** Clients hold no state. */
  async checkState(): Promise<undefined> {
    return undefined;
  }

  async push(item: StacksItem, signal: AbortSignal): Promise<Outcome<StacksBlock>> {
    if (this.#halt) return { kind: 'halted', ...this.#halt };
    const broken = this.checkStructure(item);
    if (broken) return { kind: 'fault', fault: broken };
    // A block beside a confirmed one decides nothing by itself: only a branch that is confirmed, too, contradicts ours, which `proveTarget` finds.
    if (this.holds(item.id) || item.height <= this.#tree.root.height) return { kind: 'known' };
    const parent = this.#rootOf(item.parent);
    if (!parent) return { kind: 'gap', from: item.height > this.head().height + 1 ? this.head().height + 1 : this.tip().height + 1 };
    const unlinked = this.checkLink(parent.item ?? parent, item);
    if (unlinked) return { kind: 'fault', fault: unlinked };
    const isLinked = this.certifier.standing(item.id) !== undefined;
    const swollen = isLinked ? this.certifier.faultOfSize(item.block.header) : undefined;
    if (swollen) return { kind: 'fault', fault: faultOf(swollen, item) };
    const cycle = this.#attribution.next(parent, item);
    if (!isLinked && typeof cycle === 'string') return { kind: 'held' };
    const code = isLinked ? await this.#tryCycle(item, cycle, parent, signal) : await this.#certify(item, cycle as number, parent, signal);
    // Who told the parent's cycle, or showed the set, may have lied: this gateway is not to blame.
    if (code && (code === 'order' || this.#attribution.isBack(parent, item))) return { kind: 'held' };
    if (code) return { kind: 'fault', fault: faultOf(code, item) };
    // The parent may have gone while the signatures were verified.
    if (!this.#rootOf(item.parent)) return { kind: 'known' };
    const moved = this.#tree.add({ item, cycle: this.#cycleAfter(parent, item) });
    if (!moved || moved.adopted.length === 0) return { kind: 'known' };
    this.#confirm(moved.confirmed);
    const confirmed = new Map(moved.confirmed.map((placed) => [placed.item.id, placed]));
    await this.#keep(moved.adopted.map(({ id }) => confirmed.get(id) ?? this.#tree.get(id)!), false);
    return { kind: 'adopted', adopted: moved.adopted, reverted: moved.reverted };
  }

  /** No block is final by a proof of its own. */
  async finalize(): Promise<Outcome<StacksBlock>> {
    return { kind: 'known' };
  }

  /** Two confirmed branches contradict each other: the chain stands still, and shows both headers. */
  halt(halt: Halt): void {
    if (this.#halt) return;
    this.#halt = halt;
    this.#options.onHalt?.(halt);
  }

  /** The cycle of a block below the newest confirmed one, by the burn height that a gateway told. */
  cycleOfHint(item: StacksItem): number {
    return this.#attribution.below(this.#tree.root, item);
  }

  /** Puts the chain where it was stored or exported: everything in it was verified before. */
  restore(root: Placed | undefined, confirmed: readonly Placed[], pending: readonly Placed[], checked: StacksCounts): void {
    this.certifier.setChecked(checked);
    this.#confirm(confirmed);
    if (root) this.#tree.reroot(rootOf(root));
    this.#addAll(pending);
  }

  /** Takes another chain's blocks in place of ours, after both were verified. Resolves when it is kept. */
  async take(other: StacksChain): Promise<void> {
    for (const handOver of other.cycles.handOvers) this.cycles.add(handOver);
    if (other.cycles.begun) this.cycles.begin(other.cycles.begun);
    const confirmed = other.confirmed.all;
    this.certifier.linked([...confirmed, ...other.branch()].map(({ item }) => item.id));
    this.confirmed.clear();
    this.confirmed.add(confirmed);
    this.#tree.reroot(other.root);
    this.#addAll(other.branch());
    await this.#keep([...confirmed, ...this.#tree.branch()], true);
  }

  /** Back to the checkpoint, also from a halt. */
  reset(): void {
    this.cycles.reset();
    this.certifier.reset();
    this.confirmed.clear();
    this.proven.clear();
    this.#halt = undefined;
    this.#jumps = noJumps;
    this.#tree.reroot(this.#begin);
  }

  restoreHalt(halt: Halt): void {
    this.#halt = halt;
  }

  get #begin(): Root {
    const { cycle, block } = this.#options.network.checkpoint;
    return { height: block.height, id: block.id, time: block.time, cycle, item: undefined };
  }

  /** A file may have blocks that confirm more than it says. */
  #addAll(pending: readonly Placed[]): void {
    for (const placed of pending) this.#confirm(this.#tree.add(placed)?.confirmed ?? []);
  }

  async #jump(placed: Placed): Promise<void> {
    const { height, id, item } = this.#tree.root;
    const jump: Jump = { from: { height, id, header: item && encodeHeader(item.block.header) }, to: { height: placed.item.height, id: placed.item.id } };
    const isLinked = this.proven.leadsTo(id, placed.item.id);
    if (!isLinked) this.#jumps = { count: this.#jumps.count + 1, newest: jump };
    this.#options.onJump?.(jump, isLinked);
    this.confirmed.clear();
    this.#confirm([placed]);
    this.#tree.reroot(rootOf(placed));
    await this.#keep([placed, ...this.#tree.branch()], true);
  }

  #keep(blocks: readonly Placed[], replaces: boolean): Promise<void> {
    return this.#options.keep({ blocks, root: this.#tree.root, replaces });
  }

  /** Whether a cycle is over for what follows on a pending block, or on the newest confirmed one. */
  isOver(cycle: number, { id, height }: Tip): boolean {
    const isAfter = (begun = 0) => begun > cycle;
    return height + 1 >= this.cycles.ceilingOf(cycle) || this.#tree.branch(id).some(({ item }) => isAfter(this.certifier.begunBy(item.id)));
  }

  #confirm(blocks: readonly Placed[]): void {
    this.confirmed.add(blocks);
    for (const { item: { id, height } } of blocks) {
      const cycle = this.certifier.begunBy(id);
      if (cycle !== undefined) this.cycles.begin({ cycle, height });
    }
  }

  /**
   * Certifies a header with the set of its cycle, or of the other one that its gateway tells: the blocks before it, or of its tenure, may have come with a false date. An
   * earlier cycle counts only as long as no block before it shows that it is over. The rule that it breaks, or undefined.
   */
  async #certify(item: StacksItem, cycle: number, before: Tip, signal: AbortSignal): Promise<CertifyCode | undefined> {
    const code = await this.certifier.certify(item, cycle, signal);
    const hinted = this.#attribution.hinted(item);
    if (code === undefined || hinted === undefined || hinted === cycle || (hinted < cycle && this.isOver(hinted, before))) return code;
    return (await this.certifier.certify(item, hinted, signal)) === undefined ? undefined : code;
  }

  /** Hashes bind the block, but not its date: its cycle is a later one than its parent's only if the set of that cycle signed it. */
  async #tryCycle(item: StacksItem, cycle: number | string, parent: Root, signal: AbortSignal): Promise<undefined> {
    if (typeof cycle === 'number' && cycle > parent.cycle) await this.certifier.certify(item, cycle, signal);
  }

  /** The cycle of a block somewhere after another one: it rises only with signatures that were verified with the set of the later cycle. */
  #cycleAfter(before: Root, item: StacksItem): number {
    const told = [this.#attribution.after(before, item), this.#attribution.hinted(item) ?? before.cycle];
    return Math.max(before.cycle, ...told.filter((cycle) => this.certifier.isSignedBy(item.id, cycle)));
  }

  /** The root or a pending block, as what another one follows on. */
  #rootOf(id: Hash): Root | undefined {
    if (id === this.#tree.root.id) return this.#tree.root;
    const placed = this.#tree.get(id);
    return placed && rootOf(placed);
  }
}
