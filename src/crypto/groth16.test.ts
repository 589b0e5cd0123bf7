import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { curves } from '../../test/support/curve-backends.ts';
import blsVectors from '../../test/vectors/bls.json' with { type: 'json' };
import vectors from '../../test/vectors/zkp.json' with { type: 'json' };
import { finish } from './finish.ts';
import { PROOF_LENGTH, zkProofVerifierOf } from './groth16.ts';
import type { ProvenStatement } from './groth16.ts';
import { toLittleEndian } from './little-endian.ts';
import { P, R } from './mnt6/constants.ts';
import { encodeG1 } from './mnt6/encoding.ts';
import { g1 } from './mnt6/g1.ts';
import { bigintMnt6 } from './mnt6/mnt6.ts';

const verifyingKey = hexToBytes(vectors.tests.raw_hex);
const keysCommitment = hexToBytes(vectors.tests.meta_data.vksCommitment);
const statements = vectors.simulated_proofs_tests_vk.proofs.flatMap((vector): ProvenStatement[] =>
  vector.valid
    ? [
        {
          proof: hexToBytes(vector.proof_compressed_475),
          verifyingKey,
          keysCommitment,
          genesisHash: hexToBytes(vector.genesis_header_hash_blake2s!),
          finalHash: hexToBytes(vector.final_header_hash_blake2s!),
        },
      ]
    : [],
);
const statement = statements[0]!;

/** The proof with one of its parts (0: A, 1: B, 2: C) replaced. */
function withPart(part: 0 | 1 | 2, bytes: Uint8Array): ProvenStatement {
  const proof = statement.proof.slice();
  proof.set(bytes, [0, 95, 380][part]);
  return { ...statement, proof };
}

const rejected = blsVectors.decompress_reject.map(({ why, hex }) => ({ why, bytes: hexToBytes(hex) }));

describe.each(curves)('a proof on $name', ({ curve }) => {
  const steps = zkProofVerifierOf(curve);
  const verify = (given: ProvenStatement): boolean => {
    const mark = curve.field.mark();
    const result = finish(steps(given));
    curve.field.release(mark, []);
    return result;
  };

  it.each(statements)('of the vectors is accepted (%#)', (vector) => {
    expect(verify(vector)).toBe(true);
  });

  it('with C negated is refused', () => {
    const bad = vectors.simulated_proofs_tests_vk.proofs.find(({ valid }) => !valid)!;
    expect(verify({ ...statement, proof: hexToBytes(bad.proof_compressed_475) })).toBe(false);
  });

  it('of another statement is refused', () => {
    const flipped = statement.genesisHash.slice();
    flipped[0]! ^= 1;
    const commitment = keysCommitment.slice();
    commitment[189]! ^= 1;
    expect(verify({ ...statement, finalHash: statements[1]!.finalHash })).toBe(false);
    expect(verify({ ...statement, genesisHash: flipped })).toBe(false);
    expect(verify({ ...statement, genesisHash: statement.finalHash, finalHash: statement.genesisHash })).toBe(false);
    expect(verify({ ...statement, keysCommitment: commitment })).toBe(false);
  });

  it('under another key is refused', () => {
    expect(verify({ ...statement, verifyingKey: hexToBytes(vectors.devnet.raw_hex) })).toBe(false);
    expect(verify({ ...statement, verifyingKey: hexToBytes(vectors.mainnet.raw_hex) })).toBe(false);
    // Values that are cached for one key must not be used for another.
    expect(verify(statement)).toBe(true);
  });

  it('with any part negated is refused', () => {
    for (const last of [94, 379, 474]) {
      const proof = statement.proof.slice();
      proof[last]! ^= 0x80;
      expect(verify({ ...statement, proof })).toBe(false);
    }
  });

  it('with A scaled by a factor and B by its inverse is another valid proof of the same statement', () => {
    // So a proof does not identify its statement, and no result may be cached by the proof's bytes.
    const { A } = vectors.simulated_proofs_tests_vk.proofs[0]!;
    const minusA = g1.toAffine(finish(g1.multiplySteps({ x: BigInt(A!.x), y: BigInt(A!.y) }, R - 1n)));
    const { proof } = withPart(0, encodeG1(minusA));
    proof[379]! ^= 0x80;
    expect(verify({ ...statement, proof })).toBe(true);
  });

  it('of the wrong length is refused', () => {
    expect(PROOF_LENGTH).toBe(475);
    for (const proof of [new Uint8Array(0), statement.proof.subarray(1), statement.proof.subarray(0, 474), new Uint8Array(476), new Uint8Array(950)]) {
      expect(verify({ ...statement, proof })).toBe(false);
    }
    expect(verify({ ...statement, proof: Uint8Array.of(...statement.proof, 0) })).toBe(false);
  });

  it('with infinity anywhere is refused', () => {
    expect(verify(withPart(0, encodeG1('infinity')))).toBe(false);
    expect(verify(withPart(1, bigintMnt6.encoding.encode('infinity')))).toBe(false);
    expect(verify(withPart(2, encodeG1('infinity')))).toBe(false);
    const all = withPart(0, encodeG1('infinity')).proof;
    all.set(bigintMnt6.encoding.encode('infinity'), 95);
    all.set(encodeG1('infinity'), 380);
    expect(verify({ ...statement, proof: all })).toBe(false);
  });

  it.each(rejected.filter(({ bytes }) => bytes.length === 285))('whose B is not in the group is refused: $why', ({ bytes }) => {
    expect(verify(withPart(1, bytes))).toBe(false);
  });

  it('whose A or C is no point is refused', () => {
    const bad = rejected.filter(({ bytes }) => bytes.length === 95);
    expect(bad.length).toBeGreaterThan(0);
    for (const { bytes } of bad) for (const part of [0, 2] as const) expect(verify(withPart(part, bytes))).toBe(false);
  });

  it('with a coefficient that is not below p is refused', () => {
    const p = toLittleEndian(P, 95);
    for (const at of [0, 95, 190, 285, 380]) {
      const proof = statement.proof.slice();
      // The flags are in the same byte as p's highest bits.
      p[94] = (p[94]! & 0x3f) | (proof[at + 94]! & 0xc0);
      proof.set(p, at);
      expect(verify({ ...statement, proof })).toBe(false);
    }
  });

  it('for inputs of wrong lengths is refused', () => {
    expect(verify({ ...statement, genesisHash: new Uint8Array(31) })).toBe(false);
    expect(verify({ ...statement, finalHash: new Uint8Array(33) })).toBe(false);
    expect(verify({ ...statement, keysCommitment: keysCommitment.subarray(1) })).toBe(false);
    expect(verify({ ...statement, verifyingKey: verifyingKey.subarray(1) })).toBe(false);
  });
});
