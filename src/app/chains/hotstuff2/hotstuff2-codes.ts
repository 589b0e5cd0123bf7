import type { CodeTexts } from '../../../page/texts.ts';
import { followedCodes } from '../followed-codes.ts';

/** The texts of codes that only HotStuff-2 has: rules, snapshots, network files, the greeting of peers. They continue a sentence or stand after a colon. */
export const hotStuff2Codes: CodeTexts = {
  ...followedCodes,
  // Rules of one block, and of a block and its parent.
  'chain-id': 'the chain id is not that of the network’s name',
  genesis: 'a block at height 0 that is not the genesis block',
  'no-certificate': 'a block without a certificate',
  'no-payload': 'a block without its payload',
  'payload-root': 'the payload is not the one that the header names',
  operation: 'an operation in the payload cannot be read',
  parent: 'wrong parent hash',
  height: 'the height does not follow on that of the parent',
  view: 'the view is not after that of the parent',
  time: 'timestamp before its parent',
  proposer: 'proposed by another validator than the leader of its view',
  'other-block': 'another certified block at a height that is verified here',
  'not-final': 'what was sent does not prove that the block is final',
  // Hand-over to another set of validators.
  'announcement-changed': 'the announced next validators were changed before they took over',
  'not-empty': 'a block with a payload between the announcement of new validators and their first block',
  'handover-not-final': 'new validators took over before the old ones had made the announcement final',
  'second-announcement': 'new validators announced others in their first block',
  'unknown-set': 'validators that nobody announced',
  'set-unknown-bytes': 'the keys of the validators that a block names are not known here yet',
  'bls-handover': 'new validators with BLS keys, which are accepted in the network’s parameters only',
  // Certificates.
  'qc-view': 'the certificate is of another view than its block',
  'qc-hash': 'the certificate is of another block',
  'qc-scheme': 'the certificate uses another kind of signature than the validators',
  'qc-signer': 'the certificate names a validator that does not exist, or names them out of order',
  'qc-quorum': 'the certificate has too few votes',
  qc: 'bad signatures in the certificate',
  // The state, its proofs and snapshots.
  'state-root': 'the state does not have the root that the block names',
  'state-too-large': 'the state is larger than this browser may keep',
  'other-key': 'the proof is of another key',
  count: 'the parts of the proof do not agree on the number of keys',
  neighbours: 'the two keys in the proof are not neighbours, so it does not show that the key is absent',
  'manifest-form': 'the description of a snapshot cannot be read',
  'manifest-block': 'the snapshot is of another block than the final one at its height',
  'manifest-root': 'the snapshot names another state root than its block',
  'manifest-chunks': 'the parts that the snapshot names do not make up the state of its block',
  'manifest-not-final': 'the block of the snapshot is not known to be final',
  'chunk-form': 'a part of the snapshot cannot be read',
  'chunk-count': 'a part of the snapshot is missing, or has the wrong number of entries',
  'chunk-root': 'a part of the snapshot does not have the hash that the snapshot names',
  'chunk-order': 'the entries of the snapshot are not in order',
  'snapshot-old': 'the snapshot is older than what is verified here',
  'no-state': 'this browser holds no state, so it cannot prove a value',
  'no-proof': 'no peer has given a proof of the newest final block yet',
  // Proof files.
  'set-not-trusted': 'signed by validators that are not trusted here',
  finality: 'the certificates do not make the block final',
  state: 'the hashes do not lead to the state root of the final block',
  // Network files.
  'genesis-hash': 'the genesis hash is not that of the genesis header',
  'genesis-state': 'the entries of the genesis state do not have the root that the genesis header names',
  'validators-invalid': 'the list of validators cannot be used',
  'validators-hash': 'the list of validators is not the one that the genesis header names',
  // Peers.
  'other-network': 'belongs to another network',
  'other-version': 'speaks another version of the protocol',
  handshake: 'did not answer the greeting as the protocol asks',
  unrequested: 'sent an answer to no question',
  'wrong-kind': 'sent an answer to another question',
};
