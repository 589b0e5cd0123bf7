import type { Hash } from '../../../base/hash.ts';
import { blockKind } from '../chain/block-kind.ts';
import type { NetworkParameters } from '../chain/network.ts';
import { policyOf } from '../chain/policy-of.ts';
import type { TransactionView } from '../chain/wallet-views.ts';
import { accountIn, stakerIn, validatorIn } from '../proofs/account-answer.ts';
import { accountView, stakerView, validatorView } from '../proofs/account-views.ts';
import { ProofError } from '../proofs/proof-error.ts';
import { provenEvents } from '../proofs/proven-events.ts';
import { transactionView } from '../proofs/transaction-views.ts';
import { accountKey, stakerKey, validatorKey } from '../proofs/trie-keys.ts';
import { verifyTrieProof } from '../proofs/verify-trie-proof.ts';
import { friendlyAddress } from '../transactions/address-text.ts';
import type { Block } from '../wire/types.ts';
import type { FiledStatement } from './proof-file.ts';
import { ProofFileError } from './proof-file-error.ts';
import type { ProvenBlockView, ProvenStatement } from './verified-proof.ts';
import type { Reached } from './verify-steps.ts';

/** Where the statement is proven. */
export interface Place {
  readonly network: NetworkParameters;
  /** The block that the statement stands on. */
  readonly ground: Reached;
  /** Height of the macro block by which it is final. */
  readonly final: number;
}

/** What the proof in the statement shows of the block's roots. Throws `ProofFileError` `wrong-proof`. */
export function proveStatement(filed: FiledStatement, place: Place): ProvenStatement {
  try {
    return proven(filed, place);
  } catch (error) {
    if (error instanceof ProofError) throw new ProofFileError('wrong-proof', { reason: error.code });
    throw error;
  }
}

function proven(filed: FiledStatement, place: Place): ProvenStatement {
  const { network, ground: { block, hash } } = place;
  const { stateRoot } = block.header;
  switch (filed.type) {
    case 'account':
      return { type: 'account', address: friendlyAddress(filed.address), value: accountView(accountIn(verifyTrieProof(filed.proof, [accountKey(filed.address)], stateRoot), filed.address)) };
    case 'staker': {
      const staker = stakerIn(verifyTrieProof(filed.proof, [stakerKey(filed.address)], stateRoot), filed.address);
      return { type: 'staker', address: friendlyAddress(filed.address), value: staker && stakerView(staker, policyOf(network)) };
    }
    case 'validator': {
      const validator = validatorIn(verifyTrieProof(filed.proof, [validatorKey(filed.address)], stateRoot), filed.address);
      return { type: 'validator', address: friendlyAddress(filed.address), value: validator && validatorView(validator, policyOf(network)) };
    }
    case 'transaction':
      return { type: 'transaction', hash: filed.hash, value: provenTransaction(filed, place) };
    case 'block':
      if (hash !== filed.hash) throw new ProofFileError('wrong-proof', { reason: 'other-block' });
      return { type: 'block', hash, value: blockView(block, network) };
  }
}

function provenTransaction({ hash, proof }: Extract<FiledStatement, { type: 'transaction' }>, { network, ground, final }: Place): TransactionView {
  const { networkId } = network;
  const events = provenEvents(proof, ground.block.header, { asked: new Map<Hash, undefined>([[hash, undefined]]), networkId, policy: policyOf(network) });
  const [event] = events;
  // Two entries with one hash differ in their signatures alone; a file has one.
  if (event === undefined || events.length > 1) throw new ProofFileError('wrong-proof', { reason: 'not-one-entry' });
  const view = transactionView(hash, event.entry, { head: final, final });
  if (view === undefined) throw new ProofFileError('wrong-proof', { reason: 'no-transaction' });
  return view;
}

function blockView(block: Block, network: NetworkParameters): ProvenBlockView {
  const { version, blockNumber, parentHash, stateRoot, historyRoot, bodyRoot } = block.header;
  const policy = policyOf(network);
  const kind = blockKind(block);
  // A header alone does not show whether its block is a skip block.
  return { type: kind === 'skip' ? 'micro' : kind, version, epoch: policy.epochAt(blockNumber), batch: policy.batchAt(blockNumber), parentHash, stateRoot, historyRoot, bodyRoot };
}
