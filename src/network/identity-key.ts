import { generateKeyPairFromSeed, privateKeyFromRaw } from '@libp2p/crypto/keys';
import type { Ed25519PrivateKey } from '@libp2p/interface';

/** The PKCS #8 header before the 32 bytes of a seed (RFC 8410, section 7). */
const PKCS8_HEAD = Uint8Array.of(0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20);

/**
 * The key of an Ed25519 seed of 32 bytes. Uses WebCrypto if it supports that: the library first computes tables, which takes some 20 ms.
 */
export async function identityKey(seed: Uint8Array, subtle: Pick<SubtleCrypto, 'importKey' | 'exportKey'> | undefined = globalThis.crypto?.subtle): Promise<Ed25519PrivateKey> {
  try {
    const encoded = new Uint8Array([...PKCS8_HEAD, ...seed]);
    const key = await subtle!.importKey('pkcs8', encoded, 'Ed25519', true, ['sign']);
    const { x = '' } = await subtle!.exportKey('jwk', key);
    const publicKey = Uint8Array.from(atob(x.replace(/-/gu, '+').replace(/_/gu, '/')), (character) => character.charCodeAt(0));
    return privateKeyFromRaw(new Uint8Array([...seed, ...publicKey])) as Ed25519PrivateKey;
  } catch {
    return generateKeyPairFromSeed('Ed25519', seed);
  }
}
