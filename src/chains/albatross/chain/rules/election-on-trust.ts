import type { Check, MacroSuccessorContext } from './rule.ts';

/**
 * The rules for a block taken on witnesses' word, by a pin, or from our own storage, besides the rules for all blocks. Albatross block
 * reference, 6.2.
 */
export const electionOnTrustRules: readonly Check<MacroSuccessorContext>[] = [
  { code: 'not-an-election-block', check: ({ kind }) => kind === 'election' },
  // A push answers `ignored` before it reaches this rule; a restored chain does not.
  { code: 'not-after-macro-head', check: ({ block, macroHead }) => block.header.blockNumber > macroHead.block.header.blockNumber },
];
