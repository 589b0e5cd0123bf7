import type { BlockView } from '../client/types.ts';
import { formatNumber } from '../page/format.ts';
import type { ChainWords } from './chains/chain-parts.ts';
import { nodeWordsOf } from './node-words.ts';

/** The texts of the look-up and of the page of one block. */
export const blockTexts = {
  lookUp: 'Look up a block or an account',
  lookUpBlock: 'Look up a block',
  placeholder: 'Height, hash or address',
  placeholderBlock: 'Height or hash',
  find: 'Find',
  problems: {
    unknown: 'This is neither a height, such as 300, nor the 64 hex digits of a block hash, nor an address, which begins with NQ.',
    empty: 'Enter a height, a block hash or an address.',
  },
  blockProblems: {
    unknown: 'This is neither a height, such as 300, nor the 64 hex digits of a block hash.',
    empty: 'Enter a height or a block hash.',
  },
  noAccounts: 'This chain has no accounts whose address begins with NQ; those are of Nimiq Albatross.',
  wrongAddress: (name: string) => `The address of this page asks for the block “${name.length > 64 ? `${name.slice(0, 64)}…` : name}”. A block is named by its height or by the 64 hex digits of its hash, so this is none. The newest block is shown instead.`,
  back: 'Back to the chain',
  title: (key: number | string) => (typeof key === 'number' ? `Block ${formatNumber(key)}` : `Block ${key.slice(0, 8)}…`),
  looking: 'Looking for this block. One that is far from the newest blocks is found step by step and can take a minute.',
  failed: 'The search was broken off.',
  again: 'Look again',
  tooHigh: (head: number) => `Petrel knows no block so high yet: its newest one is ${formatNumber(head)}. This page shows the block as soon as it is there.`,
  belowGenesis: (genesis: number) => `Petrel follows this chain from block ${formatNumber(genesis)} on. Nothing before it can be verified.`,
  epochClosedBy: 'The validators closed its epoch with election block',
  parent: 'Parent',
  next: 'Next',
  election: 'Election block before',
  neighbours: 'Other blocks',
  fields: 'Header',
  raw: 'Raw bytes',
  rawHint: (bytes: number) => `${formatNumber(bytes)} bytes: header and signatures, as nodes send them.`,
  hash: 'Hash',
  empty: 'empty',
} as const;

/** How a block was verified, and how far. `words`: the chain's own; undefined while they are not loaded. */
export function blockVerdict(block: BlockView, genesisHeight: number | undefined, words: ChainWords | undefined): { readonly tone: 'good' | 'pending' | 'bad'; readonly title: string; readonly text: string } {
  const { place, finality, trust, linkedFrom, height, bytes } = block;
  const { sent } = nodeWordsOf(words);
  if (place === 'unlinked') return { tone: 'bad', title: 'Not verified', text: `${sent} Petrel could not link it to the chain, so it may be no part of it.` };
  if (place === 'reverted') return { tone: 'bad', title: 'Not part of the chain', text: 'This block was verified here, but another block at its height won. What it holds counts only where a block of the chain holds it too.' };
  if (trust === 'claimed') return { tone: 'bad', title: 'Not verified', text: 'Peers say that this block is part of the chain. Nothing has been checked yet.' };
  if (finality === 'pending') return { tone: 'pending', title: 'Verified, not final', text: `This browser checked its signature and its place in the chain. ${words?.untilFinal ?? ''}`.trim() };
  const rest = trust === 'proven' ? '' : trust === 'pinned' ? ' The chain is verified from a block that this release or its network file names.' : ' The chain begins at a block that was taken on the word of peers; the overview names them.';
  if (height === genesisHeight) return { tone: 'good', ...(words?.first ?? { title: 'The genesis block', text: 'The chain begins here. This block comes with the parameters of the network.' }) };
  if (linkedFrom === undefined) return { tone: 'good', title: 'Verified and final', text: `This browser checked it as part of the chain, and holds it.${rest}` };
  const source = bytes.length === 0 ? 'This browser had stored its header.' : sent;
  return { tone: 'good', title: 'Verified and final', text: `${source} ${words?.linked(block, linkedFrom) ?? ''}${rest}` };
}

/** One line of explanation for each field of a header. */
export const fieldTexts = {
  time: ['Time', 'When its maker says that it was made.'],
  epoch: ['Epoch', 'The time between two election blocks; the same validators make all its blocks.'],
  batch: ['Batch', 'The blocks between two macro blocks. They become final together.'],
  version: ['Version', 'The version of the block format.'],
  parentHash: ['Parent', 'The hash of the block before.'],
  parentElectionHash: ['Parent election block', 'The hash of the last election block before, whose validators signed this one.'],
  stateRoot: ['State root', 'A hash over all accounts after this block.'],
  bodyRoot: ['Body root', 'A hash over what the block holds.'],
  historyRoot: ['History root', 'A hash over all transactions of the epoch so far.'],
  extraData: ['Extra data', 'Free bytes of its maker.'],
} as const;
