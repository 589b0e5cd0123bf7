import { equalBytes } from '../../../../base/bytes.ts';
import type { Block } from '../../wire/types.ts';
import type { BlockContext, Check, SuccessorContext } from './rule.ts';

/** The version stays the same, but an election block may raise it by one. Albatross block reference, 5.2 (5); version 2 reference, section 3. */
export function keepsVersionStep({ block, policy }: BlockContext, before: Block): boolean {
  const step = block.header.version - before.header.version;
  return step === 0 || (step === 1 && block.type === 'macro' && policy.isElection(block.header.blockNumber));
}

/** The rules between a block and its direct predecessor. Albatross block reference, 5.2. */
export const successorRules: readonly Check<SuccessorContext>[] = [
  { code: 'wrong-block-number', check: ({ block, predecessor }) => block.header.blockNumber === predecessor.block.header.blockNumber + 1 },
  { code: 'wrong-parent-hash', check: ({ block, predecessor }) => block.header.parentHash === predecessor.hash },
  { code: 'version-step', check: (context) => keepsVersionStep(context, context.predecessor.block) },
  {
    code: 'wrong-skip-timestamp',
    check: ({ block, kind, predecessor, network }) =>
      kind !== 'skip' || block.header.timestamp === predecessor.block.header.timestamp + network.minProducerTimeout,
  },
  { code: 'wrong-skip-seed', check: ({ block, kind, predecessor }) => kind !== 'skip' || equalBytes(block.header.seed, predecessor.block.header.seed) },
  // Equal timestamps are allowed. A skip block's timestamp has its own rule.
  { code: 'timestamp-before-parent', check: ({ block, kind, predecessor }) => kind === 'skip' || block.header.timestamp >= predecessor.block.header.timestamp },
];
