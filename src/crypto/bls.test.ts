import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/bls.json' with { type: 'json' };
import version2 from '../../test/vectors/version2.json' with { type: 'json' };
import { blake2s } from './blake2s.ts';
import { aggregateSignatures, blsSignWeighted, verifyBls, verifyMultiSignature } from './bls.ts';
import { blsPublicKey, blsSign } from './bls-signing.ts';
import { finish } from './finish.ts';
import { toLittleEndian } from './little-endian.ts';
import { R } from './mnt6/constants.ts';
import { decodeG1Steps, encodeG1 } from './mnt6/encoding.ts';
import type { Fq3 } from './mnt6/fq3.ts';
import { g1 } from './mnt6/g1.ts';
import type { G1Affine } from './mnt6/g1.ts';
import { hashToG1Steps } from './mnt6/hash-to-g1.ts';
import type { Affine } from './mnt6/jacobian.ts';
import { bigintMnt6 } from './mnt6/mnt6.ts';

const { g2, encoding } = bigintMnt6;

const unit = vectors.keys[0]!;
const unitSecret = hexToBytes(unit.secret);
const unitKey = hexToBytes(unit.public);
const sigHash = blake2s(new TextEncoder().encode('petrel'));
const unitSignature = blsSign(unitSecret, sigHash);
const infinityKey = encoding.encode('infinity');

/** The three validators of the version 2 vectors. */
const [first, second, third] = version2.election_v2_three_validators.validators.map(({ voting_key: key, slots }) => ({
  compressed: hexToBytes(key),
  weight: slots[1]! - slots[0]!,
})) as [Signer, Signer, Signer];
type Signer = { compressed: Uint8Array; weight: number };

describe('BLS keys', () => {
  it.each(vectors.keys)('derives the public key of $name', ({ secret, public: publicKey }) => {
    expect(bytesToHex(blsPublicKey(hexToBytes(secret)))).toBe(publicKey);
  });

  it('refuses secrets that are zero, r, or of another length', () => {
    for (const secret of [0n, R]) {
      expect(() => blsPublicKey(toLittleEndian(secret, 95))).toThrow(expect.objectContaining({ name: 'CryptoInputError', code: 'secret-out-of-range' }));
      expect(() => blsSign(toLittleEndian(secret, 95), sigHash)).toThrow(expect.objectContaining({ code: 'secret-out-of-range' }));
    }
    expect(() => blsPublicKey(new Uint8Array(94))).toThrow(expect.objectContaining({ code: 'wrong-length' }));
    expect(() => blsSign(unitSecret, new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'wrong-length' }));
    expect(() => blsSignWeighted(unitSecret, sigHash, 0)).toThrow(expect.objectContaining({ code: 'out-of-range' }));
  });
});

describe('BLS signatures', () => {
  const signed = vectors.signatures.map((vector) => {
    const message = 'message_hex' in vector ? hexToBytes(vector.message_hex!) : new TextEncoder().encode((vector as { message_utf8: string }).message_utf8);
    return { ...vector, sigHash: blake2s(message) };
  });

  it.each(signed)('signs and verifies: $kind', ({ secret, signature, sigHash }) => {
    expect(bytesToHex(blsSign(hexToBytes(secret), sigHash))).toBe(signature);
    expect(verifyBls(blsPublicKey(hexToBytes(secret)), sigHash, hexToBytes(signature))).toBe(true);
  });

  it.each(vectors.tendermint_votes)('signs the $step of network $network', ({ preimage, sighash, signature_by_unit_key: signature }) => {
    expect(bytesToHex(blake2s(hexToBytes(preimage)))).toBe(sighash);
    expect(bytesToHex(blsSign(unitSecret, hexToBytes(sighash)))).toBe(signature);
    expect(verifyBls(unitKey, hexToBytes(sighash), hexToBytes(signature))).toBe(true);
  });

  it('signs a skip block, in the message form used before the mainnet', () => {
    const { preimage, sighash, secret, signature_one_slot: one, signature_times_512: all } = vectors.skip_block;
    expect(bytesToHex(blake2s(hexToBytes(preimage)))).toBe(sighash);
    expect(bytesToHex(blsSign(hexToBytes(secret), hexToBytes(sighash)))).toBe(one);
    expect(bytesToHex(blsSignWeighted(hexToBytes(secret), hexToBytes(sighash), 512))).toBe(all);
    const signers = [{ compressed: blsPublicKey(hexToBytes(secret)), weight: 512 }];
    expect(verifyMultiSignature({ sigHash: hexToBytes(sighash), signature: hexToBytes(all), signers })).toBe(true);
    expect(verifyMultiSignature({ sigHash: hexToBytes(sighash), signature: hexToBytes(one), signers })).toBe(false);
    expect(verifyBls(hexToBytes(vectors.skip_block.aggregate_public_key_times_512), hexToBytes(sighash), hexToBytes(all))).toBe(true);
  });

  it('refuses another message, another key, another signature and infinity', () => {
    expect(verifyBls(unitKey, sigHash, unitSignature)).toBe(true);
    expect(verifyBls(unitKey, blake2s(sigHash), unitSignature)).toBe(false);
    expect(verifyBls(second.compressed, sigHash, unitSignature)).toBe(false);
    const negative = unitSignature.slice();
    negative[94]! ^= 0x80;
    expect(verifyBls(unitKey, sigHash, negative)).toBe(false);
    expect(verifyBls(unitKey, sigHash, encodeG1('infinity'))).toBe(false);
    expect(verifyBls(infinityKey, sigHash, unitSignature)).toBe(false);
    // The equation holds for these two.
    expect(verifyBls(infinityKey, sigHash, encodeG1('infinity'))).toBe(false);
  });

  it('refuses a message hash of another length, even with a valid signature', () => {
    for (const length of [0, 31, 32, 33]) {
      const hash = new Uint8Array(length).fill(5);
      // The secret of this key is one.
      expect(verifyBls(encoding.encode(g2.generator), hash, encodeG1(finish(hashToG1Steps(hash))))).toBe(length === 32);
    }
  });

  it('gives a verdict on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 100 }), (key, hash, signature) => {
        expect(verifyBls(key, hash, signature)).toBe(false);
        expect(verifyMultiSignature({ sigHash: hash, signature, signers: [{ compressed: unitKey, weight: 1 }] })).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});

describe('aggregates', () => {
  const aggregate = vectors.aggregate;
  const message = blake2s(new TextEncoder().encode(aggregate.message_utf8));
  const signature = hexToBytes(aggregate.aggregate_signature);
  const signers = aggregate.public_keys.map((key, i) => ({ compressed: hexToBytes(key), weight: aggregate.slots[i]! }));

  it('sums keys and signatures by weight', () => {
    const keys = signers.map(({ compressed, weight }) => ({ point: finish(encoding.decodeSteps(compressed)) as Affine<Fq3>, weight }));
    expect(bytesToHex(encoding.encode(g2.toAffine(finish(g2.weightedSumSteps(keys)))))).toBe(aggregate.aggregate_public_key);
    const parts = signers.map(({ compressed, weight }) => {
      const { secret } = vectors.keys.find((key) => key.public === bytesToHex(compressed))!;
      return blsSignWeighted(hexToBytes(secret), message, weight);
    });
    expect(bytesToHex(aggregateSignatures(parts)!)).toBe(aggregate.aggregate_signature);
    expect(aggregateSignatures([...parts, new Uint8Array(95).fill(0xff)])).toBeUndefined();
    expect(aggregateSignatures([])).toEqual(encodeG1('infinity'));
    const opposite = parts[0]!.slice();
    opposite[94]! ^= 0x80;
    expect(aggregateSignatures([parts[0]!, opposite, parts[1]!, encodeG1('infinity')])).toEqual(parts[1]);
  });

  it('verifies in any order and any grouping', () => {
    expect(verifyMultiSignature({ sigHash: message, signature, signers })).toBe(true);
    const split = signers.toReversed().flatMap(({ compressed, weight }) => {
      const one = { compressed, weight: 1 };
      return weight > 1 ? [{ compressed, weight: weight - 1 }, one] : [one];
    });
    expect(verifyMultiSignature({ sigHash: message, signature, signers: split })).toBe(true);
  });

  it('refuses other weights, a missing signer, and an empty list', () => {
    const changed = signers.map((signer, i) => (i === 1 ? { ...signer, weight: signer.weight + 1 } : signer));
    expect(verifyMultiSignature({ sigHash: message, signature, signers: changed })).toBe(false);
    expect(verifyMultiSignature({ sigHash: message, signature, signers: signers.slice(1) })).toBe(false);
    expect(verifyMultiSignature({ sigHash: message, signature, signers: [] })).toBe(false);
    expect(verifyMultiSignature({ sigHash: message, signature: encodeG1('infinity'), signers: [] })).toBe(false);
    for (const weight of [0, -1, 0.5, Number.NaN, 2 ** 16]) {
      expect(verifyMultiSignature({ sigHash: message, signature, signers: [...signers, { compressed: unitKey, weight }] })).toBe(false);
    }
  });

  it('refuses keys that cancel out, for which a signature at infinity would be valid', () => {
    const opposite = unitKey.slice();
    opposite[284]! ^= 0x80;
    const cancelling = [
      { compressed: unitKey, weight: 3 },
      { compressed: opposite, weight: 3 },
    ];
    for (const signature of [encodeG1('infinity'), unitSignature]) expect(verifyMultiSignature({ sigHash, signature, signers: cancelling })).toBe(false);
  });

  it('refuses a signer whose key is infinity or outside the subgroup, even where the equation holds', () => {
    const own = { compressed: unitKey, weight: 1 };
    expect(verifyMultiSignature({ sigHash, signature: unitSignature, signers: [own] })).toBe(true);
    expect(verifyMultiSignature({ sigHash, signature: unitSignature, signers: [own, { compressed: infinityKey, weight: 1 }] })).toBe(false);
    for (const { hex } of vectors.decompress_reject.filter(({ type, why }) => type === 'g2' && why.includes('order 2'))) {
      expect(verifyMultiSignature({ sigHash, signature: unitSignature, signers: [own, { compressed: hexToBytes(hex), weight: 2 }] })).toBe(false);
    }
  });

  // In the justification the signature follows the round, which is one byte here.
  const signatureOf = (justification: string) => justification.slice(2, 2 + 190);
  it.each([
    ['version 2 checkpoint', version2.checkpoint_v2.vote_message, version2.checkpoint_v2.aggregate_signature_all_512],
    ['version 2 skip block', version2.skip_v2.message, version2.skip_v2.aggregate_signature_all_512],
    ['version 1 skip block', version2.skip_v1_control.message, version2.skip_v1_control.aggregate_signature_all_512],
    ['version 2 election block', version2.election_456_v2_after_v1.vote_message, signatureOf(version2.election_456_v2_after_v1.justification)],
  ])('verifies the %s that the official client accepted', (_, message, hex) => {
    const aggregate = { sigHash: blake2s(hexToBytes(message)), signature: hexToBytes(hex) };
    expect(verifyMultiSignature({ ...aggregate, signers: [first, second, third] })).toBe(true);
    expect(verifyMultiSignature({ ...aggregate, signers: [first, third, { ...second, weight: 1 }] })).toBe(false);
  });

  it('is linear: the signature of a sum of secrets is the sum of the signatures', () => {
    const secret = fc.bigInt({ min: 1n, max: R - 1n });
    fc.assert(
      fc.property(secret, secret, (a, b) => {
        fc.pre((a + b) % R !== 0n);
        const parts = [a, b].map((s) => blsSign(toLittleEndian(s, 95), sigHash));
        expect(aggregateSignatures(parts)).toEqual(blsSign(toLittleEndian((a + b) % R, 95), sigHash));
      }),
      { numRuns: 3 },
    );
  });

  it('keeps the signature a point of the curve', () => {
    const point = finish(decodeG1Steps(unitSignature)) as G1Affine;
    expect(encodeG1(g1.toAffine(g1.fromAffine(point)))).toEqual(unitSignature);
  });
});
