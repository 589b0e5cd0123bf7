import { CodedError } from '../base/coded-error.ts';
import { checkpointSet, checkStacksNetwork, type StacksNetwork } from '../chains/stacks/chain/network.ts';
import { type ProofCheck, type ProofNetwork, verifyStacksProof } from '../chains/stacks/proofs/verify-proof-file.ts';
import { type CheckedProof, type CheckProof, stepsOf } from './checked-proof.ts';
import { stateKeyWords, stateValueText } from './stacks-value-text.ts';
import { verifyAnyInSlices } from './verify-any-in-slices.ts';

const STEPS: readonly ProofCheck[] = ['form', 'network', 'checkpoint', 'hand-overs', 'signers', 'state', 'value'];

/** Characters of a value that are shown: a value can have megabytes. */
const MAX_SHOWN = 1000;

const cut = (text: string) => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);

/** What the verifier must know of a network: only the checkpoint in its file is trusted. */
function proofNetworkOf({ networkId, bootAddress, checkpoint }: StacksNetwork): ProofNetwork {
  return { networkId, mainnet: bootAddress.startsWith('SP'), checkpoint: { ...checkpointSet(checkpoint), height: checkpoint.block.height } };
}

/** A state proof of Stacks. Only the checkpoint of the network file is trusted: its signer set, from which the file's hand-overs must begin. */
export const checkStacksProof: CheckProof = async (bytes, { network, signal }) => {
  const refused = (step: ProofCheck, code: string, data: CheckedProof['steps'][number]['data'] = {}): CheckedProof => ({ ok: false, chain: 'stacks', value: [], steps: stepsOf(STEPS, { step, code, data }) });
  if (network === undefined) return refused('network', 'unknown-network');
  let known;
  try {
    known = checkStacksNetwork(network);
  } catch (error) {
    if (error instanceof CodedError) return refused('network', 'unknown-network', { reason: String(error.code) });
    throw error;
  }
  const verdict = await verifyStacksProof(bytes, proofNetworkOf(known), { verify: verifyAnyInSlices, signal });
  if (!verdict.ok) {
    const { checked, code, detail, cycle } = verdict;
    // Of the checkpoint and the network the detail is no code, but what came.
    const data = code === 'checkpoint' ? { came: detail } : code === 'other-network' ? { came: `network id ${detail}` } : code === 'headers' ? {} : { reason: detail.slice(0, 80) };
    return refused(checked.at(-1) ?? 'form', code, cycle === undefined ? data : { ...data, cycle });
  }
  const { key, value, block, cycle, weight, handOvers, path, assumed } = verdict;
  return {
    ok: true,
    chain: 'stacks',
    value: [
      { name: 'key', text: cut(stateKeyWords(key)) },
      { name: 'value', text: cut(stateValueText(value)) },
      { name: 'block', text: String(block.height) },
      { name: 'hash', text: block.id },
      { name: 'time', text: new Date(block.time * 1000).toISOString() },
    ],
    steps: stepsOf(STEPS, undefined, {
      form: { bytes: bytes.length },
      network: { name: known.name },
      checkpoint: { anchor: 'pinned', cycle: known.checkpoint.cycle, block: known.checkpoint.block.height, signers: known.checkpoint.signers.length },
      'hand-overs': { handOvers: handOvers.length, cycle },
      signers: { signed: weight.signed, total: weight.total, threshold: weight.threshold, cycle },
      state: { blocks: path.length },
      value: {},
    }),
    assumed,
  };
};
