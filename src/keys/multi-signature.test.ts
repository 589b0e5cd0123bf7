import * as official from '@nimiq/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/wallet/transactions.json' with { type: 'json' };
import { Address } from './address.ts';
import { Commitment } from './commitment.ts';
import { CommitmentPair } from './commitment-pair.ts';
import { PartialSignature } from './partial-signature.ts';
import { PrivateKey } from './private-key.ts';
import { PublicKey } from './public-key.ts';
import { RandomSecret } from './random-secret.ts';

const code = (code: string) => expect.objectContaining({ code });
const secret = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((bytes) => bytes.some((byte) => byte !== 0));
const one = Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 1 : 0));
const noPoint = Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 2 : 0));

/** A signer with its own two pairs. */
const signer = fc.record({ privateKey: secret, first: secret, second: secret });

describe('signatures of several', () => {
  it('have the keys, commitments, parts and sums of the official client, and are valid', () => {
    fc.assert(
      fc.property(fc.uniqueArray(signer, { minLength: 1, maxLength: 3, selector: ({ privateKey }) => privateKey.join() }), fc.uint8Array({ maxLength: 100 }), (signers, data) => {
        const ours = signers.map(({ privateKey, first, second }) => ({
          privateKey: new PrivateKey(privateKey),
          publicKey: PublicKey.derive(new PrivateKey(privateKey)),
          pairs: [first, second].map((bytes) => CommitmentPair.derive(new RandomSecret(bytes))),
        }));
        const keys = ours.map(({ publicKey }) => publicKey.toHex());
        const groups = ours.map(({ pairs }) => pairs.map(({ commitment }) => commitment.toHex()));
        for (const { pairs } of ours) for (const pair of pairs) expect(official.CommitmentPair.derive(official.RandomSecret.fromHex(pair.secret.toHex())).toHex()).toBe(pair.toHex());
        expect(PublicKey.sum(keys).toHex()).toBe(official.PublicKey.sum(keys).toHex());
        for (let count = 1; count <= keys.length; count++) {
          expect(PublicKey.combinations(keys, count).map((key) => key.toHex())).toEqual(official.PublicKey.combinations(keys, count).map((key) => key.toHex()));
          expect(Address.fromPublicKeys(keys, count).toHex()).toBe(official.Address.fromPublicKeys(keys, count).toHex());
        }
        const aggregated = Commitment.sumMuSig2(keys, groups, data);
        expect(aggregated.toHex()).toBe(official.Commitment.sumMuSig2(keys, groups, data).toHex());
        expect(Commitment.sum(groups.flat()).toHex()).toBe(official.Commitment.sum(groups.flat()).toHex());
        const parts = ours.map(({ privateKey, publicKey, pairs }, own) => {
          const others = <T>(all: T[]) => all.filter((_, at) => at !== own);
          const part = PartialSignature.create(privateKey, publicKey, pairs, others(keys), others(groups), data);
          const theirs = official.PartialSignature.create(
            official.PrivateKey.fromHex(privateKey.toHex()),
            official.PublicKey.fromHex(publicKey.toHex()),
            pairs.map((pair) => pair.toHex()),
            others(keys),
            others(groups),
            data,
          );
          expect(part.toHex()).toBe(theirs.toHex());
          return part;
        });
        const sum = PartialSignature.sum(parts);
        expect(sum.toHex()).toBe(official.PartialSignature.sum(parts.map((part) => part.toHex())).toHex());
        expect(PublicKey.sum(keys).verify(sum.toSignature(aggregated), data)).toBe(true);
        expect(official.PublicKey.sum(keys).verify(official.Signature.fromHex(sum.toSignature(aggregated).toHex()), data)).toBe(true);
      }),
      { numRuns: 6 },
    );
  });

  it('belong to the address in the vectors', () => {
    const { A, B, C } = vectors.keys;
    const keys = [PublicKey.fromHex(C.public), A.public, PublicKey.fromHex(B.public).serialize()];
    expect(Address.fromPublicKeys(keys, 2).toUserFriendlyAddress()).toBe('NQ44 S1PF M0KY FRBK KU5B GU24 3DVN 6N3X 6E3E');
    expect(() => Address.fromPublicKeys(keys, 4)).toThrow(code('out-of-range'));
    expect(() => Address.fromPublicKeys([noPoint], 1)).toThrow(code('not-a-point'));
    expect(() => Address.fromPublicKeys(['00'], 1)).toThrow(code('wrong-length'));
  });

  it('are not made for a foreign key, or with too few pairs', () => {
    const privateKey = PrivateKey.generate();
    const publicKey = PublicKey.derive(privateKey);
    const pairs = [CommitmentPair.generate(), CommitmentPair.generate()];
    const data = new Uint8Array(3);
    const make = (changes: { privateKey?: PrivateKey; pairs?: CommitmentPair[]; others?: PublicKey[] }) => () =>
      PartialSignature.create(changes.privateKey ?? privateKey, publicKey, changes.pairs ?? pairs, changes.others ?? [], [], data);
    expect(make({})().serialize()).toHaveLength(32);
    expect(make({ privateKey: PrivateKey.generate() })).toThrow(code('key-mismatch'));
    expect(make({ pairs: pairs.slice(1) })).toThrow(code('wrong-length'));
    expect(make({ pairs: [pairs[0]!, pairs[0]!] })).toThrow(code('secret-out-of-range'));
    expect(make({ others: [publicKey] })).toThrow(code('wrong-length'));
    expect(() => PublicKey.sum([])).toThrow(code('wrong-length'));
    expect(() => Commitment.sum([])).toThrow(code('out-of-range'));
  });
});

describe('their pieces', () => {
  it('reduce secrets as the official client does, but take no zero', () => {
    fc.assert(fc.property(secret, (bytes) => void expect(new RandomSecret(bytes).toHex()).toBe(new official.RandomSecret(bytes).toHex())));
    expect(() => new RandomSecret(new Uint8Array(32))).toThrow(code('out-of-range'));
  });

  it('take only points and scalars in their canonical form', () => {
    expect(() => new Commitment(noPoint)).toThrow(code('not-a-point'));
    expect(() => Commitment.fromHex('eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f')).toThrow(code('not-a-point'));
    expect(() => new PartialSignature(new Uint8Array(32).fill(255))).toThrow(code('out-of-range'));
    expect(() => PartialSignature.fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010')).toThrow(code('out-of-range'));
    expect(() => CommitmentPair.fromHex(new RandomSecret(one).toHex() + CommitmentPair.generate().commitment.toHex())).toThrow(code('key-mismatch'));
    expect(() => new CommitmentPair({} as RandomSecret, new Commitment(one))).toThrow(code('wrong-type'));
  });

  it.each([
    ['RandomSecret', RandomSecret, new RandomSecret(one)],
    ['Commitment', Commitment, Commitment.derive(new RandomSecret(one))],
    ['CommitmentPair', CommitmentPair, CommitmentPair.derive(new RandomSecret(one))],
    ['PartialSignature', PartialSignature, new PartialSignature(one)],
  ] as const)('come back from their bytes and their hex: %s', (name, pieceClass, piece) => {
    expect(piece.serialize()).toHaveLength(pieceClass.SIZE);
    expect(piece.serializedSize).toBe(pieceClass.SIZE);
    expect(piece['__getClassname']()).toBe(name);
    const theirs = official[name].fromHex(piece.toHex());
    expect(theirs['__getClassname']()).toBe(name);
    expect(theirs.serialize()).toEqual(piece.serialize());
    for (const form of [piece, piece.serialize(), piece.toHex(), piece.toHex().toUpperCase()]) {
      const back = pieceClass.fromAny(form as string);
      expect(back.equals(piece as never)).toBe(true);
    }
    expect(pieceClass.deserialize(piece.serialize()).toHex()).toBe(piece.toHex());
    for (const bytes of [piece.serialize().subarray(1), Uint8Array.from([...piece.serialize(), 0])]) expect(() => pieceClass.deserialize(bytes)).toThrow(code('wrong-length'));
    expect(() => pieceClass.fromHex('0g')).toThrow(code('not-hex'));
    expect(() => pieceClass.fromAny(1 as never)).toThrow(code('wrong-type'));
    piece.serialize().fill(9);
    expect(piece.toHex()).toBe(theirs.toHex());
    piece.free();
  });

  it('are different when generated', () => {
    expect(CommitmentPair.generate().equals(CommitmentPair.generate())).toBe(false);
  });
});
