import type { Check, MacroSuccessorContext } from './rule.ts';

/**
 * What is asked of a block taken on witnesses' word, by a pin, or out of our own storage, besides what holds of every block.
 * Albatross block reference, 6.2.
 */
export const electionOnTrustRules: readonly Check<MacroSuccessorContext>[] = [
  { code: 'not-an-election-block', check: ({ kind }) => kind === 'election' },
  // A push answers `ignored` before it comes to this; a restored chain does not.
  { code: 'not-after-macro-head', check: ({ block, macroHead }) => block.header.blockNumber > macroHead.block.header.blockNumber },
];
