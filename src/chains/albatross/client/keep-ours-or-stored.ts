import type { LightChain } from '../chain/light-chain.ts';
import { blockHash } from '../chain/hashes.ts';
import { type Anchor, trustLevel } from '../../../engine/trust.ts';
import type { StoredChain } from '../store/store.ts';

const levels = ['claimed', 'witnessed', 'pinned', 'proven'] as const;

/**
 * Whether our chain, followed without the store, may replace the stored one: it must continue from there, be longer, and rest on no less
 * trust. Otherwise earlier verification would be lost; and a chain that contradicts the stored one must never replace it silently.
 */
export function ourChainStands(chain: Pick<LightChain, 'head' | 'genesis' | 'electionHash'>, anchor: Anchor, stored: StoredChain): boolean {
  const { election, checkpoint, tail } = stored;
  const head = tail.at(-1) ?? checkpoint ?? election;
  const further = !head || chain.head.height >= head.header.blockNumber;
  const goesOn = !election || chain.electionHash(election.header.blockNumber) === blockHash(election);
  return further && goesOn && levels.indexOf(trustLevel(anchor)) >= levels.indexOf(trustLevel(stored.anchor));
}
