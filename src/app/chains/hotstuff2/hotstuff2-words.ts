import { formatNumber } from '../../../page/format.ts';
import { words } from '../../../page/counted.ts';
import type { HotStuff2Block, HotStuff2Head, HotStuff2Network } from '../../../client/types.ts';
import type { ChainWords } from '../chain-parts.ts';

const blocks = words('block above it is', 'blocks above it are');

/** The two-chain rule, in one sentence (HotStuff-2: certificates of consecutive views). */
const twoChainRule = 'A block is final, with all before it, as soon as it and the block after it are certified in two views that follow on each other: the two-chain rule.';

export const hotStuff2Words: ChainWords = {
  what: 'Petrel follows a HotStuff-2 chain in your browser. It checks the certificates of the chain’s validators itself, so that no server has to be trusted for what this page shows.',
  pending: (count) => `${formatNumber(count)} ${blocks(count)} certified, not final`,
  finality: twoChainRule,
  untilFinal: 'It is certified, not final: another block can still take its place until a certificate of the next view is on the block after it.',
  linked: (_, from) => `Every block names its parent by its hash. Petrel followed these hashes, block by block, from final block ${formatNumber(from)} down to this block, and its hash fits.`,
};

const gradeTexts: Readonly<Record<HotStuff2Head['grade'], { readonly name: string; readonly text: string }>> = {
  claimed: { name: 'Claimed', text: 'A peer says that this block is on the chain. No certificate for it was checked.' },
  linked: { name: 'Linked', text: 'Hashes lead to it from a certified block after it. No certificate for the block itself was needed.' },
  certified: { name: 'Certified, not final', text: 'A quorum of the validators voted for it: it has one certificate. Another block can still take its place.' },
  final: { name: 'Final', text: 'The two-chain rule holds for it or for a block after it, so that no other block can take its place while fewer than a third of the validators are dishonest.' },
  checkpoint: { name: 'Checkpoint', text: 'The chain in this browser begins with this block. It was not verified from the blocks before it.' },
};

/** What a grade means for the block at this height. The chain begins with genesis, too, which is no checkpoint. */
export const gradeTextOf = (grade: HotStuff2Head['grade'], height: number): { readonly name: string; readonly text: string } =>
  grade === 'checkpoint' && height === 0 ? { name: 'Genesis', text: 'The first block of the chain. Its hash is in the network file; no validator voted for it.' } : gradeTexts[grade];

const schemes: Readonly<Record<HotStuff2Network['scheme'], string>> = { ed25519: 'Ed25519', bls: 'BLS12-381' };

export const hotStuff2Texts = {
  view: 'View',
  proposer: 'Proposer',
  proposerOf: (index: number, count: number) => `validator ${formatNumber(index + 1)} of ${formatNumber(count)}`,
  quorum: 'Quorum',
  quorumOf: ({ quorum, validators, scheme }: HotStuff2Network) => `${formatNumber(quorum)} of ${formatNumber(validators)} votes, ${schemes[scheme]}`,
  votes: 'Votes',
  votesFor: (signers: number, validators: number) => `${formatNumber(signers)} of ${formatNumber(validators)} in its certificate`,
  noVotes: 'this browser holds no certificate for it',
  dots: (quorum: number) => `The dots below a block are the validators; the filled ones voted in its certificate. ${formatNumber(quorum)} votes make one.`,
  newest: (height: number, signers: number, validators: number) => `Block ${formatNumber(height)}: ${formatNumber(signers)} of ${formatNumber(validators)} validators voted.`,
  legend: { final: 'final', pending: 'certified, not final' },
} as const;

/** One line of explanation for each field of a header. */
export const hotStuff2FieldTexts = {
  view: ['View', 'The round of voting in which it was proposed. Views without a certificate leave gaps.'],
  proposer: ['Proposer', 'The leader of its view, by its place in the list of validators.'],
  signers: ['Votes', 'Validators whose votes are in the certificate on this block.'],
  stateRoot: ['State root', 'A hash over all keys and values after this block.'],
  payloadRoot: ['Payload root', 'A hash over what the block holds.'],
  validatorsHash: ['Validators', 'A hash over the validators that vote for this block.'],
  nextValidatorsHash: ['Next validators', 'A hash over the validators that vote for the next block. If it differs, the set of validators changes.'],
} as const satisfies Readonly<Partial<Record<keyof HotStuff2Block, readonly [title: string, text: string]>>>;
