import { decode } from '../../src/base/postcard/codec.ts';
import { equalBytes } from '../../src/base/bytes.ts';
import { htlcProof } from '../../src/chains/albatross/transactions/outgoing-proof.ts';
import { proofSigner, signatureProof, type SignatureProof } from '../../src/chains/albatross/transactions/signature-proof.ts';
import type { Account, HtlcAccount, VestingAccount } from '../../src/chains/albatross/wire/accounts.ts';
import type { ExtendedTransaction } from '../../src/chains/albatross/wire/types.ts';
import type { ExecutionContext } from './execution-context.ts';
import { ExecutionRefused } from './execution-refused.ts';

/**
 * Whether a contract lets the transaction leave only `balance` Luna in it; basic accounts always do. The signatures were verified before.
 * Throws `ExecutionRefused`. Albatross proofs reference, 2.4 and 4.4.
 */
export function requireReleased(account: Account, balance: number, transaction: ExtendedTransaction, { time }: ExecutionContext): void {
  if (account.type === 'vesting') {
    requireSigner(decode(signatureProof, transaction.proof), account.owner);
    requireLeft(balance, stillVested(account, time));
  } else if (account.type === 'htlc') requireRedeemed(account, balance, transaction, time);
}

function stillVested({ totalAmount, stepAmount, timeStep, startTime }: VestingAccount, time: number): number {
  if (timeStep === 0 || stepAmount === 0) return 0;
  const steps = Math.max(0, Math.floor((time - startTime) / timeStep));
  return Math.max(0, totalAmount - steps * stepAmount);
}

function requireRedeemed(account: HtlcAccount, balance: number, transaction: ExtendedTransaction, time: number): void {
  const proof = decode(htlcProof, transaction.proof);
  switch (proof.type) {
    case 'regular-transfer': {
      const { hashRoot, hashDepth } = proof;
      if (time >= account.timeout) throw new ExecutionRefused('not-allowed', 'after the timeout');
      if (hashRoot.algorithm !== account.hashAlgorithm || !equalBytes(hashRoot.hash, account.hashRoot)) throw new ExecutionRefused('not-allowed', 'another hash root');
      if (hashDepth > account.hashCount) throw new ExecutionRefused('not-allowed', `depth ${hashDepth} of ${account.hashCount}`);
      requireSigner(proof.signatureProof, account.recipient);
      return requireLeft(balance, Math.floor((account.totalAmount * (account.hashCount - hashDepth)) / account.hashCount));
    }
    case 'early-resolve':
      requireSigner(proof.recipientProof, account.recipient);
      return requireSigner(proof.senderProof, account.sender);
    case 'timeout-resolve':
      if (time < account.timeout) throw new ExecutionRefused('not-allowed', 'before the timeout');
      return requireSigner(proof.senderProof, account.sender);
  }
}

function requireSigner(proof: SignatureProof, address: Uint8Array): void {
  if (!equalBytes(proofSigner(proof), address)) throw new ExecutionRefused('not-allowed', 'signed by another');
}

function requireLeft(balance: number, least: number): void {
  if (balance < least) throw new ExecutionRefused('insufficient-funds', `${least} Luna are not released yet`);
}
