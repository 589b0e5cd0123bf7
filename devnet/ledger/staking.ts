import { decode } from '../../src/base/postcard/codec.ts';
import { toHex } from '../../src/base/bytes.ts';
import { stakingWithdrawal } from '../../src/chains/albatross/transactions/outgoing-proof.ts';
import { proofSigner, signatureProof } from '../../src/chains/albatross/transactions/signature-proof.ts';
import { stakingData } from '../../src/chains/albatross/transactions/staking-data.ts';
import type { ExtendedTransaction } from '../../src/chains/albatross/wire/types.ts';
import type { Accounts } from './accounts.ts';
import type { ExecutionContext } from './execution-context.ts';
import { ExecutionRefused } from './execution-refused.ts';
import { addStake, createStaker, removeStake, retireStake, setActiveStake, updateStaker } from './stakers.ts';
import { createValidator, deactivateValidator, deleteValidator, reactivateValidator, retireValidator, setSignalData, updateValidator } from './validator-accounts.ts';

/** A transaction to the staking contract. Its inner proof was verified before. Throws `ExecutionRefused`. */
export function deposit(accounts: Accounts, { recipientData, value }: ExtendedTransaction, context: ExecutionContext): void {
  const data = decode(stakingData, recipientData);
  addToContract(accounts, value);
  if (data.type === 'add-stake') return addStake(accounts, data.staker, value);
  const signer = proofSigner(data.proof);
  switch (data.type) {
    case 'create-validator':
      return createValidator(accounts, signer, data, value);
    case 'update-validator':
      return updateValidator(accounts, signer, data);
    case 'deactivate-validator':
      return deactivateValidator(accounts, data.validator, signer, context);
    case 'reactivate-validator':
      return reactivateValidator(accounts, data.validator, signer);
    case 'retire-validator':
      return retireValidator(accounts, signer, context);
    case 'create-staker':
      return createStaker(accounts, signer, data.delegation, value);
    case 'update-staker':
      return updateStaker(accounts, signer, data, context);
    case 'set-active-stake':
      return setActiveStake(accounts, signer, data.newActiveBalance, context);
    case 'retire-stake':
      return retireStake(accounts, signer, data.retireStake, context);
    case 'set-signal-data':
      return setSignalData(accounts, data.validator, signer, data.update);
  }
}

/** A transaction from the staking contract. Throws `ExecutionRefused`. */
export function withdraw(accounts: Accounts, { senderData, proof, value, fee }: ExtendedTransaction, context: ExecutionContext): void {
  const signer = proofSigner(decode(signatureProof, proof));
  if (decode(stakingWithdrawal, senderData) === 'remove-stake') removeStake(accounts, signer, value + fee);
  else deleteValidator(accounts, signer, value + fee, context);
  addToContract(accounts, -(value + fee));
}

/** The fee of a withdrawal that failed: a staker's comes from its retired stake. A failed deletion has no place in a block here. */
export function withdrawFee(accounts: Accounts, { senderData, proof, fee }: ExtendedTransaction): void {
  const signer = proofSigner(decode(signatureProof, proof));
  const staker = accounts.staker(signer);
  if (decode(stakingWithdrawal, senderData) !== 'remove-stake' || !staker || staker.retiredBalance < fee) throw new ExecutionRefused('insufficient-funds', `no fee from ${toHex(signer)}`);
  accounts.setStaker(signer, { ...staker, retiredBalance: staker.retiredBalance - fee });
  addToContract(accounts, -fee);
}

function addToContract(accounts: Accounts, amount: number): void {
  accounts.setStaking({ ...accounts.staking, balance: accounts.staking.balance + amount });
}
