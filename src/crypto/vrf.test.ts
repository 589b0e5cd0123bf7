import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import smallOrder from '../../test/vectors/ed25519.json' with { type: 'json' };
import vectors from '../../test/vectors/vrf.json' with { type: 'json' };
import { fromLittleEndian, toLittleEndian } from './little-endian.ts';
import { mapToCurve25519 } from './map-to-curve25519.ts';
import { signVrfSeed, verifyVrfSeed, verifyVrfSeedSteps, vrfEntropy } from './vrf.ts';

const { mainnet_genesis: genesis, unit_chain: unit } = vectors;
const links = [
  { ...genesis, label: 'main-albatross genesis' },
  ...unit.links.map((link) => ({ ...link, private: unit.private, public: unit.public, label: `unit-albatross ${link.nonce_block_number}` })),
];
const [first, second] = unit.links as [(typeof unit.links)[0], (typeof unit.links)[0]];
const check = {
  publicKey: hexToBytes(unit.public),
  seed: hexToBytes(first.seed),
  previousSeed: hexToBytes(first.prev_seed),
  nonce: first.nonce_block_number,
};

function withByte(bytes: Uint8Array, index: number): Uint8Array {
  const changed = bytes.slice();
  changed[index]! ^= 1;
  return changed;
}

describe('the VRF', () => {
  it.each(links)('signs, verifies and draws entropy: $label', (link) => {
    const previousSeed = hexToBytes(link.prev_seed);
    const seed = signVrfSeed(hexToBytes(link.private), previousSeed, link.nonce_block_number, hexToBytes(link.Z_random_64));
    expect(bytesToHex(seed)).toBe(link.seed);
    expect(bytesToHex(vrfEntropy(seed)!)).toBe(link.entropy);
    expect(verifyVrfSeed({ publicKey: hexToBytes(link.public), seed, previousSeed, nonce: link.nonce_block_number })).toBe(true);
  });

  it.each(vectors.entropy)('draws entropy from seed $seed', ({ seed, entropy }) => {
    expect(bytesToHex(vrfEntropy(hexToBytes(seed))!)).toBe(entropy);
  });

  it('refuses another block number, previous seed, key, and any changed part', () => {
    expect(verifyVrfSeed(check)).toBe(true);
    expect(verifyVrfSeed({ ...check, nonce: check.nonce + 1 })).toBe(false);
    expect(verifyVrfSeed({ ...check, previousSeed: hexToBytes(second.prev_seed) })).toBe(false);
    expect(verifyVrfSeed({ ...check, publicKey: hexToBytes(genesis.public) })).toBe(false);
    for (const index of [0, 32, 64]) expect(verifyVrfSeed({ ...check, seed: withByte(check.seed, index) })).toBe(false);
  });

  it('gives the same entropy whatever the signer chooses', () => {
    const other = signVrfSeed(hexToBytes(unit.private), check.previousSeed, check.nonce, new Uint8Array(64).fill(9));
    expect(other).not.toEqual(check.seed);
    expect(verifyVrfSeed({ ...check, seed: other })).toBe(true);
    expect(vrfEntropy(other)).toEqual(vrfEntropy(check.seed));
  });

  it('refuses scalars that are not reduced', () => {
    const L = ed25519.Point.Fn.ORDER;
    const s = fromLittleEndian(check.seed.subarray(64));
    const h = fromLittleEndian(check.seed.subarray(32, 64));
    expect(verifyVrfSeed({ ...check, seed: concatBytes(check.seed.subarray(0, 64), toLittleEndian(s + L, 32)) })).toBe(false);
    expect(verifyVrfSeed({ ...check, seed: concatBytes(check.seed.subarray(0, 32), toLittleEndian(h + L, 32), check.seed.subarray(64)) })).toBe(false);
  });

  it('refuses keys and seeds of small order', () => {
    for (const { A } of smallOrder.zip215_small_order.cases.filter((_, i) => i % 8 === 0)) {
      expect(verifyVrfSeed({ ...check, publicKey: hexToBytes(A) })).toBe(false);
      expect(verifyVrfSeed({ ...check, seed: concatBytes(hexToBytes(A), check.seed.subarray(32)) })).toBe(false);
    }
  });

  it('refuses a proof for the identity key, which anybody could make', () => {
    const { Point } = ed25519;
    const identity = Point.ZERO.toBytes();
    const message = concatBytes(Uint8Array.of(1, 0, 0, 0, first.nonce_block_number), hexToBytes(first.prev_entropy));
    const r = 12345n;
    const commitments = [Point.BASE, mapToCurve25519(concatBytes(identity, message))].map((base) => base.multiply(r).toBytes());
    const h = fromLittleEndian(sha512(concatBytes(identity, identity, ...commitments, message))) % Point.Fn.ORDER;
    // The equation holds: with a = 0, s is r.
    const seed = concatBytes(identity, toLittleEndian(h, 32), toLittleEndian(r, 32));
    expect(verifyVrfSeed({ ...check, publicKey: identity, seed })).toBe(false);
  });

  it('refuses a V that is no point, and gives no entropy for it', () => {
    const seed = check.seed.slice();
    seed.fill(0, 0, 32);
    seed[0] = 2;
    expect(vrfEntropy(seed)).toBeUndefined();
    expect(verifyVrfSeed({ ...check, seed })).toBe(false);
    expect(verifyVrfSeed({ ...check, previousSeed: seed })).toBe(false);
    expect(() => signVrfSeed(hexToBytes(unit.private), seed, 1, new Uint8Array(64))).toThrow(expect.objectContaining({ code: 'not-a-point' }));
  });

  it('reads V with an unreduced y, as dalek does', () => {
    // p and p + 1 encode 0 and 1; 1 is the identity.
    const p = 2n ** 255n - 19n;
    const seedOf = (y: bigint) => concatBytes(toLittleEndian(y, 32), new Uint8Array(64));
    expect(vrfEntropy(seedOf(p))).toEqual(vrfEntropy(seedOf(0n)));
    expect(vrfEntropy(seedOf(p + 1n))).toEqual(vrfEntropy(seedOf(1n)));
    expect(vrfEntropy(seedOf(1n + 2n ** 255n))).toEqual(vrfEntropy(seedOf(1n)));
  });

  it('gives a verdict on any input', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 100 }), fc.double(), (seed, previousSeed, nonce) => {
        expect(verifyVrfSeed({ publicKey: seed.subarray(0, 32), seed, previousSeed, nonce })).toBe(false);
      }),
    );
    for (const nonce of [-1, 0.5, Number.NaN, 2 ** 32]) expect(verifyVrfSeed({ ...check, nonce })).toBe(false);
    expect(() => signVrfSeed(hexToBytes(unit.private), check.previousSeed, -1, new Uint8Array(64))).toThrow(expect.objectContaining({ code: 'out-of-range' }));
  });

  it('runs in steps', () => {
    expect([...verifyVrfSeedSteps(check)].length).toBeGreaterThan(2);
  });
});
