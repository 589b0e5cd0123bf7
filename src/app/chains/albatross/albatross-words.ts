import { albatrossHead } from '../../../page/albatross.ts';
import { formatNumber } from '../../../page/format.ts';
import { texts } from '../../../page/texts.ts';
import { pageTexts } from '../../page-texts.ts';
import type { ChainWords } from '../chain-parts.ts';

export const albatrossWords: ChainWords = {
  what: pageTexts.what,
  pending: texts.pending,
  finality: 'A block is final when the validators have signed the macro block after it.',
  untilFinal: 'Another block can still replace it until the next macro block makes it final.',
  otherHash: 'If it is the hash of a transaction: look up the account that sent or received it.',
  // Nobody's signature is checked for a block that is found this way: a hash that a verified block names fits no other block.
  linked: (block, from) =>
    albatrossHead(block)?.type === 'election'
      ? `Every election block names earlier ones by their hashes. Petrel followed these hashes from election block ${formatNumber(from)}, which is verified, down to this block, and its hash fits.`
      : `Every block names its parent by its hash. Petrel followed these hashes, block by block, from macro block ${formatNumber(from)} of the verified chain down to this block, and its hash fits.`,
};
