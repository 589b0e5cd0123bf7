import type { TakenCheckpoint } from './take-checkpoint.ts';

/** What was taken, what was checked, and what a person trusts who uses the file; a line each. */
export function reportOf({ network, weight }: TakenCheckpoint, out: string): readonly string[] {
  const { checkpoint, gateways } = network;
  const { block, cycle, burnHeight, signers } = checkpoint;
  return [
    `Written: ${out}`,
    `Network:    ${network.name}, network id ${network.networkId}`,
    `Checkpoint: block ${block.height}, id ${block.id}`,
    `            of ${new Date(block.time * 1000).toISOString()}, in a tenure that was elected at Bitcoin height ${burnHeight}`,
    `Signers:    ${signers.length} of cycle ${cycle}; they signed the block with weight ${weight.signed} of ${weight.total} (${weight.threshold} are needed)`,
    `Asked:      ${gateways.join(', ')}${gateways.length > 1 ? '; they say the same' : ''}`,
    '',
    'Checked: the ids of the blocks, and the signatures of these signers on the checkpoint.',
    'Trusted by whoever uses this file: that these are the signers of the chain, and this block is on it. Nothing of Bitcoin was verified.',
    ...(gateways.length > 1 ? [] : ['WARNING: only one gateway was asked. Its operator alone can have invented the signers and the block. Give more than one.']),
    'Compare the id of the block with a source of your own, such as an explorer of another operator, before you use the file.',
  ];
}
