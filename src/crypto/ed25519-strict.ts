/**
 * Ed25519 as Go, `ed25519-dalek` (`verify`) and WebCrypto decide: the equation without cofactor (HotStuff-2 reference, 2.2). R' = S*B - k*A is computed
 * and its 32 bytes are compared with R. S is canonical; A is any 32 bytes that decompress, of small order and non-canonical ones too; R is never
 * decompressed. `ed25519.ts` has the rules of ZIP-215, which accept more.
 * @module
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes, equalBytes, fromHex } from '../base/bytes.ts';
import { type Ed25519Subtle, webCryptoSaysYes } from './ed25519.ts';
import { fromLittleEndian } from './little-endian.ts';
import { sha512 } from './sha512.ts';

const { Point } = ed25519;
/** The order of the prime-order subgroup. */
const L = Point.Fn.ORDER;

/** `publicKey` 32 bytes, `signature` 64 bytes: R, then S in little-endian order. Accepts any input and never throws. Takes some 2 ms. */
export function verifyEd25519Strict(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const r = signature.slice(0, 32);
  const s = fromLittleEndian(signature.slice(32));
  if (s >= L) return false;
  let a;
  try {
    // The rules of ZIP-215 for the decoding of A are those of Go and dalek: y may be above the prime, x may be "negative zero".
    a = Point.fromBytes(new Uint8Array(publicKey), true);
  } catch {
    return false;
  }
  const k = fromLittleEndian(sha512(concatBytes(r, publicKey, message))) % L;
  return equalBytes(Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k)).toBytes(), r);
}

/** Signatures of the empty message under the key of the seed of 32 zero bytes. */
const probe = {
  publicKey: '3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29',
  good: '8f895b3cafe2c9506039d0e2a66382568004674fe8d237785092e40d6aaf483e4fc60168705f31f101596138ce21aa357c0d32a064f423dc3ee4aa3abf53f803',
  /** R has a component of order 8: only the equation with cofactor holds. */
  torsion: '40a4cf5c611d737a2f1c6fcca84d9cabfed80987f186a5a6c57e629bff1af27f3e9c49180b45fe080d9978347cf52df2b545b95e364326799f1915d38e24cb02',
  /** S + L in place of S. */
  malleated: '8f895b3cafe2c9506039d0e2a66382568004674fe8d237785092e40d6aaf483e3c9af7c48ac24349d8f558dbac1b894a7c0d32a064f423dc3ee4aa3abf53f813',
};

const strictness = new WeakMap<object, Promise<boolean>>();

/**
 * Whether WebCrypto of this engine can be asked, because its yes means the same: it accepts a good signature, and refuses one that holds only with
 * cofactor and one with S above the order. Measured once for each engine; Node and Chromium pass.
 */
export function isWebCryptoStrict(subtle: Ed25519Subtle): Promise<boolean> {
  let known = strictness.get(subtle);
  if (!known) strictness.set(subtle, (known = measure(subtle)));
  return known;
}

async function measure(subtle: Ed25519Subtle): Promise<boolean> {
  const accepts = (signature: string) => webCryptoSaysYes(fromHex(probe.publicKey), new Uint8Array(), fromHex(signature), subtle);
  return (await accepts(probe.good)) && !(await accepts(probe.torsion)) && !(await accepts(probe.malleated));
}
