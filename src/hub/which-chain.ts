import type { LightChain } from '../albatross/chain/light-chain.ts';
import { blockHash } from '../albatross/chain/hashes.ts';
import { type Anchor, trustLevel } from '../engine/trust.ts';
import type { StoredChain } from '../storage/store.ts';

const levels = ['claimed', 'pico', 'pinned', 'proven'] as const;

/**
 * Whether our chain, followed without the store, may take the place of the stored one: it must go on from there, further, and rest on no
 * less. Everything else would forget what was verified before, and a chain that contradicts it is never taken silently.
 */
export function ourChainStands(chain: Pick<LightChain, 'head' | 'genesis' | 'electionHash'>, anchor: Anchor, stored: StoredChain): boolean {
  const { election, checkpoint, tail } = stored;
  const head = tail.at(-1) ?? checkpoint ?? election;
  const further = !head || chain.head.height >= head.header.blockNumber;
  const goesOn = !election || chain.electionHash(election.header.blockNumber) === blockHash(election);
  return further && goesOn && levels.indexOf(trustLevel(anchor)) >= levels.indexOf(trustLevel(stored.anchor));
}
