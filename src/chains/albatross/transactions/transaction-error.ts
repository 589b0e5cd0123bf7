import { CodedError } from '../../../base/coded-error.ts';

/** What is wrong with a transaction in itself, in the words of the official client. */
const messages = {
  'sender-is-recipient': 'Sender same as recipient',
  'foreign-network': 'Transaction is for a foreign network',
  'zero-value': 'Transaction has 0 value',
  'invalid-value': 'Transaction has invalid value',
  overflow: 'Overflow',
  'invalid-for-sender': 'Transaction is invalid for sender',
  'invalid-for-recipient': 'Transaction is invalid for recipient',
  'invalid-proof': 'Invalid transaction proof',
  'invalid-data': 'Invalid transaction data',
  'invalid-serialization': 'Invalid serialization',
  'wrong-version': 'Transaction is invalid for the current protocol version',
} as const;

/**
 * - `sender-is-recipient`: nothing would move.
 * - `foreign-network`: it is for another network than expected.
 * - `zero-value`: it moves nothing and is no signal.
 * - `invalid-value`: an amount that its kind does not allow.
 * - `overflow`: value and fee are more than there is, or its data is longer than its kind allows.
 * - `invalid-for-sender`, `invalid-for-recipient`: type, flags or data do not fit the account.
 * - `invalid-proof`: a signature or pre-image is wrong, or is not the sender's.
 * - `invalid-data`: data that its kind does not allow.
 * - `invalid-serialization`: data or proof that is no encoding of what it should be.
 * - `wrong-version`: a kind that the block version does not have.
 */
export type TransactionErrorCode = keyof typeof messages;

/** A transaction that no block can hold, whatever the state of the chain. */
export class TransactionError extends CodedError<TransactionErrorCode> {
  override readonly name = 'TransactionError';
  constructor(code: TransactionErrorCode, detail: string) {
    super(code, `${messages[code]}: ${detail}`);
  }
}
