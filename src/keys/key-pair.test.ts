import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/wallet/transactions.json' with { type: 'json' };
import { fromHex, toHex } from '../base/bytes.ts';
import { ed25519PublicKey } from '../crypto/ed25519.ts';
import { ED25519_SPKI } from './der.ts';
import { KeyPair } from './key-pair.ts';
import { PrivateKey } from './private-key.ts';
import { PublicKey } from './public-key.ts';
import { Signature } from './signature.ts';

const code = (expected: string) => expect.objectContaining({ code: expected });
const message = new TextEncoder().encode('petrel');
const pair = KeyPair.derive(PrivateKey.fromHex(vectors.keys.A.private));

describe('keys', () => {
  it.each(Object.entries(vectors.keys))('derives the keys and the address of %s', (_, { private: secret, public: key, address }) => {
    const derived = KeyPair.derive(PrivateKey.fromHex(secret));
    expect(derived.privateKey.toHex()).toBe(secret);
    expect(derived.publicKey.toHex()).toBe(key);
    expect(PublicKey.derive(derived.privateKey).equals(PublicKey.fromAny(key))).toBe(true);
    expect(derived.toAddress().toPlain()).toBe(address);
  });

  it('signs, and verifies only that', () => {
    const signature = pair.sign(message);
    expect(pair.publicKey.verify(signature, message)).toBe(true);
    expect(pair.publicKey.verify(signature, message.subarray(1))).toBe(false);
    expect(KeyPair.generate().publicKey.verify(signature, message)).toBe(false);
    expect(Signature.create(pair.privateKey, pair.publicKey, message).toHex()).toBe(signature.toHex());
  });

  it('generates other keys each time', () => {
    expect(PrivateKey.generate().equals(PrivateKey.generate())).toBe(false);
    expect(KeyPair.generate().toHex()).not.toBe(KeyPair.generate().toHex());
  });

  it('has 65 bytes, and takes the first 64 alone', () => {
    expect(pair.toHex()).toBe(`${vectors.keys.A.private}${vectors.keys.A.public}00`);
    expect(KeyPair.fromHex(pair.toHex().slice(0, 128)).toHex()).toBe(pair.toHex());
    expect(KeyPair.deserialize(pair.serialize()).toHex()).toBe(pair.toHex());
    for (const length of [0, 63, 66]) expect(() => KeyPair.deserialize(new Uint8Array(length))).toThrow(code('wrong-length'));
  });

  it('takes keys and signatures of their own length only', () => {
    for (const length of [0, 31, 33]) {
      for (const take of [PrivateKey.deserialize, PublicKey.deserialize, PublicKey.fromRaw, PublicKey.fromAny]) expect(() => take(new Uint8Array(length))).toThrow(code('wrong-length'));
      for (const take of [PrivateKey.fromHex, PublicKey.fromHex, PublicKey.fromAny]) expect(() => take('00'.repeat(length))).toThrow(code('wrong-length'));
    }
    for (const length of [63, 65]) expect(() => Signature.deserialize(new Uint8Array(length))).toThrow(code('wrong-length'));
    for (const take of [PrivateKey.fromHex, PublicKey.fromHex, PublicKey.fromAny, Signature.fromHex, KeyPair.fromHex]) expect(() => take('zz'.repeat(32))).toThrow(code('not-hex'));
    expect(() => PublicKey.fromAny(5 as unknown as string)).toThrow(code('wrong-type'));
  });

  it('never says a key in an error', () => {
    const secret = vectors.keys.A.private;
    for (const wrong of [`${secret}00`, `x${secret.slice(1)}`, secret.slice(1)]) {
      expect(() => PrivateKey.fromHex(wrong)).toThrow(expect.objectContaining({ message: expect.not.stringContaining(secret.slice(2, 60)) }));
    }
  });

  it('takes a public key as WebCrypto exports it', () => {
    const key = vectors.keys.B.public;
    const spki = fromHex(`${ED25519_SPKI}${key}`);
    expect(PublicKey.fromSpki(spki).toHex()).toBe(key);
    expect(new PublicKey(spki).toHex()).toBe(key);
    for (const wrong of [spki.subarray(1), fromHex(`${ED25519_SPKI}${key}00`), spki.with(0, 0x31)]) expect(() => PublicKey.fromSpki(wrong)).toThrow(code('unknown-format'));
  });
});

describe('a signature in DER', () => {
  const signature = `7f${'11'.repeat(31)}${'ee'.repeat(32)}`;
  const der = `30450220${signature.slice(0, 64)}022100${signature.slice(64)}`;

  it('is read', () => {
    expect(Signature.fromAsn1(fromHex(der)).toHex()).toBe(signature);
    expect(toHex(Signature.fromAsn1(fromHex('3006020101020102')).serialize())).toBe(`${'00'.repeat(31)}01${'00'.repeat(31)}02`);
  });

  it.each([
    ['empty', ''],
    ['another structure', `31${der.slice(2)}`],
    ['cut off', der.slice(0, -2)],
    ['a byte more', `${der}00`],
    ['a third number', '3009020101020101020101'],
    ['one number', '3003020101'],
    ['a negative number', '3006020181020101'],
    ['a zero too many', '300702020001020101'],
    ['no digits', '30050200020101'],
    ['a number over the end', '3006020101020201'],
    ['a number of 33 bytes', `30270221${'11'.repeat(33)}020101`],
  ])('is refused: %s', (_, wrong) => {
    expect(() => Signature.fromAsn1(fromHex(wrong))).toThrow(code('unknown-format'));
  });
});

it('keeps its bytes to itself', () => {
  const bytes = ed25519PublicKey(new Uint8Array(32));
  const key = new PublicKey(bytes);
  const before = key.toHex();
  bytes[0]! ^= 1;
  key.serialize()[1]! ^= 1;
  expect(key.toHex()).toBe(before);
});
