import type { ProposerJob } from '../../../../crypto/jobs.ts';
import { vrfEntropy } from '../../../../crypto/vrf.ts';
import { fromHex } from '../../../../base/bytes.ts';
import { validatorAt } from '../slots.ts';
import type { ProposerContext, Rule } from './rule.ts';

/** The slot whose owner is the proposer; undefined for a skip block, and after a seed that has no entropy. */
export function drawnSlot({ block, kind, predecessor, disabled, draw }: Pick<ProposerContext, 'block' | 'kind' | 'predecessor' | 'disabled' | 'draw'>): number | undefined {
  const entropy = kind === 'skip' ? undefined : vrfEntropy(predecessor.block.header.seed);
  return entropy && draw({ entropy, offset: block.type === 'macro' ? block.header.round : block.header.blockNumber, disabled });
}

/** A job for the seed (of every block but a skip block) and the signature (of a micro block) by the slot's owner. */
function proposerJob(context: ProposerContext): ProposerJob | 'broken' | undefined {
  const { block, hash, kind, predecessor, validators } = context;
  if (kind === 'skip') return undefined;
  const { blockNumber, seed } = block.header;
  const previousSeed = predecessor.block.header.seed;
  const slot = context.slot ?? drawnSlot(context);
  const proposer = slot === undefined ? undefined : validatorAt(validators, slot);
  if (!proposer) return 'broken';
  const signature = block.type === 'micro' && block.justification?.type === 'micro' ? { hash: fromHex(hash), bytes: block.justification.signature } : undefined;
  return { kind: 'proposer', publicKey: proposer.signingKey, seed, previousSeed, blockNumber, signature };
}

/**
 * The rules for the proposer: that the right validator made the block and signed it. That a skip block carries its parent's seed is a
 * successor rule. Albatross block reference, 5.4.
 */
export const proposerRules: readonly Rule<ProposerContext>[] = [
  { code: 'missing-signature', check: ({ block }) => block.type === 'macro' || block.justification !== undefined },
  { code: 'invalid-seed', job: proposerJob, blames: (failure) => failure !== 'signature' },
  { code: 'invalid-signature', job: proposerJob, blames: (failure) => failure === 'signature' },
];
