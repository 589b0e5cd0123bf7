import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import vectors from '../../../../../test/vectors/zkp.json' with { type: 'json' };
import { toHex } from '../../../../base/bytes.ts';
import { checkNetworkParameters, loadGenesis } from '../network-parameters.ts';
import { policyOf } from '../policy-of.ts';
import { devAlbatross } from './dev-albatross.ts';
import { mainAlbatross } from './main-albatross.ts';
import { testAlbatross } from './test-albatross.ts';
import { unitAlbatross } from './unit-albatross.ts';

// Albatross block reference, 2.7.
describe.each([
  [mainAlbatross, 24, 3_456_000, 1_732_034_720_000, 30, 14],
  [testAlbatross, 5, 3_032_010, 1_781_067_600_000, 14, 1],
  [devAlbatross, 6, 21_600, 1_679_443_200_000, 8, 0],
] as const)('$name', (network, networkId, genesisNumber, timestamp, validators, seeds) => {
  it('carries the genesis block of the official client', () => {
    const bytes = readFileSync(new URL(`../../../../../test/vectors/genesis-${network.name}.block.dat`, import.meta.url));
    expect(network.genesisBlock).toBe(toHex(new Uint8Array(bytes)));
    const { header } = loadGenesis(network);
    expect(header).toMatchObject({ network: networkId, version: 1, blockNumber: genesisNumber, timestamp });
    expect(header.validators).toHaveLength(validators);
  });

  it('passes the check of any network, also as JSON', () => {
    expect(checkNetworkParameters(JSON.parse(JSON.stringify(network)))).toEqual(network);
    expect(network).toMatchObject({ networkId, maxVersion: 2 });
    expect(network.seeds).toHaveLength(seeds);
  });

  it('has the policy of the main network', () => {
    const policy = policyOf(network);
    expect(policy).toMatchObject({ genesisNumber, blocksPerBatch: 60, blocksPerEpoch: 43_200 });
    expect(policy.isElection(genesisNumber + 43_200)).toBe(true);
    expect(policy.isMacro(genesisNumber + 60)).toBe(true);
  });
});

it.each([
  [mainAlbatross, vectors.mainnet.raw_hex, vectors.mainnet.meta_data],
  [testAlbatross, vectors.mainnet.raw_hex, vectors.testnet.meta_data],
  [devAlbatross, vectors.devnet.raw_hex, vectors.devnet.meta_data],
  [unitAlbatross, vectors.tests.raw_hex, vectors.tests.meta_data],
] as const)('$name has its verifying key and the commitment', (network, verifyingKey, { vksCommitment, blocksPerEpoch }) => {
  expect(network.zkp).toEqual({ verifyingKey, keysCommitment: vksCommitment });
  expect(policyOf(network).blocksPerEpoch).toBe(blocksPerEpoch);
});

it('only the main network has a pinned block, at the height of an election block', () => {
  expect(mainAlbatross.pinnedElection?.hash).toMatch(/^afbf37f2[0-9a-f]{56}$/);
  expect(testAlbatross.pinnedElection).toBeUndefined();
  expect(devAlbatross.pinnedElection).toBeUndefined();
  // The inferred height fits the policy: epoch 1289 ends there.
  expect(policyOf(mainAlbatross).electionBlockOf(1289)).toBe(59_140_800);
});
