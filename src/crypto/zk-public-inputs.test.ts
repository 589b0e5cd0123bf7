import { hexToBytes } from '@noble/hashes/utils.js';
import { expect, it } from 'vitest';
import vectors from '../../test/vectors/zkp.json' with { type: 'json' };
import { publicInputs } from './zk-public-inputs.ts';

const keysCommitment = hexToBytes(vectors.tests.meta_data.vksCommitment);

it('makes five numbers from a statement', () => {
  for (const { genesis_header_hash_blake2s: genesis, final_header_hash_blake2s: final, public_inputs: expected } of vectors.simulated_proofs_tests_vk.proofs) {
    if (!genesis || !final) continue;
    const inputs = publicInputs({ genesisHash: hexToBytes(genesis), finalHash: hexToBytes(final), keysCommitment });
    expect(inputs?.map(String)).toEqual(expected);
  }
});

it.each([vectors.tests, vectors.devnet, vectors.mainnet])('splits the commitment of $file into three', ({ meta_data: data, vks_commitment_field_elements: expected }) => {
  const hash = new Uint8Array(32);
  expect(publicInputs({ genesisHash: hash, finalHash: hash, keysCommitment: hexToBytes(data.vksCommitment) })?.slice(2).map(String)).toEqual(expected);
});

it('refuses other lengths', () => {
  const hash = new Uint8Array(32);
  expect(publicInputs({ genesisHash: hash, finalHash: new Uint8Array(31), keysCommitment })).toBeUndefined();
  expect(publicInputs({ genesisHash: new Uint8Array(33), finalHash: hash, keysCommitment })).toBeUndefined();
  expect(publicInputs({ genesisHash: hash, finalHash: hash, keysCommitment: new Uint8Array(189) })).toBeUndefined();
});
