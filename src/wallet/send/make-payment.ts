import { Address } from '../../keys/address.ts';
import { Transaction } from '../../keys/transaction.ts';
import { TransactionBuilder } from '../../keys/transaction-builder.ts';
import { fromUtf8 } from '../../keys/utf8.ts';

export interface PaymentToMake {
  /** In groups of four. */
  readonly sender: string;
  readonly recipient: string;
  /** Luna. */
  readonly value: bigint;
  readonly fee: bigint;
  /** At most `MAX_MESSAGE` bytes in UTF-8. */
  readonly message: string;
}

/** Bytes of a message: nodes take no more. */
export const MAX_MESSAGE = 64;

/** Bytes of a signature proof with one Ed25519 key. */
const PROOF = 98;

/**
 * The unsigned transaction.
 * @param start the first block of its validity window: the newest verified block.
 * @throws KeysError if an amount or the network's id is out of range.
 */
export function makePayment({ sender, recipient, value, fee, message }: PaymentToMake, start: number, networkId: number): Transaction {
  return TransactionBuilder.newBasicWithData(Address.fromUserFriendlyAddress(sender), Address.fromUserFriendlyAddress(recipient), fromUtf8(message), value, fee, start, networkId);
}

/** Luna a byte that the choices cost. Nodes put transactions with a higher fee a byte into blocks first. */
export const feeRates = { free: 0, standard: 1, fast: 2 } as const;
export type FeeRate = keyof typeof feeRates;

/** The fee of a signed payment with this message, in luna. */
export function feeOf(rate: FeeRate, message: string): bigint {
  return BigInt(feeRates[rate] * signedSize(message.slice(0, MAX_MESSAGE)));
}

function signedSize(message: string): number {
  // A basic transaction has its signature in another place than one with data, so the size is measured with a proof of the right length.
  const transaction = makePayment({ sender: nobody, recipient: nobody, value: 1n, fee: 0n, message }, 1, SOME_NETWORK);
  return message === '' ? BASIC_SIZE : transaction.serializedSize + PROOF;
}

const nobody = 'NQ07 0000 0000 0000 0000 0000 0000 0000 0000';
/** Any network: the size does not depend on it. */
const SOME_NETWORK = 24;
/** Bytes of a signed basic transaction without data. */
const BASIC_SIZE = 139;
