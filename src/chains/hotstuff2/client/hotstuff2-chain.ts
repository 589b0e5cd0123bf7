/**
 * A HotStuff-2 chain as the sync and the live client use it: rules, block tree and state put together. It neither dials nor stores; `keep` tells what
 * became final.
 * @module
 */
import type { Clock } from '../../../base/clock.ts';
import type { Hash } from '../../../base/hash.ts';
import { ByteReader } from '../wire/byte-reader.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import type { FollowedChain, Halt, Outcome } from '../../../engine/follow/followed-chain.ts';
import type { Fault, RunFault, SyncChain, Target, Tip } from '../../../engine/sync/sync-chain.ts';
import type { BlockView, HeadView, NetworkView, TrustRecord } from '../../../engine/view.ts';
import { BlockTree, MAX_AHEAD } from '../chain/block-tree.ts';
import type { TreeOutcome, TreeRoot } from '../chain/block-tree.ts';
import { checkBlockStructure } from '../chain/check-block-structure.ts';
import { checkLink, checkProposer } from '../chain/check-link.ts';
import { FinalBlocks } from '../chain/final-blocks.ts';
import { checkSetsOfPair, pinnedStanding } from '../chain/hand-over.ts';
import { hashOf } from '../chain/hash.ts';
import { decodeHeaderItem, decodeItem, itemOf } from '../chain/hs2-block.ts';
import type { Hs2Block, Hs2Item } from '../chain/hs2-block.ts';
import { KnownSets } from '../chain/known-sets.ts';
import type { FetchSet } from '../chain/known-sets.ts';
import { Losers } from '../chain/losers.ts';
import { genesisOf } from '../chain/network.ts';
import type { Hs2Network } from '../chain/network.ts';
import { faultOf } from '../chain/rule-code.ts';
import { certificatesToCheck, finalInRun, followSets } from '../chain/run-rules.ts';
import { KeyValueState } from '../chain/state.ts';
import { stateRoot } from '../chain/state-root.ts';
import { verifyFinalityProof } from '../chain/verify-finality.ts';
import { verifyQc, verifyQcs } from '../chain/verify-qc.ts';
import type { QcCase } from '../chain/verify-qc.ts';
import { decodeFinalityProof, encodeFinalityProof } from '../wire/finality-proof.ts';
import type { FinalityProof } from '../wire/finality-proof.ts';
import { encodeHeader } from '../wire/header.ts';
import type { Header } from '../wire/header.ts';
import { makeProofFile } from '../proofs/make-proof-file.ts';
import { snapshotRules } from '../proofs/snapshot-rules.ts';
import { blockViewOf, headViewOf, networkViewOf, trustRecordOf } from './hotstuff2-views.ts';

/** What became final, in one piece: to be stored together. */
export interface FinalChange {
  /** Ascending. */
  readonly items: readonly Hs2Item[];
  /** The state after them; undefined: it is not computed. */
  readonly state: KeyValueState | undefined;
  readonly root: TreeRoot;
}

export interface Hs2ChainOptions {
  readonly network: Hs2Network;
  readonly verify: Verify;
  readonly clock: Clock;
  readonly fetchSet: FetchSet;
  /** A header of this height that peers prove to be final, for a snapshot; undefined: none does. */
  readonly fetchFinalHeader: (height: number, hash: Hash, signal: AbortSignal) => Promise<{ readonly header: Header; readonly headerBytes: Uint8Array } | undefined>;
  /** Resolves when it is stored. */
  readonly keep: (change: FinalChange) => Promise<void>;
  /** Bytes of the state at most. */
  readonly maxStateBytes?: number | undefined;
}

type Core = Omit<FollowedChain<Hs2Block, FinalityProof>, 'connect' | 'store' | 'questions' | 'fetchBlock' | 'exportSnapshot' | 'importSnapshot'>;

export class HotStuff2Chain implements Core {
  readonly network: NetworkView;
  readonly snapshots: SyncChain<Hs2Block>['snapshots'];
  readonly sets: KnownSets;
  readonly #options: Hs2ChainOptions;
  readonly #genesis: Hs2Item;
  readonly #final = new FinalBlocks();
  /** Blocks whose certificate was verified. */
  readonly #certified = new WeakSet<Hs2Item>();
  /** The proof of the newest target that was verified. */
  #proven: { readonly id: Hash; readonly proof: Uint8Array } | undefined;
  #tree: BlockTree;
  #state: KeyValueState | undefined;
  #halt: Halt | undefined;
  #checked = { blocks: 0, certificates: 0, milliseconds: 0 };

  constructor(options: Hs2ChainOptions) {
    this.#options = options;
    const genesis = genesisOf(options.network);
    this.network = networkViewOf(options.network);
    this.sets = new KnownSets(genesis.validators, options.fetchSet);
    this.#genesis = itemOf({ ...genesis, payload: undefined }, new Uint8Array());
    this.#state = new KeyValueState(genesis.state, options.maxStateBytes);
    this.#final.add(this.#genesis);
    this.#tree = this.#treeAt({ id: this.#genesis.id, header: genesis.header, standing: pinnedStanding(genesis.header), proof: genesis.headerBytes });
    this.snapshots = snapshotRules({
      finalHeader: async (height, hash, signal) => {
        if (this.#final.idAt(height) === hash) return this.#final.get(hash)?.block.header;
        return (await options.fetchFinalHeader(height, hash, signal))?.header;
      },
      replace: (snapshot, entries) => this.#replaceState(snapshot.header, snapshot.id.split('/')[1]!, new KeyValueState(entries, options.maxStateBytes)),
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

  view({ id }: Tip): HeadView {
    const item = this.#find(id) ?? this.#genesis;
    return headViewOf(item, this.#standingOf(item));
  }

  async block(key: number | string): Promise<BlockView | undefined> {
    const item = this.#find(key);
    return item && blockViewOf(item, this.#standingOf(item));
  }

  /** length(4) block, length(2) certificate, as in message 83. */
  decodeItem(bytes: Uint8Array): Hs2Item {
    const reader = new ByteReader(bytes);
    const block = reader.bytes(reader.u32('block length'), 'block');
    const qc = reader.bytes(reader.u16('certificate length'), 'certificate');
    reader.end('the block');
    return decodeItem(block, qc);
  }

  checkStructure(item: Hs2Item): Fault | undefined {
    const code = checkBlockStructure(item, this.#options.network);
    return code && faultOf(code, item);
  }

  checkLink(parent: Hs2Item | Tip, item: Hs2Item): Fault | undefined {
    const header = 'block' in parent ? parent.block.header : this.#headerOf(parent.id);
    if (!header) return faultOf('parent', item);
    const set = this.sets.get(item.block.header.validators);
    const code = checkLink({ id: parent.id, header }, item.block.header) ?? checkSetsOfPair(header, item.block.header) ?? (set && checkProposer(item.block.header, set.keys.length));
    return code && faultOf(code, item);
  }

  async checkSignatures(run: readonly Hs2Item[], { each, signal }: { readonly each: boolean; readonly signal: AbortSignal }): Promise<RunFault | undefined> {
    const cases: QcCase[] = [];
    const checked: Hs2Item[] = [];
    let stop: RunFault | undefined;
    for (const i of each ? run.keys() : certificatesToCheck(run)) {
      const item = run[i]!;
      const { header, qc } = item.block;
      const set = await this.sets.find(header.validators, signal);
      const code = typeof set === 'string' ? set : (checkProposer(header, set.keys.length) ?? (qc ? undefined : 'no-certificate'));
      if (code) {
        stop = { ...faultOf(code, item), at: item.height };
        break;
      }
      cases.push({ qc: qc!, hash: item.id, view: header.view, set: set as Exclude<typeof set, string> });
      checked.push(item);
    }
    const bad = await verifyQcs(cases, this.#options.verify, signal);
    signal.throwIfAborted();
    for (const item of checked.slice(0, bad?.at)) this.#certified.add(item);
    this.#checked = { ...this.#checked, certificates: this.#checked.certificates + (bad?.at ?? checked.length) };
    return bad ? { ...faultOf(bad.code, checked[bad.at]!), at: checked[bad.at]!.height } : stop;
  }

  checkFinality(run: readonly Hs2Item[], target: Target): RunFault | undefined {
    const { standings, fault } = followSets(this.#tree.final.standing, run);
    const ahead = run.findIndex(({ block }) => block.header.time > this.#options.clock.now() + MAX_AHEAD);
    const good = run.slice(0, Math.min(standings.length, ahead < 0 ? run.length : ahead));
    const other = target.proven ? run.find(({ height, id }) => height === target.height && id !== target.id) : undefined;
    if (other) return { code: 'other-block', weight: 'lie', data: { height: other.height, hash: other.id }, at: other.height };
    const last = finalInRun(good, target, (item) => this.#certified.has(item));
    const next = run[last + 1];
    if (!next) return undefined;
    // A broken hand-over further up does not say who sent the blocks before it.
    if (fault) return { ...fault, weight: fault.at === next.height ? fault.weight : 'offence', at: next.height };
    return { ...faultOf('not-final', next), at: next.height };
  }

  async apply(run: readonly Hs2Item[], { headersOnly }: { readonly headersOnly: boolean }): Promise<RunFault | undefined> {
    const [first] = run;
    // A live block has moved the tip meanwhile.
    if (first && first.parent !== this.#tree.final.id) return { ...faultOf('parent', first), weight: 'offence', at: first.height };
    return (await this.#applyFinal(run, headersOnly, undefined)).fault;
  }

  async checkState(height: number): Promise<boolean | undefined> {
    const { header } = this.#tree.final;
    if (!this.#state || height !== header.height) return undefined;
    return stateRoot(this.#state.entries) === header.stateRoot;
  }

  async push(item: Hs2Item, signal: AbortSignal): Promise<Outcome<Hs2Block>> {
    let outcome: Outcome<Hs2Block> | undefined;
    // Blocks from the future whose time has come go first.
    for (const one of [...this.#tree.due().filter(({ id }) => id !== item.id), item]) outcome = joined(outcome, await this.#pushOne(one, signal));
    return outcome!;
  }

  async finalize(proof: FinalityProof, signal: AbortSignal): Promise<Outcome<Hs2Block>> {
    if (this.#halt) return { kind: 'halted', ...this.#halt };
    const block = { id: hashOf(proof.final.headerBytes), height: proof.final.header.height };
    const fault = await this.checkProof(proof, signal);
    if (fault) return { kind: 'fault', fault };
    return this.#settle(this.#tree.finalize({ ...block, proof: encodeFinalityProof(proof) }));
  }

  /** The rule that a finality proof breaks, for `proveTarget` too. By sets that rule or have ruled; `set-unknown-bytes`: by another one. */
  async checkProof(proof: FinalityProof, signal: AbortSignal): Promise<Fault | undefined> {
    const { chainId } = this.#options.network;
    const id = hashOf(proof.final.headerBytes);
    const code = await verifyFinalityProof(proof, { chainId, setOf: this.sets.trustedSet, verify: this.#options.verify, signal });
    if (code) return faultOf(code, { id, height: proof.final.header.height });
    this.#proven = { id, proof: encodeFinalityProof(proof) };
    return undefined;
  }

  /** A proof file for a key at the newest final block; undefined without the state, or without a proof of that block. */
  proofFile(key: Uint8Array): Uint8Array | undefined {
    return this.#state && makeProofFile({ key, state: this.#state, finality: this.#tree.final.proof, setOf: (hash) => this.sets.get(hash) });
  }

  /** Puts the chain where it was stored: at a final block with its state, and the hashes of the blocks before it. Everything in it was verified before. */
  restore(root: TreeRoot, items: readonly Hs2Item[], state: KeyValueState | undefined, sets: readonly Hash[]): void {
    for (const set of sets) this.sets.trust(set);
    for (const item of items) this.#final.add(item);
    this.#final.addId(root.header.height, root.id);
    this.#state = state;
    this.#tree = this.#treeAt(root);
  }

  async #pushOne(item: Hs2Item, signal: AbortSignal): Promise<Outcome<Hs2Block>> {
    if (this.#halt) return { kind: 'halted', ...this.#halt };
    const broken = this.checkStructure(item);
    if (broken) return { kind: 'fault', fault: broken };
    const early = this.#tree.examine(item);
    if (early) return this.#settle(early);
    const { header, qc } = item.block;
    if (!qc) return { kind: 'known' };
    const set = await this.sets.find(header.validators, signal);
    const code = typeof set === 'string' ? set : (checkProposer(header, set.keys.length) ?? (await verifyQc({ qc, hash: item.id, view: header.view, set }, this.#options.verify, signal)));
    if (code) return { kind: 'fault', fault: faultOf(code, item) };
    this.#certified.add(item);
    this.#checked = { ...this.#checked, certificates: this.#checked.certificates + 1 };
    return this.#settle(this.#tree.add(item));
  }

  /** Applies what the tree made final. */
  async #settle({ finalized = [], ...outcome }: TreeOutcome): Promise<Outcome<Hs2Block>> {
    if (outcome.kind === 'halted') this.#halt = { height: outcome.height, evidence: outcome.evidence };
    if (finalized.length === 0) return outcome;
    const headersOnly = !this.#state || finalized.some(({ block }) => !block.payload);
    const { fault } = await this.#applyFinal(finalized, headersOnly, this.#tree);
    return fault ? { kind: 'fault', fault } : outcome;
  }

  /** `tree`: the one that has made them final already; undefined: a new one begins after the last. */
  async #applyFinal(run: readonly Hs2Item[], headersOnly: boolean, tree: BlockTree | undefined): Promise<{ readonly fault: RunFault | undefined }> {
    const { standings } = tree ? { standings: [] } : followSets(this.#tree.final.standing, run);
    let fault: RunFault | undefined;
    let applied = 0;
    if (headersOnly) this.#state = undefined;
    for (const item of run) {
      const { payload, header } = item.block;
      if (!headersOnly) {
        const undo = this.#state && payload ? this.#state.applyDelta(payload, header.stateRoot) : 'no-payload';
        if (typeof undo === 'string') {
          fault = { ...faultOf(undo, item), at: item.height };
          break;
        }
      }
      this.#final.add(item);
      this.sets.trust(header.validators);
      applied += 1;
    }
    // The tree stands above a block whose state cannot be computed: the state ends there.
    if (fault && tree) this.#state = undefined;
    const last = run[applied - 1];
    if (last && !tree) this.#tree = this.#treeAt({ id: last.id, header: last.block.header, standing: standings[applied - 1]!, proof: this.#proofOf(last, run[applied]) });
    this.#checked = { ...this.#checked, blocks: this.#checked.blocks + applied };
    if (applied > 0) await this.#options.keep({ items: run.slice(0, applied), state: this.#state, root: this.#tree.final });
    return { fault };
  }

  async #replaceState(header: Header, id: Hash, state: KeyValueState): Promise<Fault | undefined> {
    if (state.bytes > (this.#options.maxStateBytes ?? Number.POSITIVE_INFINITY)) return faultOf('state-too-large', { height: header.height, id });
    if (header.height < this.#tree.final.header.height) return { code: 'snapshot-old', weight: 'offence', data: { height: header.height } };
    const proof = this.#proven?.id === id ? this.#proven.proof : new Uint8Array();
    this.#state = state;
    this.#final.add(decodeHeaderItem(encodeHeader(header), proof.length > 0 ? decodeFinalityProof(proof).final.qcBytes : proof));
    this.#tree = this.#treeAt({ id, header, standing: pinnedStanding(header), proof });
    await this.#options.keep({ items: [], state, root: this.#tree.final });
    return undefined;
  }

  #proofOf(final: Hs2Item, child: Hs2Item | undefined): Uint8Array {
    if (this.#proven?.id === final.id) return this.#proven.proof;
    return child ? Losers.proofOf(final, child) : new Uint8Array();
  }

  #treeAt(root: TreeRoot): BlockTree {
    return new BlockTree(root, { now: () => this.#options.clock.now(), ownAt: (height) => this.#final.idAt(height) });
  }

  #headerOf(id: Hash): Header | undefined {
    return id === this.#tree.final.id ? this.#tree.final.header : this.#find(id)?.block.header;
  }

  #find(key: number | string): Hs2Item | undefined {
    const pending = typeof key === 'string' ? this.#tree.get(key) : this.#tree.branch().find(({ height }) => height === key);
    return pending ?? this.#final.get(key);
  }

  #standingOf({ height, block }: Hs2Item): Parameters<typeof headViewOf>[1] {
    const grade = height === 0 ? 'checkpoint' : height <= this.#tree.final.header.height ? 'final' : 'certified';
    return { grade, validators: this.sets.get(block.header.validators)?.keys.length ?? 0, trust: this.trust().level };
  }
}

/** Two outcomes in a row as one: what the second takes back of the first was never there. */
function joined(first: Outcome<Hs2Block> | undefined, second: Outcome<Hs2Block>): Outcome<Hs2Block> {
  if (first?.kind !== 'adopted') return second;
  if (second.kind === 'known' || second.kind === 'held') return first;
  if (second.kind !== 'adopted') return second;
  const undone = new Set(second.reverted.map(({ id }) => id));
  const adopted = [...first.adopted.filter(({ id }) => !undone.has(id)), ...second.adopted];
  const fresh = new Set(first.adopted.map(({ id }) => id));
  return { kind: 'adopted', adopted, reverted: [...second.reverted.filter(({ id }) => !fresh.has(id)), ...first.reverted] };
}
