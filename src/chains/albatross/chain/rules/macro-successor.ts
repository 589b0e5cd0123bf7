import type { Check, MacroSuccessorContext } from './rule.ts';
import { keepsVersionStep } from './successor.ts';

/**
 * The rules between a macro block and our macro head. Whole batches may lie between them, but no election block. Albatross block reference,
 * 5.3. The heights come first, so that a jump is reported as a jump and not as a wrong parent election hash.
 */
export const macroSuccessorRules: readonly Check<MacroSuccessorContext>[] = [
  { code: 'not-a-macro-block', check: ({ block }) => block.type === 'macro' },
  { code: 'not-after-macro-head', check: ({ block, macroHead }) => block.header.blockNumber > macroHead.block.header.blockNumber },
  {
    code: 'jumps-over-election-block',
    check: ({ block, macroHead, policy }) => block.header.blockNumber <= policy.electionBlockAfter(macroHead.block.header.blockNumber),
  },
  {
    code: 'wrong-parent-election-hash',
    check: ({ block, macroHead, policy }) => {
      const { blockNumber, parentElectionHash } = macroHead.block.header;
      const expected = policy.isElection(blockNumber) ? macroHead.hash : parentElectionHash;
      return block.type === 'micro' || block.header.parentElectionHash === expected;
    },
  },
  { code: 'timestamp-before-macro-head', check: ({ block, macroHead }) => block.header.timestamp >= macroHead.block.header.timestamp },
  { code: 'macro-version-step', check: (context) => keepsVersionStep(context, context.macroHead.block) },
];
