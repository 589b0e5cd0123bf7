import { decodeVerifyingKey, VERIFYING_KEY_LENGTH } from '../../../crypto/verifying-key.ts';
import { KEYS_COMMITMENT_LENGTH } from '../../../crypto/zk-public-inputs.ts';
import { fromHex } from '../../../base/bytes.ts';
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
const maxSeeds = 64;
const maxSeedLength = 512;
/** Operators' names are stored with the witnesses. */
const operatorPattern = /^[a-z0-9][a-z0-9.-]{0,63}$/;
const hour = 3_600_000;
const hashPattern = /^[0-9a-f]{64}$/;

/**
 * Reads network parameters from untrusted JSON: checks every field's type and range, the genesis block's bytes, hash and rules (not its
 * voting keys, which take seconds). Unknown fields are dropped. Throws `NetworkParametersError`.
 */
export function checkNetworkParameters(value: unknown): NetworkParameters {
  const fields = objectOf(value, '');
  const pinned = fields['pinnedElection'];
  const network: NetworkParameters = {
    name: text(fields, 'name', /^[a-z0-9][a-z0-9-]{0,63}$/),
    networkId: integer(fields, 'networkId', 0, 255),
    genesisBlock: hex(fields, 'genesisBlock', maxGenesisDigits),
    genesisHash: text(fields, 'genesisHash', hashPattern),
    // A batch has at least one micro block; the upper bounds keep every height within 32 bits for centuries.
    blocksPerBatch: integer(fields, 'blocksPerBatch', 2, 10_000),
    batchesPerEpoch: integer(fields, 'batchesPerEpoch', 1, 10_000),
    maxVersion: integer(fields, 'maxVersion', 1, newestKnownVersion),
    blockSeparationTime: integer(fields, 'blockSeparationTime', 1, hour),
    minProducerTimeout: integer(fields, 'minProducerTimeout', 0, hour),
    timestampMaxDrift: integer(fields, 'timestampMaxDrift', 0, 24 * hour),
    seeds: seedsOf(fields['seeds']),
    ...(pinned === undefined ? {} : { pinnedElection: { hash: text(objectOf(pinned, 'pinnedElection'), 'hash', hashPattern) } }),
    ...(fields['zkp'] === undefined ? {} : { zkp: zkpOf(fields['zkp']) }),
    ...(fields['development'] === undefined ? {} : { development: yesOrNo(fields, 'development') }),
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

function objectOf(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new NetworkParametersError('not-an-object', field, 'expected an object');
  return value as Record<string, unknown>;
}

function integer(fields: Record<string, unknown>, name: string, min: number, max: number): number {
  const value = fields[name];
  if (typeof value !== 'number') throw new NetworkParametersError('wrong-type', name, `expected a number, got ${typeof value}`);
  if (!Number.isInteger(value) || value < min || value > max) throw new NetworkParametersError('out-of-range', name, `expected ${min} to ${max}, got ${value}`);
  return value;
}

function yesOrNo(fields: Record<string, unknown>, name: string): boolean {
  const value = fields[name];
  if (typeof value !== 'boolean') throw new NetworkParametersError('wrong-type', name, `expected true or false, got ${typeof value}`);
  return value;
}

function text(fields: Record<string, unknown>, name: string, pattern: RegExp): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new NetworkParametersError('wrong-type', name, `expected a text, got ${typeof value}`);
  if (!pattern.test(value)) throw new NetworkParametersError('out-of-range', name, `does not match ${pattern.source}`);
  return value;
}

function hex(fields: Record<string, unknown>, name: string, maxDigits: number, minDigits = 2): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new NetworkParametersError('wrong-type', name, `expected a text, got ${typeof value}`);
  if (value.length > maxDigits || value.length < minDigits) throw new NetworkParametersError('out-of-range', name, `expected ${minDigits} to ${maxDigits} digits, got ${value.length}`);
  if (!/^(?:[0-9a-f]{2})+$/.test(value)) throw new NetworkParametersError('not-hex', name, 'expected pairs of lower-case hex digits');
  return value;
}

function zkpOf(value: unknown): ZkpParameters {
  const fields = objectOf(value, 'zkp');
  const verifyingKey = hex(fields, 'verifyingKey', 2 * VERIFYING_KEY_LENGTH, 2 * VERIFYING_KEY_LENGTH);
  // With an invalid key every proof would seem wrong, and every peer to blame.
  if (!decodeVerifyingKey(fromHex(verifyingKey))) throw new NetworkParametersError('verifying-key-invalid', 'verifyingKey', 'not the points of a verifying key');
  return { verifyingKey, keysCommitment: hex(fields, 'keysCommitment', 2 * KEYS_COMMITMENT_LENGTH, 2 * KEYS_COMMITMENT_LENGTH) };
}

function seedsOf(value: unknown): readonly Seed[] {
  if (!Array.isArray(value)) throw new NetworkParametersError('wrong-type', 'seeds', 'expected a list');
  if (value.length > maxSeeds) throw new NetworkParametersError('out-of-range', 'seeds', `more than ${maxSeeds}`);
  return value.map((seed: unknown) => {
    if (typeof seed === 'string') return addressOf(seed);
    if (typeof seed !== 'object' || seed === null) throw new NetworkParametersError('wrong-type', 'seeds', `expected texts or objects, got ${typeof seed}`);
    const { address, operator } = seed as { readonly address?: unknown; readonly operator?: unknown };
    if (typeof address !== 'string' || typeof operator !== 'string') throw new NetworkParametersError('wrong-type', 'seeds', 'expected an address and an operator, both texts');
    if (!operatorPattern.test(operator)) throw new NetworkParametersError('out-of-range', 'seeds', `an operator does not match ${operatorPattern.source}`);
    return { address: addressOf(address), operator };
  });
}

/** Checks only the syntax: the network code decides whether an address can be dialled. */
function addressOf(seed: string): string {
  if (seed.length > maxSeedLength || !seed.startsWith('/')) throw new NetworkParametersError('out-of-range', 'seeds', 'expected multiaddresses');
  return seed;
}
