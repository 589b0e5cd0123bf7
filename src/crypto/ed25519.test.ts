import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/ed25519.json' with { type: 'json' };
import { blake2b } from './blake2b.ts';
import { ed25519PublicKey, signEd25519, verifyEd25519, verifyEd25519Sync } from './ed25519.ts';
import type { Ed25519Subtle } from './ed25519.ts';

const message = new TextEncoder().encode(vectors.zip215_small_order.message_utf8);

/** A WebCrypto of which only `verify` or the error of `importKey` matters. */
function fakeSubtle(answer: boolean | Error): Ed25519Subtle & { calls: number } {
  const subtle = {
    calls: 0,
    importKey: async () => {
      subtle.calls++;
      if (answer instanceof Error) throw answer;
      return {} as CryptoKey;
    },
    verify: async () => answer === true,
  };
  return subtle as unknown as Ed25519Subtle & { calls: number };
}

describe('Ed25519', () => {
  it.each([...vectors.rfc8032, { ...vectors.tagged, sig: vectors.tagged.signature, msg: vectors.tagged.message_hex }])(
    'signs and verifies $public',
    async ({ private: seed, public: publicKey, sig, msg }) => {
      expect(bytesToHex(ed25519PublicKey(hexToBytes(seed)))).toBe(publicKey);
      expect(bytesToHex(signEd25519(hexToBytes(seed), hexToBytes(msg)))).toBe(sig);
      expect(await verifyEd25519(hexToBytes(publicKey), hexToBytes(msg), hexToBytes(sig))).toBe(true);
      expect(verifyEd25519Sync(hexToBytes(publicKey), hexToBytes(msg), hexToBytes(sig))).toBe(true);
      expect(await verifyEd25519(hexToBytes(publicKey), hexToBytes(`${msg}00`), hexToBytes(sig))).toBe(false);
    },
  );

  it('gives addresses that are hashes of keys', () => {
    expect(bytesToHex(blake2b(hexToBytes(vectors.tagged.public))).slice(0, 40)).toBe(vectors.tagged.address_hex);
  });

  it('accepts every small-order and non-canonical point, as ZIP-215 requires', async () => {
    for (const { A, R, valid } of vectors.zip215_small_order.cases) {
      const signature = concatBytes(hexToBytes(R), hexToBytes(vectors.zip215_small_order.s));
      expect(verifyEd25519Sync(hexToBytes(A), message, signature)).toBe(valid);
      expect(await verifyEd25519(hexToBytes(A), message, signature)).toBe(valid);
    }
  });

  it('refuses s + L', async () => {
    const { public: publicKey, valid, invalid } = vectors.s_plus_L;
    expect(await verifyEd25519(hexToBytes(publicKey), message, hexToBytes(valid))).toBe(true);
    expect(await verifyEd25519(hexToBytes(publicKey), message, hexToBytes(invalid))).toBe(false);
  });

  it("trusts WebCrypto's yes and checks its no again", async () => {
    const { public: publicKey, valid } = vectors.s_plus_L;
    expect(await verifyEd25519(hexToBytes(publicKey), message, hexToBytes(valid), fakeSubtle(false))).toBe(true);
    expect(await verifyEd25519(hexToBytes(publicKey), message, new Uint8Array(64), fakeSubtle(true))).toBe(true);
    expect(await verifyEd25519(hexToBytes(publicKey), message, hexToBytes(valid), fakeSubtle(new DOMException('no such point', 'DataError')))).toBe(true);
    expect(await verifyEd25519(hexToBytes(publicKey), message, new Uint8Array(64), fakeSubtle(false))).toBe(false);
  });

  it('works without WebCrypto, and does not try WebCrypto again if it has no Ed25519', async () => {
    const { public: publicKey, valid } = vectors.s_plus_L;
    const old = fakeSubtle(new DOMException('Unrecognized name.', 'NotSupportedError'));
    expect(await verifyEd25519(hexToBytes(publicKey), message, hexToBytes(valid), old)).toBe(true);
    expect(await verifyEd25519(hexToBytes(publicKey), message, hexToBytes(valid), old)).toBe(true);
    expect(old.calls).toBe(1);
  });

  it('gives a verdict on any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 70 }), async (key, signature) => {
        expect(await verifyEd25519(key, message, signature)).toBe(false);
        expect(verifyEd25519Sync(key, message, signature)).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ minLength: 64, maxLength: 64 }), (key, signature) => {
        // Mostly false. But zero is a point of small order and a valid scalar, so 96 zero bytes are valid.
        expect(verifyEd25519Sync(key, message, signature)).toBeTypeOf('boolean');
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a seed of the wrong length', () => {
    expect(() => signEd25519(new Uint8Array(31), message)).toThrow(expect.objectContaining({ name: 'CryptoInputError', code: 'wrong-length' }));
    expect(() => ed25519PublicKey(new Uint8Array(33))).toThrow(expect.objectContaining({ code: 'wrong-length' }));
  });
});
