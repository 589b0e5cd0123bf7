import type { PaymentRequest, StakingRequest } from '../widget/confirm-messages.ts';
import type { Unlocked } from '../vault/types.ts';
import type { Transaction } from '../keys/transaction.ts';
import { ConfirmError } from './confirm-error.ts';
import { makeTransaction, type Validity } from './make-transaction.ts';
import { readTransaction, sameFacts, type TransactionFacts } from './read-transaction.ts';

/**
 * The signed transaction, valid from the head on at which the person confirms. Its bytes are read once more: only what the person has seen
 * leaves the page. `version`: of the newest block.
 * @throws {ConfirmError} `not-what-was-shown`.
 * @throws {TransactionError} if it breaks a rule of the chain.
 * @throws {VaultError} as `Unlocked.sign`.
 */
export function signShown(request: PaymentRequest | StakingRequest, shown: TransactionFacts, unlocked: Pick<Unlocked, 'sign'>, sender: string, validity: Validity, version: number): Transaction {
  const transaction = makeTransaction(request, sender, validity);
  unlocked.sign(transaction, sender);
  const facts = readTransaction(transaction.serialize());
  if (!facts || !sameFacts(facts, shown)) throw new ConfirmError('not-what-was-shown', 'the signed transaction is not the one that was shown');
  transaction.verify(version, validity.networkId);
  return transaction;
}
