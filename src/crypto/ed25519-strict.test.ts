import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { vectors as hotstuff2 } from '../../test/support/hotstuff2/vectors.ts';
import vectors from '../../test/vectors/ed25519.json' with { type: 'json' };
import { concatBytes, fromHex } from '../base/bytes.ts';
import { signEd25519, verifyEd25519Sync, webCryptoSaysYes } from './ed25519.ts';
import type { Ed25519Subtle } from './ed25519.ts';
import { isWebCryptoStrict, verifyEd25519Strict } from './ed25519-strict.ts';
import { fromLittleEndian, toLittleEndian } from './little-endian.ts';
import { sha512 } from './sha512.ts';

const { Point } = ed25519;
const L = Point.Fn.ORDER;
const seed = new Uint8Array(32).fill(7);
const scalar = ed25519.utils.getExtendedPublicKey(seed).scalar;
/** A point of order 8. */
const torsion = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', true);
const challenge = (r: Uint8Array, key: Uint8Array, message: Uint8Array) => fromLittleEndian(sha512(concatBytes(r, key, message))) % L;

interface Case {
  readonly name: string;
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly strict: boolean;
  readonly zip215: boolean;
}

/** Signs under a key with a component of small order, so that the equation without cofactor holds or not. */
function mixedKey(holds: boolean): Case {
  const key = Point.BASE.multiply(scalar).add(torsion).toBytes();
  for (let nonce = 1n; ; nonce += 1n) {
    const message = toLittleEndian(nonce, 4);
    const r = Point.BASE.multiply(nonce).toBytes();
    const k = challenge(r, key, message);
    if ((k % 8n === 0n) !== holds) continue;
    return { name: `component of order 8 in A, k ${holds ? 'is' : 'is not'} a multiple of 8`, key, message, signature: concatBytes(r, toLittleEndian((nonce + k * scalar) % L, 32)), strict: holds, zip215: true };
  }
}

function torsionInR(): Case {
  const key = Point.BASE.multiply(scalar).toBytes();
  const r = Point.BASE.multiply(99n).add(torsion).toBytes();
  const message = Uint8Array.of(1);
  return { name: 'component of order 8 in R', key, message, signature: concatBytes(r, toLittleEndian((99n + challenge(r, key, message) * scalar) % L, 32)), strict: false, zip215: true };
}

/** Signatures with S = 0 and R = A = a small-order point in this encoding: strict ones accept exactly if R' = -k*A has the bytes R. */
const smallOrder: readonly Case[] = vectors.zip215_small_order.cases.map((it, i) => {
  const key = fromHex(it.A);
  const r = fromHex(it.R);
  const signature = concatBytes(r, new Uint8Array(32));
  const message = new TextEncoder().encode(vectors.zip215_small_order.message_utf8);
  const expected = Point.fromBytes(key, true).multiplyUnsafe(challenge(r, key, message)).negate().toBytes();
  return { name: `small order ${i}`, key, message, signature, strict: expected.every((byte, at) => byte === r[at]), zip215: true };
});

const message = Uint8Array.of(4, 5);
const good = signEd25519(seed, message);
const key = ed25519.getPublicKey(seed);
const malleated = concatBytes(good.slice(0, 32), toLittleEndian(fromLittleEndian(good.slice(32)) + L, 32));

const cases: readonly Case[] = [
  { name: 'good', key, message, signature: good, strict: true, zip215: true },
  { name: 'other message', key, message: Uint8Array.of(4), signature: good, strict: false, zip215: false },
  { name: 'S + L', key, message, signature: malleated, strict: false, zip215: false },
  { name: 'R with the sign of x flipped', key, message, signature: good.map((byte, i) => (i === 31 ? byte ^ 0x80 : byte)), strict: false, zip215: false },
  { name: 'A that is no point', key: new Uint8Array(32).fill(2), message, signature: good, strict: false, zip215: false },
  torsionInR(),
  mixedKey(true),
  mixedKey(false),
  ...smallOrder,
];

describe('strict Ed25519', () => {
  it.each(cases.slice(0, 8))('$name', ({ key: publicKey, message: text, signature, strict, zip215 }) => {
    expect(verifyEd25519Strict(publicKey, text, signature)).toBe(strict);
    expect(verifyEd25519Sync(publicKey, text, signature)).toBe(zip215);
  });

  it('small order and non-canonical encodings: only where R has the bytes of R’', () => {
    expect(smallOrder.length).toBe(64);
    for (const { key: publicKey, message: text, signature, strict } of smallOrder) expect(verifyEd25519Strict(publicKey, text, signature)).toBe(strict);
    expect(smallOrder.filter(({ strict }) => strict).length).toBeGreaterThan(0);
  });

  it('has the verdict of this engine’s WebCrypto in every case', async () => {
    for (const { name, key: publicKey, message: text, signature, strict } of cases) expect([name, await webCryptoSaysYes(publicKey, text, signature)]).toEqual([name, strict]);
  });

  it('accepts the signatures of the vectors’ runs by RFC 8032 and refuses other lengths', () => {
    for (const { public: publicKey, sig, msg } of vectors.rfc8032) expect(verifyEd25519Strict(fromHex(publicKey), fromHex(msg), fromHex(sig))).toBe(true);
    expect(verifyEd25519Strict(key.slice(1), message, good)).toBe(false);
    expect(verifyEd25519Strict(key, message, good.slice(1))).toBe(false);
    expect(hotstuff2.negative.some(({ name }) => name === 'torsion component in R')).toBe(true);
  });
});

describe('whether WebCrypto may be asked', () => {
  const answering = (yes: (signature: Uint8Array) => boolean) =>
    ({ importKey: async () => ({}) as CryptoKey, verify: async (_: unknown, __: unknown, signature: Uint8Array) => yes(signature) }) as unknown as Ed25519Subtle;

  it('says yes for this engine', async () => {
    expect(await isWebCryptoStrict(globalThis.crypto.subtle)).toBe(true);
  });

  it('says no for an engine that accepts what holds only with cofactor, or S above the order, or has no Ed25519', async () => {
    expect(await isWebCryptoStrict(answering(() => true))).toBe(false);
    expect(await isWebCryptoStrict(answering(() => false))).toBe(false);
    expect(await isWebCryptoStrict(answering((signature) => signature[0] === 0x8f))).toBe(false);
    expect(await isWebCryptoStrict(answering((signature) => signature[63] !== 0x13))).toBe(false);
    expect(await isWebCryptoStrict(answering((signature) => signature[0] === 0x8f && signature[63] === 3))).toBe(true);
  });
});
