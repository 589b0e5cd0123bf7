import type { CodeTexts } from '../../../page/code-texts.ts';
import { followedCodes } from '../followed-codes.ts';
import { gatewayCauses } from './gateway-causes.ts';

/** The texts of codes that only Stacks has: rules, proofs, gateways, network files. They continue a sentence or stand after a colon. */
export const stacksCodes: CodeTexts = {
  ...followedCodes,
  ...gatewayCauses,
  // Rules of a block, and of a block and its parent.
  shadow: 'a shadow block, which nobody signs; Petrel takes none',
  signature: 'a signature from which no key follows',
  'signer-stranger': 'signed by somebody who is not in the signer set of its cycle',
  'signer-twice': 'a signer signed it twice',
  'signer-order': 'the signatures are not in the order of the signer set',
  weight: 'its signers have less than 70 % of the weight',
  miner: 'signed by another miner than the one that its sortition elected',
  'transaction-root': 'the transactions are not the ones that the header names',
  'transaction-twice': 'a transaction is in the block twice',
  'tenure-start': 'it should begin a tenure, and does not',
  parent: 'wrong parent id',
  height: 'the height does not follow on that of the parent, or does not ascend',
  time: 'timestamp before its parent',
  burn: 'less Bitcoin spent than at its parent',
  // Downloads of tenures.
  empty: 'sent an empty tenure, or a signer set without signers',
  'block-id': 'sent another block than it was asked for',
  'foreign-tenure': 'sent a block of another tenure',
  'previous-tenure': 'the tenure follows on another one',
  'count-high': 'the tenure has more blocks than the next one counts',
  'count-low': 'the tenure has fewer blocks than the next one counts',
  // Hand-overs of the signer set.
  'not-a-set': 'the state names no signer set for the cycle',
  'empty-set': 'the signer set of the cycle is empty, so that nobody can sign',
  'candidate-count': 'named another number of signers than the state',
  'candidate-key': 'named other signers than the state',
  'candidate-weight': 'gave signers another weight than the state',
  // Proofs of the state.
  order: 'height or time of the headers in the proof do not ascend',
  signers: 'the signer set did not certify the block',
  headers: 'the headers are not those of the blocks that the proof passes',
  state: 'the hashes do not lead to the state root of the block',
  'hand-over': 'the proof does not name the next signer set',
  checkpoint: 'it begins with another signer set than the checkpoint',
  key: 'this is no key of the state',
  value: 'the proof is of another value, or the value cannot be read',
  shape: 'the parts do not make a proof',
  hops: 'the proof passes more blocks than a client follows',
  path: 'the proof is of another key',
  slot: 'a node of the proof has no place, or more than one, for the way to the key',
  pointer: 'a node of the proof points to something else than the proof says',
  header: 'the header of a block that the proof passes is missing',
  'block-root': 'a block that the proof passes has another state root',
  shunt: 'a list of earlier tries does not have the place that the proof names',
  root: 'the proof leads to another state root',
  'false-state': ({ rule = '' }, _, other) => `gave a proof that does not hold${rule === '' ? '' : `: ${other(String(rule))}`}`,
  'false-headers': 'gave other headers than those of the blocks that its proof passes',
  // Network files.
  'bad-epochs': 'the epochs of the network do not ascend, or the one from which on signers certify blocks is missing',
  'bad-boot-address': 'the boot address is not that of a Stacks network',
  'bad-signers': 'the signers of the checkpoint are no set: a key is there twice or out of order, or a weight is wrong',
  'bad-checkpoint': 'the checkpoint lies before the first block that signers certify, or in another cycle than it says',
  'bad-gateway': 'a gateway is asked over https; over http only one of this machine, because browsers keep pages from it and anybody on the way could change it',
  // Of the chain in this browser.
  'cycle-unproven': 'the signer set of its cycle is not proven here',
  'cycle-ended': 'signed by the signers of a cycle that had ended by then',
  'other-block': 'another block at a height that is proven here',
  'not-final': 'what was sent does not show that two later tenures stand on the block',
  'not-proven': 'a block that is not proven here',
  'wrong-chunk': 'sent a part of a snapshot that this chain does not have',
  'snapshot-old': 'the block is not above what is confirmed here',
  'wrong-tip': 'its newest block is not the one that it named',
  length: 'a length that its field does not allow',
  version: 'of another version',
  // Why a question has no answer; `data.reason` of the code, or after a colon.
  'no-answer': ({ reason = '', asked = '', rule = '' }, _, other) => {
    if (reason === '') return 'no answer came in time';
    if (reason === 'no-block') return 'No block is confirmed here yet that an answer could stand on. Try again in a moment.';
    if (reason === 'absence-not-provable') return 'No gateway has what was asked for, as far as they say.';
    if (reason === 'cycle-not-begun') return 'This cycle has not begun, as far as the gateways say.';
    return `Of ${asked} gateways asked, none gave an answer that could be used. The last one: ${other(String(reason), { rule })}.`;
  },
  'level-too-low': () => 'The trust in this chain begins with a checkpoint, so that no answer is proven from genesis.',
  'no-block': 'no block is confirmed here yet',
  'absence-not-provable': 'it says that nothing is there, which cannot be proven',
  'cycle-not-begun': 'it says that the cycle has not begun',
  'no-proofs': 'it gives no proofs',
  'no-header': 'it does not have the header of a block that its proof passes',
  'value-unknown': 'the value is of a form that this client does not read',
  'not-held': 'the block that it was read from is not on the chain that is held here any more',
  'not-in-block': 'the transaction is not in the block that it named',
  'not-signed': 'it has no copy of the block with enough signatures',
  'no-sortition': 'it does not name the Bitcoin block of the tenure',
  'before-checkpoint': 'the block lies before the checkpoint, or before the block that named its signers',
  'too-far': 'the block is too far below those that are held here',
};
