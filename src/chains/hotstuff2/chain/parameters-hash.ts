import { sha256 } from '../../../crypto/sha256.ts';
import type { Hs2Network } from './network.ts';

/** Change this when the meaning of the fields below changes: then everything verified before is void. */
const TAG = 'petrel-hs2-parameters-1';

/**
 * SHA-256 over every parameter that a verdict depends on: what was verified under one hash is worth nothing under another. In: chain id, genesis with its
 * state, the first validators, and a pinned block. Not: name (it is in the chain id), seeds, block time and the mark of development.
 */
export function parametersHash({ chainId, genesis, genesisHash, genesisState, validators, pinned }: Hs2Network): Uint8Array {
  return sha256(new TextEncoder().encode(JSON.stringify([TAG, chainId, genesis, genesisHash, genesisState.map(({ key, value }) => [key, value]), validators, pinned ? [pinned.header, pinned.validators] : null])));
}
