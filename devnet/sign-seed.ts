import { toHex } from '../src/base/bytes.ts';
import { signVrfSeed } from '../src/crypto/vrf.ts';

/** Seeds that are kept: chains of that length. */
const MAX_KEPT = 4096;

const kept = new Map<string, Uint8Array>();

/**
 * `signVrfSeed`, which takes some milliseconds, with the seeds that this process has signed already: tests start many networks with the same genesis, whose
 * main chains have the same seeds.
 */
export function signSeed(privateKey: Uint8Array, previousSeed: Uint8Array, nonce: number, random64: Uint8Array): Uint8Array {
  const id = [privateKey, previousSeed, random64].map(toHex).join(`/${nonce}/`);
  const known = kept.get(id);
  if (known) return known;
  const seed = signVrfSeed(privateKey, previousSeed, nonce, random64);
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(id, seed);
  return seed;
}
