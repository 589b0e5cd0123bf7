import type { DevBlock } from './dev-block.ts';
import type { DevChain } from './chain.ts';

/**
 * Gives a chain that is still at genesis a past of `epochs` finished epochs: of all but the last only the election blocks, the last
 * one whole. Timestamps run at `spacing` milliseconds per block and end at `now`. Returns the blocks in order, added.
 */
export function makeHistory(chain: DevChain, epochs: number, now: number, spacing: number): readonly DevBlock[] {
  const made: DevBlock[] = [];
  const genesis = chain.head;
  const end = genesis.height + epochs * chain.policy.blocksPerEpoch;
  const timeAt = (height: number): number => Math.max(genesis.block.header.timestamp, Math.floor(now - (end - height) * spacing));
  while (chain.head.height < end) {
    const whole = end - chain.head.height <= chain.policy.blocksPerEpoch;
    if (whole) made.push(chain.produce({ timestamp: Math.max(chain.head.block.header.timestamp, timeAt(chain.head.height + 1)) }));
    else {
      const election = chain.sparseElection(chain.head, timeAt(chain.head.height + chain.policy.blocksPerEpoch));
      chain.add(election);
      made.push(election);
    }
  }
  return made;
}
