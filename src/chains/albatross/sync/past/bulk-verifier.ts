import type { DecodedKey, JobResult, JustificationsJob, Verify, ZkProofJob } from '../../../../crypto/jobs.ts';
import type { Clock } from '../../../../base/clock.ts';
import { blockKind } from '../../chain/block-kind.ts';
import { voteSigHash } from '../../chain/hashes.ts';
import { KeyRing } from '../../chain/key-ring.ts';
import type { NetworkParameters } from '../../chain/network.ts';
import { policyOf } from '../../chain/policy-of.ts';
import type { Policy } from '../../chain/policy.ts';
import type { BlockErrorCode } from '../../chain/rules/codes.ts';
import { firstBrokenCheck } from '../../chain/rules/run-rules.ts';
import { allRules, checksRun, rulesOf } from '../../chain/rules/stages.ts';
import { signersOf } from '../../chain/slots.ts';
import { toHex } from '../../../../base/bytes.ts';
import type { Hash } from '../../../../base/hash.ts';
import type { MacroBlock } from '../../wire/types.ts';
import { BatchSize } from './batch-size.ts';
import { KeyRoots } from './key-roots.ts';

/** Distinct keys that a `justifications` job may have. */
const maxJobKeys = 2048;
/** Keys checked in one job; each takes tens of milliseconds. */
const maxKeys = 32;

/** An election block with its predecessor, whose validators must have signed it. */
export interface ElectionStep {
  readonly block: MacroBlock;
  readonly hash: Hash;
  readonly before: { readonly block: MacroBlock; readonly hash: Hash };
}

/** The first `good` steps of a batch pass all rules; the next one breaks rule `code`, if any. */
export interface BatchVerdict {
  readonly good: number;
  readonly code: BlockErrorCode | undefined;
}

export interface BulkVerifierOptions {
  readonly network: NetworkParameters;
  readonly size?: BatchSize | undefined;
  readonly verify: Verify;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly decodedKeys?: ((compressed: Uint8Array[]) => Promise<readonly DecodedKey[]>) | undefined;
  readonly rememberKeys?: ((keys: readonly DecodedKey[]) => void) | undefined;
}

/**
 * Verifies consecutive election blocks in bulk by the rules of `LightChain.pushMacro`: the cheap rules block by block and in order, the
 * signatures of a whole batch as one job.
 */
export class BulkVerifier {
  readonly network: NetworkParameters;
  readonly policy: Policy;
  readonly roots: KeyRoots;
  readonly size: BatchSize;
  readonly #verify: Verify;
  readonly #clock: BulkVerifierOptions['clock'];
  readonly #keys: KeyRing;
  /** Monotonic milliseconds of the end of the last batch; later batches waited for that. */
  #lastEnd = 0;

  constructor({ network, size = new BatchSize(), verify, clock, decodedKeys, rememberKeys }: BulkVerifierOptions) {
    this.network = network;
    this.policy = policyOf(network);
    this.size = size;
    this.roots = new KeyRoots(verify);
    this.#verify = verify;
    this.#clock = clock;
    this.#keys = new KeyRing(decodedKeys, rememberKeys);
  }

  /** Verifies a zero-knowledge proof. Rejects only when `verify` does. */
  verifyProof(job: ZkProofJob, options: { readonly signal: AbortSignal; readonly background: boolean }): Promise<JobResult> {
    return this.#verify(job, options);
  }

  /** The first cheap rule that the step breaks. `now`: unix milliseconds, which its timestamp is compared with. */
  brokenCheck({ block, hash, before }: ElectionStep, now = this.#clock.now()): BlockErrorCode | undefined {
    return firstBrokenCheck(rulesOf(allRules, checksRun.pushMacro), {
      block,
      hash,
      kind: blockKind(block),
      network: this.network,
      policy: this.policy,
      now,
      macroHead: before,
      validators: before.block.header.validators ?? [],
      decodedKey: this.#keys.lookup,
    });
  }

  /**
   * Checks the expensive rules of steps that have passed `brokenCheck`. `onAsked` is called when the first job was handed over. Rejects
   * only when `verify` does.
   */
  async verify(steps: readonly ElectionStep[], options: { readonly signal: AbortSignal; readonly background: boolean; readonly onAsked?: (() => void) | undefined }): Promise<BatchVerdict> {
    const begun = this.#clock.monotonic();
    await this.#keys.load(steps.flatMap(({ block, before }) => [...(before.block.header.validators ?? []), ...(block.header.validators ?? [])]));
    const job = this.#job(steps);
    if (job.keys.length > maxJobKeys && steps.length > 1) {
      const half = Math.ceil(steps.length / 2);
      const first = await this.verify(steps.slice(0, half), options);
      if (first.code) return first;
      const second = await this.verify(steps.slice(half), options);
      return { good: half + second.good, code: second.code };
    }
    const answer = this.#verify(job, options);
    options.onAsked?.();
    const result = await answer;
    this.#keys.add(result.decoded);
    if (!result.valid) {
      // If the worker does not say which item failed, count from the first block and verify the batch one by one from there.
      const good = Math.min(steps.length - 1, Math.max(0, result.at ?? 0));
      if (steps.length > 1 && result.at === undefined) return this.#oneByOne(steps, options);
      return { good, code: 'invalid-justification' };
    }
    const bad = await this.#badKeys(steps, options);
    const end = this.#clock.monotonic();
    this.size.took(steps.length, end - Math.max(begun, this.#lastEnd));
    this.#lastEnd = end;
    return bad === undefined ? { good: steps.length, code: undefined } : { good: bad, code: 'invalid-voting-key' };
  }

  async #oneByOne(steps: readonly ElectionStep[], options: { readonly signal: AbortSignal; readonly background: boolean }): Promise<BatchVerdict> {
    for (const [good, step] of steps.entries()) {
      const { code } = await this.verify([step], options);
      if (code) return { good, code };
    }
    return { good: steps.length, code: undefined };
  }

  #job(steps: readonly ElectionStep[]): JustificationsJob {
    const keys: { compressed: Uint8Array; decoded?: Uint8Array | undefined }[] = [];
    const places = new Map<string, number>();
    const items = steps.map(({ block, before }) => {
      // Present, because a block without justification does not pass the cheap rules.
      const { round, sig } = block.justification!;
      const signers = signersOf(sig.signers, before.block.header.validators ?? [], this.#keys.lookup).map(({ compressed, decoded, weight }) => {
        const name = toHex(compressed);
        const key = places.get(name) ?? keys.push({ compressed, decoded }) - 1;
        places.set(name, key);
        return { key, weight };
      });
      return { sigHash: voteSigHash(block.header, round), signature: sig.signature, signers };
    });
    return { kind: 'justifications', keys, items };
  }

  /** The index of the first block that elects an invalid key. */
  async #badKeys(steps: readonly ElectionStep[], options: { readonly signal: AbortSignal; readonly background: boolean }): Promise<number | undefined> {
    const all = await this.#keysAreGood(steps, options);
    if (all) return undefined;
    for (const [index, step] of steps.entries()) if (!(await this.#keysAreGood([step], options))) return index;
    return undefined;
  }

  async #keysAreGood(steps: readonly ElectionStep[], options: { readonly signal: AbortSignal; readonly background: boolean }): Promise<boolean> {
    const unknown = new Map<string, Uint8Array>();
    for (const { block } of steps) for (const { votingKey } of block.header.validators ?? []) if (!this.#keys.lookup(votingKey)) unknown.set(toHex(votingKey), votingKey);
    const keys = [...unknown.values()];
    for (let at = 0; at < keys.length; at += maxKeys) {
      const result = await this.#verify({ kind: 'keys', keys: keys.slice(at, at + maxKeys) }, options);
      this.#keys.add(result.decoded);
      if (!result.valid) return false;
    }
    return true;
  }
}
