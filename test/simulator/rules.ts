import { proposerRules } from '../../src/albatross/chain/rules/proposer.ts';
import type { ProposerContext, Rule } from '../../src/albatross/chain/rules/rule.ts';
import { allRules } from '../../src/albatross/chain/rules/stages.ts';
import type { RuleTables } from '../../src/albatross/chain/rules/stages.ts';
import type { ProposerJob } from '../../src/crypto/jobs.ts';
import { fromHex } from '../../src/albatross/wire/bytes.ts';

/** The proposer of a set of one is no question of chance. */
function onlyProposer({ block, hash, kind, predecessor, validators }: ProposerContext): ProposerJob | undefined {
  if (kind === 'skip') return undefined;
  const { blockNumber, seed } = block.header;
  const signature = block.type === 'micro' && block.justification?.type === 'micro' ? { hash: fromHex(hash), bytes: block.justification.signature } : undefined;
  return { kind: 'proposer', publicKey: validators[0]!.signingKey, seed, previousSeed: predecessor.block.header.seed, blockNumber, signature };
}

/**
 * All rules, only that the proposer is not drawn from the seed's entropy: with one validator it would be the same each time, and the
 * draw is a third of a world's cost. It has tests of its own.
 */
export const simRules: RuleTables = {
  ...allRules,
  proposer: proposerRules.map((rule): Rule<ProposerContext> => ('job' in rule ? { ...rule, job: onlyProposer } : rule)),
};
