// Tests: `src/verify/check-other-proofs.test.ts`.
import { CodedError } from '../base/coded-error.ts';
import { checkMolochNetwork } from '../chains/moloch/chain/network.ts';
import { RECEIPT_STEPS, type ReceiptStep, verifyMolochReceipt } from '../chains/moloch/proofs/verify-receipt.ts';
import { type CheckedProof, type CheckProof, stepsOf } from './checked-proof.ts';

/** A receipt of Moloch: that an event is in a final block. Only the validators of the network's parameters are trusted. */
export const checkMolochReceipt: CheckProof = async (bytes, { network, signal }) => {
  const refused = (step: ReceiptStep, code: string, data: CheckedProof['steps'][number]['data'] = {}): CheckedProof => ({ ok: false, chain: 'moloch', value: [], steps: stepsOf(RECEIPT_STEPS, { step, code, data }) });
  if (network === undefined) return refused('network', 'unknown-network');
  let known;
  try {
    known = checkMolochNetwork(network);
  } catch (error) {
    if (error instanceof CodedError) return refused('network', 'unknown-network', { reason: String(error.code) });
    throw error;
  }
  const verdict = await verifyMolochReceipt(bytes, known);
  signal.throwIfAborted();
  if (!verdict.valid) return verdict.step === 'format' ? refused('format', 'damaged', { reason: verdict.code }) : refused(verdict.step, verdict.code, verdict.data);
  const { eventId, height, blockHash, blockTime, index, finalHeight, signers, validators, anchor } = verdict;
  return {
    ok: true,
    chain: 'moloch',
    value: [
      { name: 'event', text: eventId },
      { name: 'block', text: `${height}, event ${index}` },
      { name: 'hash', text: blockHash },
      { name: 'time', text: new Date(blockTime).toISOString() },
    ],
    steps: stepsOf(RECEIPT_STEPS, undefined, { format: { bytes: bytes.length }, network: { name: known.name }, checkpoint: { anchor }, headers: { signed: `${signers} of ${validators}` }, chain: { final: finalHeight } }),
  };
};
