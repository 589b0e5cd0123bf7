// Tests: `src/chains/stacks/chain/network.test.ts`.
import { sha256 } from '../../../crypto/sha256.ts';
import type { StacksNetwork } from './network.ts';

/** Change this when the meaning of the fields below changes: then everything verified before is void. */
const TAG = 'petrel-stacks-parameters-1';

/**
 * SHA-256 over every parameter that a verdict depends on: what was verified under one hash is worth nothing under another. In: network id, boot address, cycles,
 * epochs and the checkpoint. Not: name, gateways and the mark of development.
 */
export function parametersHash({ genesisHash, networkId, bootAddress, firstBurnHeight, cycleLength, prepareLength, epochs, checkpoint }: StacksNetwork): Uint8Array {
  const { cycle, burnHeight, signers, block } = checkpoint;
  const fields = [TAG, genesisHash, networkId, bootAddress, firstBurnHeight, cycleLength, prepareLength, epochs.map(({ id, startHeight }) => [id, startHeight]), cycle, burnHeight, signers.map(({ key, weight }) => [key, weight]), block.id, block.height, block.time];
  return sha256(new TextEncoder().encode(JSON.stringify(fields)));
}
