/**
 * Runs verification jobs: in a worker at once, on a thread that must stay responsive in slices. Nothing in a job makes it throw.
 * @module
 */
import { blsVerifierOf } from './bls-verifier.ts';
import type { BlsVerifier, Signer } from './bls-verifier.ts';
import { verifyEd25519Sync } from './ed25519.ts';
import { finish } from './finish.ts';
import type { DecodedKey, JobFailure, JobResult, KeysJob, MultiSignatureJob, ProposerJob, VerificationJob, WeightedKey } from './jobs.ts';
import { bigintMnt6 } from './mnt6/mnt6.ts';
import type { Mnt6 } from './mnt6/mnt6.ts';
import { verifyVrfSeedSteps } from './vrf.ts';

/** There are no more slots, hence no more keys; a job with more is wrong, whoever made it. */
const MAX_KEYS = 512;

/**
 * A job in slices of at most a few milliseconds, most of them far below one. The caller runs as many as it has time for, lets other
 * work run, and goes on; it may drop the generator at any point, with `return`.
 */
export type RunJob = (job: VerificationJob) => Generator<void, JobResult>;

/** A runner on this curve, with caches of its own. Only on BigInt may its jobs take turns (see `mnt6/arena.ts`). */
export function createJobRunner<E>(curve: Mnt6<E>): RunJob {
  const verifier = blsVerifierOf(curve);
  return function* runJob(job) {
    const mark = curve.field.mark();
    try {
      return yield* runWith(verifier, job);
    } finally {
      curve.field.release(mark, []);
    }
  };
}

/** On BigInt: what the hub's own thread runs, and everybody who has nothing faster. */
export const runJob: RunJob = createJobRunner(bigintMnt6);

/** The job at once: up to some hundred milliseconds, and 50 more for each key that is not decoded yet. */
export function runJobNow(job: VerificationJob): JobResult {
  return finish(runJob(job));
}

function* runWith<E>(verifier: BlsVerifier<E>, job: VerificationJob): Generator<void, JobResult> {
  switch (job.kind) {
    case 'proposer':
      return yield* runProposer(job);
    case 'multi-signature':
      return yield* runMultiSignature(verifier, job);
    case 'keys':
      return yield* runKeys(verifier, job);
  }
}

function* runProposer({ publicKey, seed, previousSeed, blockNumber, signature }: ProposerJob): Generator<void, JobResult> {
  if (!(yield* verifyVrfSeedSteps({ publicKey, seed, previousSeed, nonce: blockNumber }))) return failed('seed');
  yield;
  if (signature && !verifyEd25519Sync(publicKey, signature.hash, signature.bytes)) return failed('signature');
  return { valid: true, decoded: [] };
}

function* runMultiSignature<E>(verifier: BlsVerifier<E>, { sigHash, signature, signers }: MultiSignatureJob): Generator<void, JobResult> {
  if (signers.length > MAX_KEYS) return failed('multi-signature');
  const { keys, decoded } = yield* decodeAll(verifier, signers);
  if (keys.length < signers.length) return failed('voting-key', decoded);
  return (yield* verifier.verifyWeightedSteps(sigHash, signature, keys)) ? { valid: true, decoded } : failed('multi-signature', decoded);
}

function* runKeys<E>(verifier: BlsVerifier<E>, { keys }: KeysJob): Generator<void, JobResult> {
  if (keys.length > MAX_KEYS) return failed('voting-key');
  const all = yield* decodeAll(verifier, keys.map((compressed) => ({ compressed, weight: 1 })));
  return all.keys.length === keys.length ? { valid: true, decoded: all.decoded } : failed('voting-key', all.decoded);
}

interface DecodedKeys<E> {
  /** In the order of the input, up to the first that is no key. */
  readonly keys: Signer<E>[];
  /** Of the keys that were not given decoded, or not rightly; each once. */
  readonly decoded: DecodedKey[];
}

function* decodeAll<E>(verifier: BlsVerifier<E>, signers: readonly WeightedKey[]): Generator<void, DecodedKeys<E>> {
  const keys: Signer<E>[] = [];
  const decoded = new Set<DecodedKey>();
  for (const signer of signers) {
    const key = yield* verifier.votingKeySteps(signer);
    if (!key) break;
    keys.push({ key, weight: signer.weight });
    if (key.decoded && !isSame(key.decoded.point, signer.decoded)) decoded.add(key.decoded);
  }
  return { keys, decoded: [...decoded] };
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return a.length === b?.length && a.every((byte, i) => byte === b[i]);
}

function failed(failure: JobFailure, decoded: readonly DecodedKey[] = []): JobResult {
  return { valid: false, failure, decoded };
}
