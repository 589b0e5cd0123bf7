import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import { x25519 } from '@noble/curves/ed25519.js';
import { expect, it } from 'vitest';
import { x25519KeyPair } from './x25519.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

it('makes keys as the library and as Node make them', () => {
  const pairs = Array.from({ length: 8 }, () => x25519KeyPair());
  expect(new Set(pairs.map(({ privateKey }) => text(privateKey))).size).toBe(8);
  for (const { privateKey, publicKey } of pairs) {
    expect(publicKey).toEqual(x25519.getPublicKey(privateKey));
    expect(x25519KeyPair(privateKey)).toEqual({ privateKey, publicKey });
    const key = createPrivateKey({ key: { kty: 'OKP', crv: 'X25519', d: text(privateKey), x: text(publicKey) }, format: 'jwk' });
    expect(createPublicKey(key).export({ format: 'jwk' }).x).toBe(text(publicKey));
    const other = x25519KeyPair();
    const secret = diffieHellman({ privateKey: key, publicKey: createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: text(other.publicKey) }, format: 'jwk' }) });
    expect(new Uint8Array(secret)).toEqual(x25519.getSharedSecret(other.privateKey, publicKey));
  }
});
