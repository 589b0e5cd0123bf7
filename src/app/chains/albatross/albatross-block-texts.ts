import type { AlbatrossHead } from '../../../client/types.ts';

export const blockTypeTexts: Readonly<Record<AlbatrossHead['type'], { readonly name: string; readonly text: string }>> = {
  micro: { name: 'Micro block', text: 'One validator made and signed it. It can hold transactions. The next macro block makes it final.' },
  skip: { name: 'Skip block', text: 'The validator whose turn it was made no block in time, so at least two thirds of the validators agreed to skip it. It holds no transactions.' },
  checkpoint: { name: 'Macro block (checkpoint)', text: 'It closes a batch. At least two thirds of the validators signed it, which makes it and all blocks before it final.' },
  election: { name: 'Macro block (election block)', text: 'It closes an epoch and names the validators of the next one. At least two thirds of the validators signed it, which makes it final.' },
};

/** What the body of each type of block holds. */
export const bodyTexts: Readonly<Record<AlbatrossHead['type'], string>> = {
  micro: 'A hash over what the block holds: its transactions, and proofs that validators misbehaved. Petrel does not load those.',
  skip: 'A hash over an empty body: a skip block holds nothing.',
  checkpoint: 'A hash over what the block holds: the rewards that it pays to validators, and no other transactions. Petrel does not load those.',
  election: 'A hash over what the block holds: the rewards that it pays to validators, and no other transactions. Petrel does not load those. The list of the next validators is in the header.',
};
