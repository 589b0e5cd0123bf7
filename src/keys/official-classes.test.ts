/**
 * Our classes have the shapes of the official ones: what takes or gives theirs can take or give ours. The compiler checks it.
 * @module
 */
import type * as O from '@nimiq/core';
import { describe, expect, it } from 'vitest';
import { AccountType } from './account-type.ts';
import { Address } from './address.ts';
import { BLSKeyPair } from './bls-key-pair.ts';
import { BLSPublicKey } from './bls-public-key.ts';
import { BLSSecretKey } from './bls-secret-key.ts';
import { ES256PublicKey } from './es256-public-key.ts';
import { ES256Signature } from './es256-signature.ts';
import { HashedTimeLockedContract } from './hashed-time-locked-contract.ts';
import { KeyPair } from './key-pair.ts';
import type { PlainTransaction, PlainTransactionProof, PlainTransactionRecipientData, PlainTransactionSenderData } from './plain-transaction.ts';
import { Policy } from './policy.ts';
import { PrivateKey } from './private-key.ts';
import { PublicKey } from './public-key.ts';
import { Signature } from './signature.ts';
import { SignatureProof } from './signature-proof.ts';
import { StakingContract } from './staking-contract.ts';
import { StakingDataBuilder } from './staking-data-builder.ts';
import { Transaction } from './transaction.ts';
import { TransactionBuilder } from './transaction-builder.ts';
import { TransactionFlag } from './transaction-flag.ts';
import { TransactionFormat } from './transaction-format.ts';
import { VestingContract } from './vesting-contract.ts';

/** Parameters are compared as they are given: ours may be classes with private members, for which theirs do not count. */
type Loose<F> = F extends (...parameters: infer P) => infer R ? { bivariant(...parameters: P): R }['bivariant'] : F;
/** The static members. */
type Statics<C> = { readonly [K in Exclude<keyof C, 'prototype'>]: Loose<C[K]> };

/** The instances. */
type Instances = [
  Address extends O.Address ? true : 'Address', PrivateKey extends O.PrivateKey ? true : 'PrivateKey', PublicKey extends O.PublicKey ? true : 'PublicKey', KeyPair extends O.KeyPair ? true : 'KeyPair',
  Signature extends O.Signature ? true : 'Signature', SignatureProof extends O.SignatureProof ? true : 'SignatureProof', ES256PublicKey extends O.ES256PublicKey ? true : 'ES256PublicKey',
  ES256Signature extends O.ES256Signature ? true : 'ES256Signature', Transaction extends O.Transaction ? true : 'Transaction',
  BLSKeyPair extends O.BLSKeyPair ? true : 'BLSKeyPair', BLSPublicKey extends O.BLSPublicKey ? true : 'BLSPublicKey', BLSSecretKey extends O.BLSSecretKey ? true : 'BLSSecretKey',
];
const instances: Instances = [true, true, true, true, true, true, true, true, true, true, true, true];

const plain = [
  (ours: PlainTransaction): O.PlainTransaction => ours,
  (theirs: O.PlainTransaction): PlainTransaction => theirs,
  (ours: PlainTransactionProof): O.PlainTransactionProof => ours,
  (ours: PlainTransactionRecipientData): O.PlainTransactionRecipientData => ours,
  (ours: PlainTransactionSenderData): O.PlainTransactionSenderData => ours,
];

/** The classes, and those of their constructors that are public. */
const classes = {
  Address: Address satisfies Statics<typeof O.Address> & (new (bytes: Uint8Array) => O.Address),
  BLSKeyPair: BLSKeyPair satisfies Statics<typeof O.BLSKeyPair> & (new (secret: BLSSecretKey, key: BLSPublicKey) => O.BLSKeyPair),
  BLSPublicKey: BLSPublicKey satisfies Statics<typeof O.BLSPublicKey> & (new (bytes: Uint8Array) => O.BLSPublicKey),
  BLSSecretKey: BLSSecretKey satisfies Statics<typeof O.BLSSecretKey> & (new (bytes: Uint8Array) => O.BLSSecretKey),
  PrivateKey: PrivateKey satisfies Statics<typeof O.PrivateKey> & (new (bytes: Uint8Array) => O.PrivateKey),
  PublicKey: PublicKey satisfies Statics<typeof O.PublicKey> & (new (bytes: Uint8Array) => O.PublicKey),
  KeyPair: KeyPair satisfies Statics<typeof O.KeyPair>,
  Signature: Signature satisfies Statics<typeof O.Signature>,
  SignatureProof: SignatureProof satisfies Statics<typeof O.SignatureProof>,
  ES256PublicKey: ES256PublicKey satisfies Statics<typeof O.ES256PublicKey> & (new (bytes: Uint8Array) => O.ES256PublicKey),
  ES256Signature: ES256Signature satisfies Statics<typeof O.ES256Signature>,
  Transaction: Transaction satisfies Statics<typeof O.Transaction>,
  TransactionBuilder: TransactionBuilder satisfies Statics<typeof O.TransactionBuilder>,
  Policy: Policy satisfies Statics<typeof O.Policy>,
  StakingDataBuilder: StakingDataBuilder satisfies Statics<typeof O.StakingDataBuilder>,
  StakingContract: StakingContract satisfies Statics<typeof O.StakingContract>,
  HashedTimeLockedContract: HashedTimeLockedContract satisfies Statics<typeof O.HashedTimeLockedContract>,
  VestingContract: VestingContract satisfies Statics<typeof O.VestingContract>,
};

const enums = {
  AccountType: AccountType satisfies Record<keyof typeof O.AccountType, O.AccountType>,
  TransactionFlag: TransactionFlag satisfies Record<keyof typeof O.TransactionFlag, O.TransactionFlag>,
  TransactionFormat: TransactionFormat satisfies Record<keyof typeof O.TransactionFormat, O.TransactionFormat>,
};

describe('the official classes', async () => {
  const official = await import('@nimiq/core');

  it('are the shapes of ours', () => {
    expect(instances.every(Boolean)).toBe(true);
    expect(plain).toHaveLength(5);
  });

  it.each(Object.entries(classes))('%s has all public members', (name, ours) => {
    const theirs = official[name as keyof typeof classes];
    const publicNames = (object: object) => Object.getOwnPropertyNames(object).filter((key) => !['length', 'name', 'prototype', '__wrap', '__destroy_into_raw'].includes(key));
    expect(publicNames(theirs).filter((key) => !(key in ours))).toEqual([]);
    expect(publicNames(theirs.prototype).filter((key) => !(key in ours.prototype))).toEqual([]);
  });

  it.each(Object.entries(enums))('%s has the same numbers and names', (name, ours) => {
    expect(ours).toEqual(official[name as keyof typeof enums]);
  });
});
