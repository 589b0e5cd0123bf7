/**
 * Runs verification jobs: in a worker at once, and in slices on a thread that must stay responsive. No job can make it throw.
 * @module
 */
import { blake2s } from './blake2s.ts';
import { blsVerifierOf } from './bls-verifier.ts';
import type { BlsVerifier } from './bls-verifier.ts';
import type { Signer } from './signer.ts';
import { verifyEd25519Sync } from './ed25519.ts';
import { finish } from './finish.ts';
import { zkProofVerifierOf } from './groth16.ts';
import type { ZkProofVerifier } from './groth16.ts';
import type { RandomBytes } from './justification-batch.ts';
import type { DecodedKey, JobFailure, JobResult, KeyRootsJob, KeysJob, MultiSignatureJob, ProposerJob, VerificationJob, WeightedKey } from './jobs.ts';
import { keyTreeRoot } from './key-tree.ts';
import { bigintMnt6 } from './mnt6/mnt6.ts';
import type { Mnt6 } from './mnt6/mnt6.ts';
import { runJustifications } from './run-justifications.ts';
import { isNews } from './voting-key.ts';
import { verifyVrfSeedSteps } from './vrf.ts';

/** There are no more slots, hence no more keys; a job with more is invalid in any case. */
const MAX_KEYS = 512;

/** Trees in one job, 0.8 ms each; the next macro-chain answers wait meanwhile. */
const MAX_LISTS = 1024;

/**
 * Runs a job in slices of at most a few milliseconds, most of them far below one. The caller runs as many slices as it has time for, lets
 * other work run, and continues. It may drop the generator at any point, with `return`.
 */
export type RunJob = (job: VerificationJob) => Generator<void, JobResult>;

export interface JobRunnerOptions {
  /** The source of the multipliers of batches; the system's by default. */
  readonly random?: RandomBytes | undefined;
  /** A faster BLAKE2s than the one in JavaScript. */
  readonly blake2s?: ((bytes: Uint8Array) => Uint8Array) | undefined;
}

/** A runner on this curve, with its own caches. Only on BigInt may its jobs interleave (see `mnt6/arena.ts`). */
export function createJobRunner<E>(curve: Mnt6<E>, options: JobRunnerOptions = {}): RunJob {
  const verifier = blsVerifierOf(curve, options.random);
  const verifyZkProofSteps = zkProofVerifierOf(curve);
  return function* runJob(job) {
    const mark = curve.field.mark();
    try {
      return yield* runWith({ bls: verifier, verifyZkProofSteps, hash: options.blake2s ?? blake2s }, job);
    } finally {
      curve.field.release(mark, []);
    }
  };
}

/** On BigInt: used on the hub's own thread, and wherever there is nothing faster. */
export const runJob: RunJob = createJobRunner(bigintMnt6);

/** Runs the job at once: up to some hundred milliseconds, and 50 more for each key that is not decoded yet. */
export function runJobNow(job: VerificationJob): JobResult {
  return finish(runJob(job));
}

interface Tools<E> {
  readonly bls: BlsVerifier<E>;
  readonly verifyZkProofSteps: ZkProofVerifier;
  readonly hash: typeof blake2s;
}

function* runWith<E>({ bls: verifier, verifyZkProofSteps, hash }: Tools<E>, job: VerificationJob): Generator<void, JobResult> {
  switch (job.kind) {
    case 'proposer':
      return yield* runProposer(job);
    case 'multi-signature':
      return yield* runMultiSignature(verifier, job);
    case 'keys':
      return yield* runKeys(verifier, job);
    case 'justifications':
      return yield* runJustifications(verifier, job);
    case 'key-roots':
      return yield* runKeyRoots(hash, job);
    case 'zk-proof':
      return (yield* verifyZkProofSteps(job)) ? { valid: true, decoded: [] } : failed('zk-proof');
    // `steps-of.ts` runs them elsewhere.
    case 'ed25519-strict':
    case 'bls12-381':
    case 'secp256k1-recover':
    case 'hash-chains':
      return failed('signature');
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

function* runKeyRoots(hash: typeof blake2s, { lists }: KeyRootsJob): Generator<void, JobResult> {
  if (lists.length > MAX_LISTS) return failed('voting-key');
  const roots: Uint8Array[] = [];
  for (const list of lists) {
    roots.push(keyTreeRoot(list, hash));
    yield;
  }
  return { valid: true, decoded: [], roots };
}

interface DecodedKeys<E> {
  /** In the order of the input, up to the first invalid key. */
  readonly keys: Signer<E>[];
  /** The keys that came without a correct decoded form, each once. */
  readonly decoded: DecodedKey[];
}

function* decodeAll<E>(verifier: BlsVerifier<E>, signers: readonly WeightedKey[]): Generator<void, DecodedKeys<E>> {
  const keys: Signer<E>[] = [];
  const decoded = new Set<DecodedKey>();
  for (const signer of signers) {
    const key = yield* verifier.keys.decodeSteps(signer);
    if (!key) break;
    keys.push({ key, weight: signer.weight });
    if (isNews(key, signer.decoded)) decoded.add(key.decoded);
  }
  return { keys, decoded: [...decoded] };
}

function failed(failure: JobFailure, decoded: readonly DecodedKey[] = []): JobResult {
  return { valid: false, failure, decoded };
}
