import { concatBytes } from '../base/bytes.ts';

/** Of AES-GCM, in bytes. */
export const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
/** Bytes of every key and every secret here. */
export const KEY_LENGTH = 32;
export const SEALED_KEY_LENGTH = KEY_LENGTH + TAG_LENGTH;

/** 32 bytes under AES-256-GCM. */
export interface Sealed {
  /** 12 bytes, new for every sealing. */
  readonly nonce: Uint8Array;
  /** 48 bytes: ciphertext and tag. */
  readonly bytes: Uint8Array;
}

/** Encrypts `content` (32 bytes) with `key` (32 bytes). It opens only for the same `purpose`. */
export async function seal(key: Uint8Array, content: Uint8Array, purpose: string): Promise<Sealed> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH));
  const bytes = await crypto.subtle.encrypt(algorithm(nonce, purpose), await imported(key, 'encrypt'), own(content));
  return { nonce, bytes: new Uint8Array(bytes) };
}

/** The content, or undefined if the key or the purpose is another one, or a byte was changed. */
export async function unseal(key: Uint8Array, { nonce, bytes }: Sealed, purpose: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm(nonce, purpose), await imported(key, 'decrypt'), own(bytes)));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'OperationError') return undefined;
    throw error;
  }
}

function algorithm(nonce: Uint8Array, purpose: string): AesGcmParams {
  return { name: 'AES-GCM', iv: own(nonce), additionalData: new TextEncoder().encode(purpose), tagLength: TAG_LENGTH * 8 };
}

function imported(key: Uint8Array, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', own(key), 'AES-GCM', false, [usage]);
}

/** WebCrypto takes only arrays that cannot be shared between threads. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : (concatBytes(bytes) as Uint8Array<ArrayBuffer>);
}
