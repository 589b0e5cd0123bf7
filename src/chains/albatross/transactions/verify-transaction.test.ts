import { describe, expect, it } from 'vitest';
import vectors from '../../../../test/vectors/wallet/transactions.json' with { type: 'json' };
import { recording } from '../../../../test/support/node-recordings.ts';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { decode, encode } from '../../../base/postcard/codec.ts';
import { historicTransaction } from '../wire/history.ts';
import { transaction as transactionCodec } from '../wire/transactions.ts';
import type { ExtendedTransaction, Transaction } from '../wire/types.ts';
import { deriveFormat, extendedForm } from './derive-format.ts';
import { TransactionError } from './transaction-error.ts';
import { verifyTransaction } from './verify-transaction.ts';
import type { VerifyOptions } from './verify-transaction.ts';

const decoded = (hex: string) => decode(transactionCodec, fromHex(hex));
const vector = (name: string): ExtendedTransaction => extendedForm(decoded(vectors.transactions.find((each) => each.name === name)!.hex));

/** The official verdict has no detail after the text of the code. */
function verdict(transaction: Parameters<typeof verifyTransaction>[0], options: VerifyOptions): string {
  try {
    verifyTransaction(transaction, options);
    return 'valid';
  } catch (error) {
    if (error instanceof TransactionError) return error.message.split(':')[0]!;
    throw error;
  }
}

describe('the transactions that the official client made', () => {
  it.each(vectors.transactions)('$name: format and verdict', ({ hex, networkId, verdicts }) => {
    const transaction = decoded(hex);
    expect(toHex(encode(transactionCodec, deriveFormat(extendedForm(transaction))))).toBe(hex);
    expect(verdict(transaction, { version: 1, network: networkId })).toBe(verdicts.v1.split(':')[0]);
    expect(verdict(transaction, { version: 2, network: networkId })).toBe(verdicts.v2.split(':')[0]);
    expect(verdict(transaction, { version: 2, network: networkId + 1 })).toMatch(/a foreign network|Sender same/u);
  });

  it('are invalid with a flipped bit in the proof', () => {
    for (const { hex, verdicts } of vectors.transactions.filter(({ proof, verdicts }) => proof !== '' && verdicts.v2 === 'valid')) {
      const transaction = extendedForm(decoded(hex));
      const proof = transaction.proof.slice();
      proof[40]! ^= 1;
      expect([verdicts.v2, verdict({ ...transaction, proof }, { version: 2 })]).not.toEqual(['valid', 'valid']);
    }
  });
});

it('verifies all that a node recorded', () => {
  const transactions = Object.values(recording('history-leaves')).flat().flatMap(({ bytes }) => {
    const { event } = decode(historicTransaction, fromHex(bytes));
    return event.type === 'basic' ? [event.executed.transaction] : [];
  });
  expect(transactions.map((transaction) => verdict(transaction, { version: 1, network: 7 })).filter((each) => each !== 'valid')).toEqual([]);
});

describe('a rule broken', () => {
  const basic = vector('basic accounts with data (extended format)');
  const v2 = { version: 2, network: 24 };
  const code = (transaction: Transaction, options: VerifyOptions = v2) => {
    try {
      verifyTransaction(transaction, options);
      return undefined;
    } catch (error) {
      return (error as TransactionError).code;
    }
  };

  it('of values', () => {
    expect(code({ ...basic, value: 0 })).toBe('zero-value');
    expect(code({ ...basic, flags: 2 })).toBe('invalid-for-recipient');
    const retired = vector('retire stake');
    expect(code({ ...retired, recipientData: retired.recipientData.map((byte, i) => (i > 0 && i < 9 ? 0 : byte)) }, { version: 2 })).toBe('invalid-proof');
    expect(code({ ...basic, value: 2_100_000_000_000_000 })).toBe('overflow');
  });

  it('of accounts', () => {
    expect(code({ ...basic, senderType: 9 })).toBe('invalid-for-sender');
    expect(code({ ...basic, senderData: Uint8Array.of(1) })).toBe('overflow');
    expect(code({ ...vector('remove stake'), senderData: Uint8Array.of(2) })).toBe('invalid-serialization');
  });

  it('of signatures', () => {
    expect(code({ ...basic, sender: new Uint8Array(20).fill(9) })).toBe('invalid-proof');
    expect(code({ ...basic, fee: 501 })).toBe('invalid-proof');
    expect(code({ ...basic, proof: basic.proof.subarray(1) })).toBe('invalid-serialization');
    const redeemed = vector('HTLC regular transfer, sha256');
    const proof = redeemed.proof.slice();
    proof[1] = 2;
    expect(code({ ...redeemed, proof })).toBe('invalid-proof');
  });

  it('a basic transaction with an ES256 key that is none has a verdict, and no node reads it', () => {
    const passkey = decoded(vectors.transactions.map(({ hex }) => hex).find((hex) => /^00[01]1/u.test(hex))!);
    if (passkey.type !== 'basic') throw new Error('expected a basic transaction');
    expect(code(passkey)).toBeUndefined();
    for (const first of [0, 1, 4, 255]) expect(code({ ...passkey, senderPublicKey: passkey.senderPublicKey.with(0, first) })).toBe('invalid-serialization');
    expect(code({ ...passkey, signature: new Uint8Array(64) })).toBe('invalid-serialization');
  });

  it('knows whether a voting key is its owner\'s', () => {
    const creation = vector('create validator');
    const known = { ...v2, verifyProofOfKnowledge: () => true };
    const unknown = { ...v2, verifyProofOfKnowledge: () => false };
    expect([code(creation), code(creation, known), code(creation, unknown)]).toEqual([undefined, undefined, 'invalid-data']);
  });
});
