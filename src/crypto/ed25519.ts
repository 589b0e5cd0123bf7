/**
 * Ed25519 as Albatross uses it, by the rules of ZIP-215 (Albatross cryptography reference, 2): A and R are any 32 bytes that decompress,
 * including small order and non-canonical ones; s is canonical; the equation is the cofactored one.
 * @module
 * @see https://zips.z.cash/zip-0215
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { requireLength } from './crypto-input-error.ts';

/** The used part of `SubtleCrypto`. */
export type Ed25519Subtle = Pick<SubtleCrypto, 'importKey' | 'verify'>;

const PUBLIC_KEY_LENGTH = 32;
const SIGNATURE_LENGTH = 64;

/** Implementations that answered `NotSupportedError` are not asked again: Chromium has Ed25519 only since version 137. */
const withoutEd25519 = new WeakSet<object>();

/**
 * Whether `signature` (64 bytes) of `message` is valid under `publicKey` (32 bytes). WebCrypto is tried first, because it is six times as
 * fast. Its equation is cofactorless, and some engines refuse small-order points. So its yes is accepted, and its no is checked again.
 * Accepts any input and never throws.
 */
export async function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  subtle: Ed25519Subtle | undefined = globalThis.crypto?.subtle,
): Promise<boolean> {
  return (await webCryptoSaysYes(publicKey, message, signature, subtle)) || verifyEd25519Sync(publicKey, message, signature);
}

/** As `verifyEd25519`, without WebCrypto and synchronous. Takes some 2 ms. */
export function verifyEd25519Sync(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_LENGTH || signature.length !== SIGNATURE_LENGTH) return false;
  return ed25519.verify(signature, message, publicKey, { zip215: true });
}

/** The deterministic signature (64 bytes) of RFC 8032. `seed`: the private key's 32 bytes. */
export function signEd25519(seed: Uint8Array, message: Uint8Array): Uint8Array {
  requireLength(seed, 32, 'Ed25519 private key');
  return ed25519.sign(message, seed);
}

/** The public key (32 bytes) of a private key of 32 bytes. */
export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  requireLength(seed, 32, 'Ed25519 private key');
  return ed25519.getPublicKey(seed);
}

/** Whether WebCrypto accepts the signature; then it is valid. A refusal proves nothing. */
export async function webCryptoSaysYes(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array, subtle: Ed25519Subtle | undefined = globalThis.crypto?.subtle): Promise<boolean> {
  if (!subtle || withoutEd25519.has(subtle) || publicKey.length !== PUBLIC_KEY_LENGTH || signature.length !== SIGNATURE_LENGTH) return false;
  try {
    // Copies, because WebCrypto does not accept views of shared memory.
    const key = await subtle.importKey('raw', new Uint8Array(publicKey), 'Ed25519', false, ['verify']);
    return await subtle.verify('Ed25519', key, new Uint8Array(signature), new Uint8Array(message));
  } catch (error) {
    // Any other error (for example a key that WebCrypto calls invalid) counts only as a no.
    if ((error as { name?: unknown } | null)?.name === 'NotSupportedError') withoutEd25519.add(subtle);
    return false;
  }
}
