import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longTimeout, runs } from '../../../../test/support/runs.ts';
import vectors from '../../../../test/vectors/wallet/transactions.json' with { type: 'json' };
import { fromHex, toHex } from '../../../base/bytes.ts';
import { decode, encode } from '../../../base/postcard/codec.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { DecodeError } from '../../../base/postcard/errors.ts';
import { transaction as transactionCodec } from '../wire/transactions.ts';
import type { Transaction } from '../wire/types.ts';
import { extendedForm } from './derive-format.ts';
import { anyHash, htlcData, preImage } from './htlc-data.ts';
import { merklePath } from './merkle-path.ts';
import { htlcProof, stakingWithdrawal } from './outgoing-proof.ts';
import { signatureProof } from './signature-proof.ts';
import { stakingData } from './staking-data.ts';
import { TransactionError } from './transaction-error.ts';
import { verifyTransaction } from './verify-transaction.ts';
import { decodeVestingData } from './vesting-data.ts';

/** What the official client made: the data and the proofs of all kinds. */
const good = vectors.transactions.flatMap(({ hex }) => {
  const { recipientData, senderData, proof } = extendedForm(decode(transactionCodec, fromHex(hex)));
  return [recipientData, senderData, proof].filter(({ length }) => length > 0);
});
const parts = [encode(anyHash, { algorithm: 'sha256', hash: new Uint8Array(32).fill(5) }), encode(anyHash, { algorithm: 'sha512', hash: new Uint8Array(64).fill(5) }), encode(preImage, new Uint8Array(32).fill(5)), encode(preImage, new Uint8Array(64).fill(5))];
const whole = vectors.transactions.map(({ hex }) => fromHex(hex));

const change = fc.tuple(fc.nat(1000), fc.oneof(fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xff), fc.nat(255)));
/** Samples with up to three other bytes, cut, or with bytes at the end; and any bytes. */
const inputs = (samples: readonly Uint8Array[]) => fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...samples), fc.array(change, { maxLength: 3 }), fc.constantFrom(0, 0, 0, -1, 1), fc.nat(1000)).map(([sample, changes, length, at]) => {
    const bytes = length > 0 ? Uint8Array.of(...sample, at & 0xff) : length < 0 ? sample.slice(0, at % sample.length) : sample.slice();
    for (const [place, byte] of changes) if (bytes.length > 0) bytes[place % bytes.length] = byte;
    return bytes;
  }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
);

/** The value, or undefined for a `DecodeError`. @throws any other error. */
function valueOf<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The code, or `valid`. @throws any error but a `TransactionError`. */
function verdictOf(transaction: Transaction): string {
  try {
    verifyTransaction(transaction, { version: 2 });
    return 'valid';
  } catch (error) {
    if (error instanceof TransactionError) return error.code;
    throw error;
  }
}

/** Signature proofs of passkeys can be written in more than one way, so they are only read again. */
const codecs: readonly (readonly [string, Codec<unknown>, 'same bytes' | 'same value'])[] = [
  ['staking data', stakingData, 'same value'], ['signature proof', signatureProof, 'same value'], ['HTLC proof', htlcProof, 'same value'], ['HTLC data', htlcData, 'same bytes'],
  ['hash', anyHash, 'same bytes'], ['pre-image', preImage, 'same bytes'], ['staking withdrawal', stakingWithdrawal, 'same bytes'], ['Merkle path', merklePath, 'same value'],
].map(([name, codec, same]) => [name, codec as Codec<unknown>, same] as never);

describe('any bytes', () => {
  it.each(codecs)('as %s are a value that is written again, or a DecodeError', (_, codec, same) => {
    let read = 0;
    fc.assert(fc.property(inputs([...good, ...parts]), (bytes) => {
      const value = valueOf(() => decode(codec, bytes));
      if (value === undefined) return;
      read += 1;
      const again = encode(codec, value);
      expect(same === 'same value' || toHex(again) === toHex(bytes)).toBe(true);
      expect(decode(codec, again)).toEqual(value);
    }), runs(2000, 1_000_000));
    expect(read, 'some are read, or nothing was tested').toBeGreaterThan(0);
  }, longTimeout);

  it('as vesting data are a value or a DecodeError', () => {
    const data = fc.constantFrom(28, 44, 52).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
    const lengths = new Set<number | undefined>();
    const decodes = (bytes: Uint8Array, value: number) => void lengths.add(valueOf(() => decodeVestingData(bytes, value)) && bytes.length);
    fc.assert(fc.property(fc.oneof(data, inputs([...good, new Uint8Array(44)])), fc.nat(), decodes), runs(2000, 1_000_000));
    for (const length of [undefined, 28, 44]) expect(lengths).toContain(length);
  }, longTimeout);

  it('as a transaction are refused with a DecodeError, or verified with a verdict', () => {
    const verdicts = new Set<string>();
    fc.assert(fc.property(inputs(whole), (bytes) => {
      const transaction = valueOf(() => decode(transactionCodec, bytes));
      if (transaction) verdicts.add(verdictOf(transaction));
    }), runs(500, 100_000));
    for (const often of ['valid', 'invalid-proof']) expect(verdicts).toContain(often);
  }, longTimeout);
});
