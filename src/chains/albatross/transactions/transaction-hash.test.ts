import { describe, expect, it } from 'vitest';
import vectors from '../../../../test/vectors/wallet/transactions.json' with { type: 'json' };
import { recording } from '../../../../test/support/node-recordings.ts';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { decode } from '../../../base/postcard/codec.ts';
import { historicTransaction } from '../wire/history.ts';
import { transaction as transactionCodec } from '../wire/transactions.ts';
import { transactionContent } from './content.ts';
import { contractAddress } from './contract-address.ts';
import { senderAddress } from './sender-address.ts';
import { transactionHash } from './transaction-hash.ts';

const CONTRACT_CREATION = 1;

describe('the transactions that the official client made', () => {
  it.each(vectors.transactions)('$name: content, hash and sender', ({ hex, content, hash, senderHex }) => {
    const transaction = decode(transactionCodec, fromHex(hex));
    expect(toHex(transactionContent(transaction))).toBe(content);
    expect(transactionHash(transaction)).toBe(hash);
    expect(toHex(senderAddress(transaction))).toBe(senderHex);
  });

  it('has the address of every contract that is created', () => {
    const creations = vectors.transactions.filter(({ flags }) => flags === CONTRACT_CREATION);
    expect(creations.length).toBe(6);
    for (const { hex, recipientHex } of creations) expect(toHex(contractAddress(decode(transactionCodec, fromHex(hex))))).toBe(recipientHex);
  });
});

describe('the transactions that a node recorded', () => {
  const transactions = Object.values(recording('history-leaves')).flat().flatMap(({ bytes, txHash }) => {
    const { event } = decode(historicTransaction, fromHex(bytes));
    return event.type === 'basic' ? [{ txHash, transaction: event.executed.transaction }] : [];
  });

  it('hashes all', () => {
    expect(transactions.length).toBeGreaterThan(100);
    for (const { transaction, txHash } of transactions) expect(transactionHash(transaction)).toBe(txHash);
  });

  it('has the address of every contract that was created', () => {
    const creations = transactions.flatMap(({ transaction }) => (transaction.type === 'extended' && transaction.flags === CONTRACT_CREATION ? [transaction] : []));
    expect(creations.length).toBeGreaterThan(0);
    for (const creation of creations) expect(toHex(contractAddress(creation))).toBe(toHex(creation.recipient));
  });
});
