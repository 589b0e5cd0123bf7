import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/wallet/transactions.json' with { type: 'json' };
import { ed25519PublicKey, verifyEd25519Sync } from './ed25519.ts';
import { aggregateCommitments, combineKeys, commitmentTo, isPoint, isScalar, nonceOf, reduceScalar, signPartially, sumDelinearized, sumPoints, sumScalars } from './musig2.ts';

const example = vectors.transactions.find(({ name }) => name.startsWith('2 of 3'))!;
/** The hex values after a label in the example's note. */
const noted = (label: string) => hexIn(example.note!.split(`${label} `)[1]!.split(/[;,]|(?<= )[A-Z] /u)[0]!);
const hexIn = (text: string) => [...text.matchAll(/[\da-f]{64,}/gu)].map(([hex]) => hex);

const keys = ['A', 'B', 'C'].map((name) => hexToBytes(vectors.keys[name as 'A'].public));
const privateKeys = ['A', 'B'].map((name) => hexToBytes(vectors.keys[name as 'A'].private));
const content = hexToBytes(example.content);
const nonces = pairs().map((signer) => signer.map((pair) => pair.subarray(0, 32)));
const commitments = pairs().map((signer) => signer.map((pair) => pair.subarray(32)));
const session = { publicKeys: keys.slice(0, 2), commitments, content };

/** Of A and B: two pairs of nonce and commitment each. */
function pairs(): Uint8Array[][] {
  const all = hexIn(example.note!.split('nonce pairs ')[1]!.split(';')[0]!).map((hex) => hexToBytes(hex));
  return [all.slice(0, 2), all.slice(2, 4)];
}

const code = (code: string) => expect.objectContaining({ name: 'CryptoInputError', code });

describe('MuSig2', () => {
  it('combines keys to the leaves of the official client', () => {
    expect(combineKeys(keys, 2).map(bytesToHex)).toEqual(noted('leaves'));
    expect(combineKeys(keys.toReversed(), 2).map(bytesToHex)).toEqual(noted('leaves'));
    expect(bytesToHex(sumDelinearized(keys.slice(0, 2)))).toBe(noted('signer key')[0]);
    expect(combineKeys(keys, 1)).toHaveLength(3);
    expect(combineKeys(keys, 3)).toEqual([sumDelinearized(keys)]);
  });

  it('makes the commitments and signatures of the official client', () => {
    expect(nonces.flat().map(commitmentTo)).toEqual(commitments.flat());
    expect(bytesToHex(aggregateCommitments(session))).toBe(noted('aggregated')[0]);
    const parts = privateKeys.map((privateKey, i) => signPartially({ privateKey, nonces: nonces[i]! }, session));
    expect(parts.map(bytesToHex)).toEqual(hexIn(example.note!.split('partial signatures ')[1]!));
    const signature = concatBytes(aggregateCommitments(session), sumScalars(parts));
    expect(example.proof.endsWith(bytesToHex(signature))).toBe(true);
    expect(verifyEd25519Sync(sumDelinearized(session.publicKeys), content, signature)).toBe(true);
  });

  it('signs in any order of the signers, and with one alone', () => {
    const turned = { publicKeys: session.publicKeys.toReversed(), commitments: commitments.toReversed(), content };
    expect(aggregateCommitments(turned)).toEqual(aggregateCommitments(session));
    const own = { privateKey: privateKeys[0]!, nonces: nonces[0]! };
    expect(signPartially(own, turned)).toEqual(signPartially(own, session));
    const alone = { publicKeys: [keys[0]!], commitments: [commitments[0]!], content };
    expect(verifyEd25519Sync(sumDelinearized(alone.publicKeys), content, concatBytes(aggregateCommitments(alone), signPartially(own, alone)))).toBe(true);
  });

  it('does not sign for a foreign key, with foreign or repeated nonces, or with a nonce that is no secret', () => {
    const [privateKey, other] = privateKeys as [Uint8Array, Uint8Array];
    expect(() => signPartially({ privateKey, nonces: nonces[1]! }, session)).toThrow(code('key-mismatch'));
    expect(() => signPartially({ privateKey: other, nonces: nonces[0]! }, session)).toThrow(code('key-mismatch'));
    expect(() => signPartially({ privateKey: new Uint8Array(32).fill(7), nonces: nonces[0]! }, session)).toThrow(code('key-mismatch'));
    expect(() => signPartially({ privateKey, nonces: nonces[0]! }, { ...session, commitments: [commitments[1]!, commitments[1]!] })).toThrow(code('key-mismatch'));
    const [first] = nonces[0]!;
    expect(() => signPartially({ privateKey, nonces: [first!, first!] }, session)).toThrow(code('secret-out-of-range'));
    expect(() => signPartially({ privateKey, nonces: [first!, new Uint8Array(32)] }, session)).toThrow(code('secret-out-of-range'));
    expect(() => signPartially({ privateKey, nonces: [first!, new Uint8Array(32).fill(255)] }, session)).toThrow(code('secret-out-of-range'));
    expect(() => signPartially({ privateKey, nonces: [first!] }, session)).toThrow(code('wrong-length'));
    expect(() => signPartially({ privateKey: privateKey.subarray(1), nonces: nonces[0]! }, session)).toThrow(code('wrong-length'));
  });

  it('refuses sessions that do not fit together', () => {
    expect(() => aggregateCommitments({ ...session, commitments: [commitments[0]!] })).toThrow(code('wrong-length'));
    expect(() => aggregateCommitments({ ...session, commitments: [commitments[0]!, [commitments[1]![0]!]] })).toThrow(code('wrong-length'));
    expect(() => aggregateCommitments({ publicKeys: [], commitments: [], content })).toThrow(code('wrong-length'));
    expect(() => aggregateCommitments({ ...session, commitments: [commitments[0]!, [commitments[1]![0]!, noPoint]] })).toThrow(code('not-a-point'));
    expect(() => combineKeys([keys[0]!, noPoint], 2)).toThrow(code('not-a-point'));
    expect(() => combineKeys([keys[0]!, new Uint8Array(31)], 2)).toThrow(code('wrong-length'));
    for (const signers of [0, -1, 4, 1.5, Number.NaN]) expect(() => combineKeys(keys, signers)).toThrow(code('out-of-range'));
    expect(() => combineKeys(Array.from({ length: 20 }, () => keys[0]!), 10)).toThrow(code('out-of-range'));
  });
});

/** 2 is no y of a point. */
const noPoint = Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 2 : 0));

describe('scalars and points', () => {
  /** The order of the group, little endian. */
  const order = hexToBytes('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');

  it('reduces, adds and checks scalars', () => {
    expect(reduceScalar(order)).toEqual(new Uint8Array(32));
    expect(isScalar(order)).toBe(false);
    const largest = order.slice();
    largest[0]! -= 1;
    expect(isScalar(largest)).toBe(true);
    const one = Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 1 : 0));
    expect(sumScalars([largest, one])).toEqual(new Uint8Array(32));
    expect(sumScalars([])).toEqual(new Uint8Array(32));
    expect(isScalar(new Uint8Array(31))).toBe(false);
    expect(() => reduceScalar(new Uint8Array(33))).toThrow(code('wrong-length'));
  });

  it('adds points and knows their canonical encodings', () => {
    expect(sumPoints([keys[0]!, keys[1]!])).toEqual(sumPoints([keys[1]!, keys[0]!]));
    expect(isPoint(keys[0]!)).toBe(true);
    expect(isPoint(noPoint)).toBe(false);
    // y = p + 1, which is 1.
    expect(isPoint(hexToBytes('eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'))).toBe(false);
    expect(isPoint(new Uint8Array(31))).toBe(false);
    expect(() => sumPoints([noPoint])).toThrow(code('not-a-point'));
  });

  it('makes nonces of random bytes', () => {
    const nonce = nonceOf(new Uint8Array(32));
    expect(isScalar(nonce)).toBe(true);
    expect(commitmentTo(nonce)).not.toEqual(ed25519PublicKey(new Uint8Array(32)));
    expect(() => nonceOf(new Uint8Array(31))).toThrow(code('wrong-length'));
  });
});
