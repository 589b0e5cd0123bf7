import { describe, expect, it } from 'vitest';
import vectors from '../test/vectors/zkp.json' with { type: 'json' };
import { unitAlbatross } from '../src/chains/albatross/chain/networks/unit-albatross.ts';
import { fromHex, toHex } from '../src/base/bytes.ts';
import { finish } from '../src/crypto/finish.ts';
import { zkProofVerifierOf, type ProvenStatement } from '../src/crypto/groth16.ts';
import { R as GROUP_ORDER } from '../src/crypto/mnt6/constants.ts';
import { bigintMnt6 } from '../src/crypto/mnt6/mnt6.ts';
import { publicInputs } from '../src/crypto/zk-public-inputs.ts';
import { seededRandom } from './seeded-random.ts';
import { forgeProof, makeTrapdoor, simulateProof, verifyingKeyOf } from './trapdoor.ts';
import { unitTrapdoor } from './unit-trapdoor.ts';

const random = seededRandom('trapdoor', 'test');
const statement = { genesisHash: random.bytes(32), finalHash: random.bytes(32), keysCommitment: random.bytes(190) };
const steps = zkProofVerifierOf(bigintMnt6);
const verify = (proven: ProvenStatement) => finish(steps(proven));

describe("the unit network's trapdoor", () => {
  const trapdoor = unitTrapdoor();

  it('is the published one', () => {
    const { alpha, beta, gamma, delta, abc, g1_generator: g1, g2_generator: g2 } = vectors.toxic_waste;
    expect([trapdoor.alpha, trapdoor.beta, trapdoor.gamma, trapdoor.delta].map(String)).toEqual([alpha, beta, gamma, delta]);
    expect(trapdoor.inputs.map(String)).toEqual(abc);
    expect([trapdoor.g1.x, trapdoor.g1.y].map(String)).toEqual([g1.x, g1.y]);
    expect([trapdoor.g2.x, trapdoor.g2.y].map(({ c0, c1, c2 }) => [c0, c1, c2].map(String))).toEqual([g2.x, g2.y]);
  });

  it("gives the unit network's verifying key", () => {
    expect(toHex(verifyingKeyOf(trapdoor))).toBe(unitAlbatross.zkp?.verifyingKey);
  });

  it("makes proofs that verify under the unit network's verifying key, and under no other", () => {
    const keysCommitment = fromHex(unitAlbatross.zkp!.keysCommitment);
    const proof = simulateProof(trapdoor, { ...statement, keysCommitment }, random);
    const verifyingKey = fromHex(unitAlbatross.zkp!.verifyingKey);
    expect(verify({ ...statement, keysCommitment, proof, verifyingKey })).toBe(true);
    expect(verify({ ...statement, proof, verifyingKey })).toBe(false);
    expect(verify({ ...statement, keysCommitment, proof, verifyingKey: fromHex(vectors.mainnet.raw_hex) })).toBe(false);
  });
});

describe('a trapdoor of its own', () => {
  const trapdoor = makeTrapdoor(seededRandom('own', 'set-up'));
  const verifyingKey = verifyingKeyOf(trapdoor);

  it('makes proofs that verify under its key', () => {
    const proof = simulateProof(trapdoor, statement, random);
    expect(verify({ ...statement, proof, verifyingKey })).toBe(true);
    expect(verify({ ...statement, finalHash: statement.genesisHash, proof, verifyingKey })).toBe(false);
  });

  it('is the same for the same seed', () => {
    expect(makeTrapdoor(seededRandom('own', 'set-up'))).toEqual(trapdoor);
    expect(makeTrapdoor(seededRandom('other', 'set-up'))).not.toEqual(trapdoor);
  });

  it('makes proofs also where the inputs sum up to infinity', () => {
    const values = publicInputs(statement)!;
    const [, ...inputs] = trapdoor.inputs;
    const sum = values.reduce((total, value, i) => total + value * inputs[i]!, 0n) % GROUP_ORDER;
    const odd = { ...trapdoor, inputs: [GROUP_ORDER - sum, ...inputs] };
    expect(verify({ ...statement, proof: simulateProof(odd, statement, random), verifyingKey: verifyingKeyOf(odd) })).toBe(true);
    expect(verify({ ...statement, proof: forgeProof(random), verifyingKey: verifyingKeyOf(odd) })).toBe(false);
  });
});

it('a forged proof does not verify', () => {
  const verifyingKey = fromHex(unitAlbatross.zkp!.verifyingKey);
  expect(verify({ ...statement, proof: forgeProof(random), verifyingKey })).toBe(false);
});
