import { vrfEntropy } from '../../../../crypto/vrf.ts';
import { bitSetMax } from '../../wire/bit-set.ts';
import type { Block } from '../../wire/types.ts';
import { maxExtraData, slotCount } from '../limits.ts';
import type { BlockContext, Check } from './rule.ts';
import { slotBandsFault } from './slot-bands.ts';

const validatorsOf = (block: Block) => (block.type === 'macro' ? block.header.validators : undefined);
const interlinkOf = (block: Block) => (block.type === 'macro' ? block.header.interlink : undefined);
const bandsFault = (block: Block) => {
  const validators = validatorsOf(block);
  return validators && slotBandsFault(validators);
};
const isElection = ({ block, policy }: BlockContext) => block.type === 'macro' && policy.isElection(block.header.blockNumber);

/**
 * The cheap rules for a block on its own. Albatross block reference, 5.1. Stricter than the reference in these points: a lower bound for
 * the version, the interlink, the bands in order and each with a slot, the seed.
 */
export const intrinsicRules: readonly Check<BlockContext>[] = [
  { code: 'wrong-network', check: ({ block, network }) => block.header.network === network.networkId },
  { code: 'version-too-low', check: ({ block }) => block.header.version >= 1 },
  // Checked before the rules that a newer version may have changed.
  { code: 'unsupported-version', check: ({ block, network }) => block.header.version <= network.maxVersion },
  {
    code: 'wrong-block-type',
    check: ({ block, policy }) => (block.type === 'macro' ? policy.isMacro(block.header.blockNumber) : policy.isMicro(block.header.blockNumber)),
  },
  { code: 'timestamp-too-far-ahead', check: ({ block, network, now }) => block.header.timestamp <= now + network.timestampMaxDrift },
  { code: 'skip-block-extra-data', check: ({ block, kind }) => kind !== 'skip' || block.header.extraData.length === 0 },
  { code: 'extra-data-too-long', check: ({ block }) => block.header.extraData.length <= maxExtraData },
  { code: 'missing-validators', check: (context) => !isElection(context) || validatorsOf(context.block) !== undefined },
  { code: 'unexpected-validators', check: (context) => isElection(context) || validatorsOf(context.block) === undefined },
  { code: 'missing-interlink', check: (context) => !isElection(context) || interlinkOf(context.block) !== undefined },
  { code: 'unexpected-interlink', check: (context) => isElection(context) || interlinkOf(context.block) === undefined },
  { code: 'slot-bands-not-contiguous', check: ({ block }) => bandsFault(block) !== 'slot-bands-not-contiguous' },
  { code: 'wrong-slot-total', check: ({ block }) => bandsFault(block) !== 'wrong-slot-total' },
  { code: 'punished-slot-out-of-range', check: ({ block }) => block.type === 'micro' || bitSetMax(block.header.nextBatchInitialPunishedSet) < slotCount },
  // The next block's proposer depends on the seed, and `pushMacro` checks a block's seed nowhere else.
  { code: 'seed-not-a-point', check: ({ block }) => vrfEntropy(block.header.seed) !== undefined },
];
