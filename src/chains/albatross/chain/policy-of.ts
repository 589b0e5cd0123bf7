import { loadGenesis } from './genesis.ts';
import type { NetworkParameters } from './network.ts';
import { policyWith, type Policy } from './policy.ts';

/** The policy of a network. Throws `NetworkParametersError` when its genesis block does not decode or hash. */
export function policyOf(network: NetworkParameters): Policy {
  const genesisNumber = loadGenesis(network).header.blockNumber;
  return policyWith({ genesisNumber, blocksPerBatch: network.blocksPerBatch, batchesPerEpoch: network.batchesPerEpoch });
}
