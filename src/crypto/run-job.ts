/**
 * Runs verification jobs: in a worker at once, on a thread that must stay responsive in slices. Nothing in a job makes it throw.
 * @module
 */
import { verifyWeightedSteps } from './bls.ts';
import { verifyEd25519Sync } from './ed25519.ts';
import { finish } from './finish.ts';
import { verifyZkProofSteps } from './groth16.ts';
import type { DecodedKey, JobFailure, JobResult, KeysJob, MultiSignatureJob, ProposerJob, VerificationJob, WeightedKey } from './jobs.ts';
import type { Weighted } from './mnt6/jacobian.ts';
import type { Fq3 } from './mnt6/fq3.ts';
import { verifyVrfSeedSteps } from './vrf.ts';
import { votingKeySteps } from './voting-key.ts';

/** There are no more slots, hence no more keys; a job with more is wrong, whoever made it. */
const MAX_KEYS = 512;

/**
 * The job in slices of at most a few milliseconds, most of them far below one. The caller runs as many as it has time for, lets
 * other work run, and goes on; it may drop the generator at any point.
 */
export function* runJob(job: VerificationJob): Generator<void, JobResult> {
  switch (job.kind) {
    case 'proposer':
      return yield* runProposer(job);
    case 'multi-signature':
      return yield* runMultiSignature(job);
    case 'keys':
      return yield* runKeys(job);
    case 'zk-proof':
      return (yield* verifyZkProofSteps(job)) ? { valid: true, decoded: [] } : failed('zk-proof');
  }
}

/** The job at once: up to some hundred milliseconds, and 50 more for each key that is not decoded yet. */
export function runJobNow(job: VerificationJob): JobResult {
  return finish(runJob(job));
}

function* runProposer({ publicKey, seed, previousSeed, blockNumber, signature }: ProposerJob): Generator<void, JobResult> {
  if (!(yield* verifyVrfSeedSteps({ publicKey, seed, previousSeed, nonce: blockNumber }))) return failed('seed');
  yield;
  if (signature && !verifyEd25519Sync(publicKey, signature.hash, signature.bytes)) return failed('signature');
  return { valid: true, decoded: [] };
}

function* runMultiSignature({ sigHash, signature, signers }: MultiSignatureJob): Generator<void, JobResult> {
  if (signers.length > MAX_KEYS) return failed('multi-signature');
  const { keys, decoded } = yield* decodeAll(signers);
  if (keys.length < signers.length) return failed('voting-key', decoded);
  return (yield* verifyWeightedSteps(sigHash, signature, keys)) ? { valid: true, decoded } : failed('multi-signature', decoded);
}

function* runKeys({ keys }: KeysJob): Generator<void, JobResult> {
  if (keys.length > MAX_KEYS) return failed('voting-key');
  const all = yield* decodeAll(keys.map((compressed) => ({ compressed, weight: 1 })));
  return all.keys.length === keys.length ? { valid: true, decoded: all.decoded } : failed('voting-key', all.decoded);
}

interface DecodedKeys {
  /** In the order of the input, up to the first that is no key. */
  readonly keys: Weighted<Fq3>[];
  /** Of the keys that were not given decoded, or not rightly; each once. */
  readonly decoded: DecodedKey[];
}

function* decodeAll(signers: readonly WeightedKey[]): Generator<void, DecodedKeys> {
  const keys: Weighted<Fq3>[] = [];
  const decoded = new Set<DecodedKey>();
  for (const signer of signers) {
    const key = yield* votingKeySteps(signer);
    if (!key) break;
    keys.push({ point: key.point, weight: signer.weight });
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
