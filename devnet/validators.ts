import { createHash } from 'node:crypto';
import { blsPublicKey } from '../src/crypto/bls-signing.ts';
import { blake2b } from '../src/crypto/blake2b.ts';
import { ed25519PublicKey } from '../src/crypto/ed25519.ts';
import type { BitSet, Validator } from '../src/chains/albatross/wire/types.ts';
import { bitSetHas } from '../src/chains/albatross/wire/bit-set.ts';
import { compareBytes, fromHex } from '../src/base/bytes.ts';
import { R as GROUP_ORDER } from '../src/crypto/mnt6/constants.ts';
import { seededRandom } from './seeded-random.ts';

/** A validator with its secrets. */
export interface DevValidator {
  readonly validator: Validator;
  /** Ed25519 seed, 32 bytes. */
  readonly signingSecret: Uint8Array;
  /** BLS secret below the group order. */
  readonly votingSecret: bigint;
}

/** Number of slots in every Albatross network. Albatross block reference, section 3. */
export const SLOTS = 512;

/** Bytes. Far fewer than the 94 that fit below the group order, but enough that no two keys are equal. */
const VOTING_SECRET_BYTES = 16;

/** A scalar in the wire form of a BLS secret: 95 bytes, little-endian. */
export function secretBytes(secret: bigint): Uint8Array {
  const out = new Uint8Array(95);
  let rest = secret;
  for (let i = 0; i < out.length; i++) {
    out[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return out;
}

function secretOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

// The public test keys of unit-albatross' one validator. Albatross block reference, section 9.
const UNIT_SIGNING_SECRET = '041580cc67e66e9e08b68fd9e4c9deb68737168fbe7488de2638c2e906c2f5ad';
const UNIT_VOTING_SECRET =
  '99237809f3b37bd0878854d2b5b66e4cc00ba1a1d64377c374f2b6d1bf3dec7835bfae3e7ab89b6d331b3ef7d1e9a06a7f6967bf00edf9e0bcfe34b58bd1260e96406e09156e4c190ff8f69a9ce1183b4289383e6d798fd5104a3800fabd00';

/** The secrets of unit-albatross' genesis validator. */
export function unitValidator(validator: Validator): DevValidator {
  return { validator, signingSecret: fromHex(UNIT_SIGNING_SECRET), votingSecret: secretOf(fromHex(UNIT_VOTING_SECRET)) };
}

/** A validator whose keys follow from the seed and the label. `votingKey`: its public key, if known, to save computing it. */
export function deriveValidator(seed: string, label: string, slots: Validator['slots'] = { start: 0, end: SLOTS }, votingKey?: Uint8Array): DevValidator {
  const random = seededRandom(seed, `validator/${label}`);
  const signingSecret = random.bytes(32);
  // Short secrets make keys and signatures five times faster. Test keys follow from the seed and need no security.
  const votingSecret = secretOf(random.bytes(VOTING_SECRET_BYTES)) + 1n;
  const address = blake2b(ed25519PublicKey(random.bytes(32))).slice(0, 20);
  return { signingSecret, votingSecret, validator: { address, votingKey: votingKey ?? blsPublicKey(secretBytes(votingSecret)), signingKey: ed25519PublicKey(signingSecret), slots } };
}

/** `n` validators in slot order: sorted by address, contiguous bands of different widths. Albatross block reference, section 1. */
export function deriveValidators(seed: string, n: number): readonly DevValidator[] {
  const drawn = Array.from({ length: n }, (_, i) => deriveValidator(seed, String(i)));
  drawn.sort((a, b) => compareBytes(a.validator.address, b.validator.address));
  const random = seededRandom(seed, 'bands');
  // Cuts at different places, so that each band is at least one slot wide.
  const cuts = new Set<number>();
  while (cuts.size < n - 1) cuts.add(1 + Math.floor(random.next() * (SLOTS - 1)));
  const bounds = [0, ...[...cuts].sort((a, b) => a - b), SLOTS];
  return drawn.map((member, i) => ({ ...member, validator: { ...member.validator, slots: { start: bounds[i]!, end: bounds[i + 1]! } } }));
}

/** A short text that is different for different keys. */
export function keysId({ votingKey, signingKey }: Validator): string {
  return createHash('sha256').update(votingKey).update(signingKey).digest('hex').slice(0, 32);
}

/**
 * The sum of the secrets of all signing slots. With all secrets known, one scalar multiplication makes the aggregate signature; the
 * result is the same point as the sum of the single signatures.
 */
export function combinedSecret(set: readonly DevValidator[], signers: BitSet): bigint {
  let sum = 0n;
  for (const { validator, votingSecret } of set) {
    let weight = 0n;
    for (let slot = validator.slots.start; slot < validator.slots.end; slot++) if (bitSetHas(signers, slot)) weight++;
    sum += weight * votingSecret;
  }
  return sum % GROUP_ORDER;
}
