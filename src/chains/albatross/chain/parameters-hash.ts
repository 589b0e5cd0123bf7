import { blake2b } from '../../../crypto/blake2b.ts';
import type { NetworkParameters } from './network.ts';

/** Change this when the meaning of the fields below changes: then everything verified before is void. */
const TAG = 'petrel-parameters-1';

/**
 * One hash (Blake2b, 32 bytes) over every parameter that a verdict depends on: what was verified under one hash is worth nothing under
 * another.
 *
 * - In: `genesisBlock` with its hash (a version 1 hash leaves signing keys out), `networkId` (in what is signed), `blocksPerBatch` and
 *   `batchesPerEpoch` (which validators elect which), `minProducerTimeout` (skip blocks), `pinnedElection` and `zkp` (accepted without
 *   further evidence).
 * - Not: `name`, `seeds` and `development` (no effect on blocks), `blockSeparationTime` (affects only waits), `maxVersion` (checked again
 *   for all that is loaded, and versions never fall), `timestampMaxDrift` (compared with the clock when a block arrives, and never again).
 */
export function parametersHash(network: NetworkParameters): Uint8Array {
  const { genesisBlock, genesisHash, networkId, blocksPerBatch, batchesPerEpoch, minProducerTimeout, pinnedElection, zkp } = network;
  const fields = [TAG, genesisBlock, genesisHash, networkId, blocksPerBatch, batchesPerEpoch, minProducerTimeout, pinnedElection?.hash ?? null, zkp?.verifyingKey ?? null, zkp?.keysCommitment ?? null];
  return blake2b(new TextEncoder().encode(JSON.stringify(fields)));
}
