import type { DecodedKey, Verify } from '../../../crypto/jobs.ts';
import { Emitter } from '../../../base/emitter.ts';
import { type AlbatrossCounts, nothingChecked } from './checked-counts.ts';
import { sumOfChecked } from '../../../engine/trust.ts';
import type { Block, MacroBlock, Validator } from '../wire/types.ts';
import type { Hash } from '../../../base/hash.ts';
import { BlockExaminer } from './block-examiner.ts';
import { type ChainBlock, type StoredBlock, storedBlock, unsigned } from './block-store.ts';
import type { ChainChange, ChainEvents } from './chain-change.ts';
import { adopt, type ChainState, electedBy, type MacroStored, stateAtGenesis } from './chain-state.ts';
import { blockHash } from './hashes.ts';
import type { KeyProof } from './key-proof.ts';
import { loadGenesis } from './network-parameters.ts';
import type { NetworkParameters } from './network.ts';
import { finalChange, placeBlock } from './place-block.ts';
import { policyOf } from './policy-of.ts';
import type { Policy } from './policy.ts';
import { PushQueue } from './push-queue.ts';
import type { PushResult } from './push-result.ts';
import { rebuild, type RestorableChain } from './rebuild-chain.ts';
import type { BlockErrorCode } from './rules/codes.ts';
import { firstBrokenCheck } from './rules/run-rules.ts';
import { allRules, checksRun, type RuleTables } from './rules/stages.ts';
import { seedProofs } from './seed-proof.ts';
import { replaceElection, settleKeys } from './settle-keys.ts';
import { type DrawSlot, proposerSlot } from './slots.ts';

export type { ChainBlock } from './block-store.ts';
export type { ChainChange, ChainEvents } from './chain-change.ts';
export type { PushResult } from './push-result.ts';

export interface LightChainOptions {
  readonly network: NetworkParameters;
  readonly verify: Verify;
  readonly clock: { now(): number };
  /** Voting keys decoded in an earlier session, by their compressed bytes; unknown ones are left out. */
  readonly decodedKeys?: ((compressed: Uint8Array[]) => Promise<readonly DecodedKey[]>) | undefined;
  /** Called with voting keys decoded for the first time. */
  readonly rememberKeys?: ((keys: readonly DecodedKey[]) => void) | undefined;
  /** The rules; a parameter for tests that leave one out. */
  readonly rules?: RuleTables | undefined;
  /** Draws the proposer's slot; a parameter for tests for which the real draw is too slow. */
  readonly draw?: DrawSlot | undefined;
}

/**
 * The light chain: headers and justifications from the last macro blocks to the head, side branches of the running batch, and the
 * validators of the running epoch. Blocks enter by `push` and its variants, each through the rules that `checksRun` names, one at a time in
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
  readonly #examiner: BlockExaminer;
  readonly #queue = new PushQueue();
  readonly #draw: DrawSlot;
  #state: ChainState;

  /** Throws `NetworkParametersError` when the genesis block does not decode or hash. */
  constructor(options: LightChainOptions) {
    this.#options = options;
    this.#rules = options.rules ?? allRules;
    this.#draw = options.draw ?? proposerSlot;
    this.network = options.network;
    this.policy = policyOf(options.network);
    const { network, verify, clock, decodedKeys, rememberKeys } = options;
    this.#examiner = new BlockExaminer({ network, policy: this.policy, verify, clock, rules: this.#rules, draw: this.#draw, decodedKeys, rememberKeys });
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

  /** The validators active for the block after the head, elected by the election head. */
  get validators(): readonly Validator[] {
    return electedBy(this.#state.electionHead);
  }

  /** How far the signing keys of the running epoch are proven. */
  get keys(): Pick<KeyProof, 'lists' | 'covered' | 'disputed' | 'standing' | 'refutes'> {
    return this.#state.keys;
  }

  /** Height of the newest block after the macro head that was `undecided`: the head may stand still until the next macro block. */
  get undecided(): number | undefined {
    return this.#state.undecided;
  }

  /** Whether each block above the macro head was made with a proven signing key. */
  get pendingProven(): boolean {
    const { store, keys, head, macroHead } = this.#state;
    for (let height = macroHead.height + 1; !keys.covered && height <= head.height; height += 1) {
      const stored = store.mainChainAt(height);
      if (stored?.kind !== 'skip' && (stored?.slot === undefined || keys.standing(stored.slot) !== 'proven')) return false;
    }
    return true;
  }

  /**
   * Height of the lowest skip block in the run of skip blocks at the end of the chain. No other block builds on these yet, so the parts
   * that their proofs do not cover may be made up.
   */
  get unbuiltFrom(): number | undefined {
    const { store, head, macroHead } = this.#state;
    let lowest: number | undefined;
    for (let height = head.height; height > macroHead.height && store.mainChainAt(height)?.kind === 'skip'; height -= 1) lowest = height;
    return lowest;
  }

  /** Counts of main chain blocks that passed the rules since the anchor. */
  get checked(): AlbatrossCounts {
    return this.#state.checked;
  }

  /** A block held here: of this batch or the one before, on any branch; or the election head or the genesis block. */
  block(hash: Hash): ChainBlock | undefined {
    const { store, variants, electionHead } = this.#state;
    return store.get(hash) ?? variants.get(hash) ?? [electionHead, this.#genesis].find((stored) => stored.hash === hash);
  }

  /** The same by height, on the main chain only. */
  blockAt(height: number): ChainBlock | undefined {
    const { store, electionHead } = this.#state;
    return store.mainChainAt(height) ?? [electionHead, this.#genesis].find((stored) => stored.height === height);
  }

  has(hash: Hash): boolean {
    return this.block(hash) !== undefined;
  }

  /** The hash of an election block known to be final: genesis, every former election head, and their parent election blocks. */
  electionHash(height: number): Hash | undefined {
    return this.#state.electionHashes.get(height);
  }

  /** Takes a block of the live chain: all rules, then fork choice. `wanted`: it was asked for, because another block names it. */
  push(block: Block, options?: { readonly signal?: AbortSignal | undefined; readonly wanted?: boolean | undefined }): Promise<PushResult> {
    return this.#enqueue(async (state) => {
      const hash = blockHash(block);
      const early = this.#early(state, block, hash);
      if (early) return early;
      const parent = state.store.get(block.header.parentHash) ?? state.variants.get(block.header.parentHash);
      if (!parent) return { result: 'orphan' };
      const stored = storedBlock(block, hash, false);
      const refused = await this.#examiner.examine(state, stored, parent, options?.signal);
      if (this.#state !== state) return { result: 'ignored' };
      if (refused?.result === 'undecided') state.undecided = Math.max(stored.height, state.undecided ?? 0);
      return refused ?? placeBlock(state, stored, { wanted: options?.wanted === true, policy: this.policy, changed: this.#changed });
    }, options?.signal);
  }

  /**
   * Takes a macro block of the running epoch, up to the election block that ends it. Its predecessor need not be known. It replaces
   * everything before it, unless its predecessor is the head.
   */
  pushMacro(block: Block, options?: { readonly signal?: AbortSignal | undefined }): Promise<PushResult> {
    return this.#pushFinal(block, checksRun.pushMacro, options?.signal);
  }

  /**
   * Takes an election block on the word of others (witnesses, a pin): nothing in it is proven, and its justification is not kept; see
   * `takeJustification`. The counts of `checked` restart from here.
   */
  pushElectionOnTrust(block: Block, options?: { readonly signal?: AbortSignal | undefined }): Promise<PushResult> {
    return this.#pushFinal(block, checksRun.pushElectionOnTrust, options?.signal);
  }

  /**
   * Takes election blocks on top of our election head that were verified elsewhere, in bulk, by every rule of `pushMacro`. Takes them in
   * order as far as each follows the one before; returns how many.
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

  /** Adds counts for a part of the past that was taken on trust and is now verified. */
  credit(counts: AlbatrossCounts): void {
    this.#state.checked = sumOfChecked(this.#state.checked, counts);
  }

  /** Takes the election head's justification, verified elsewhere, if the chain has none. */
  takeJustification(hash: Hash, justification: MacroBlock['justification']): void {
    const { electionHead } = this.#state;
    if (!justification || hash !== electionHead.hash || electionHead.block.justification || hash === this.genesis.hash) return;
    replaceElection(this.#state, { ...electionHead.block, justification });
    this.events.emit('change', { kind: 'recopied', adopted: [], reverted: [] });
  }

  /**
   * Takes another copy of the election head with its own validator list; `hash` is the copy's. Reverts pending blocks whose proposer's key
   * becomes disputed. `other`: it is a copy of another block, or the hash covers the list.
   */
  addCopy(hash: Hash, block: MacroBlock): Promise<'added' | 'known' | 'refuted' | 'other'> {
    const outcome = this.#queue.run(async () => {
      const state = this.#state;
      const { keys } = state;
      const list = block.header.validators;
      if (hash !== state.electionHead.hash || keys.covered || !list) return 'other' as const;
      if (firstBrokenCheck(this.#rules.intrinsic, { ...this.#examiner.context(state, storedBlock(block, hash, false)), now: Number.MAX_SAFE_INTEGER })) return 'refuted' as const;
      const added = keys.add(list);
      if (added === 'added') this.#settle(state);
      return added;
    });
    return outcome ?? Promise.resolve('other');
  }

  /**
   * Proves signing keys by the blocks of a batch, and refutes lists. `base` is the macro block before the batch. The blocks are linked from
   * it by hash up to a macro block that is the macro head or is justified by this epoch's voting keys. All of this is checked here too.
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

  /** Why these validators' signatures do not justify the block; undefined if they do. Checks nothing else about the block. */
  async verifyMacroJustification(
    block: MacroBlock,
    validators: readonly Validator[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<BlockErrorCode | undefined> {
    const state = this.#state;
    const context = { ...this.#examiner.context(state, storedBlock(block, blockHash(block), false)), validators };
    return this.#examiner.validate(checksRun.verifyMacroJustification, context, options?.signal, validators === electedBy(state.electionHead) ? this.#examiner.verifierOf(state, block) : undefined);
  }

  /**
   * Whether another copy of a held block, with the same hash but perhaps another justification, is good. Otherwise the rule that it breaks,
   * or `untold` if it cannot be judged: below the macro head, under an unproven key, or for an election block, whose signers' validator
   * list is gone.
   */
  async verifyCopy(block: Block, options?: { readonly signal?: AbortSignal | undefined }): Promise<'good' | 'untold' | BlockErrorCode> {
    const state = this.#state;
    const stored = storedBlock(block, blockHash(block), false);
    if (block.type === 'macro') return stored.hash === state.macroHead.hash && stored.kind === 'checkpoint' ? ((await this.verifyMacroJustification(block, this.validators, options)) ?? 'good') : 'untold';
    const predecessor = stored.height > state.macroHead.height ? state.store.get(block.header.parentHash) : undefined;
    if (!predecessor) return 'untold';
    const refused = await this.#examiner.examine(state, stored, predecessor, options?.signal);
    // A bad signature under an unproven key says nothing yet.
    return refused ? (refused.result === 'invalid' ? refused.code : 'untold') : 'good';
  }

  /** A new chain of this network at its genesis block, for verification beside this one. */
  aside(): LightChain {
    return new LightChain(this.#options);
  }

  /** Returns to genesis at once. Pushes that are waiting or running end `ignored`. */
  reset(): void {
    this.#state = stateAtGenesis(this.#genesis);
    this.events.emit('change', { kind: 'reset', adopted: [], reverted: [] });
  }

  /**
   * Replaces this chain by a stored one. Hashes, links and the checkpoint's justification are checked again. (An election block is
   * justified by validators that this chain does not know; the tail's signatures and seeds are left to `verifyTail`.) Timestamps are not
   * compared with the clock: that was done when the blocks arrived. On a refusal nothing is changed. `onReplaced` is called when the chain
   * is in place, before any listener is notified.
   */
  restore(chain: RestorableChain, onReplaced?: () => void): Promise<'restored' | { readonly code: BlockErrorCode | 'superseded' }> {
    const outcome = this.#queue.run(async () => {
      const before = this.#state;
      const state = stateAtGenesis(this.#genesis);
      const code = await rebuild(state, chain, this.#examiner, this.policy);
      if (code) return { code };
      // The chain was reset meanwhile; the later reset wins.
      if (this.#state !== before) return { code: 'superseded' } as const;
      state.checked = chain.checked ?? nothingChecked;
      this.#state = state;
      onReplaced?.();
      this.events.emit('change', { kind: 'reset', adopted: [], reverted: [] });
      return 'restored' as const;
    });
    return outcome ?? Promise.resolve({ code: 'superseded' });
  }

  /** Checks each block after the macro head by all rules, as if it had just arrived. Returns the first block that is bad or cannot be judged. */
  verifyTail(options?: { readonly signal?: AbortSignal | undefined }): Promise<{ readonly code: BlockErrorCode; readonly height: number; readonly hash: Hash } | undefined> {
    const outcome = this.#queue.run(async () => {
      const state = this.#state;
      const tail: StoredBlock[] = [];
      for (let height = state.macroHead.height + 1; height <= state.head.height; height += 1) tail.push(state.store.mainChainAt(height)!);
      const refusals = await Promise.all(
        tail.map(async (stored) => {
          const refused = await this.#examiner.examine(state, stored, state.store.get(stored.block.header.parentHash)!, options?.signal, Number.MAX_SAFE_INTEGER);
          return refused && { code: refused.code ?? ('invalid-signature' as const), height: stored.height, hash: stored.hash };
        }),
      );
      return refusals.find((refusal) => refusal !== undefined);
    });
    return outcome ?? Promise.resolve(undefined);
  }

  readonly #changed = (change: ChainChange): void => this.events.emit('change', change);

  /** See `settleKeys`. */
  #settle(state: ChainState): void {
    const reverted = settleKeys(state);
    if (reverted) this.#changed({ kind: 'recopied', adopted: [], reverted });
  }

  #pushFinal(block: Block, stages: typeof checksRun.pushMacro | typeof checksRun.pushElectionOnTrust, signal: AbortSignal | undefined): Promise<PushResult> {
    return this.#enqueue(async (state) => {
      const hash = blockHash(block);
      const early = this.#early(state, block, hash);
      if (early) return early;
      const stored = storedBlock(block, hash, true);
      const code = await this.#examiner.validate(stages, this.#examiner.context(state, stored), signal, this.#examiner.verifierOf(state, block));
      if (this.#state !== state) return { result: 'ignored' };
      if (code) return { result: 'invalid', code };
      if (stages === checksRun.pushMacro || block.type !== 'macro') return this.#adoptFinal(state, stored);
      return this.#adoptFinal(state, storedBlock(unsigned(block), hash, true), true);
    }, signal);
  }

  #adoptFinal(state: ChainState, stored: StoredBlock, onTrust = false): PushResult {
    // Blocks taken on trust may have none of our blocks as ancestors. Otherwise the macro head is an ancestor, and for a direct successor
    // the micro blocks are too.
    if (onTrust) state.store.clear();
    else if (stored.block.header.parentHash !== state.head.hash) state.store.cut(state.macroHead.height);
    adopt(state, [stored], this.policy);
    if (onTrust) state.checked = nothingChecked;
    this.#changed(finalChange(stored, [stored]));
    return { result: 'extended', adopted: [stored] };
  }

  /** The answer, if it can be given without checking the rules. */
  #early(state: ChainState, block: Block, hash: Hash): PushResult | undefined {
    if (this.has(hash)) return { result: 'known' };
    return block.header.blockNumber <= state.macroHead.height ? { result: 'ignored' } : undefined;
  }

  /** Runs the task in turn, unless the chain was replaced by then. */
  #enqueue(task: (state: ChainState) => Promise<PushResult>, signal: AbortSignal | undefined): Promise<PushResult> {
    const state = this.#state;
    const outcome = this.#queue.run<PushResult>(async () => {
      signal?.throwIfAborted();
      return this.#state === state ? task(state) : { result: 'ignored' };
    });
    return outcome ?? Promise.resolve({ result: 'ignored' });
  }
}
