import { formatNumber } from '../../../page/format.ts';
import { counted, words } from '../../../page/counted.ts';
import type { MolochBlock, MolochHead, MolochNetwork } from '../../../client/types.ts';
import type { ChainWords } from '../chain-parts.ts';

const blocks = words('block above it is', 'blocks above it are');

export const molochWords: ChainWords = {
  what: 'Petrel follows a Moloch chain in your browser. It checks the signatures of the chain’s validators itself, so that no server has to be trusted for what this page shows.',
  pending: (count) => `${formatNumber(count)} ${blocks(count)} tentative, not final`,
  finality: 'A block is final, with all before it, when more than two thirds of the validators have signed it; a tentative block can be rolled back.',
  untilFinal: 'It is tentative, not final: it can be rolled back until more than two thirds of the validators have signed it or a block after it.',
  linked: (_, from) => `Every block names its parent by its hash. Petrel followed these hashes, block by block, from final block ${formatNumber(from)} down to this block, and its hash fits.`,
};

export const gradeTexts: Readonly<Record<MolochHead['grade'], { readonly name: string; readonly text: string }>> = {
  tentative: { name: 'Tentative, not final', text: 'Its sealer has signed it. It can be rolled back; its events then count only where a block of the chain holds them too.' },
  final: { name: 'Final', text: 'More than two thirds of the validators have signed it or a block after it, so that it is never rolled back while fewer than a third of them are dishonest.' },
  checkpoint: { name: 'Checkpoint', text: 'The chain in this browser begins with this block. It was not verified from the blocks before it.' },
};

export const molochTexts = {
  sealer: 'Sealer',
  threshold: 'Threshold',
  thresholdOf: ({ threshold, validators }: MolochNetwork) => `${formatNumber(threshold)} of ${formatNumber(validators)} signatures make a block final`,
  chainId: 'Chain',
  events: counted('event', 'events'),
  inNewest: 'In the newest block',
  signed: (signatures: number, validators: number) => `${formatNumber(signatures)} of ${formatNumber(validators)}`,
  noSignatures: 'this browser holds no signatures of it but its sealer’s',
  bars: 'The bar below a block shows how many validators have signed it; the line across it is the threshold.',
  newest: (height: number, signatures: number, validators: number) => `Block ${formatNumber(height)}: ${formatNumber(signatures)} of ${formatNumber(validators)} validators have signed.`,
  legend: { final: 'final', pending: 'tentative, can be rolled back' },
} as const;

/** One line of explanation for each field of a header. */
export const molochFieldTexts = {
  sealer: ['Sealer', 'The key of the validator that made and sealed it.'],
  events: ['Events', 'What the block holds.'],
  signatures: ['Signatures', 'Validators that have signed this block.'],
  eventsRoot: ['Events root', 'A hash over the events of this block, from which each of them can be proven.'],
  mmrRoot: ['History root', 'A hash over all blocks before it (a Merkle mountain range), from which any of them can be proven.'],
  validatorsHash: ['Validators', 'A hash over the validators that sign: those of the network’s parameters. The header itself names none.'],
} as const satisfies Readonly<Partial<Record<keyof MolochBlock, readonly [title: string, text: string]>>>;
