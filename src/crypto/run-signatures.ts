/**
 * Runs the jobs `ed25519-strict` and `bls12-381`. `steps-of.ts` loads this file when the first such job comes, and it loads the code of BLS12-381 only
 * for a job that needs it.
 * @module
 */
import { type Ed25519Subtle, webCryptoSaysYes } from './ed25519.ts';
import { isWebCryptoStrict, verifyEd25519Strict } from './ed25519-strict.ts';
import type { Bls12381Job, Ed25519StrictJob, JobResult } from './jobs.ts';

/** Signatures in one job at most: four of the largest sets. A job with more is invalid. */
const MAX_SIGNATURES = 4096;
/** Signatures that WebCrypto checks at a time. */
const AT_A_TIME = 64;

/** The steps of a job, each of some milliseconds. What WebCrypto has accepted is not in them. */
export async function stepsOfSignatures(job: Ed25519StrictJob | Bls12381Job, subtle: Ed25519Subtle | undefined = globalThis.crypto?.subtle): Promise<Generator<void, JobResult>> {
  if (job.kind === 'bls12-381') {
    const { verifyBls12381Steps } = await import('./bls12-381.ts');
    return verdictOfBls(verifyBls12381Steps(job.keys, job.message, job.signature));
  }
  return stepsOfEd25519(job, await openIndices(job, subtle));
}

function* verdictOfBls(steps: Generator<void, boolean>): Generator<void, JobResult> {
  return (yield* steps) ? { valid: true, decoded: [] } : { valid: false, failure: 'signature', decoded: [] };
}

function* stepsOfEd25519({ signatures }: Ed25519StrictJob, open: readonly number[]): Generator<void, JobResult> {
  if (signatures.length > MAX_SIGNATURES) return { valid: false, failure: 'signature', decoded: [], at: 0 };
  for (const at of open) {
    const { publicKey, message, signature } = signatures[at]!;
    if (!verifyEd25519Strict(publicKey, message, signature)) return { valid: false, failure: 'signature', decoded: [], at };
    yield;
  }
  return { valid: true, decoded: [] };
}

/** The indices of the signatures that WebCrypto has not accepted, ascending: its no is checked again, as it can have other reasons. */
async function openIndices({ signatures }: Ed25519StrictJob, subtle: Ed25519Subtle | undefined): Promise<readonly number[]> {
  if (!subtle || signatures.length > MAX_SIGNATURES || !(await isWebCryptoStrict(subtle))) return [...signatures.keys()];
  const open: number[] = [];
  for (let begin = 0; begin < signatures.length; begin += AT_A_TIME) {
    const part = signatures.slice(begin, begin + AT_A_TIME);
    const answers = await Promise.all(part.map((it) => webCryptoSaysYes(it.publicKey, it.message, it.signature, subtle)));
    for (const [i, yes] of answers.entries()) if (!yes) open.push(begin + i);
    // The first that is invalid decides, so those after this part are mostly not needed, and are left to our own check.
    if (open.length > 0) return [...open, ...Array.from(signatures.keys()).slice(begin + AT_A_TIME)];
  }
  return open;
}
