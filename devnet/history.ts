import type { DevBlock } from './dev-block.ts';
import type { DevChain } from './chain.ts';

/**
 * Gives a chain at genesis a past of `epochs` finished epochs. The last epoch is complete; the earlier ones have only their
 * election blocks. Timestamps are `spacing` milliseconds apart per block and end at `now`. Returns the added blocks in order.
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
