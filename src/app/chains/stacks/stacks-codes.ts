import type { CodeTexts } from '../../../page/code-texts.ts';
import { followedCodes } from '../followed-codes.ts';

/** The texts of codes that only Stacks has: rules, proofs, gateways, network files. They continue a sentence or stand after a colon. */
export const stacksCodes: CodeTexts = {
  ...followedCodes,
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
};
