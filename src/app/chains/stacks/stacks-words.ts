import type { StacksBlockDetails, StacksHead } from '../../../client/types.ts';
import { counted, words } from '../../../page/counted.ts';
import { formatNumber } from '../../../page/format.ts';
import type { ChainWords } from '../chain-parts.ts';

const above = words('block above it is', 'blocks above it are');

export const stacksWords: ChainWords = {
  what: 'Petrel follows Stacks in your browser. It checks the signatures of the chain’s signers itself, from the checkpoint of the network file, so that no gateway has to be trusted for what this page shows.',
  pending: (count) => `${formatNumber(count)} ${above(count)} signed, not confirmed`,
  finality: 'A block is confirmed, with all before it, when at least two later tenures stand on it. Signers with 70 % of the weight have signed it.',
  untilFinal: 'It is signed, not confirmed: another block can still take its place until two later tenures stand on it.',
  elsewhere: 'Accounts, contracts and transactions are looked up in the panels below the newest blocks.',
  otherHash: 'If it is the id of a transaction: check it under “Check a transaction”, below the newest blocks.',
  first: { title: 'The checkpoint', text: 'The trust in this chain begins with this block, which the network file names with the signers of its cycle. It was not verified from the blocks before it.',
    beginsAt: (height) => `So far Petrel knows only the checkpoint, block ${height}, from the network file.`, only: 'So far there is only the checkpoint, which the network file names.' },
  nodes: {
    title: 'Gateways',
    one: 'Gateway',
    none: 'No gateway is connected. Petrel keeps trying.',
    looking: 'Looking for gateways',
    asking: 'Asking the gateways for their newest block.',
    sent: 'A gateway sent it.',
    notYet: 'This browser does not hold the block, and no gateway is connected to ask. Petrel looks again as soon as one is.',
    noneAtHeight: 'No connected gateway gave this block.',
    noneWithHash: 'No connected gateway knows a block with this id.',
    noRaw: 'This browser keeps only the header of this block, and no gateway is connected that has the rest.',
  },
  linked: (_, from) => `Every block names its parent by its id. Petrel followed these ids, block by block, from signed block ${formatNumber(from)} down to this block, and its id fits.`,
};

/** What no check shows, in plain words; the trust panel lists it. */
export const stacksAssumed: readonly string[] = [
  'That the checkpoint in the network file is genuine: its block and the signers of its cycle. Whoever made or chose the network file chose it.',
  'That at no time signers with 70 % of the weight signed two branches, and that nobody has the lost keys of an old signer set.',
  'Bitcoin anchoring: it is not verified here. That the tenures were elected on Bitcoin, and their Bitcoin heights, are what gateways say. A deep reorganisation of Bitcoin could replace even confirmed blocks.',
  'Which cycle a block belongs to: headers do not name it. Petrel goes by the order of the cycles and by the Bitcoin height that a gateway told.',
];

export const gradeTexts: Readonly<Record<StacksHead['grade'], { readonly name: string; readonly text: string }>> = {
  claimed: { name: 'Claimed', text: 'A gateway says that this block is on the chain. No signature of it was checked.' },
  linked: { name: 'Linked', text: 'Ids lead to it from a signed block after it. Its own signatures were not needed.' },
  signed: { name: 'Signed, not confirmed', text: 'Signers with at least 70 % of the weight of their cycle signed it. Another block can still take its place until two later tenures stand on it.' },
  confirmed: { name: 'Confirmed', text: 'It is signed, and at least two later tenures stand on it. Bitcoin anchoring is not verified here: a deep reorganisation of Bitcoin could still replace it.' },
  checkpoint: { name: 'Checkpoint', text: 'The trust in this chain begins with this block and the signers of its cycle. It was not verified from the blocks before it.' },
};

const blocks = counted('block', 'blocks');
const signatures = counted('signature', 'signatures');

/** 0 to 100, with one digit after the point, never rounded up: 69.99 must not read as 70. */
export const percentOf = (part: number, total: number): string => `${(Math.floor((part / Math.max(1, total)) * 1000) / 10).toLocaleString(undefined, { maximumFractionDigits: 1 })} %`;

export const stacksTexts = {
  tenure: 'Tenure',
  cycle: 'Cycle',
  bitcoin: 'Bitcoin height',
  bitcoinTold: (height: number | undefined) => (height === undefined ? 'not told' : `${formatNumber(height)}, as a gateway told it`),
  weight: 'Signers’ weight',
  weightOf: ({ signed, total, threshold }: NonNullable<StacksHead['weight']>) => `${percentOf(signed, total)}: ${formatNumber(signed)} of ${formatNumber(total)}, and ${formatNumber(threshold)} are needed`,
  noWeight: 'not needed: ids bind it to a signed block',
  anchoring: 'Bitcoin anchoring',
  notVerified: 'not verified here',
  bars: 'The bar below a block is the weight of its signers; the line across it is the threshold of 70 %. A bar without the line: its own signatures were not needed, because ids lead to it from a signed block. The strip below it shows the tenures: where it is broken, another one begins.',
  tenures: 'Newest tenures',
  blocksOf: (count: number, from: number, to: number) => (count === 1 ? `block ${formatNumber(from)}` : `${blocks(count)}, ${formatNumber(from)} to ${formatNumber(to)}`),
  standing: { confirmed: 'confirmed', signed: 'signed', mixed: 'partly confirmed' },
  least: (weight: string) => `at least ${weight} of the weight`,
  signatures: (count: number) => signatures(count),
  legend: { final: 'confirmed', pending: 'signed, not confirmed' },
  cycleOf: (cycle: number) => formatNumber(cycle),
  version: (version: number) => (version === 0 ? '0: before Epoch 4.0' : `${version}: from Epoch 4.0 on`),
  satoshis: (amount: number) => `${formatNumber(amount)} satoshis`,
  unknown: 'not recovered: its own signatures were not needed',
} as const;

/** One line of explanation for each field of a header. */
export const stacksFieldTexts = {
  tenure: ['Tenure', 'The consensus hash of the Bitcoin block that elected its miner. All blocks of a tenure share it.'],
  cycle: ['Cycle', 'The reward cycle whose signers sign it. The header does not name it: Petrel goes by the order of the cycles.'],
  burnHeight: ['Bitcoin height', 'Of the sortition that elected its miner, as a gateway told it. It is not verified.'],
  weight: ['Signers’ weight', 'The weight of the signers whose signatures were verified here, of all in their cycle.'],
  signatures: ['Signatures', 'Of signers, in the header.'],
  version: ['Version', 'It tells which order of signatures is valid.'],
  stateRoot: ['State root', 'A hash over the whole state after this block: accounts, contracts, signer sets. Answers are proven against it.'],
  transactionRoot: ['Transaction root', 'A hash over the transactions of this block.'],
  minerKeyHash: ['Miner', 'Hash of the key that signed it as its miner.'],
  burnSpent: ['Spent by miners', 'In all, up to the sortition of its tenure, as the header says.'],
} as const satisfies Readonly<Partial<Record<keyof StacksBlockDetails, readonly [title: string, text: string]>>>;
