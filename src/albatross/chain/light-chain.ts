import type { DecodedKey, Verify } from '../../crypto/jobs.ts';
import { Emitter } from '../../engine/emitter.ts';
import { type CheckedCounts, nothingChecked, sumOfChecked } from '../../engine/trust.ts';
import type { Block, Hash, MacroBlock, Validator } from '../wire/types.ts';
import { type ChainBlock, type StoredBlock, storedBlock } from './block-store.ts';
import type { ChainChange, ChainEvents } from './chain-change.ts';
import { adopt, type ChainState, electedBy, hasTwin, type MacroStored, revertTo, stateAtGenesis } from './chain-state.ts';
import { branchTo, chainOrder } from './fork-choice.ts';
import { blockHash } from './hashes.ts';
import type { KeyProof } from './key-proof.ts';
import { KeyRing } from './key-ring.ts';
import { loadGenesis, type NetworkParameters } from './network-parameters.ts';
import { policyOf, type Policy } from './policy.ts';
import { PushQueue } from './push-queue.ts';
import type { PushResult } from './push-result.ts';
import type { BlockErrorCode } from './rules/codes.ts';
import { drawnSlot } from './rules/proposer.ts';
import { firstBrokenCheck, runJobs } from './rules/run-rules.ts';
import { allRules, checksRun, type ContextOf, type RuleTables, rulesOf, type Stage } from './rules/stages.ts';
import { seedProofs } from './seed-proof.ts';
import { type DrawSlot, proposerSlot, sameKeyAt } from './slots.ts';

export type { ChainBlock } from './block-store.ts';
export type { ChainChange, ChainEvents } from './chain-change.ts';
export type { PushResult } from './push-result.ts';

type Refused = Extract<PushResult, { result: 'undecided' | 'invalid' }>;

export interface LightChainOptions {
  readonly network: NetworkParameters;
  readonly verify: Verify;
  readonly clock: { now(): number };
  /** Voting keys decoded in an earlier session, by their compressed bytes; unknown ones are left out. */
  readonly decodedKeys?: ((compressed: Uint8Array[]) => Promise<readonly DecodedKey[]>) | undefined;
  /** Called with voting keys decoded for the first time. */
  readonly rememberKeys?: ((keys: readonly DecodedKey[]) => void) | undefined;
  /** The rules; for tests that take one away. */
  readonly rules?: RuleTables | undefined;
  /** Whose turn it is; for tests that cannot afford the true draw. */
  readonly draw?: DrawSlot | undefined;
}

/** What `restore` takes: the part of a stored chain that belongs to the chain. */
export interface RestorableChain {
  /** The newest election block; undefined: genesis. */
  readonly election: MacroBlock | undefined;
  /** The newest checkpoint after it, if any. */
  readonly checkpoint: MacroBlock | undefined;
  /** The micro blocks after the newest macro block, ascending. */
  readonly tail: readonly Block[];
  /** What had been verified when it was stored; nothing when not given. */
  readonly checked?: CheckedCounts | undefined;
}

/**
 * The light chain: headers and justifications from the last macro blocks to the head, side branches of the running batch, and the
 * validators of the running epoch. Blocks get in by `push` and its kin, each through the rules that `checksRun` names, one at a time in
 * the order of the calls; several may wait, see `PushQueue`. A promise returned here rejects only with an abort signal's reason or when
 * `verify` does. Albatross block reference, sections 4 and 5.
 */
export class LightChain {
  readonly events = new Emitter<ChainEvents>();
  readonly network: NetworkParameters;
  readonly policy: Policy;
  readonly genesis: ChainBlock;
  readonly #genesis: MacroStored;
  readonly #options: LightChainOptions;
  readonly #rules: RuleTables;
  readonly #keys: KeyRing;
  readonly #queue = new PushQueue();
  readonly #draw: DrawSlot;
  #state: ChainState;

  /** Throws `NetworkParametersError` when the genesis block does not decode or hash. */
  constructor(options: LightChainOptions) {
    this.#options = options;
    this.#rules = options.rules ?? allRules;
    this.#draw = options.draw ?? proposerSlot;
    this.#keys = new KeyRing(options.decodedKeys, options.rememberKeys);
    this.network = options.network;
    this.policy = policyOf(options.network);
    this.#genesis = storedBlock(loadGenesis(options.network), options.network.genesisHash, true) as MacroStored;
    this.genesis = this.#genesis;
    this.#state = stateAtGenesis(this.#genesis);
  }

  get head(): ChainBlock {
    return this.#state.head;
  }

  /** The newest macro block: everything up to it is final. */
  get macroHead(): ChainBlock & { readonly block: MacroBlock } {
    return this.#state.macroHead;
  }

  get electionHead(): ChainBlock & { readonly block: MacroBlock } {
    return this.#state.electionHead;
  }

  /** Active for the block after the head: elected by the election head. */
  get validators(): readonly Validator[] {
    return electedBy(this.#state.electionHead);
  }

  /** How sure the signing keys of the running epoch are. */
  get keys(): Pick<KeyProof, 'lists' | 'covered' | 'disputed' | 'standing' | 'refutes'> {
    return this.#state.keys;
  }

  /** Height of the newest block after the macro head that was `undecided`: the head may stand still until the next macro block. */
  get undecided(): number | undefined {
    return this.#state.undecided;
  }

  /** Whether each block above the macro head was made with a signing key that is proven. */
  get pendingProven(): boolean {
    const { store, keys, head, macroHead } = this.#state;
    for (let height = macroHead.height + 1; !keys.covered && height <= head.height; height += 1) {
      const stored = store.mainChainAt(height);
      if (stored?.kind !== 'skip' && (stored?.slot === undefined || keys.standing(stored.slot) !== 'proven')) return false;
    }
    return true;
  }

  /** Blocks of the main chain that went through the rules since the anchor. */
  get checked(): CheckedCounts {
    return this.#state.checked;
  }

  /** A block held here: of this batch and the one before, of any branch; or the election head, the genesis block. */
  block(hash: Hash): ChainBlock | undefined {
    const { store, electionHead } = this.#state;
    return store.get(hash) ?? [electionHead, this.#genesis].find((stored) => stored.hash === hash);
  }

  /** The same, of the main chain. */
  blockAt(height: number): ChainBlock | undefined {
    const { store, electionHead } = this.#state;
    return store.mainChainAt(height) ?? [electionHead, this.#genesis].find((stored) => stored.height === height);
  }

  has(hash: Hash): boolean {
    return this.block(hash) !== undefined;
  }

  /** The hash of an election block known to be final: genesis, those that were election head, and their parent election blocks. */
  electionHash(height: number): Hash | undefined {
    return this.#state.electionHashes.get(height);
  }

  /** A block of the live chain, through all rules; then fork choice. */
  push(block: Block, options?: { readonly signal?: AbortSignal | undefined }): Promise<PushResult> {
    return this.#enqueue(async (state) => {
      const hash = blockHash(block);
      const early = this.#early(state, block, hash);
      if (early) return early;
      const parent = state.store.get(block.header.parentHash);
      if (!parent) return { result: 'orphan' };
      const stored = storedBlock(block, hash, false);
      const refused = await this.#examine(state, stored, parent, options?.signal);
      if (this.#state !== state) return { result: 'ignored' };
      if (refused?.result === 'undecided') state.undecided = Math.max(stored.height, state.undecided ?? 0);
      return refused ?? this.#decide(state, stored);
    }, options?.signal);
  }

  /**
   * A macro block of the running epoch, up to the election block that ends it; its predecessor is not asked for. It replaces everything
   * before it, unless its predecessor is the head.
   */
  pushMacro(block: Block, options?: { readonly signal?: AbortSignal | undefined }): Promise<PushResult> {
    return this.#pushFinal(block, checksRun.pushMacro, options?.signal);
  }

  /** An election block on the word of others (witnesses, a pin): nothing in it is proven. From here on the counts of `checked` start anew. */
  pushElectionOnTrust(block: Block, options?: { readonly signal?: AbortSignal | undefined }): Promise<PushResult> {
    return this.#pushFinal(block, checksRun.pushElectionOnTrust, options?.signal);
  }

  /**
   * Election blocks that were verified elsewhere, in bulk, on top of our election head: every rule of `pushMacro` has been asked of each.
   * Taken over in order as far as they follow; returns how many were.
   */
  async adoptVerified(blocks: readonly MacroBlock[]): Promise<number> {
    let adopted = 0;
    for (const block of blocks) {
      const outcome = await this.#enqueue(async (state) => {
        const hash = blockHash(block);
        const early = this.#early(state, block, hash);
        if (early) return early;
        const stored = storedBlock(block, hash, true);
        const follows = stored.kind === 'election' && block.header.parentElectionHash === state.electionHead.hash;
        return follows ? this.#adoptFinal(state, stored) : { result: 'orphan' };
      }, undefined);
      if (outcome.result !== 'extended') break;
      adopted += 1;
    }
    return adopted;
  }

  /** What was verified of the past that this chain had taken on trust counts too. */
  credit(counts: CheckedCounts): void {
    this.#state.checked = sumOfChecked(this.#state.checked, counts);
  }

  /**
   * Another copy of the election head with a list of its own; `hash` is the copy's. Pending blocks whose turn is disputed by it are
   * reverted. `other`: of another block, or one whose hash covers the list.
   */
  addCopy(hash: Hash, block: MacroBlock): Promise<'added' | 'known' | 'refuted' | 'other'> {
    const outcome = this.#queue.run(async () => {
      const state = this.#state;
      const { keys } = state;
      const list = block.header.validators;
      if (hash !== state.electionHead.hash || keys.covered || !list) return 'other' as const;
      if (firstBrokenCheck(this.#rules.intrinsic, { ...this.#context(state, storedBlock(block, hash, false)), now: Number.MAX_SAFE_INTEGER })) return 'refuted' as const;
      const added = keys.add(list);
      if (added === 'added') this.#settle(state);
      return added;
    });
    return outcome ?? Promise.resolve('other');
  }

  /**
   * Proves signing keys by the blocks of a batch, and refutes lists: `base` is the macro block before the batch, and the blocks are linked
   * from it by hash up to a macro block that is the macro head or is justified by this epoch's voting keys. All that is checked here too.
   */
  async proveKeys(base: { readonly block: MacroBlock; readonly hash: Hash }, batch: readonly { readonly block: Block; readonly hash: Hash }[], options?: { readonly signal?: AbortSignal | undefined }): Promise<'tried' | 'not-final'> {
    const state = this.#state;
    const { keys, electionHead } = state;
    const last = batch.at(-1);
    const linked = batch.every(({ block, hash }, index) => block.header.parentHash === (batch[index - 1] ?? base).hash && blockHash(block) === hash);
    const within = last && this.policy.epochAt(last.block.header.blockNumber) === this.policy.epochAt(electionHead.height) + 1 && base.block.header.blockNumber === this.policy.macroBlockBefore(last.block.header.blockNumber);
    if (!linked || !within || last.block.type !== 'macro' || last.block.header.parentElectionHash !== electionHead.hash) return 'not-final';
    if (last.hash !== state.macroHead.hash && (await this.verifyMacroJustification(last.block, this.validators, options)) !== undefined) return 'not-final';
    const { lists } = keys;
    const question = { base: base.block, batch: batch.map(({ block }) => block), lists, standing: (slot: number) => keys.standing(slot), draw: this.#draw, verify: this.#options.verify, signal: options?.signal };
    const proofs = await seedProofs(question);
    await this.#queue.run(async () => {
      if (this.#state !== state || state.keys !== keys) return;
      for (const { slot, key } of proofs) {
        if (key) keys.prove(slot, key);
        else for (const list of lists) keys.refute(list);
      }
      this.#settle(state);
      if (!keys.disputed) state.undecided = undefined;
    });
    return 'tried';
  }

  /** Why these validators' signatures do not justify the block; undefined when they do. Nothing else about the block is looked at. */
  async verifyMacroJustification(
    block: MacroBlock,
    validators: readonly Validator[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<BlockErrorCode | undefined> {
    const context = { ...this.#context(this.#state, storedBlock(block, blockHash(block), false)), validators };
    return this.#validate(checksRun.verifyMacroJustification, context, options?.signal);
  }

  /**
   * Why another copy of a block that is held is bad: its hash is the same, its justification need not be. Undefined when the copy is
   * good, and where it cannot be told any more (below the macro head, and for an election block: its signers are gone).
   */
  async verifyCopy(block: Block, options?: { readonly signal?: AbortSignal | undefined }): Promise<BlockErrorCode | undefined> {
    const state = this.#state;
    const stored = storedBlock(block, blockHash(block), false);
    if (block.type === 'macro') return stored.hash === state.macroHead.hash && stored.kind === 'checkpoint' ? this.verifyMacroJustification(block, this.validators, options) : undefined;
    const predecessor = stored.height > state.macroHead.height ? state.store.get(block.header.parentHash) : undefined;
    if (!predecessor) return undefined;
    const refused = await this.#examine(state, stored, predecessor, options?.signal);
    // A bad signature under a key that is not proven says nothing yet.
    return refused?.result === 'invalid' ? refused.code : undefined;
  }

  /** Back to genesis, at once. Pushes that are waiting or running end `ignored`. */
  reset(): void {
    this.#state = stateAtGenesis(this.#genesis);
    this.events.emit('change', { kind: 'reset', adopted: [], reverted: [] });
  }

  /**
   * Puts a stored chain in place of this one: hashes and links and the checkpoint's justification are checked again. (An election
   * block's is by validators that are not stored.) Timestamps are not held against the clock: they were when the blocks came. On a
   * refusal nothing is changed.
   */
  restore(chain: RestorableChain): Promise<'restored' | { readonly code: BlockErrorCode | 'superseded' }> {
    const outcome = this.#queue.run(async () => {
      const before = this.#state;
      const state = stateAtGenesis(this.#genesis);
      const code = await this.#rebuild(state, chain);
      if (code) return { code };
      // Reset while we were at it: that came later and stands.
      if (this.#state !== before) return { code: 'superseded' } as const;
      state.checked = chain.checked ?? nothingChecked;
      this.#state = state;
      this.events.emit('change', { kind: 'reset', adopted: [], reverted: [] });
      return 'restored' as const;
    });
    return outcome ?? Promise.resolve({ code: 'superseded' });
  }

  async #rebuild(state: ChainState, { election, checkpoint, tail }: RestorableChain): Promise<BlockErrorCode | undefined> {
    const checks = checksRun.restore;
    // Every timestamp there can be is in the past.
    const context = (stored: StoredBlock) => ({ ...this.#context(state, stored), now: Number.MAX_SAFE_INTEGER });
    for (const [block, stages] of [[election, checks.election], [checkpoint, checks.checkpoint]] as const) {
      if (!block) continue;
      const stored = storedBlock(block, blockHash(block), true);
      const code = await this.#validate(stages, context(stored));
      if (code) return code;
      adopt(state, [stored], this.policy);
    }
    for (const block of tail) {
      const stored = storedBlock(block, blockHash(block), true);
      const code = await this.#validate(checks.tail, { ...context(stored), predecessor: state.head });
      if (code) return code;
      adopt(state, [stored], this.policy);
    }
    return undefined;
  }

  /** All rules of the live chain, and what is to be answered when one is broken or cannot be told; undefined: the block is good. */
  async #examine(state: ChainState, stored: StoredBlock, predecessor: StoredBlock, signal: AbortSignal | undefined): Promise<Refused | undefined> {
    const { block } = stored;
    const { keys } = state;
    const unslotted = { ...this.#context(state, stored), predecessor };
    const broken = firstBrokenCheck(rulesOf(this.#rules, checksRun.push[block.type]), unslotted);
    if (broken) return { result: 'invalid', code: broken };
    const slot = keys.covered ? undefined : drawnSlot(unslotted);
    const context = { ...unslotted, slot };
    const standing = () => (slot === undefined ? 'proven' : keys.standing(slot));
    const before = standing();
    if (slot !== undefined && block.type === 'micro' && before === 'disputed') return { result: 'undecided', slot, code: undefined };
    // A macro block stands by its voting keys: they are what proves signing keys.
    const stages = block.type === 'macro' && before !== 'proven' ? checksRun.push.unprovenMacro : checksRun.push[block.type];
    const code = await this.#validate(stages, context, signal);
    const byKey = code === 'invalid-seed' || code === 'invalid-signature';
    if (slot !== undefined && block.type === 'micro' && (standing() === 'disputed' || (byKey && before !== 'proven'))) return { result: 'undecided', slot, code: byKey ? code : undefined };
    if (code) return { result: 'invalid', code };
    if (block.type === 'micro') stored.slot = slot;
    return undefined;
  }

  /** After the lists have changed: one that may be true is in use, and no pending block rests on what is disputed. */
  #settle(state: ChainState): void {
    const { keys, store, macroHead, electionHead } = state;
    const inUse = electedBy(electionHead);
    const next = keys.lists.includes(inUse) ? inUse : (keys.lists[0] ?? inUse);
    const rests = (stored: StoredBlock | undefined) => stored?.kind === 'skip' || (stored?.slot !== undefined ? keys.standing(stored.slot) !== 'disputed' && sameKeyAt(inUse, next, stored.slot) : !keys.disputed && next === inUse);
    let good = macroHead.height;
    while (good < state.head.height && rests(store.mainChainAt(good + 1))) good += 1;
    if (next === inUse && good === state.head.height) return;
    const reverted = revertTo(state, store.mainChainAt(good)!.hash);
    store.cut(good);
    state.head = store.mainChainAt(good)!;
    if (next !== inUse) {
      const { block } = electionHead;
      const stored: MacroStored = { ...electionHead, block: { ...block, header: { ...block.header, validators: next } } };
      store.replace(stored);
      if (state.macroHead === electionHead) state.macroHead = stored;
      if (state.head === electionHead) state.head = stored;
      state.electionHead = stored;
    }
    this.events.emit('change', { kind: 'relisted', adopted: [], reverted });
  }

  #pushFinal(block: Block, stages: typeof checksRun.pushMacro | typeof checksRun.pushElectionOnTrust, signal: AbortSignal | undefined): Promise<PushResult> {
    return this.#enqueue(async (state) => {
      const hash = blockHash(block);
      const early = this.#early(state, block, hash);
      if (early) return early;
      const stored = storedBlock(block, hash, true);
      const code = await this.#validate(stages, this.#context(state, stored), signal);
      if (this.#state !== state) return { result: 'ignored' };
      if (code) return { result: 'invalid', code };
      return this.#adoptFinal(state, stored, stages === checksRun.pushElectionOnTrust);
    }, signal);
  }

  #adoptFinal(state: ChainState, stored: StoredBlock, onTrust = false): PushResult {
    // Nothing we hold need be among its ancestors; without trust the macro head is, and for a direct successor the micro blocks are too.
    if (onTrust) state.store.clear();
    else if (stored.block.header.parentHash !== state.head.hash) state.store.cut(state.macroHead.height);
    adopt(state, [stored], this.policy);
    if (onTrust) state.checked = nothingChecked;
    this.#emitFinal(stored, [stored]);
    return { result: 'extended', adopted: [stored] };
  }

  /** What is answered without a look at the rules. */
  #early(state: ChainState, block: Block, hash: Hash): PushResult | undefined {
    if (this.has(hash)) return { result: 'known' };
    return block.header.blockNumber <= state.macroHead.height ? { result: 'ignored' } : undefined;
  }

  /** Fork choice for a block that keeps all rules. */
  #decide(state: ChainState, stored: StoredBlock): PushResult {
    const { store, head } = state;
    const order = chainOrder(stored, head, store);
    const equivocation = stored.kind === 'micro' && hasTwin(state, stored);
    const stand: ChainChange = { kind: 'stored', adopted: [], reverted: [], stored, equivocation: equivocation || undefined };
    if (order === 'inferior' || order === 'unknown') {
      store.add(stored);
      this.events.emit('change', stand);
      return { result: order === 'unknown' ? 'forked' : 'ignored' };
    }
    const adopted = order === 'extend' ? [stored] : branchTo(stored, store);
    const reverted = revertTo(state, adopted[0]!.block.header.parentHash);
    adopt(state, adopted, this.policy);
    if (reverted.length > 0) this.events.emit('change', { kind: 'rebranched', adopted, reverted });
    if (stored.block.type === 'macro') this.#emitFinal(stored, reverted.length > 0 ? [] : adopted);
    else if (reverted.length === 0) this.events.emit('change', { kind: 'extended', adopted, reverted });
    if (equivocation) this.events.emit('change', stand);
    return reverted.length > 0 ? { result: 'rebranched', adopted, reverted } : { result: 'extended', adopted };
  }

  #emitFinal(stored: StoredBlock, adopted: readonly StoredBlock[]): void {
    this.events.emit('change', { kind: stored.kind === 'election' ? 'epoch-finalized' : 'finalized', adopted, reverted: [] });
  }

  #context(state: ChainState, { block, hash, kind }: StoredBlock) {
    return {
      block,
      hash,
      kind,
      network: this.network,
      policy: this.policy,
      now: this.#options.clock.now(),
      macroHead: state.macroHead,
      validators: electedBy(state.electionHead),
      disabled: state.macroHead.block.header.nextBatchInitialPunishedSet,
      decodedKey: this.#keys.lookup,
      draw: this.#draw,
    };
  }

  /** The first rule of these stages that the block breaks: all cheap ones, then the stored keys are fetched, then the expensive ones. */
  async #validate<S extends Stage>(
    stages: readonly S[],
    context: ContextOf<S> & { readonly block: Block; readonly validators: readonly Validator[] },
    signal?: AbortSignal,
  ): Promise<BlockErrorCode | undefined> {
    const { block, validators } = context;
    const rules = rulesOf(this.#rules, stages);
    const broken = firstBrokenCheck(rules, context);
    if (broken) return broken;
    await this.#keys.load(block.type === 'macro' ? [...validators, ...(block.header.validators ?? [])] : validators);
    const { code, decoded } = await runJobs(rules, context, this.#options.verify, signal);
    this.#keys.add(decoded);
    return code;
  }

  /** In turn, unless the chain is another by then. */
  #enqueue(task: (state: ChainState) => Promise<PushResult>, signal: AbortSignal | undefined): Promise<PushResult> {
    const state = this.#state;
    const outcome = this.#queue.run<PushResult>(async () => {
      signal?.throwIfAborted();
      return this.#state === state ? task(state) : { result: 'ignored' };
    });
    return outcome ?? Promise.resolve({ result: 'ignored' });
  }
}
