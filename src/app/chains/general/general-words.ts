import { formatNumber } from '../../../page/format.ts';
import { texts } from '../../../page/texts.ts';
import type { ChainWords } from '../chain-parts.ts';

/** For a chain that this page knows nothing of. */
export const generalWords: ChainWords = {
  what: 'Petrel follows this chain in your browser. It checks the chain’s signatures itself, so that no server has to be trusted for what this page shows.',
  pending: texts.pending,
  finality: 'A final block stays. A block above it can still be replaced by another one.',
  untilFinal: 'Another block can still replace it until it is final.',
  linked: (_, from) => `Every block names its parent by its hash. Petrel followed these hashes from block ${formatNumber(from)} of the verified chain down to this block, and its hash fits.`,
};
