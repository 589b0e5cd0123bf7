import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../src/base/bytes.ts';
import { coin, encode } from '../../src/base/postcard/codec.ts';
import { contractAddress } from '../../src/chains/albatross/transactions/contract-address.ts';
import { htlcData } from '../../src/chains/albatross/transactions/htlc-data.ts';
import { htlcProof, type HtlcProof } from '../../src/chains/albatross/transactions/outgoing-proof.ts';
import type { ExtendedTransaction } from '../../src/chains/albatross/wire/types.ts';
import { blake2b } from '../../src/crypto/blake2b.ts';
import { keyOf, LedgerChain, NOW, rich, signed, signedBy } from '../../test/support/ledger-chain.ts';

const owner = keyOf(4);
const other = keyOf(5);
const HOUR = 3_600_000;
const CREATION = 1;

/** A creation by the rich account, and the address of the contract. */
function creation(type: number, recipientData: Uint8Array, value: number): { readonly transaction: ExtendedTransaction; readonly address: Uint8Array } {
  const fields = { recipientType: type, recipientData, value, flags: CREATION };
  const address = contractAddress(signed(rich.privateKey, fields));
  return { transaction: signed(rich.privateKey, { ...fields, recipient: address }), address };
}

describe('a vesting contract', () => {
  const { transaction, address } = creation(1, concatBytes(owner.address, encode(coin, NOW), encode(coin, HOUR), encode(coin, 100)), 1000);
  const claim = (key: typeof owner, value: number, fee = 0) => signed(key.privateKey, { sender: address, senderType: 1, recipient: owner.address, value, fee });

  it('releases to its owner what its steps have released', () => {
    const world = new LedgerChain();
    expect(world.outcomes(transaction)).toEqual([true]);
    expect(world.accounts.account(address)).toMatchObject({ type: 'vesting', balance: 1000, owner: owner.address, startTime: NOW, timeStep: HOUR, stepAmount: 100, totalAmount: 1000 });
    world.now = NOW + 2 * HOUR;
    // It fails, and would pay its fee.
    expect(world.outcomes(claim(owner, 201))).toEqual([false]);
    expect(world.outcomes(claim(owner, 150, 50))).toEqual([true]);
    expect([world.balance(address), world.balance(owner.address)]).toEqual([800, 150]);
    expect(world.outcomes(claim(owner, 1))).toEqual([false]);
    expect(world.outcomes(claim(owner, 1, 1))).toEqual([]);
  });

  it('releases nothing to anybody else, and is gone when it is empty', () => {
    const world = new LedgerChain();
    world.block(transaction);
    world.now = NOW + 10 * HOUR;
    expect(world.outcomes(claim(other, 100))).toEqual([]);
    expect(world.outcomes(claim(owner, 1000))).toEqual([true]);
    expect(world.accounts.account(address)).toEqual({ type: 'basic', balance: 0 });
  });

  it('takes no money after its creation', () => {
    const world = new LedgerChain();
    world.block(transaction);
    expect(world.outcomes(signed(rich.privateKey, { recipient: address, value: 5, fee: 1, recipientData: Uint8Array.of(1) }))).toEqual([false]);
  });
});

describe('a hashed time-locked contract', () => {
  const preImage = new Uint8Array(32).fill(9);
  const hashRoot = { algorithm: 'blake2b', hash: blake2b(blake2b(preImage)) } as const;
  const data = encode(htlcData, { sender: owner.address, recipient: other.address, hashRoot, hashCount: 2, timeout: NOW + HOUR });
  const { transaction, address } = creation(2, data, 1000);

  /** A transaction out of the contract with the proof that `make` makes for it. */
  function redeem(value: number, make: (unsigned: ExtendedTransaction) => HtlcProof): ExtendedTransaction {
    const unsigned = signed(owner.privateKey, { sender: address, senderType: 2, recipient: keyOf(6).address, value });
    return { ...unsigned, proof: encode(htlcProof, make(unsigned)) };
  }
  const regular = (value: number, hashDepth: number, shown: Uint8Array, key = other) =>
    redeem(value, (unsigned) => ({ type: 'regular-transfer', hashDepth, hashRoot, preImage: shown, signatureProof: signedBy(key.privateKey, unsigned) }));
  const timeout = (value: number, key = owner) => redeem(value, (unsigned) => ({ type: 'timeout-resolve', senderProof: signedBy(key.privateKey, unsigned) }));
  const early = (value: number) => redeem(value, (unsigned) => ({ type: 'early-resolve', recipientProof: signedBy(other.privateKey, unsigned), senderProof: signedBy(owner.privateKey, unsigned) }));

  it('releases a part for each pre-image to the recipient', () => {
    const world = new LedgerChain();
    world.block(transaction);
    expect(world.accounts.account(address)).toMatchObject({ type: 'htlc', balance: 1000, hashCount: 2, totalAmount: 1000 });
    expect(world.outcomes(regular(501, 1, blake2b(preImage)))).toEqual([false]);
    expect(world.outcomes(regular(500, 1, blake2b(preImage)), regular(500, 2, preImage, owner))).toEqual([true]);
    expect(world.outcomes(regular(500, 2, preImage))).toEqual([true]);
    expect(world.balance(keyOf(6).address)).toBe(1000);
  });

  it('goes back to the sender after the timeout, and no more to the recipient', () => {
    const world = new LedgerChain();
    world.block(transaction);
    expect(world.outcomes(timeout(1000))).toEqual([]);
    world.now = NOW + HOUR;
    expect(world.outcomes(regular(1000, 2, preImage), timeout(1000, other))).toEqual([]);
    expect(world.outcomes(timeout(1000))).toEqual([true]);
  });

  it('is released at once if both agree', () => {
    const world = new LedgerChain();
    world.block(transaction);
    expect(world.outcomes(early(1000))).toEqual([true]);
  });
});
