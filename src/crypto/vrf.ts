/**
 * The verifiable random function that seeds every block: VXEdDSA over Ed25519 keys, with its own map to the curve (Albatross cryptography
 * reference, 3). A seed is 96 bytes: V (a point, 32) || h (a scalar, 32, little endian) || s (likewise). A signer can choose among many
 * seeds, but the entropy of all of them is the same.
 * @module
 * @see https://signal.org/docs/specifications/xeddsa/#vxeddsa
 */
import { mulAddUnsafe } from '@noble/curves/abstract/curve.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import type { EdwardsPoint } from '@noble/curves/abstract/edwards.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { sha256 } from './sha256.ts';
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import { CryptoInputError, requireLength } from './crypto-input-error.ts';
import { finish } from './finish.ts';
import { fromLittleEndian, toLittleEndian } from './little-endian.ts';
import { mapToCurve25519 } from './map-to-curve25519.ts';

const { Point } = ed25519;

/** The order of the base point. */
const L = Point.Fn.ORDER;

/** Length of a seed in bytes. */
const VRF_SEED_LENGTH = 96;

/** First byte of the message that a seed signs; `VrfRng` has the other use cases. */
const USE_CASE_SEED = 1;

/** The inputs for verifying a seed. */
export interface VrfSeedCheck {
  /** The proposer's Ed25519 key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 96 bytes. */
  readonly seed: Uint8Array;
  /** The parent block's seed, 96 bytes. */
  readonly previousSeed: Uint8Array;
  /** The number of the block that carries `seed`. */
  readonly nonce: number;
}

/**
 * Number of cached entropies, by V in hex: two batches of mainnet. Each takes a millisecond, and is needed for a block, for its child, and
 * for twins.
 */
const keptEntropies = 128;
const entropies = new Map<string, Uint8Array | undefined>();

/** The 32 bytes of randomness in a seed: SHA-256 of [8]V. Undefined if the seed is not 96 bytes or V does not decompress. */
export function vrfEntropy(seed: Uint8Array): Uint8Array | undefined {
  if (seed.length !== VRF_SEED_LENGTH) return undefined;
  const key = bytesToHex(seed.subarray(0, 32));
  if (!entropies.has(key)) {
    const v = decompress(seed.subarray(0, 32));
    entropies.set(key, v && sha256(v.clearCofactor().toBytes()));
    for (const oldest of entropies.keys()) {
      if (entropies.size <= keptEntropies) break;
      entropies.delete(oldest);
    }
  }
  return entropies.get(key)?.slice();
}

/** Whether the owner of `publicKey` may give `seed` to block `nonce` after `previousSeed`. Never throws. */
export function verifyVrfSeed(check: VrfSeedCheck): boolean {
  return finish(verifyVrfSeedSteps(check));
}

/** As `verifyVrfSeed`, in steps of a millisecond or two. */
export function* verifyVrfSeedSteps({ publicKey, seed, previousSeed, nonce }: VrfSeedCheck): Generator<void, boolean> {
  if (publicKey.length !== 32 || seed.length !== VRF_SEED_LENGTH) return false;
  const message = seedMessage(previousSeed, nonce);
  if (!message) return false;
  const v = decompress(seed.subarray(0, 32));
  const a = decompress(publicKey);
  const h = fromLittleEndian(seed.subarray(32, 64));
  const s = fromLittleEndian(seed.subarray(64, 96));
  if (!v || !a || h >= L || s >= L) return false;
  const base = mapToCurve25519(concatBytes(publicKey, message));
  if (a.isSmallOrder() || v.isSmallOrder() || base.is0()) return false;
  yield;
  // No cofactor here: the points' encodings are hashed, so a torsion component of A or V changes the hash. Therefore h is not negated; the
  // points are.
  const r = mulAddUnsafe(Point, [Point.BASE, a.negate()], [s, h]);
  yield;
  const rBase = mulAddUnsafe(Point, [base, v.negate()], [s, h]);
  yield;
  return h === hashToScalar(publicKey, v.toBytes(), r.toBytes(), rBase.toBytes(), message);
}

/**
 * A seed (96 bytes) for block `nonce` after `previousSeed`. `privateKey`: 32 bytes; `random64`: 64 unpredictable bytes. Only the local network signs
 * seeds. The time that this takes depends on the key.
 * @throws {CryptoInputError} `wrong-length`, `out-of-range` (nonce), `not-a-point` (V of the previous seed).
 */
export function signVrfSeed(privateKey: Uint8Array, previousSeed: Uint8Array, nonce: number, random64: Uint8Array): Uint8Array {
  requireLength(privateKey, 32, 'Ed25519 private key');
  requireLength(previousSeed, VRF_SEED_LENGTH, 'previous seed');
  requireLength(random64, 64, 'random bytes');
  if (!isUint32(nonce)) throw new CryptoInputError('out-of-range', `nonce: expected an unsigned 32-bit integer, got ${nonce}`);
  const message = seedMessage(previousSeed, nonce);
  if (!message) throw new CryptoInputError('not-a-point', 'previous seed: its first 32 bytes are not a point');
  const secret = sha512(privateKey).slice(0, 32);
  secret[0]! &= 0xf8;
  secret[31] = (secret[31]! & 0x7f) | 0x40;
  const a = fromLittleEndian(secret) % L;
  const publicKey = Point.BASE.multiplyUnsafe(a).toBytes();
  const base = mapToCurve25519(concatBytes(publicKey, message));
  const powers = doublings(base);
  const v = sumOf(powers, a).toBytes();
  // The clamped bytes are used unreduced.
  const r = hashToScalar(secret, v, random64);
  const h = hashToScalar(publicKey, v, Point.BASE.multiplyUnsafe(r).toBytes(), sumOf(powers, r).toBytes(), message);
  return concatBytes(v, toLittleEndian(h, 32), toLittleEndian((r + h * a) % L, 32));
}

/** [1]P, [2]P, [4]P, …, for multiples up to the order. */
function doublings(point: EdwardsPoint): readonly EdwardsPoint[] {
  const powers = [point];
  while (powers.length <= 253) powers.push(powers.at(-1)!.double());
  return powers;
}

/** The multiple, in the signed form whose digits that are not 0 are fewest. */
function sumOf(powers: readonly EdwardsPoint[], scalar: bigint): EdwardsPoint {
  let sum = Point.ZERO;
  for (let rest = scalar, i = 0; rest > 0n; i += 1, rest >>= 1n) {
    if ((rest & 1n) === 0n) continue;
    const isNegative = (rest & 3n) === 3n;
    sum = sum.add(isNegative ? powers[i]!.negate() : powers[i]!);
    rest += isNegative ? 1n : -1n;
  }
  return sum;
}

/** use case || nonce, 32 bits big endian || entropy of the previous seed: 37 bytes. */
function seedMessage(previousSeed: Uint8Array, nonce: number): Uint8Array | undefined {
  const entropy = vrfEntropy(previousSeed);
  if (!entropy || !isUint32(nonce)) return undefined;
  const message = new Uint8Array(37);
  message[0] = USE_CASE_SEED;
  new DataView(message.buffer).setUint32(1, nonce, false);
  message.set(entropy, 5);
  return message;
}

/** Like dalek: y is taken mod p, and x = 0 with the sign bit set is accepted. */
function decompress(bytes: Uint8Array): EdwardsPoint | undefined {
  try {
    return Point.fromBytes(bytes, true);
  } catch {
    return undefined;
  }
}

function hashToScalar(...parts: Uint8Array[]): bigint {
  return fromLittleEndian(sha512(concatBytes(...parts))) % L;
}

function isUint32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
}
