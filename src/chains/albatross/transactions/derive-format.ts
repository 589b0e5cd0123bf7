import { equalBytes } from '../../../base/bytes.ts';
import { decode, encode } from '../../../base/postcard/codec.ts';
import { DecodeError } from '../../../base/postcard/errors.ts';
import type { ExtendedTransaction, Transaction } from '../wire/types.ts';
import { accountTypes } from './account-type.ts';
import { addressOfKey, senderAddress } from './sender-address.ts';
import { isWellFormed, proofAlgorithm, proofFlags, signatureProof } from './signature-proof.ts';
import type { SignatureProof } from './signature-proof.ts';
import { TransactionError } from './transaction-error.ts';

const NO_BYTES = new Uint8Array(0);

/**
 * The same transaction with all fields written out, and its proof as bytes. An extended transaction is returned as it is.
 * @throws {TransactionError} `invalid-serialization` for a basic one whose ES256 key or signature is none: nodes do not read it.
 */
export function extendedForm(transaction: Transaction): ExtendedTransaction {
  if (transaction.type === 'extended') return transaction;
  const { proofFlags: flags, senderPublicKey: publicKey, recipient, value, fee, validityStartHeight, network, signature, webauthn } = transaction;
  const proof = { algorithm: proofAlgorithm(flags), publicKey, merklePath: [], signature, webauthn };
  if (!isWellFormed(proof)) throw new TransactionError('invalid-serialization', 'no ES256 key or signature');
  return {
    type: 'extended',
    sender: senderAddress(transaction), senderType: accountTypes.basic, senderData: NO_BYTES,
    recipient, recipientType: accountTypes.basic, recipientData: NO_BYTES,
    value, fee, validityStartHeight, network, flags: 0,
    proof: encode(signatureProof, proof),
  };
}

/**
 * The transaction in the format in which nodes write it: basic if and only if both accounts are basic, recipient data and flags are
 * empty, and the proof is a signature proof of one key, whose address is the sender (Albatross proofs reference, 4.1). So an unsigned
 * transaction is extended. Nodes drop the sender data of a basic sender here; a transaction that has some stays extended.
 */
export function deriveFormat(transaction: ExtendedTransaction): Transaction {
  const { sender, senderType, senderData, recipient, recipientType, recipientData, value, fee, validityStartHeight, network, flags, proof } = transaction;
  if (senderType !== accountTypes.basic || recipientType !== accountTypes.basic || senderData.length > 0 || recipientData.length > 0 || flags !== 0) return transaction;
  const parsed = parseSignatureProof(proof);
  if (parsed === undefined || parsed.merklePath.length > 0 || !equalBytes(addressOfKey(parsed.publicKey), sender)) return transaction;
  return { type: 'basic', proofFlags: proofFlags(parsed), senderPublicKey: parsed.publicKey, recipient, value, fee, validityStartHeight, network, signature: parsed.signature, webauthn: parsed.webauthn };
}

/** The proof in `bytes`, or undefined if they are none. */
export function parseSignatureProof(bytes: Uint8Array): SignatureProof | undefined {
  try {
    return decode(signatureProof, bytes);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
