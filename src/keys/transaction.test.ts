import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/wallet/transactions.json' with { type: 'json' };
import { fromHex, toHex } from '../base/bytes.ts';
import { Address } from './address.ts';
import { KeyPair } from './key-pair.ts';
import { PrivateKey } from './private-key.ts';
import { SignatureProof } from './signature-proof.ts';
import { Transaction } from './transaction.ts';
import { TransactionBuilder } from './transaction-builder.ts';
import type { PlainTransaction } from './plain-transaction.ts';

const code = (expected: string) => expect.objectContaining({ code: expected });
const pairOf = (name: keyof typeof vectors.keys) => KeyPair.derive(PrivateKey.fromHex(vectors.keys[name].private));
const A = pairOf('A');
const B = pairOf('B').toAddress();
const basic = () => TransactionBuilder.newBasic(A.toAddress(), B, 1n, 0n, 3_456_789, 24);

describe('the transactions that the official client made (A2)', () => {
  it.each(vectors.transactions)('$name: all fields, plain form, and back', (vector) => {
    const transaction = Transaction.fromAny(vector.hex);
    expect(transaction.toHex()).toBe(vector.hex);
    expect(transaction.serializedSize).toBe(vector.size);
    expect(transaction.hash()).toBe(vector.hash);
    expect(toHex(transaction.serializeContent())).toBe(vector.content);
    expect({
      sender: transaction.sender.toPlain(), senderHex: transaction.sender.toHex(), senderType: transaction.senderType, senderData: toHex(transaction.senderData),
      recipient: transaction.recipient.toPlain(), recipientHex: transaction.recipient.toHex(), recipientType: transaction.recipientType, data: toHex(transaction.data),
      value: String(transaction.value), fee: String(transaction.fee), validityStartHeight: transaction.validityStartHeight, networkId: transaction.networkId,
      flags: transaction.flags, proof: toHex(transaction.proof), format: transaction.format === 0 ? 'basic' : 'extended',
    }).toEqual({
      sender: vector.sender, senderHex: vector.senderHex, senderType: vector.senderType, senderData: vector.senderData,
      recipient: vector.recipient, recipientHex: vector.recipientHex, recipientType: vector.recipientType, data: vector.data,
      value: vector.value, fee: vector.fee, validityStartHeight: vector.validityStartHeight, networkId: vector.networkId,
      flags: vector.flags, proof: vector.proof, format: vector.format,
    });
    expect(transaction.toPlain()).toEqual(vector.plain);
    expect(Transaction.fromAny(JSON.parse(JSON.stringify(vector.plain)) as PlainTransaction).toHex()).toBe(vector.hex);
    expect(Transaction.fromAny(fromHex(vector.hex)).toHex()).toBe(vector.hex);
  });

  it('come out of the builder, signed with the same keys', () => {
    const [V, W, C] = [pairOf('V'), pairOf('W'), pairOf('C')];
    const height = 3_456_789;
    const hexOf = (transaction: Transaction, keyPair: KeyPair, inner?: KeyPair) => {
      transaction.sign(keyPair, inner);
      return transaction.toHex();
    };
    const named = (name: string) => vectors.transactions.find((vector) => vector.name === name)!.hex;
    const sender = A.toAddress();
    expect(hexOf(basic(), A)).toBe(named('basic, least value, no fee'));
    expect(hexOf(TransactionBuilder.newBasicWithData(sender, B, fromHex('48c3a46c6c6f20e29c93'), 100_000n, 500n, height, 24), A)).toBe(named('basic accounts with data (extended format)'));
    expect(hexOf(TransactionBuilder.newRetireValidator(V.toAddress(), null, height, 24), V)).toBe(named('retire validator'));
    expect(hexOf(TransactionBuilder.newDeactivateValidator(sender, V.toAddress(), 0n, height, 24), A, W)).toBe(named('deactivate validator'));
    expect(hexOf(TransactionBuilder.newDeleteValidator(V.toAddress(), undefined, height, 24), V)).toBe(named('delete validator'));
    expect(hexOf(TransactionBuilder.newSetSignalData(sender, V.toAddress(), '22'.repeat(32), 0n, height, 24), A, W)).toBe(named('set signal data (version 2)'));
    expect(hexOf(TransactionBuilder.newSetSignalData(sender, V.toAddress(), undefined, 0n, height, 24), A, W)).toBe(named('clear signal data (version 2)'));
    expect(hexOf(TransactionBuilder.newSignalVersion(sender, V.toAddress(), 2, 0n, height, 24), A, W)).toBe(named('signal a version (version 2)'));
    const sameBut = (name: string, transaction: Transaction, inner?: KeyPair) => {
      const { value, fee } = Transaction.fromAny(named(name));
      expect({ value: transaction.value, fee: transaction.fee }).toEqual({ value, fee });
      expect(hexOf(transaction, A, inner)).toBe(named(name));
    };
    const of = (name: string) => Transaction.fromAny(named(name));
    sameBut('create staker, delegated', TransactionBuilder.newCreateStaker(sender, V.toAddress(), of('create staker, delegated').value, of('create staker, delegated').fee, height, 24));
    sameBut('create staker, not delegated, another key as staker', TransactionBuilder.newCreateStaker(sender, undefined, of('create staker, not delegated, another key as staker').value, 0n, height, 24), C);
    sameBut('add stake', TransactionBuilder.newAddStake(sender, C.toAddress(), of('add stake').value, of('add stake').fee, height, 24));
    sameBut('update staker', TransactionBuilder.newUpdateStaker(sender, V.toAddress(), true, of('update staker').fee, height, 24));
    sameBut('update staker, no delegation', TransactionBuilder.newUpdateStaker(sender, undefined, false, of('update staker, no delegation').fee, height, 24));
    sameBut('set active stake', TransactionBuilder.newSetActiveStake(sender, 0n, of('set active stake').fee, height, 24));
    sameBut('retire stake', TransactionBuilder.newRetireStake(sender, 10_000_000n, of('retire stake').fee, height, 24));
    sameBut('remove stake', TransactionBuilder.newRemoveStake(of('remove stake').recipient, of('remove stake').value, of('remove stake').fee, height, 24));
  });
});

describe('a transaction', () => {
  it('is basic only while a proof of its sender is in it', () => {
    const transaction = basic();
    expect([transaction.format, transaction.serializedSize]).toEqual([1, 68]);
    A.signTransaction(transaction);
    expect([transaction.format, transaction.serializedSize]).toEqual([0, 139]);
    transaction.sign(pairOf('B'), undefined);
    expect(transaction.format).toBe(1);
    expect(() => transaction.verify(1)).toThrow(code('invalid-proof'));
    transaction.proof = new Uint8Array(0);
    transaction.data = Uint8Array.of(5);
    expect([transaction.serializedSize, toHex(transaction.data)]).toEqual([69, '05']);
  });

  it('verifies for its network only', () => {
    const transaction = basic();
    transaction.sign(A, undefined);
    transaction.verify(1);
    transaction.verify(2, 24);
    expect(() => transaction.verify(1, 5)).toThrow(code('foreign-network'));
    expect(() => transaction.verify(1, 99)).toThrow(code('unknown-network'));
  });

  it('has a window of its network', () => {
    expect([3_456_728, 3_456_729, 3_463_988, 3_463_989].map((height) => basic().isValidAt(height))).toEqual([false, true, true, false]);
    const unit = TransactionBuilder.newBasic(A.toAddress(), B, 1n, 0n, 300, 7);
    expect([267, 268, 363, 364].map((height) => unit.isValidAt(height))).toEqual([false, true, true, false]);
  });

  it('names the contract that it creates', () => {
    const creation = new Transaction(A.toAddress(), 0, undefined, Address.NULL, 1, new Uint8Array(28), 1n, 0n, 1, 1000, 24);
    expect(creation.recipient.equals(creation.getContractCreationAddress())).toBe(true);
    expect(Transaction.fromPlain(creation.toPlain()).toHex()).toBe(creation.toHex());
  });

  it.each([
    ['a negative value', { value: -1n }, 'out-of-range'],
    ['a value above 2^53 - 1', { value: 2n ** 53n }, 'out-of-range'],
    ['a number for a value', { value: 5 as unknown as bigint }, 'wrong-type'],
    ['an unknown account type', { recipientType: 9 }, 'out-of-range'],
    ['unknown flags', { flags: 4 }, 'out-of-range'],
    ['two flags', { flags: 3 }, 'out-of-range'],
    ['a signal without data', { flags: 2 }, 'invalid-data'],
    ['a contract without data', { flags: 1, recipientType: 1 }, 'invalid-data'],
    ['the creation of a basic account', { flags: 1, data: new Uint8Array(1) }, 'invalid-data'],
    ['an unknown network', { network: 8 }, 'unknown-network'],
    ['half a height', { height: 0.5 }, 'out-of-range'],
    ['a height of 33 bits', { height: 2 ** 32 }, 'out-of-range'],
    ['text for data', { data: 'text' as unknown as Uint8Array }, 'wrong-type'],
  ])('is not made of %s', (_, wrong: { value?: bigint; recipientType?: number; data?: Uint8Array; flags?: number; height?: number; network?: number }, expected) => {
    const { value = 1n, recipientType, data, flags, height = 1, network = 24 } = wrong;
    expect(() => new Transaction(A.toAddress(), 0, undefined, B, recipientType, data, value, 0n, flags, height, network)).toThrow(code(expected));
  });

  it('is read strictly', () => {
    const hex = vectors.transactions[3]!.hex;
    for (const wrong of ['', hex.slice(2), `${hex}00`, hex.slice(0, -2), `02${hex.slice(2)}`]) expect(() => Transaction.fromAny(wrong)).toThrow(code('unknown-format'));
    expect(() => Transaction.fromAny('zz')).toThrow(code('not-hex'));
    const passkey = vectors.transactions.map((vector) => vector.hex).find((text) => /^00[01]1/u.test(text))!;
    expect(() => Transaction.fromAny(`${passkey.slice(0, 4)}00${passkey.slice(6)}`)).toThrow(code('unknown-format'));
    for (const wrong of [5, undefined, null]) expect(() => Transaction.fromAny(wrong as unknown as string)).toThrow(code('wrong-type'));
    const at = (offset: number, byte: number) => fromHex(hex).with(offset, byte);
    expect(() => Transaction.deserialize(at(21, 7))).toThrow(code('out-of-range'));
    const flagsAt = 1 + 20 + 1 + 1 + 20 + 1 + 1 + 10 + 8 + 8 + 4 + 1;
    expect(() => Transaction.deserialize(at(flagsAt, 4))).toThrow(code('out-of-range'));
    expect(() => Transaction.deserialize(at(flagsAt - 1, 99))).toThrow(code('unknown-network'));
  });

  it.each([
    ['value', 1.5, 'out-of-range'], ['value', -1, 'out-of-range'], ['value', '5', 'wrong-type'], ['fee', 2 ** 53, 'out-of-range'], ['senderType', 'foo', 'unknown-format'], ['network', 'x', 'unknown-network'],
    ['sender', 'x', 'unknown-format'], ['data', { type: 'raw', raw: 'zz' }, 'not-hex'], ['data', { type: 'raw' }, 'wrong-type'], ['proof', undefined, 'wrong-type'], ['flags', 9, 'out-of-range'],
  ])('is not made of a plain form with %s %j', (field, wrong, expected) => {
    expect(() => Transaction.fromPlain({ ...basic().toPlain(), [field]: wrong } as PlainTransaction)).toThrow(code(expected));
  });

  it('is signed as far as its sender can be', () => {
    const redeemed = new Transaction(A.toAddress(), 2, undefined, B, 0, undefined, 1n, 0n, 0, 1, 24);
    expect(() => redeemed.sign(A, undefined)).toThrow(code('unsupported'));
    const nonsense = new Transaction(A.toAddress(), 0, undefined, B, 3, Uint8Array.of(77), 1n, 0n, 0, 1, 24);
    expect(() => nonsense.sign(A, undefined)).toThrow(code('invalid-data'));
    const claim = new Transaction(A.toAddress(), 1, undefined, B, 0, undefined, 1n, 0n, 0, 1, 24);
    claim.sign(A, undefined);
    expect(SignatureProof.deserialize(claim.proof).verify(claim.serializeContent())).toBe(true);
  });
});
