/**
 * The transactions in the recorded proofs and blocks of a real node: their hashes are those that were asked for, and all are valid.
 * @module
 */
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../src/base/bytes.ts';
import { decode, encode } from '../src/base/postcard/codec.ts';
import { deriveFormat, extendedForm } from '../src/chains/albatross/transactions/derive-format.ts';
import { transactionHash } from '../src/chains/albatross/transactions/transaction-hash.ts';
import { isValidAt } from '../src/chains/albatross/transactions/validity-window.ts';
import { verifyTransaction } from '../src/chains/albatross/transactions/verify-transaction.ts';
import { block as blockCodec } from '../src/chains/albatross/wire/blocks.ts';
import { responseMessage } from '../src/chains/albatross/wire/exchange.ts';
import { proofRequests } from '../src/chains/albatross/wire/proof-requests.ts';
import { transaction as transactionCodec } from '../src/chains/albatross/wire/transactions.ts';
import type { Transaction } from '../src/chains/albatross/wire/types.ts';
import { recording } from './support/node-recordings.ts';

/** unit-albatross: batches of 32 blocks, and a window of two. */
const unit = { blocksPerBatch: 32, validityWindowBlocks: 64 };

function expectValid(transaction: Transaction, height: number): void {
  expect(() => verifyTransaction(transaction, { version: 1, network: 7 })).not.toThrow();
  expect(toHex(encode(transactionCodec, deriveFormat(extendedForm(transaction))))).toBe(toHex(encode(transactionCodec, transaction)));
  expect(isValidAt(transaction.validityStartHeight, height, unit)).toBe(true);
}

describe('the recorded proofs', () => {
  const { proofs } = recording('transactions-proofs');

  it.each(proofs.map((recorded, index) => [index, recorded.what, recorded] as const))('proof %i: %s', (_, __, recorded) => {
    const answer = decode(responseMessage(proofRequests['1.0']['transactions-proof']), fromHex(recorded.response));
    if (!answer.ok || !answer.value.ok) throw new Error('a refusal');
    const { history } = answer.value.value.proof;
    const proven = history.flatMap(({ event, blockNumber }) => (event.type === 'basic' ? [{ transaction: event.executed.transaction, blockNumber }] : []));
    expect(proven.map(({ transaction }) => transactionHash(transaction))).toEqual(recorded.history.filter(({ isBasic }) => isBasic).map(({ txHash }) => txHash));
    for (const { transaction, blockNumber } of proven) expectValid(transaction, blockNumber);
  });

  it('are 29, with transactions', () => {
    expect(proofs).toHaveLength(29);
    expect(proofs.flatMap(({ history }) => history).filter(({ isBasic }) => isBasic).length).toBeGreaterThan(29);
  });
});

describe('the recorded blocks', () => {
  const blocks = recording('blocks').blocks.filter(({ kind, transactions }) => kind === 'micro' && transactions > 0);

  it.each(blocks.map((recorded) => [recorded.height, recorded] as const))('block %i', (height, { withBody, transactions }) => {
    const { body } = decode(blockCodec, fromHex(withBody));
    const executed = body?.transactions.flatMap((item) => ('transaction' in item ? [item.transaction] : [])) ?? [];
    expect(executed).toHaveLength(transactions);
    for (const transaction of executed) expectValid(transaction, height);
  });

  it('are many', () => expect(blocks.length).toBeGreaterThan(20));
});
