// Tests: `src/verify/check-other-proofs.test.ts`.
import { CodedError } from '../base/coded-error.ts';
import { bytesAsText } from '../base/bytes-as-text.ts';
import { hashOfSet } from '../chains/hotstuff2/chain/hash.ts';
import { checkHotStuff2Network, genesisOf, pinnedBlockOf } from '../chains/hotstuff2/chain/network.ts';
import { type ProofCheck, type ProofFileCode, verifyHotStuff2Proof } from '../chains/hotstuff2/proofs/verify-proof-file.ts';
import { type CheckedProof, type CheckProof, stepsOf } from './checked-proof.ts';
import { verifyAnyInSlices } from './verify-any-in-slices.ts';

const STEPS: readonly ProofCheck[] = ['form', 'network', 'sets', 'finality', 'state'];

/** A state proof of HotStuff-2. The validators that the network file names are trusted: those of genesis, and of the pinned block if it has one. */
export const checkHotStuff2Proof: CheckProof = async (bytes, { network, signal }) => {
  const refused = (step: ProofCheck, code: string, data: CheckedProof['steps'][number]['data'] = {}): CheckedProof => ({ ok: false, chain: 'hotstuff2', value: [], steps: stepsOf(STEPS, { step, code, data }) });
  if (network === undefined) return refused('network', 'unknown-network');
  let known;
  try {
    known = checkHotStuff2Network(network);
  } catch (error) {
    if (error instanceof CodedError) return refused('network', 'unknown-network', { reason: String(error.code) });
    throw error;
  }
  const trustedSets = [genesisOf(known), pinnedBlockOf(known)].flatMap((named) => (named ? [hashOfSet(named.validators)] : []));
  const verdict = await verifyHotStuff2Proof(bytes, { chainId: known.chainId, trustedSets }, { verify: verifyAnyInSlices, signal });
  if (!verdict.ok) return refused(verdict.checked.at(-1) ?? 'form', verdict.code, { [named[verdict.code] ?? 'reason']: verdict.detail.slice(0, 80) });
  const { key, value, block, signers, handOvers } = verdict;
  return {
    ok: true,
    chain: 'hotstuff2',
    value: [
      { name: 'key', text: readable(key) },
      { name: 'value', text: value === undefined ? 'absent: there is no such key' : readable(value) },
      { name: 'block', text: `${block.height} (view ${block.view})` },
      { name: 'hash', text: block.hash },
      { name: 'time', text: new Date(block.time).toISOString() },
    ],
    steps: stepsOf(STEPS, undefined, { form: { bytes: bytes.length }, network: { name: known.name }, sets: { handOvers }, finality: { votes: signers.map(({ signed, validators }) => `${signed} of ${validators}`).join(', ') } }),
  };
};

/** What the verdict's detail is, where it is not the code of a reason. */
const named: Readonly<Partial<Record<ProofFileCode, string>>> = { 'other-network': 'chainId', 'set-not-trusted': 'validators' };

/** Characters of a key or a value that are shown: a value can have megabytes. */
const MAX_SHOWN = 1000;

function readable(bytes: Uint8Array): string {
  const text = bytesAsText(bytes);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
