import type { AccountView } from '../../client/types.ts';
import { formatNumber } from '../format.ts';
import type { AddressProblem } from './address-of.ts';

/** The texts of the page of one account. */
export const accountTexts = {
  title: 'Account',
  address: 'Address',
  balance: 'Balance',
  facts: 'What was proven',
  kind: 'Kind',
  asking: 'Asking peers for the balance and a proof of it …',
  waits: 'The account is asked for as soon as Petrel follows the chain.',
  lastProven: 'What is shown is the last that was proven.',
  provenAt: (height: number) => `Proven at block ${formatNumber(height)}`,
  final: 'final',
  pending: 'can still change',
  sameLater: (height: number) => `A peer gave a proof, and this browser checked it. At block ${formatNumber(height)}, which can still change, the balance is the same.`,
  finalText: 'A peer gave a proof, and this browser checked it. The balance at this block cannot change any more.',
  pendingText: 'A peer gave a proof, and this browser checked it. The next macro block makes it final, unless another block takes its place.',
  finalBefore: (amount: string, height: number) => `Final so far: ${amount}, at block ${formatNumber(height)}.`,
  level: 'Trust in the block',
  stake: 'Stake',
  staked: (amount: string) => `${amount} active`,
  inactive: (amount: string) => `${amount} inactive`,
  releasedAt: (height: number) => `can be taken out from block ${formatNumber(height)} on`,
  retired: (amount: string) => `${amount} retired: can be taken out`,
  validator: 'Validator',
  delegatedToNone: 'given to no validator',
  stakePending: 'This stake can still change.',
  owner: 'Owner',
  sender: 'Sender',
  recipient: 'Recipient',
  total: 'In total',
  schedule: 'Released',
  everyStep: (amount: string, step: string, start: string) => `${amount} every ${step}, counted from ${start}`,
  timeout: 'Timeout',
  transactions: 'Transactions',
  loadingTransactions: 'Asking peers for the transactions and proofs of them …',
  noTransactions: 'Peers know no transaction of this address.',
  transactionsHint: {
    agreed: 'Each of these was proven here. That none is missing cannot be proven; two peers gave the same list.',
    claimed: 'Each of these was proven here. That none is missing cannot be proven, and only one peer’s list was used, or two lists differed.',
  },
  older: 'Show older ones',
  loadingOlder: 'Asking for older ones …',
  from: 'from',
  to: 'to',
  itself: 'to itself',
  reward: 'reward',
  fee: (amount: string) => `fee ${amount}`,
  failed: 'failed, only the fee was paid',
  block: (height: number) => `block ${formatNumber(height)}`,
} as const;

export const kindTexts: Readonly<Record<AccountView['type'] | 'nothing', { readonly name: string; readonly text: string }>> = {
  basic: { name: 'Basic account', text: 'The owner of its key can spend the balance.' },
  nothing: { name: 'Nothing is stored here', text: 'It was proven that the chain has no account under this address, so the balance is 0. The address may be unused, or emptied.' },
  vesting: { name: 'Vesting contract', text: 'It releases its balance to the owner step by step.' },
  htlc: { name: 'Hashed time-locked contract', text: 'The recipient gets the balance with a secret; after the timeout the sender gets it back.' },
  staking: { name: 'Staking contract', text: 'It holds all stakes and the deposits of all validators.' },
};

/** Why there is no answer, by the code of the error. Other codes have their usual texts. */
export const accountProblems: ReadonlyMap<string, string> = new Map([
  ['no-peers', 'No connected peer offers proofs of accounts. Petrel asks again by itself when one does.'],
  ['no-answer', 'The peers that were asked gave no answer that could be proven. Petrel asks others, or asks again at the end of the batch.'],
  ['deadline', 'No peer answered in time. Petrel asks again at the end of the batch.'],
  ['level-too-low', 'The newest block is not verified far enough for an answer.'],
]);

/** What is wrong with an address that was entered. */
export function addressProblemText(problem: AddressProblem): string {
  switch (problem.code) {
    case 'empty':
      return 'Enter an address. It begins with NQ and has 36 characters.';
    case 'not-nimiq':
      return 'This is no Nimiq address: those begin with NQ.';
    case 'hex':
      return 'This is an address in hex, where nothing shows a typing error. Enter the form that begins with NQ.';
    case 'character':
      return `“${problem.data}” is in no Nimiq address.${'IOWZ'.includes(problem.data) ? ' The letters I, O, W and Z are not used, so that nobody takes them for digits.' : ''}`;
    case 'length':
      return `This address has ${formatNumber(problem.data)} characters without blanks; 36 are needed. ${problem.data < 36 ? 'A part is missing.' : 'Something is added.'}`;
    case 'checksum':
      return 'The check digits do not fit the rest: a character of this address is wrong, or some have changed places.';
  }
}
