import { Cl, Pc, PostConditionMode, deserializeTransaction, makeContractCall, makeContractDeploy, makeSTXTokenTransfer } from '@stacks/transactions';
import { describe, expect, it } from 'vitest';
import { chainA, chainB, fromBase64 } from '../../../../test/support/stacks-vectors.ts';
import { toHex } from '../../../base/bytes.ts';
import { decodeBlock } from '../wire/block.ts';
import { ByteReader } from '../wire/byte-reader.ts';
import { readTransaction } from '../wire/transaction.ts';
import { transactionId } from './hash.ts';

const senderKey = `${'01'.repeat(32)}01`;
const given = { senderKey, fee: 200n, nonce: 7n } as const;
const recipient = 'ST2YM3J4KQK09V670TD6ZZ1XYNYCNGCWCVTASN5VM';

describe('the official library and this one name a transaction alike', () => {
  it.each([['testnet'], ['mainnet']] as const)('made by the library, %s', async (network) => {
    const made = [
      await makeSTXTokenTransfer({ ...given, network, recipient, amount: 123_456n, memo: 'petrel' }),
      await makeSTXTokenTransfer({ ...given, network, recipient: `${recipient}.store`, amount: 1n }),
      await makeContractDeploy({ ...given, network, contractName: 'store', codeBody: '(define-data-var counter uint u0)' }),
      await makeContractCall({
        ...given, network, contractAddress: recipient, contractName: 'store', functionName: 'put', functionArgs: [Cl.uint(1), Cl.tuple({ a: Cl.none(), b: Cl.list([Cl.stringUtf8('é')]) })],
        postConditionMode: PostConditionMode.Deny, postConditions: [Pc.principal(recipient).willSendLte(5).ustx(), Pc.principal(recipient).willSendEq(5).ft(`${recipient}.store`, 'gold')],
      }),
    ];
    expect(made.map((transaction) => {
      const reader = new ByteReader(transaction.serializeBytes());
      const { bytes, kind } = readTransaction(reader);
      reader.end('the transaction');
      return { kind, same: transactionId(bytes) === transaction.txid() };
    })).toEqual(['token-transfer', 'token-transfer', 'versioned-contract', 'contract-call'].map((kind) => ({ kind, same: true })));
  });

  it('recorded: the library reads the bytes, and gives the same bytes and id', () => {
    const transactions = [chainA, chainB].flatMap(({ blocks }) => blocks).flatMap((block) => decodeBlock(fromBase64(block.block_b64)).transactions);
    const wrong = transactions.filter(({ bytes }) => {
      const theirs = deserializeTransaction(bytes);
      return theirs.txid() !== transactionId(bytes) || toHex(theirs.serializeBytes()) !== toHex(bytes);
    });
    expect(transactions).toHaveLength(83);
    expect(wrong).toEqual([]);
  });
});
