// Tests: `e2e/proof-file.spec.ts`.
import type { TrustLevel } from '../../client/types.ts';
import type { ProvenStatement, RestsOn, VerifiedProof } from '../../verify/verify.ts';
import { formatBytes, formatDateTime, formatNumber } from '../../page/format.ts';
import { formatNim } from '../../ui/nim.ts';
import { textOf } from '../../page/code-texts.ts';
import { networkTexts } from '../../page/texts.ts';
import type { ProofStep, RefusalCode } from './read-proof.ts';

/** The texts of the page that opens proof files. */
export const proofTexts = {
  title: 'Proof file',
  what: 'A proof file shows what a block of the chain says: about an account, a transaction or a block, and on other chains about a key of the state or an event. It is checked in this browser, also without a network, and nothing of it is sent anywhere.',
  drop: 'Drop a .petrel file here',
  orPaste: 'or paste it, or choose it:',
  choose: 'Choose a file',
  another: 'Open another file',
  name: (name: string) => `Checked here: ${name}`,
  checking: 'Checking every signature and hash in the file …',
  checked: 'What was checked',
  notProven: 'What it does not prove',
  block: 'Block',
  from: 'From',
  to: 'To',
  account: 'Account',
  fee: 'Fee',
  hash: 'Hash',
  time: 'Time',
  final: 'Final by',
  active: 'Active',
  inactive: 'Inactive',
  retired: 'Retired',
  validator: 'Validator',
  delegatedToNone: 'none',
  stakers: 'Stakers',
  refused: 'Refused: this file proves nothing',
  failed: 'It failed: only the fee was paid.',
  macroBlock: 'itself, a macro block',
  steps: { done: 'right', failed: 'wrong', open: 'not checked', weak: 'not enough by itself' },
} as const;

export const stepTitles: Readonly<Record<ProofStep, string>> = {
  format: 'The file',
  network: 'Its network',
  start: 'Where it begins',
  blocks: 'Its blocks',
  path: 'The way to the value',
};

const networkName = (name: string) => networkTexts.get(name) ?? name;
const blocks = (count: number, one: string, more: string) => (count === 1 ? `1 block ${one}` : `${formatNumber(count)} blocks ${more}`);

/** What each step of a verified file showed. */
export function stepText(step: ProofStep, { network, restsOn, checked, finalBy, statement, block }: VerifiedProof, bytes: number): string {
  switch (step) {
    case 'format':
      return `A Petrel proof of ${formatBytes(bytes)}, read to the last byte.`;
    case 'network':
      return `${networkName(network.name)}, built into this page with its genesis block.`;
    case 'start':
      return startText(restsOn);
    case 'blocks': {
      if (checked.signed + checked.named === 0) return `The first block is also the last: ${formatNumber(finalBy.height)}.`;
      const parts = [...(checked.signed > 0 ? [blocks(checked.signed, 'is signed by two thirds of the validators', 'are signed by two thirds of the validators')] : []), ...(checked.named > 0 ? [blocks(checked.named, 'is named by its hash in the one before', 'are named by their hashes in the ones before')] : [])];
      return `${parts.join(', ')}, up to block ${formatNumber(block.height)}.`;
    }
    case 'path':
      return pathText(statement.type, block.height);
  }
}

function startText(on: RestsOn): string {
  const height = formatNumber(on.height);
  if (on.kind === 'genesis') return `The genesis block ${height}, which is built into this page.`;
  if (on.kind === 'zk-proof') return `Election block ${height}. A zero-knowledge proof in the file leads to it from the genesis block.`;
  return on.pinned ? `Election block ${height}, which is built into this page.` : `Election block ${height}. The file itself does not show that it is on the chain.`;
}

function pathText(type: ProvenStatement['type'], height: number): string {
  const at = formatNumber(height);
  if (type === 'block') return `The last block, ${at}, is the one that the file is about.`;
  return type === 'transaction' ? `A path of hashes leads from the history root of block ${at} to the transaction.` : `A path of hashes leads from the state root of block ${at} to the value.`;
}

export type Tone = 'good' | 'pending' | 'bad';

export interface ProofVerdict {
  readonly tone: Tone;
  readonly title: string;
  readonly text: string;
}

/** The verdict; `own`: the level of this browser's own chain, if that has the block which the file rests on. */
export function proofVerdict({ statement, level, restsOn, block }: VerifiedProof, own: TrustLevel | undefined): ProofVerdict {
  const text = `${stated(statement)} ${statement.type === 'block' ? '' : `This is as of block ${formatNumber(block.height)}, ${formatDateTime(block.timestamp)}.`}`.trim();
  if (level === 'proven') return { tone: 'good', title: 'Proven from genesis', text };
  if (level === 'pinned') return { tone: 'good', title: 'Proven from a block built into this page', text };
  if (own === 'proven' || own === 'pinned') return { tone: 'good', title: 'Proven, together with this browser’s own chain', text };
  if (own === 'witnessed') return { tone: 'pending', title: 'True, if this browser’s own chain starts at a genuine block', text };
  return { tone: 'pending', title: 'Not proven yet', text: `If election block ${formatNumber(restsOn.height)} is on the chain: ${lowerFirst(text)}` };
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function stated(statement: ProvenStatement): string {
  switch (statement.type) {
    case 'account':
      return `The account had ${formatNim(statement.value.balance)}.`;
    case 'staker':
      return statement.value ? `The staker had ${formatNim(statement.value.balance)} staked.` : 'There was no staker with this address.';
    case 'validator':
      return statement.value ? `The validator had a stake of ${formatNim(statement.value.totalStake)}.` : 'There was no validator with this address.';
    case 'transaction': {
      const { value, kind, executionResult } = statement.value;
      return executionResult ? `${formatNim(value)} ${kind === 'reward' ? 'were paid as a reward' : 'were paid'}.` : `A payment of ${formatNim(value)} failed.`;
    }
    case 'block':
      return 'This block is on the chain, and final.';
  }
}

/** How this browser's own chain answers for the block that only the file names. */
export const ownTexts = {
  asking: 'Looking for this block in this browser’s own chain …',
  none: 'This browser’s own chain does not have that block, or no peer is connected to ask. Compare its hash with a source that you trust:',
  proven: 'This browser’s own chain has this block, and has verified it from genesis.',
  pinned: 'This browser’s own chain has this block, and has verified it from a block that is built in.',
  witnessed: 'This browser’s own chain has this block. That chain starts at a block that peers vouched for.',
} as const;

/** What remains open, most important first. */
export function openQuestions({ statement, restsOn, network, block, level }: VerifiedProof, own: TrustLevel | undefined): readonly string[] {
  const at = formatNumber(block.height);
  const later = { account: `That the account still has it. The file is about block ${at}, and says nothing of later ones.`, staker: `That the stake is still the same. The file is about block ${at}.`, validator: `That the validator still has it. The file is about block ${at}.`, transaction: 'That the recipient still has the money, and what it was paid for.', block: 'Anything that the block’s transactions did.' }[statement.type];
  return [
    ...(network.development ? [`That this has any value. ${networkName(network.name)} is a development network: anybody can make its blocks.`] : []),
    ...(level === 'claimed' && own === undefined ? [`That election block ${formatNumber(restsOn.height)} is on the chain. Anybody can make a file that begins with an invented block.`] : []),
    ...(level === 'claimed' && own === 'witnessed' ? ['That the block with which this browser’s own chain starts is genuine: peers vouched for it.'] : []),
    later,
    'Who owns the address, or who made this file.',
    'That in each epoch fewer than a third of the validators were dishonest. The whole chain rests on that.',
  ];
}

/** Why a file proves nothing, in one sentence, and what to do. */
export function refusalText(code: RefusalCode, data: Readonly<Record<string, string | number>>): string {
  const value = (key: string) => data[key] ?? '';
  switch (code) {
    case 'snapshot':
      return 'This is a snapshot of the chain, not a proof. Open it on the overview, under “Storage”.';
    case 'not-a-proof-file':
      return 'This is no Petrel proof: its first bytes are those of another kind of file.';
    case 'too-large':
      return `This file has ${formatBytes(Number(value('bytes')))}. No proof file has more than ${formatBytes(Number(value('limit')))}.`;
    case 'newer-format':
      return 'A newer Petrel made this file. Reload this page to get the newest version, and open the file again.';
    case 'damaged':
      return `This file is damaged or cut off: it cannot be read from byte ${formatNumber(Number(value('at')))} on. Ask for it again.`;
    case 'unknown-network':
      return `This file is of a network that this page does not know (genesis block ${String(value('genesisHash')).slice(0, 8)}…).`;
    case 'other-network':
      return 'This file is of another network.';
    case 'wrong-anchor':
      return 'The election block with which this file begins is not the one that it names.';
    case 'wrong-zk-proof':
      return 'The zero-knowledge proof in this file is wrong: it does not lead to the block with which the file begins.';
    case 'refused-block':
      return `Block ${formatNumber(Number(value('height')))} in this file is not genuine: ${textOf(String(value('rule')))}.`;
    case 'unlinked-block':
      return `Block ${formatNumber(Number(value('height')))} in this file does not follow from the block before it.`;
    case 'wrong-proof':
      return 'The blocks in this file are genuine, but they do not say what the file states.';
    case 'level-too-low':
      return 'This file rests on a block that only the file itself names.';
    case 'unreadable':
      return 'The browser could not read this file. It may have been moved or deleted; choose it again.';
    case 'unexpected':
      return `Petrel could not check this file: ${value('message')}`;
  }
}
