/**
 * Whether bytes are the encoding of a point of edwards25519. Encodings that are not canonical count too, as in the library of the moloch crates.
 * @module
 */
import { ed25519 } from '@noble/curves/ed25519.js';

/** Accepts any input and never throws. Takes some 0.1 ms. */
export function isEd25519Point(bytes: Uint8Array): boolean {
  if (bytes.length !== 32) return false;
  try {
    ed25519.Point.fromBytes(bytes, true);
    return true;
  } catch {
    return false;
  }
}
