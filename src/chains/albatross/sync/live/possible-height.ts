import type { LightChain } from '../../chain/light-chain.ts';

/**
 * Upper bound of the real block rate as a multiple of the network's nominal rate. Nothing makes validators wait for `blockSeparationTime`,
 * so honest chains may be somewhat faster, but over years hardly twice as fast.
 */
const fastest = 2;

/**
 * The highest height that a chain can have now, from the time since genesis and the network's block rate, plus one epoch of tolerance.
 * `now`: the device's clock, Unix milliseconds. The clock may be wrong, so a peer above this height is not taken on trust, but not blamed
 * either.
 */
export function possibleHeight({ genesis, network, policy }: Pick<LightChain, 'genesis' | 'network' | 'policy'>, now: number): number {
  const elapsed = Math.max(0, now - genesis.block.header.timestamp);
  return genesis.height + Math.floor((elapsed * fastest) / network.blockSeparationTime) + policy.blocksPerEpoch;
}
