import { decodeVerifyingKey, VERIFYING_KEY_LENGTH } from '../../../crypto/verifying-key.ts';
import { KEYS_COMMITMENT_LENGTH } from '../../../crypto/zk-public-inputs.ts';
import { fromHex } from '../../../base/bytes.ts';
import { networkFields } from '../../../engine/network-fields.ts';
import { loadGenesis } from './genesis.ts';
import { blockKind } from './block-kind.ts';
import type { NetworkParameters, Seed, ZkpParameters } from './network.ts';
import { NetworkParametersError } from './network-parameters-error.ts';
import { policyOf } from './policy-of.ts';
import { intrinsicRules } from './rules/intrinsic.ts';
import { firstBrokenCheck } from './rules/run-rules.ts';

export { loadGenesis } from './genesis.ts';
export { NetworkParametersError } from './network-parameters-error.ts';

/** The newest block version whose rules this release knows. */
const newestKnownVersion = 2;

/** Maximum number of hex digits: 512 validators of 341 bytes, and room for the rest of the block. */
const maxGenesisDigits = 2 * 200_000;
/** Operators' names are stored with the witnesses. */
const operatorPattern = /^[a-z0-9][a-z0-9.-]{0,63}$/;
const hour = 3_600_000;
const hashPattern = /^[0-9a-f]{64}$/;

/**
 * Reads network parameters from untrusted JSON: checks every field's type and range, the genesis block's bytes, hash and rules (not its
 * voting keys, which take seconds). Unknown fields are dropped. Throws `NetworkParametersError`.
 */
export function checkNetworkParameters(value: unknown): NetworkParameters {
  const fields = check.object(value, '');
  const pinned = fields['pinnedElection'];
  const development = check.optionalFlag(fields, 'development');
  const network: NetworkParameters = {
    name: check.name(fields),
    networkId: check.integer(fields, 'networkId', 0, 255),
    genesisBlock: check.hex(fields['genesisBlock'], 'genesisBlock', 2, maxGenesisDigits),
    genesisHash: check.text(fields, 'genesisHash', hashPattern),
    // A batch has at least one micro block; the upper bounds keep every height within 32 bits for centuries.
    blocksPerBatch: check.integer(fields, 'blocksPerBatch', 2, 10_000),
    batchesPerEpoch: check.integer(fields, 'batchesPerEpoch', 1, 10_000),
    maxVersion: check.integer(fields, 'maxVersion', 1, newestKnownVersion),
    blockSeparationTime: check.integer(fields, 'blockSeparationTime', 1, hour),
    minProducerTimeout: check.integer(fields, 'minProducerTimeout', 0, hour),
    timestampMaxDrift: check.integer(fields, 'timestampMaxDrift', 0, 24 * hour),
    seeds: seedsOf(fields['seeds']),
    ...(pinned === undefined ? {} : { pinnedElection: { hash: check.text(check.object(pinned, 'pinnedElection'), 'hash', hashPattern) } }),
    ...(fields['zkp'] === undefined ? {} : { zkp: zkpOf(fields['zkp']) }),
    ...(development === undefined ? {} : { development }),
  };
  const genesis = loadGenesis(network);
  const code = firstBrokenCheck(intrinsicRules, {
    block: genesis,
    hash: network.genesisHash,
    kind: blockKind(genesis),
    network,
    policy: policyOf(network),
    now: genesis.header.timestamp,
  });
  if (code) throw new NetworkParametersError('genesis-invalid', 'genesisBlock', code);
  return network;
}

const check = networkFields((code, field, detail) => {
  throw new NetworkParametersError(code, field, detail);
});

function zkpOf(value: unknown): ZkpParameters {
  const fields = check.object(value, 'zkp');
  const verifyingKey = check.hex(fields['verifyingKey'], 'verifyingKey', 2 * VERIFYING_KEY_LENGTH, 2 * VERIFYING_KEY_LENGTH);
  // With an invalid key every proof would seem wrong, and every peer to blame.
  if (!decodeVerifyingKey(fromHex(verifyingKey))) throw new NetworkParametersError('verifying-key-invalid', 'verifyingKey', 'not the points of a verifying key');
  return { verifyingKey, keysCommitment: check.hex(fields['keysCommitment'], 'keysCommitment', 2 * KEYS_COMMITMENT_LENGTH, 2 * KEYS_COMMITMENT_LENGTH) };
}

function seedsOf(value: unknown): readonly Seed[] {
  return check.seedList(value).map((seed) => {
    if (typeof seed === 'string') return check.seed(seed);
    if (typeof seed !== 'object' || seed === null) throw new NetworkParametersError('wrong-type', 'seeds', `expected texts or objects, got ${typeof seed}`);
    const { address, operator } = seed as { readonly address?: unknown; readonly operator?: unknown };
    if (typeof address !== 'string' || typeof operator !== 'string') throw new NetworkParametersError('wrong-type', 'seeds', 'expected an address and an operator, both texts');
    if (!operatorPattern.test(operator)) throw new NetworkParametersError('out-of-range', 'seeds', `an operator does not match ${operatorPattern.source}`);
    return { address: check.seed(address), operator };
  });
}
