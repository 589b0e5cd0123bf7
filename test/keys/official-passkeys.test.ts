/**
 * Proofs by passkeys, made by our classes and by those of `@nimiq/core` from the same answers of an authenticator.
 * @module
 */
import * as official from '@nimiq/core';
import { p256 } from '@noble/curves/nist.js';
import { describe, expect, it } from 'vitest';
import { concatBytes, toHex } from '../../src/base/bytes.ts';
import { blake2b } from '../../src/crypto/blake2b.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import * as ours from '../../src/package/keys.ts';

type Library = typeof ours;
const theirs = official as unknown as Library;
const utf8 = (text: string) => new TextEncoder().encode(text);
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

const secret = new Uint8Array(32).fill(7);
const publicKey = p256.getPublicKey(secret, true);
const content = utf8('the content of a transaction');
const challenge = base64url(blake2b(content));
const flags = Uint8Array.of(5, 0, 0, 0, 1);
const clientData = (origin: string, rest = ',"crossOrigin":false}') => `{"type":"webauthn.get","challenge":"${challenge}","origin":"${origin}"${rest}`;

/** The proof's bytes, its verdict on the content and on other content; or that it was refused. */
function proven({ ES256PublicKey, ES256Signature, SignatureProof }: Library, json: Uint8Array, host: string, short = false): unknown {
  const authenticator = short ? new Uint8Array(10) : concatBytes(sha256(utf8(host)), flags);
  const signature = p256.sign(concatBytes(authenticator, sha256(json)), secret, { lowS: false });
  try {
    const proof = SignatureProof.webauthnSingleSig(ES256PublicKey.deserialize(publicKey), ES256Signature.deserialize(signature), authenticator, json);
    return { hex: toHex(proof.serialize()), verdicts: [proof.verify(content), proof.verify(utf8('other'))], plain: proof.toPlain(), signer: proof.isSignedBy(ES256PublicKey.deserialize(publicKey).toAddress()) };
  } catch {
    return 'refused';
  }
}

describe('a passkey', () => {
  it.each([
    ['as usual', clientData('https://wallet.example'), 'wallet.example'],
    ['with a port', clientData('http://localhost:8080'), 'localhost'],
    ['without crossOrigin', clientData('https://wallet.example', '}'), 'wallet.example'],
    ['with a further field', clientData('https://wallet.example', ',"crossOrigin":false,"x":{"y":[1]}}'), 'wallet.example'],
    ['with a further field and without crossOrigin', clientData('https://wallet.example', ',"androidPackageName":"x"}'), 'wallet.example'],
    ['with escaped slashes', clientData('https:\\/\\/wallet.example'), 'wallet.example'],
    ['with slashes as code points', clientData('https:\\u002f\\u002fwallet.example'), 'wallet.example'],
    ['with a host in capitals', clientData('https://WALLET.example'), 'wallet.example'],
    ['with an international host', clientData('https://xn--bcher-kva.example'), 'xn--bcher-kva.example'],
  ])('%s proves its will', (_, json, host) => {
    const proof = proven(ours, utf8(json), host);
    expect(proof).toEqual(proven(theirs, utf8(json), host));
    expect(proof).toMatchObject({ verdicts: [true, false], signer: true });
  });

  it.each([
    ['crossOrigin', clientData('https://wallet.example', ',"crossOrigin":true}'), 'wallet.example', 'cross-origin'],
    ['another relying party', clientData('https://wallet.example'), 'example', 'other-host'],
    ['the purpose of creation', clientData('https://wallet.example').replace('webauthn.get', 'webauthn.create'), 'wallet.example', 'wrong-form'],
    ['blanks', clientData('https://wallet.example').replace('{', '{ '), 'wallet.example', 'wrong-form'],
    ['no end', clientData('https://wallet.example', ',"crossOrigin":false'), 'wallet.example', 'wrong-form'],
    ['an end with more', clientData('https://wallet.example', ',"crossOrigin":false} '), 'wallet.example', 'wrong-form'],
    ['no host', clientData('android:apk-key-hash:abc'), 'wallet.example', 'no-host'],
  ])('is refused with %s', (_, json, host, expected) => {
    expect(proven(ours, utf8(json), host)).toBe('refused');
    expect(proven(theirs, utf8(json), host)).toBe('refused');
    const { ES256PublicKey, ES256Signature, SignatureProof } = ours;
    const signature = ES256Signature.deserialize(p256.sign(content, secret));
    expect(() => SignatureProof.webauthnSingleSig(ES256PublicKey.deserialize(publicKey), signature, concatBytes(sha256(utf8(host)), flags), utf8(json))).toThrow(expect.objectContaining({ code: expected }));
  });

  it('is refused with client data that is no text, or too short an answer', () => {
    for (const library of [ours, theirs]) {
      expect(proven(library, Uint8Array.of(0x7b, 0xff, 0x7d), 'wallet.example')).toBe('refused');
      expect(proven(library, utf8(clientData('https://wallet.example')), 'wallet.example', true)).toBe('refused');
    }
  });
});

describe('an ES256 key', () => {
  const uncompressed = p256.getPublicKey(secret, false);
  const spki = concatBytes(Uint8Array.from(Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex')), uncompressed);

  it('is read in all its forms', () => {
    const forms = ({ ES256PublicKey }: Library) => [ES256PublicKey.deserialize(publicKey), new ES256PublicKey(publicKey), new ES256PublicKey(uncompressed), ES256PublicKey.fromRaw(uncompressed), ES256PublicKey.fromSpki(spki), new ES256PublicKey(spki), ES256PublicKey.fromHex(toHex(publicKey))].map((key) => [key.toHex(), key.toAddress().toPlain()]);
    expect(forms(ours)).toEqual(forms(theirs));
  });

  it('is not read from a point off the curve, which the official class takes from its x', () => {
    expect(() => ours.ES256PublicKey.fromRaw(uncompressed.with(5, uncompressed[5]! ^ 1))).toThrow(expect.objectContaining({ code: 'not-a-point' }));
    expect(() => ours.ES256PublicKey.deserialize(publicKey.with(0, 4))).toThrow(expect.objectContaining({ code: 'unknown-format' }));
  });

  it('verifies signatures with s of either half', () => {
    const order = p256.Point.Fn.ORDER;
    const signature = p256.sign(content, secret);
    const s = order - BigInt(`0x${toHex(signature.subarray(32))}`);
    const other = Uint8Array.from([...signature.subarray(0, 32), ...Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
    const verdicts = ({ ES256PublicKey, ES256Signature }: Library) => [signature, other, signature.with(40, signature[40]! ^ 1)].map((each) => ES256PublicKey.deserialize(publicKey).verify(ES256Signature.deserialize(each), content));
    expect(verdicts(ours)).toEqual([true, true, false]);
    expect(verdicts(theirs)).toEqual([true, true, false]);
  });

  it('has no signature of zeros or above the order', () => {
    for (const byte of [0, 0xff]) expect(() => ours.ES256Signature.deserialize(new Uint8Array(64).fill(byte))).toThrow(expect.objectContaining({ code: 'out-of-range' }));
  });
});
