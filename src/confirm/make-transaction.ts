import { Address } from '../keys/address.ts';
import type { Transaction } from '../keys/transaction.ts';
import { TransactionBuilder } from '../keys/transaction-builder.ts';
import { fromUtf8 } from '../keys/utf8.ts';
import type { PaymentRequest, StakingRequest } from '../widget/confirm-messages.ts';

/** Where a transaction is valid. */
export interface Validity {
  readonly networkId: number;
  /** The verified head's height: from here on for 120 batches. */
  readonly start: number;
}

/** The unsigned transaction of a checked request. `sender`: the address of the person; for staking also the staker's. */
export function makeTransaction(request: PaymentRequest | StakingRequest, sender: string, { networkId, start }: Validity): Transaction {
  const own = Address.fromUserFriendlyAddress(sender);
  const fee = BigInt(request.fee ?? 0);
  const value = BigInt(request.value ?? 0);
  if (request.kind === 'payment') {
    return TransactionBuilder.newBasicWithData(own, Address.fromUserFriendlyAddress(request.recipient), fromUtf8(request.message ?? ''), value, fee, start, networkId);
  }
  const delegation = request.delegation === undefined ? undefined : Address.fromUserFriendlyAddress(request.delegation);
  switch (request.action) {
    case 'create-staker':
      return TransactionBuilder.newCreateStaker(own, delegation, value, fee, start, networkId);
    case 'add-stake':
      return TransactionBuilder.newAddStake(own, own, value, fee, start, networkId);
    case 'update-staker':
      return TransactionBuilder.newUpdateStaker(own, delegation, request.reactivateAllStake ?? false, fee, start, networkId);
    case 'set-active-stake':
      return TransactionBuilder.newSetActiveStake(own, value, fee, start, networkId);
    case 'retire-stake':
      return TransactionBuilder.newRetireStake(own, value, fee, start, networkId);
    case 'remove-stake':
      return TransactionBuilder.newRemoveStake(own, value, fee, start, networkId);
  }
}
