import type { DecodedKey, Verify } from '../../../crypto/jobs.ts';
import type { Block, Validator } from '../wire/types.ts';
import type { StoredBlock } from './block-store.ts';
import { type ChainState, electedBy } from './chain-state.ts';
import { GoodAggregates } from './good-aggregates.ts';
import { KeyRing } from './key-ring.ts';
import type { NetworkParameters } from './network.ts';
import type { Policy } from './policy.ts';
import type { PushResult } from './push-result.ts';
import type { BlockErrorCode } from './rules/codes.ts';
import { drawnSlot } from './rules/proposer.ts';
import { firstBrokenCheck, runJobs } from './rules/run-rules.ts';
import { checksRun, type ContextOf, type RuleTables, rulesOf, type Stage } from './rules/stages.ts';
import type { DrawSlot } from './slots.ts';

export type Refused = Extract<PushResult, { result: 'undecided' | 'invalid' }>;

export interface BlockExaminerOptions {
  readonly network: NetworkParameters;
  readonly policy: Policy;
  readonly verify: Verify;
  readonly clock: { now(): number };
  readonly rules: RuleTables;
  readonly draw: DrawSlot;
  readonly decodedKeys: ((compressed: Uint8Array[]) => Promise<readonly DecodedKey[]>) | undefined;
  readonly rememberKeys: ((keys: readonly DecodedKey[]) => void) | undefined;
}

/** Puts blocks to the rules, against a state of the chain. It changes nothing in that state but the slot of a block that it finds good. */
export class BlockExaminer {
  readonly #options: BlockExaminerOptions;
  readonly #keys: KeyRing;
  readonly #aggregates = new GoodAggregates();

  constructor(options: BlockExaminerOptions) {
    this.#options = options;
    this.#keys = new KeyRing(options.decodedKeys, options.rememberKeys);
  }

  /** Checks all rules of the live chain. Returns the answer if one is broken or cannot be judged; undefined: the block is good. */
  async examine(state: ChainState, stored: StoredBlock, predecessor: StoredBlock, signal: AbortSignal | undefined, now = this.#options.clock.now()): Promise<Refused | undefined> {
    const { block } = stored;
    const { keys } = state;
    const unslotted = { ...this.context(state, stored), predecessor, now };
    const broken = firstBrokenCheck(rulesOf(this.#options.rules, checksRun.push[block.type]), unslotted);
    if (broken) return { result: 'invalid', code: broken };
    const slot = keys.covered ? undefined : drawnSlot(unslotted);
    const context = { ...unslotted, slot };
    const standing = () => (slot === undefined ? 'proven' : keys.standing(slot));
    const before = standing();
    if (slot !== undefined && block.type === 'micro' && before === 'disputed') return { result: 'undecided', slot, code: undefined };
    // A macro block needs no proven signing key: its voting keys justify it, and it is macro blocks that prove signing keys.
    const stages = block.type === 'macro' && before !== 'proven' ? checksRun.push.unprovenMacro : checksRun.push[block.type];
    const code = await this.validate(stages, context, signal, this.verifierOf(state, block));
    const byKey = code === 'invalid-seed' || code === 'invalid-signature';
    if (slot !== undefined && block.type === 'micro' && (standing() === 'disputed' || (byKey && before !== 'proven'))) return { result: 'undecided', slot, code: byKey ? code : undefined };
    if (code) return { result: 'invalid', code };
    if (block.type === 'micro') stored.slot = slot;
    return undefined;
  }

  /** What the rules know of a block, and of the chain around it. */
  context(state: ChainState, { block, hash, kind }: StoredBlock) {
    return {
      block,
      hash,
      kind,
      network: this.#options.network,
      policy: this.#options.policy,
      now: this.#options.clock.now(),
      macroHead: state.macroHead,
      validators: electedBy(state.electionHead),
      disabled: state.macroHead.block.header.nextBatchInitialPunishedSet,
      decodedKey: this.#keys.lookup,
      draw: this.#options.draw,
    };
  }

  /** The verifier for a block by the validators of the running epoch. */
  verifierOf(state: ChainState, block: Block): Verify {
    return this.#aggregates.verifierOf(block, state.electionHead.hash, this.#options.verify);
  }

  /** The first rule of these stages that the block breaks: first all cheap rules, then the stored keys are loaded, then the expensive rules. */
  async validate<S extends Stage>(
    stages: readonly S[],
    context: ContextOf<S> & { readonly block: Block; readonly validators: readonly Validator[] },
    signal?: AbortSignal,
    verify = this.#options.verify,
  ): Promise<BlockErrorCode | undefined> {
    const { block, validators } = context;
    const rules = rulesOf(this.#options.rules, stages);
    const broken = firstBrokenCheck(rules, context);
    if (broken) return broken;
    await this.#keys.load(block.type === 'macro' ? [...validators, ...(block.header.validators ?? [])] : validators);
    const { code, decoded } = await runJobs(rules, context, verify, signal);
    this.#keys.add(decoded);
    return code;
  }
}
