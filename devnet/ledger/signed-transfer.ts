import { transactionContent } from '../../src/chains/albatross/transactions/content.ts';
import type { BasicTransaction } from '../../src/chains/albatross/wire/types.ts';
import { ed25519PublicKey } from '../../src/crypto/ed25519.ts';
import { signFast } from '../make-block.ts';

export interface TransferFields {
  /** 20 bytes. */
  readonly to: Uint8Array;
  /** Luna. */
  readonly value: number;
  /** Luna; default 0. */
  readonly fee?: number;
  readonly validityStartHeight: number;
  readonly network: number;
}

/** A basic transaction signed with an Ed25519 key (32 bytes). */
export function signedTransfer(privateKey: Uint8Array, { to, fee = 0, ...fields }: TransferFields): BasicTransaction {
  const unsigned: BasicTransaction = {
    type: 'basic', proofFlags: 0, senderPublicKey: ed25519PublicKey(privateKey), recipient: to, fee, ...fields,
    signature: new Uint8Array(64), webauthn: undefined,
  };
  return { ...unsigned, signature: signFast(privateKey, transactionContent(unsigned)) };
}
