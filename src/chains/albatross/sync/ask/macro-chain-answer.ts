import type { Policy } from '../../chain/policy.ts';
import type { MacroChain } from '../../wire/requests.ts';

/**
 * The fault that an answer to `RequestMacroChain` shows by itself; undefined if there is none. `electionHeight`: height of the election
 * block in our locators. The checkpoint must be a macro block, but no election block, of the epoch after the last of `epochs`. Albatross
 * block reference, 6.4.
 */
export function macroChainFault(answer: MacroChain, policy: Policy, electionHeight: number, maxEpochs: number): { readonly code: string; readonly evidence: Readonly<Record<string, string | number>> } | undefined {
  const { epochs, checkpoint } = answer;
  if (epochs.length > maxEpochs) return { code: 'too-many-epochs', evidence: { epochs: epochs.length, asked: maxEpochs } };
  if (new Set(epochs).size !== epochs.length) return { code: 'repeated-epoch', evidence: { epochs: epochs.length } };
  if (checkpoint) {
    const height = checkpoint.blockNumber;
    const epoch = policy.epochAt(electionHeight) + epochs.length + 1;
    if (!policy.isMacro(height) || policy.isElection(height) || policy.epochAt(height) !== epoch) {
      return { code: 'impossible-checkpoint', evidence: { height, epoch } };
    }
  }
  return undefined;
}
