// Tests: `test/stacks/checkpoint.test.ts`.
import { codeOf } from '../../src/base/coded-error.ts';
import { CheckpointError } from './checkpoint-error.ts';

/** What the commonest failures of a request mean (`HttpGets`). */
const requestTexts: Readonly<Record<string, string>> = { disconnected: 'no connection', timeout: 'no answer in time', 'rate-limited': 'it wants to be left alone for a while' };

/** Why no checkpoint was taken, for a person. */
export function whyNot(error: Error): string {
  if (!(error instanceof CheckpointError)) return `${error.message} (${codeOf(error)})`;
  const { what, gateway, other, rule, block, cycle, networkId, failed, tenure, height }: Readonly<Record<string, string | number | undefined>> = error.data;
  switch (error.code) {
    case 'differ':
      return `${gateway} and ${other} say different things (${what}); at least one of them is wrong.`;
    case 'failed':
      return `${gateway}: ${requestTexts[String(failed)] ?? `${what} (${failed})`}.`;
    case 'no-answer':
      return `${gateway} does not have what is needed: ${what ?? (block === undefined ? (tenure === undefined ? `a block at height ${height}` : `the tenure ${tenure} and its signers`) : `the block ${block}`)}.`;
    case 'not-signed':
      return `the signers of cycle ${cycle} that the gateways name have not signed block ${block} (${rule}).`;
    case 'too-young':
      return `the network of ${gateway} has no block of Nakamoto with two later tenures.`;
    case 'other-network':
      return `the network id ${networkId} is neither of the main nor of a test network.`;
  }
}
