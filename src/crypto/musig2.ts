/**
 * MuSig2 over Ed25519 with two commitments a signer, and keys delinearised so that no signer can choose its key to cancel the others'
 * (Albatross proofs reference, 4.2). Points are 32 bytes as in RFC 8032; scalars are 32 bytes, little endian, below the group's order. The
 * result verifies as an ordinary Ed25519 signature under the sum of the delinearised keys.
 *
 * Own secrets are the reason for every check here: a signature over a nonce that someone else chose, knows, or that was used before, gives
 * the private key away.
 * @module
 * @see https://eprint.iacr.org/2020/1261
 */
import { mulAddUnsafe } from '@noble/curves/abstract/curve.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import type { EdwardsPoint } from '@noble/curves/abstract/edwards.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { compareBytes, equalBytes } from '../base/bytes.ts';
import { CryptoInputError, requireLength } from './crypto-input-error.ts';
import { fromLittleEndian, toLittleEndian } from './little-endian.ts';

const { Point } = ed25519;

/** The order of the base point. */
const L = Point.Fn.ORDER;

/** Commitments of each signer. With one, parallel sessions could be combined into a forgery. */
export const MUSIG2_COMMITMENTS = 2;

/** Sums of keys made at once. One of 12 keys takes 10 to 30 ms, so this bound means a minute or two. 10 of 15 signers have 3003. */
const MAX_COMBINATIONS = 4096;

/** One's own part of a signing session. */
export interface OwnPart {
  /** The Ed25519 private key (seed), 32 bytes. */
  readonly privateKey: Uint8Array;
  /** Two scalars made for this session only. */
  readonly nonces: readonly Uint8Array[];
}

/** What all signers of a session know. */
export interface SigningSession {
  /** The signers' public keys, 32 bytes each, in any order. */
  readonly publicKeys: readonly Uint8Array[];
  /** Two commitments of each signer, in the order of the keys. */
  readonly commitments: readonly (readonly Uint8Array[])[];
  /** The signed bytes. */
  readonly content: Uint8Array;
}

/** 32 bytes as a scalar below the group's order: reduced. */
export function reduceScalar(bytes: Uint8Array): Uint8Array {
  requireLength(bytes, 32, 'scalar');
  return toLittleEndian(fromLittleEndian(bytes) % L, 32);
}

/** Whether 32 bytes are a scalar below the group's order. */
export function isScalar(bytes: Uint8Array): boolean {
  return bytes.length === 32 && fromLittleEndian(bytes) < L;
}

/** The sum of scalars. Each may be any 32 bytes. */
export function sumScalars(scalars: readonly Uint8Array[]): Uint8Array {
  return toLittleEndian(scalars.reduce((sum, scalar) => (sum + fromLittleEndian(scalar)) % L, 0n), 32);
}

/** Whether 32 bytes are the canonical encoding of a point. */
export function isPoint(bytes: Uint8Array): boolean {
  try {
    return equalBytes(Point.fromBytes(bytes, true).toBytes(), bytes);
  } catch {
    return false;
  }
}

/** The sum of points. @throws {CryptoInputError} `not-a-point`. */
export function sumPoints(points: readonly Uint8Array[]): Uint8Array {
  return addUp(points.map(pointOf)).toBytes();
}

/** A nonce: SHA-512 of 32 unpredictable bytes, reduced. @throws {CryptoInputError} `secret-out-of-range` if it is 0 or 1. */
export function nonceOf(random32: Uint8Array): Uint8Array {
  requireLength(random32, 32, 'random bytes');
  const nonce = fromLittleEndian(sha512(random32)) % L;
  if (nonce < 2n) throw new CryptoInputError('secret-out-of-range', 'nonce: 0 and 1 are no secrets');
  return toLittleEndian(nonce, 32);
}

/** The commitment to a nonce: nonce · B. @throws {CryptoInputError} `secret-out-of-range` if the nonce is 0 or not reduced. */
export function commitmentTo(nonce: Uint8Array): Uint8Array {
  return Point.BASE.multiply(secretScalar(nonce)).toBytes();
}

/** The key of all signers together: the sum of their delinearised keys, in any order. @throws {CryptoInputError} `not-a-point`, `wrong-length`. */
export function sumDelinearized(publicKeys: readonly Uint8Array[]): Uint8Array {
  if (publicKeys.length === 0) throw new CryptoInputError('wrong-length', 'public keys: expected one or more');
  return sumKeys(publicKeys.map(decodeKey));
}

/**
 * The joint keys of every choice of `signers` among the keys, ascending: the leaves under a multi-signature address.
 * @throws {CryptoInputError} `not-a-point`; `out-of-range` if there are fewer keys than signers, no signer, or too many choices.
 */
export function combineKeys(publicKeys: readonly Uint8Array[], signers: number): Uint8Array[] {
  if (!Number.isInteger(signers) || signers < 1 || signers > publicKeys.length) {
    throw new CryptoInputError('out-of-range', `number of signers: expected 1 to the number of keys, ${publicKeys.length}, got ${signers}`);
  }
  const count = choices(publicKeys.length, signers);
  if (count > MAX_COMBINATIONS) throw new CryptoInputError('out-of-range', `combinations of keys: expected at most ${MAX_COMBINATIONS}, got ${count}`);
  return [...chosen(publicKeys.map(decodeKey), signers)].map(sumKeys).sort(compareBytes);
}

/** The commitment of all signers together: the first half of the signature. @throws {CryptoInputError} `not-a-point`, `wrong-length`. */
export function aggregateCommitments(session: SigningSession): Uint8Array {
  return aggregate(session).commitment;
}

/**
 * One's own part of the signature's second half: a scalar.
 * @throws {CryptoInputError} `not-a-point`, `wrong-length`, `secret-out-of-range`; `key-mismatch` if the session has no signer with the own
 * public key and the commitments to the own nonces.
 */
export function signPartially(own: OwnPart, session: SigningSession): Uint8Array {
  requireLength(own.privateKey, 32, 'Ed25519 private key');
  const [first, second] = own.nonces;
  if (!first || !second || own.nonces.length !== MUSIG2_COMMITMENTS) {
    throw new CryptoInputError('wrong-length', `own nonces: expected ${MUSIG2_COMMITMENTS}, got ${own.nonces.length}`);
  }
  if (equalBytes(first, second)) throw new CryptoInputError('secret-out-of-range', 'own nonces: the second is the first');
  const publicKey = ed25519.getPublicKey(own.privateKey);
  const commitments = own.nonces.map(commitmentTo);
  const isMember = session.publicKeys.some((key, at) => equalBytes(key, publicKey) && commitments.every((point, i) => equalBytes(point, session.commitments[at]?.[i] ?? new Uint8Array())));
  if (!isMember) throw new CryptoInputError('key-mismatch', 'signing session: no signer has the own public key and the commitments to the own nonces');
  const { commitment, key, binding } = aggregate(session);
  const challenge = hashToScalar(commitment, key, session.content);
  const secret = clampedSecret(own.privateKey) * factors(session.publicKeys)(publicKey);
  return toLittleEndian((secretScalar(first) + binding * secretScalar(second) + challenge * (secret % L)) % L, 32);
}

interface Aggregate {
  readonly commitment: Uint8Array;
  readonly key: Uint8Array;
  /** b: binds the second commitments to keys, commitments and content. */
  readonly binding: bigint;
}

/** R = R1 + b·R2, with b = H(key ‖ R1 ‖ R2 ‖ content), where R1 and R2 are the sums of all first and second commitments. */
function aggregate({ publicKeys, commitments, content }: SigningSession): Aggregate {
  if (commitments.length !== publicKeys.length) throw new CryptoInputError('wrong-length', `groups of commitments: expected ${publicKeys.length}, as many as keys, got ${commitments.length}`);
  for (const group of commitments) {
    if (group.length !== MUSIG2_COMMITMENTS) throw new CryptoInputError('wrong-length', `commitments of a signer: expected ${MUSIG2_COMMITMENTS}, got ${group.length}`);
  }
  const key = sumDelinearized(publicKeys);
  const [first, second] = [0, 1].map((at) => addUp(commitments.map((group) => pointOf(group[at]!))));
  const binding = hashToScalar(key, first!.toBytes(), second!.toBytes(), content);
  return { commitment: mulAddUnsafe(Point, [first!, second!], [1n, binding]).toBytes(), key, binding };
}

/** A public key, decoded once for all sums it is in. */
interface DecodedKey {
  readonly bytes: Uint8Array;
  readonly point: EdwardsPoint;
}

function decodeKey(bytes: Uint8Array): DecodedKey {
  requireLength(bytes, 32, 'public key');
  return { bytes, point: pointOf(bytes) };
}

function sumKeys(keys: readonly DecodedKey[]): Uint8Array {
  const factorOf = factors(keys.map(({ bytes }) => bytes));
  return mulAddUnsafe(Point, keys.map(({ point }) => point), keys.map(({ bytes }) => factorOf(bytes))).toBytes();
}

/** The factor by which a key is delinearised: H(H(all keys, ascending) ‖ key). */
function factors(publicKeys: readonly Uint8Array[]): (key: Uint8Array) => bigint {
  const all = sha512(concatBytes(...publicKeys.toSorted(compareBytes)));
  return (key) => hashToScalar(all, key);
}

/** The scalar of an Ed25519 private key (RFC 8032, 5.1.5). */
function clampedSecret(privateKey: Uint8Array): bigint {
  const bytes = sha512(privateKey).subarray(0, 32);
  bytes[0]! &= 0xf8;
  bytes[31] = (bytes[31]! & 0x7f) | 0x40;
  return fromLittleEndian(bytes);
}

/** A secret must not be 0: what is made with it would show the other secret. */
function secretScalar(bytes: Uint8Array): bigint {
  requireLength(bytes, 32, 'nonce');
  const scalar = fromLittleEndian(bytes);
  if (scalar === 0n || scalar >= L) throw new CryptoInputError('secret-out-of-range', 'nonce: not between 1 and the order of the group');
  return scalar;
}

/** Like dalek: y is taken mod p, and x = 0 with the sign bit set is accepted. */
function pointOf(bytes: Uint8Array): EdwardsPoint {
  try {
    return Point.fromBytes(bytes, true);
  } catch {
    throw new CryptoInputError('not-a-point', 'public key or commitment: its bytes are not a point of the curve');
  }
}

function addUp(points: readonly EdwardsPoint[]): EdwardsPoint {
  return points.reduce((sum, point) => sum.add(point), Point.ZERO);
}

function hashToScalar(...parts: Uint8Array[]): bigint {
  return fromLittleEndian(sha512(concatBytes(...parts))) % L;
}

/** The number of ways to choose `k` of `n`. */
function choices(n: number, k: number): number {
  let count = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) count = (count * (n - i + 1)) / i;
  return count;
}

/** Every choice of `count` items, which keep their order. */
function* chosen<T>(items: readonly T[], count: number): Generator<readonly T[]> {
  if (count === 0) return void (yield []);
  for (let at = 0; at <= items.length - count; at++) {
    for (const rest of chosen(items.slice(at + 1), count - 1)) yield [items[at]!, ...rest];
  }
}
