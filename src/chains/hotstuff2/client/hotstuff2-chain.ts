/**
 * A HotStuff-2 chain as the sync and the live client use it: rules, block tree and state put together. It neither dials nor stores; `keep` tells what
 * became final.
 * @module
 */
import { toHex } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { ByteReader } from '../wire/byte-reader.ts';
import type { FollowedChain, Halt, Outcome } from '../../../engine/follow/followed-chain.ts';
import type { Fault, RunFault, SyncChain, Target, Tip } from '../../../engine/sync/sync-chain.ts';
import { SyncError } from '../../../engine/sync/sync-error.ts';
import { applyPayloads } from './apply-payloads.ts';
import { FinalityChecks } from './finality-checks.ts';
import { stateHalt, WrongStates } from './wrong-states.ts';
import { RunStages } from './run-stages.ts';
import { joined } from './join-outcomes.ts';
import type { BlockView, HeadView, NetworkView, TrustRecord } from '../../../engine/view.ts';
import { BlockTree } from '../chain/block-tree.ts';
import type { TreeOutcome, TreeRoot } from '../chain/block-tree.ts';
import { checkProposer } from '../chain/check-link.ts';
import { FinalBlocks } from '../chain/final-blocks.ts';
import { nothingChecked } from '../chain/checked-counts.ts';
import type { HotStuff2Counts } from '../chain/checked-counts.ts';
import { pinnedStanding } from '../chain/hand-over.ts';
import { hashOf } from '../chain/hash.ts';
import { decodeHeaderItem, itemOf } from '../chain/hs2-block.ts';
import type { Hs2Block, Hs2Item } from '../chain/hs2-block.ts';
import { KnownSets } from '../chain/known-sets.ts';
import { genesisOf, pinnedBlockOf } from '../chain/network.ts';
import { faultOf } from '../chain/rule-code.ts';
import { followSets } from '../chain/run-rules.ts';
import { KeyValueState } from '../chain/state.ts';
import { stateRoot } from '../chain/state-root.ts';
import { verifyQc } from '../chain/verify-qc.ts';
import { decodeFinalityProof, encodeFinalityProof } from '../wire/finality-proof.ts';
import type { FinalityProof } from '../wire/finality-proof.ts';
import { encodeHeader } from '../wire/header.ts';
import type { Header } from '../wire/header.ts';
import { makeProofFile } from '../proofs/make-proof-file.ts';
import { snapshotRules } from '../proofs/snapshot-rules.ts';
import { readWholeItem } from '../store/item-bytes.ts';
import { HeldBlocks } from './held-blocks.ts';
import type { Hs2ChainOptions } from './hotstuff2-chain-options.ts';
import { networkViewOf, trustRecordOf } from './hotstuff2-views.ts';

type Core = Omit<FollowedChain<Hs2Block, FinalityProof>, 'connect' | 'store' | 'questions' | 'fetchBlock' | 'exportSnapshot' | 'importSnapshot'>;

export class HotStuff2Chain implements Core {
  readonly network: NetworkView;
  readonly snapshots: SyncChain<Hs2Block>['snapshots'];
  readonly sets: KnownSets;
  readonly #options: Hs2ChainOptions;
  readonly #genesis: Hs2Item;
  /** Genesis, or the pinned block. */
  readonly #begin: Hs2Item;
  readonly #final = new FinalBlocks();
  readonly #held: HeldBlocks;
  readonly #stages: RunStages;
  readonly #proofs: FinalityChecks;
  #tree: BlockTree;
  #state: KeyValueState | undefined;
  readonly #wrong = new WrongStates();
  #halt: Halt | undefined;
  #checked: HotStuff2Counts = nothingChecked;

  constructor(options: Hs2ChainOptions) {
    this.#options = options;
    const genesis = genesisOf(options.network);
    const pinned = pinnedBlockOf(options.network);
    this.network = networkViewOf(options.network);
    this.sets = new KnownSets((pinned ?? genesis).validators, options.fetchSet);
    const { network, verify, clock } = options;
    this.#stages = new RunStages({ network, verify, clock, sets: this.sets });
    this.#proofs = new FinalityChecks({ chainId: network.chainId, verify, sets: this.sets });
    this.#genesis = itemOf({ ...genesis, payload: undefined }, new Uint8Array());
    this.#begin = pinned ? itemOf({ ...pinned, payload: undefined }, new Uint8Array()) : this.#genesis;
    this.#held = new HeldBlocks({ tree: () => this.#tree, final: this.#final, sets: this.sets, genesis: this.#genesis, begin: this.#begin, trust: () => this.trust().level });
    this.#tree = this.#treeAt(this.#firstRoot());
    this.reset();
    this.snapshots = snapshotRules({
      finalHeader: async (height, hash, signal) => {
        if (this.#final.idAt(height) === hash) return this.#final.get(hash)?.block.header;
        return (await options.fetchFinalHeader(height, hash, signal))?.header;
      },
      replace: (snapshot, entries) => this.#replaceState(snapshot.header, toHex(snapshot.manifest.blockHash), new KeyValueState(entries, options.maxStateBytes)),
    });
  }

  tip(): Tip {
    return { height: this.#tree.final.header.height, id: this.#tree.final.id };
  }

  head(): Tip {
    return { height: this.#tree.head.header.height, id: this.#tree.head.id };
  }

  /** The newest final block, with what proves it. */
  get final(): TreeRoot {
    return this.#tree.final;
  }

  /** The hashes of the final blocks. `addId`: of a block to which hashes lead down from one that is known. */
  get headers(): Pick<FinalBlocks, 'idAt' | 'heightOf' | 'get' | 'nextKnown' | 'addId'> {
    return this.#final;
  }

  get checked(): HotStuff2Counts {
    return this.#checked;
  }

  /** The certified blocks from the final one, which is not among them, up to the head. */
  get pending(): readonly Hs2Item[] {
    return this.#tree.branch();
  }

  /** The state at the newest final block; undefined while it is not computed. */
  get state(): KeyValueState | undefined {
    return this.#state;
  }

  halted(): Halt | undefined {
    return this.#halt;
  }

  trust(): TrustRecord {
    return trustRecordOf(this.#options.network, this.#checked);
  }

  view(tip: Tip): HeadView {
    return this.#held.headView(tip);
  }

  async block(key: number | string): Promise<BlockView | undefined> {
    const item = this.#held.find(key);
    return item && this.viewOf(item);
  }

  /** Of a block that is on this chain. */
  viewOf(item: Hs2Item): BlockView {
    return this.#held.blockView(item);
  }

  /** length(4) block, length(2) certificate, as in message 83. */
  decodeItem(bytes: Uint8Array): Hs2Item {
    const reader = new ByteReader(bytes);
    const item = readWholeItem(reader);
    reader.end('the block');
    return item;
  }

  checkStructure(item: Hs2Item): Fault | undefined {
    return this.#stages.checkStructure(item);
  }

  checkLink(parent: Hs2Item | Tip, item: Hs2Item): Fault | undefined {
    return this.#stages.checkLink('block' in parent ? parent.block.header : this.#held.headerOf(parent.id), parent.id, item);
  }

  async checkSignatures(run: readonly Hs2Item[], how: { readonly each: boolean; readonly signal: AbortSignal }): Promise<RunFault | undefined> {
    const { fault, certificates, milliseconds } = await this.#stages.checkSignatures(run, how, run[0] && this.#held.headerOf(run[0].parent));
    this.#checked = { ...this.#checked, certificates: this.#checked.certificates + certificates, milliseconds: this.#checked.milliseconds + milliseconds };
    return fault;
  }

  checkFinality(run: readonly Hs2Item[], target: Target): RunFault | undefined {
    return this.#stages.checkFinality(run, target, this.#tree.final.standing);
  }

  /** Throws `SyncError` `incomplete` where the next final block is ahead of the clock, `halted` where its state cannot be computed: no peer is to blame. */
  async apply(run: readonly Hs2Item[], { headersOnly }: { readonly headersOnly: boolean }): Promise<RunFault | undefined> {
    const [first] = run;
    // A live block has moved the tip meanwhile.
    if (first && first.parent !== this.#tree.final.id) return { ...faultOf('parent', first), weight: 'offence', at: first.height };
    const isWithoutState = headersOnly || (!this.#state && this.#begin !== this.#genesis);
    const ready = this.#stages.inTime(run);
    if (first && ready.length === 0) throw new SyncError('incomplete', `block ${first.height} is ahead of the clock`, { height: first.height, time: first.block.header.time });
    const { fault } = await this.#applyFinal(ready, isWithoutState, undefined);
    if (fault?.code !== 'state-root') return fault;
    const wrong = run.find(({ height }) => height === fault.at)!;
    // A quorum has signed it, so it may be an error of ours: others are asked for the block, and none is banned for it.
    if (!this.#wrong.again(wrong.id)) return { ...fault, weight: 'offence' };
    this.#halted(stateHalt(wrong, this.#state!));
    throw new SyncError('halted', `the state of block ${wrong.height} cannot be computed`, { height: wrong.height, reason: 'state-root' });
  }

  async checkState(height: number): Promise<boolean | undefined> {
    const { header } = this.#tree.final;
    if (!this.#state || height !== header.height) return undefined;
    return stateRoot(this.#state.entries) === header.stateRoot;
  }

  async push(item: Hs2Item, signal: AbortSignal): Promise<Outcome<Hs2Block>> {
    let outcome: Outcome<Hs2Block> | undefined;
    // Blocks from the future whose time has come go first.
    for (const one of this.#tree.due().filter(({ id }) => id !== item.id)) {
      const late = await this.#pushOne(one, signal);
      // Who sent it is not known any more: the sender of this block is not to blame.
      if (late.kind === 'adopted') outcome = joined(outcome, late);
    }
    return joined(outcome, await this.#pushOne(item, signal));
  }

  async finalize(proof: FinalityProof, signal: AbortSignal): Promise<Outcome<Hs2Block>> {
    if (this.#halt) return { kind: 'halted', ...this.#halt };
    const block = { id: hashOf(proof.final.headerBytes), height: proof.final.header.height };
    const fault = await this.checkProof(proof, signal);
    if (fault?.code === 'set-unknown-bytes') {
      // Its blocks show which set it is, and whether that rules.
      if (block.height >= this.head().height) return { kind: 'gap', from: this.head().height + 1 };
      if (this.#tree.get(block.id)) return { kind: 'known' };
    }
    if (fault) return { kind: 'fault', fault };
    return this.#settle(this.#tree.finalize({ ...block, proof: encodeFinalityProof(proof) }));
  }

  /** The rule that a finality proof breaks, for `proveTarget` too. By sets that rule where its blocks are; `set-unknown-bytes`: by another one. */
  async checkProof(proof: FinalityProof, signal: AbortSignal): Promise<Fault | undefined> {
    const { fault, contradicts } = await this.#proofs.check(proof, signal);
    const { height } = proof.final.header;
    // Which set ruled below a pinned block is not known.
    if (contradicts && height >= this.#begin.height) this.#halted({ height, evidence: contradicts });
    const ours = this.#final.idAt(height);
    if (!fault && ours !== undefined && ours !== hashOf(proof.final.headerBytes)) this.#halted({ height, evidence: [this.#tree.final.proof, encodeFinalityProof(proof)] });
    return fault;
  }

  /** Trusts a set because of a finality proof of a block that announces it; see `FinalityChecks`. */
  learnSet(proof: FinalityProof, signal: AbortSignal): Promise<Fault | undefined> {
    return this.#proofs.learnSet(proof, signal);
  }

  /** A proof file for a key at the newest final block; undefined without the state, or without a proof of that block. */
  proofFile(key: Uint8Array): Uint8Array | undefined {
    return this.#state && makeProofFile({ key, state: this.#state, finality: this.#tree.final.proof, setOf: (hash) => this.sets.get(hash), links: this.sets.links });
  }

  /** Puts the chain where it was stored: at a final block with its state, and the hashes of the blocks before it. Everything in it was verified before. */
  restore(root: TreeRoot, items: readonly Hs2Item[], state: KeyValueState | undefined, checked: HotStuff2Counts): void {
    for (const item of items) this.#addFinal(item);
    this.#final.addId(root.header.height, root.id);
    this.sets.ruled(root.header);
    this.#state = state;
    this.#checked = checked;
    this.#tree = this.#treeAt(root);
  }

  /** The chain stands still from the start: a halt was stored. */
  restoreHalt(halt: Halt): void {
    this.#halt = halt;
  }

  /** Takes a final block with its state in place of everything here; both were verified. Resolves when it is kept. */
  async replace(root: TreeRoot, item: Hs2Item, state: KeyValueState | undefined): Promise<void> {
    this.#state = state;
    this.#addFinal(item);
    this.#tree = this.#treeAt(root);
    await this.#keep([item], true);
  }

  /** Back to genesis or the pinned block, also from a halt. The state of a pinned block is not known: it comes with a snapshot. */
  reset(): void {
    this.#final.clear();
    this.#proofs.clear();
    this.#wrong.clear();
    this.sets.clear();
    this.#final.add(this.#genesis);
    this.#addFinal(this.#begin);
    this.#halt = undefined;
    this.#checked = nothingChecked;
    this.#state = this.#begin === this.#genesis ? new KeyValueState(genesisOf(this.#options.network).state, this.#options.maxStateBytes) : undefined;
    this.#tree = this.#treeAt(this.#firstRoot());
  }

  async #pushOne(item: Hs2Item, signal: AbortSignal): Promise<Outcome<Hs2Block>> {
    if (this.#halt) return { kind: 'halted', ...this.#halt };
    const broken = this.checkStructure(item);
    if (broken) return { kind: 'fault', fault: broken };
    const early = this.#tree.examine(item);
    if (early) return this.#settle(early);
    const { header, qc } = item.block;
    if (!qc) return { kind: 'known' };
    // A block beside our final ones can name any set. There only a set counts that rules there.
    const set = this.#tree.follows(item) ? await this.sets.find(header.validators, signal) : this.sets.rulingSet(header);
    if (!set) return { kind: 'known' };
    const code = typeof set === 'string' ? set : (checkProposer(header, set.keys.length) ?? (await verifyQc({ qc, hash: item.id, view: header.view, set }, this.#options.verify, signal)));
    if (code) return { kind: 'fault', fault: faultOf(code, item) };
    this.#stages.certified.add(item);
    this.#checked = { ...this.#checked, certificates: this.#checked.certificates + 1 };
    return this.#settle(this.#tree.add(item));
  }

  #halted(halt: Halt): void {
    if (this.#halt) return;
    this.#halt = halt;
    this.#options.onHalt?.(halt);
  }

  /** Applies what the tree made final. */
  async #settle({ finalized = [], ...outcome }: TreeOutcome): Promise<Outcome<Hs2Block>> {
    if (outcome.kind === 'halted') this.#halted({ height: outcome.height, evidence: outcome.evidence });
    if (finalized.length === 0) {
      if (outcome.kind === 'adopted') await this.#keep([], false);
      return outcome;
    }
    const headersOnly = !this.#state || finalized.some(({ block }) => !block.payload);
    await this.#applyFinal(finalized, headersOnly, this.#tree);
    return this.#halt ? { kind: 'halted', ...this.#halt } : outcome;
  }

  /** `tree`: the one that has made them final already; undefined: a new one begins after the last. */
  async #applyFinal(run: readonly Hs2Item[], headersOnly: boolean, tree: BlockTree | undefined): Promise<{ readonly fault: RunFault | undefined }> {
    const { standings } = tree ? { standings: [] } : followSets(this.#tree.final.standing, run);
    const { state, wrong } = applyPayloads(headersOnly ? undefined : this.#state, run);
    this.#state = state;
    if (wrong && tree) {
      // The tree has made it final already: it is held, but nothing of this run is kept, and nobody is told a state.
      this.#halted(stateHalt(wrong.item, state!));
      this.#state = undefined;
    }
    const applied = wrong && !tree ? run.slice(0, run.indexOf(wrong.item)) : run;
    for (const item of applied) {
      this.#proofs.noteAnnouncement(this.#final.get(item.parent), item);
      this.#addFinal(item);
    }
    const last = applied.at(-1);
    if (last && !tree) this.#tree = this.#treeAt({ id: last.id, header: last.block.header, standing: standings[applied.length - 1]!, proof: this.#proofOf(last) });
    this.#checked = { ...this.#checked, blocks: this.#checked.blocks + applied.length };
    if (applied.length > 0 && !(wrong && tree)) await this.#keep(applied, false);
    return { fault: wrong && { ...faultOf(wrong.code, wrong.item), at: wrong.item.height } };
  }

  async #keep(items: readonly Hs2Item[], replaces: boolean): Promise<void> {
    await this.#options.keep({ items, state: this.#state, root: this.#tree.final, pending: this.#tree.branch(), replaces });
  }

  async #replaceState(header: Header, id: Hash, state: KeyValueState): Promise<Fault | undefined> {
    if (state.isTooLarge) return faultOf('state-too-large', { height: header.height, id });
    if (header.height < this.#tree.final.header.height) return { code: 'snapshot-old', weight: 'offence', data: { height: header.height } };
    const proof = this.#proofs.proofOf(id) ?? new Uint8Array();
    const qcBytes = proof.length > 0 ? decodeFinalityProof(proof).final.qcBytes : proof;
    await this.replace({ id, header, standing: pinnedStanding(header), proof }, decodeHeaderItem(encodeHeader(header), qcBytes), state);
    return undefined;
  }

  #addFinal(item: Hs2Item): void {
    this.#final.add(item);
    this.sets.ruled(item.block.header);
  }

  #proofOf(final: Hs2Item): Uint8Array {
    return this.#proofs.proofOf(final.id) ?? this.#stages.pairProof(final) ?? new Uint8Array();
  }

  #firstRoot(): TreeRoot {
    const { id, block } = this.#begin;
    return { id, header: block.header, standing: pinnedStanding(block.header), proof: block.headerBytes };
  }

  #treeAt(root: TreeRoot): BlockTree {
    return new BlockTree(root, { now: () => this.#options.clock.now(), ownAt: (height) => this.#final.idAt(height) });
  }
}
