import * as official from '@nimiq/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as ours from '../package/keys.ts';

/** What is public of a type: without private members, for which TypeScript takes every class for another. */
type Public<T> = T extends string | number | bigint | boolean | symbol | null | undefined
  ? T
  : T extends (...args: infer A) => infer R
    ? (...args: { [K in keyof A]: Public<A[K]> }) => Public<R>
    : T extends Promise<infer V>
      ? Promise<Public<V>>
      : T extends Uint8Array
        ? Uint8Array & { [K in Exclude<keyof T, keyof Uint8Array>]: Public<T[K]> }
        : { [K in keyof T]: Public<T[K]> };

describe('the official shapes', () => {
  it('fit, for the compiler', () => {
    // Static members; the instances' are those of `prototype`.
    expectTypeOf<Public<typeof ours.BufferUtils>>().toExtend<Omit<Public<typeof official.BufferUtils>, `_${string}`>>();
    expectTypeOf<Public<typeof ours.ArrayUtils>>().toExtend<Public<typeof official.ArrayUtils>>();
    expectTypeOf<Public<typeof ours.NumberUtils>>().toExtend<Public<typeof official.NumberUtils>>();
    expectTypeOf<Public<typeof ours.StringUtils>>().toExtend<Public<typeof official.StringUtils>>();
    expectTypeOf<Public<typeof ours.SerialBuffer>>().toExtend<Public<typeof official.SerialBuffer>>();
    expectTypeOf<Public<typeof ours.Hash>>().toExtend<Public<typeof official.Hash>>();
    expectTypeOf<Public<typeof ours.CryptoUtils>>().toExtend<Public<typeof official.CryptoUtils>>();
    expectTypeOf<Public<typeof ours.MnemonicUtils>>().toExtend<Public<typeof official.MnemonicUtils>>();
    expectTypeOf<Public<typeof ours.ExtendedPrivateKey>>().toExtend<Public<typeof official.ExtendedPrivateKey>>();
    expectTypeOf<Public<typeof ours.Secret>>().toExtend<Public<typeof official.Secret>>();
    expectTypeOf<Public<typeof ours.Entropy>>().toExtend<Public<typeof official.Entropy>>();
    expectTypeOf<Public<typeof ours.RandomSecret>>().toExtend<Public<typeof official.RandomSecret>>();
    expectTypeOf<Public<typeof ours.Commitment>>().toExtend<Public<typeof official.Commitment>>();
    expectTypeOf<Public<typeof ours.CommitmentPair>>().toExtend<Public<typeof official.CommitmentPair>>();
    expectTypeOf<Public<typeof ours.PartialSignature>>().toExtend<Public<typeof official.PartialSignature>>();
    expectTypeOf<Public<typeof ours.PublicKey>>().toExtend<Public<typeof official.PublicKey>>();
    expectTypeOf<Public<typeof ours.MerklePath>>().toExtend<Public<typeof official.MerklePath>>();
    expectTypeOf<Public<typeof ours.MerkleTree>>().toExtend<Public<typeof official.MerkleTree>>();
    expectTypeOf<ConstructorParameters<typeof ours.Entropy>>().toEqualTypeOf<ConstructorParameters<typeof official.Entropy>>();
    expectTypeOf<Public<ConstructorParameters<typeof official.CommitmentPair>>>().toExtend<Public<ConstructorParameters<typeof ours.CommitmentPair>>>();
    expectTypeOf<Public<ConstructorParameters<typeof official.ExtendedPrivateKey>>>().toExtend<Public<ConstructorParameters<typeof ours.ExtendedPrivateKey>>>();
    expectTypeOf<official.MnemonicUtils.MnemonicType>().toExtend<ours.MnemonicUtils.MnemonicType>();
    expectTypeOf<official.Secret.Type>().toExtend<ours.Secret.Type>();
    expect.assertions(0);
  });

  it('have every public name', () => {
    const classes = [
      ['BufferUtils', ours.BufferUtils, official.BufferUtils],
      ['ArrayUtils', ours.ArrayUtils, official.ArrayUtils],
      ['NumberUtils', ours.NumberUtils, official.NumberUtils],
      ['StringUtils', ours.StringUtils, official.StringUtils],
      ['SerialBuffer', ours.SerialBuffer, official.SerialBuffer],
      ['Hash', ours.Hash, official.Hash],
      ['CryptoUtils', ours.CryptoUtils, official.CryptoUtils],
      ['MnemonicUtils', ours.MnemonicUtils, official.MnemonicUtils],
      ['ExtendedPrivateKey', ours.ExtendedPrivateKey, official.ExtendedPrivateKey],
      ['Secret', ours.Secret, official.Secret],
      ['Entropy', ours.Entropy, official.Entropy],
      ['RandomSecret', ours.RandomSecret, official.RandomSecret],
      ['Commitment', ours.Commitment, official.Commitment],
      ['CommitmentPair', ours.CommitmentPair, official.CommitmentPair],
      ['PartialSignature', ours.PartialSignature, official.PartialSignature],
      ['PublicKey', ours.PublicKey, official.PublicKey],
      ['MerklePath', ours.MerklePath, official.MerklePath],
      ['MerkleTree', ours.MerkleTree, official.MerkleTree],
    ] as const;
    const missing = classes.flatMap(([name, our, their]) => {
      const statics = publicNames(their).filter((key) => !(key in our));
      const members = publicNames(their.prototype).filter((key) => !(key in our.prototype));
      return [...statics, ...members].map((key) => `${name}.${key}`);
    });
    expect(missing).toEqual([]);
  });
});

/** Names that begin with `_` are the official client's own, except one. */
function publicNames(object: object): string[] {
  return Object.getOwnPropertyNames(object).filter((name) => (!name.startsWith('_') || name === '__getClassname') && name !== '__wrap' && name !== '__destroy_into_raw');
}
