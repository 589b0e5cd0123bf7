/**
 * Recovery of keys from signatures over secp256k1. `steps-of.ts` loads this file when the first such job comes, because only chains that need it load
 * the code of the curve.
 * @module
 */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { JobResult, Secp256k1RecoverJob } from './jobs.ts';

/** Signatures in one job at most: two Stacks headers of the largest set. A job with more is invalid. */
const MAX_SIGNATURES = 8192;

/** The keys of all signatures, one a step of some 1.4 ms; invalid with the index of the first that has none. */
export function* recoverSteps({ signatures }: Secp256k1RecoverJob): Generator<void, JobResult> {
  if (signatures.length > MAX_SIGNATURES) return { valid: false, failure: 'signature', decoded: [], at: 0 };
  const keys: Uint8Array[] = [];
  for (const [at, { message, signature }] of signatures.entries()) {
    const key = recoverKey(message, signature);
    if (!key) return { valid: false, failure: 'signature', decoded: [], at };
    keys.push(key);
    yield;
  }
  return { valid: true, decoded: [], keys };
}

/**
 * The compressed key (33 bytes) that signed `message` (32 bytes, not hashed again) with `signature` (65 bytes: recovery id, r, s); undefined if no key
 * did. A high s is accepted. Never throws.
 */
export function recoverKey(message: Uint8Array, signature: Uint8Array): Uint8Array | undefined {
  if (message.length !== 32 || signature.length !== 65) return undefined;
  try {
    return secp256k1.recoverPublicKey(new Uint8Array(signature), new Uint8Array(message), { prehash: false });
  } catch {
    return undefined;
  }
}
