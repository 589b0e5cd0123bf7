import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { expect, it } from 'vitest';
import { identityKey } from './identity-key.ts';

it("is the same key as the library's", async () => {
  for (let first = 0; first < 8; first++) {
    const seed = Uint8Array.from({ length: 32 }, (_, index) => first * 31 + index * 7);
    const key = await generateKeyPairFromSeed('Ed25519', seed);
    expect(await identityKey(seed)).toEqual(key);
    expect(await identityKey(seed, undefined)).toEqual(key);
    const message = Uint8Array.of(1, 2, 3);
    expect(await key.publicKey.verify(message, await (await identityKey(seed)).sign(message))).toBe(true);
  }
});

it('tries WebCrypto once, and then uses the library where WebCrypto cannot do it', async () => {
  const seed = new Uint8Array(32).fill(9);
  const refusing = { importKey: () => Promise.reject(new DOMException('no', 'NotSupportedError')) } as unknown as SubtleCrypto;
  expect(await identityKey(seed, refusing)).toEqual(await generateKeyPairFromSeed('Ed25519', seed));
});
