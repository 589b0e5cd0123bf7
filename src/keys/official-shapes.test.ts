import * as official from '@nimiq/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { PublicShape } from '../../test/support/public-shape.ts';
import * as ours from '../package/keys.ts';

describe('the official shapes', () => {
  it('fit, for the compiler', () => {
    // Static members; the instances' are those of `prototype`.
    expectTypeOf<PublicShape<typeof ours.BufferUtils>>().toExtend<Omit<PublicShape<typeof official.BufferUtils>, `_${string}`>>();
    expectTypeOf<PublicShape<typeof ours.ArrayUtils>>().toExtend<PublicShape<typeof official.ArrayUtils>>();
    expectTypeOf<PublicShape<typeof ours.NumberUtils>>().toExtend<PublicShape<typeof official.NumberUtils>>();
    expectTypeOf<PublicShape<typeof ours.StringUtils>>().toExtend<PublicShape<typeof official.StringUtils>>();
    expectTypeOf<PublicShape<typeof ours.SerialBuffer>>().toExtend<PublicShape<typeof official.SerialBuffer>>();
    expectTypeOf<PublicShape<typeof ours.Hash>>().toExtend<PublicShape<typeof official.Hash>>();
    expectTypeOf<PublicShape<typeof ours.CryptoUtils>>().toExtend<PublicShape<typeof official.CryptoUtils>>();
    expectTypeOf<PublicShape<typeof ours.MnemonicUtils>>().toExtend<PublicShape<typeof official.MnemonicUtils>>();
    expectTypeOf<PublicShape<typeof ours.ExtendedPrivateKey>>().toExtend<PublicShape<typeof official.ExtendedPrivateKey>>();
    expectTypeOf<PublicShape<typeof ours.Secret>>().toExtend<PublicShape<typeof official.Secret>>();
    expectTypeOf<PublicShape<typeof ours.Entropy>>().toExtend<PublicShape<typeof official.Entropy>>();
    expectTypeOf<PublicShape<typeof ours.RandomSecret>>().toExtend<PublicShape<typeof official.RandomSecret>>();
    expectTypeOf<PublicShape<typeof ours.Commitment>>().toExtend<PublicShape<typeof official.Commitment>>();
    expectTypeOf<PublicShape<typeof ours.CommitmentPair>>().toExtend<PublicShape<typeof official.CommitmentPair>>();
    expectTypeOf<PublicShape<typeof ours.PartialSignature>>().toExtend<PublicShape<typeof official.PartialSignature>>();
    expectTypeOf<PublicShape<typeof ours.PublicKey>>().toExtend<PublicShape<typeof official.PublicKey>>();
    expectTypeOf<PublicShape<typeof ours.MerklePath>>().toExtend<PublicShape<typeof official.MerklePath>>();
    expectTypeOf<PublicShape<typeof ours.MerkleTree>>().toExtend<PublicShape<typeof official.MerkleTree>>();
    expectTypeOf<ConstructorParameters<typeof ours.Entropy>>().toEqualTypeOf<ConstructorParameters<typeof official.Entropy>>();
    expectTypeOf<PublicShape<ConstructorParameters<typeof official.CommitmentPair>>>().toExtend<PublicShape<ConstructorParameters<typeof ours.CommitmentPair>>>();
    expectTypeOf<PublicShape<ConstructorParameters<typeof official.ExtendedPrivateKey>>>().toExtend<PublicShape<ConstructorParameters<typeof ours.ExtendedPrivateKey>>>();
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
