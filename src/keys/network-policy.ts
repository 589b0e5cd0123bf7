import { policyWith } from '../chains/albatross/chain/policy.ts';
import type { Policy } from '../chains/albatross/chain/policy.ts';
import { standardValidity } from '../chains/albatross/transactions/validity-window.ts';
import type { ValidityNumbers } from '../chains/albatross/transactions/validity-window.ts';
import { KeysError } from './keys-error.ts';

/** unit-albatross. */
const UNIT_NETWORK = 7;

/** Heights of genesis, blocks a batch and batches an epoch, by network id. Sources: the genesis blocks, and the reference's policies. */
const numbers: Readonly<Record<number, { readonly genesisNumber: number; readonly blocksPerBatch: number; readonly batchesPerEpoch: number }>> = {
  5: { genesisNumber: 3_032_010, blocksPerBatch: 60, batchesPerEpoch: 720 },
  6: { genesisNumber: 21_600, blocksPerBatch: 60, batchesPerEpoch: 720 },
  7: { genesisNumber: 200, blocksPerBatch: 32, batchesPerEpoch: 4 },
  24: { genesisNumber: 3_456_000, blocksPerBatch: 60, batchesPerEpoch: 720 },
};

/**
 * The arithmetic of heights on a network.
 * @throws {KeysError} `unknown-network`.
 */
export function policyOfNetwork(networkId: number): Policy {
  const found = numbers[networkId];
  if (found === undefined) throw new KeysError('unknown-network', `Unknown network ID: ${networkId}`);
  return policyWith(found);
}

/** When a transaction of a network may be included. On unit, batches have 32 blocks, and the window is two of them. */
export function validityOf(networkId: number): ValidityNumbers {
  return networkId === UNIT_NETWORK ? { blocksPerBatch: 32, validityWindowBlocks: 64 } : standardValidity;
}
