import { describe, expect, it } from 'vitest';
import vectors from '../../test/vectors/bls.json' with { type: 'json' };
import { fromHex, toHex } from '../base/bytes.ts';
import { blake2s } from '../crypto/blake2s.ts';
import { verifyBls } from '../crypto/bls.ts';
import { toLittleEndian } from '../crypto/little-endian.ts';
import { R } from '../crypto/mnt6/constants.ts';
import { BLSKeyPair } from './bls-key-pair.ts';
import { BLSPublicKey } from './bls-public-key.ts';
import { BLSSecretKey } from './bls-secret-key.ts';
import { KeyPair } from './key-pair.ts';
import { PrivateKey } from './private-key.ts';
import { TransactionBuilder } from './transaction-builder.ts';

const [first, second] = vectors.keys as [typeof vectors.keys[number], typeof vectors.keys[number]];
const pair = BLSKeyPair.derive(BLSSecretKey.fromHex(first.secret));
const code = (expected: string) => expect.objectContaining({ name: 'KeysError', code: expected });

describe('BLSKeyPair', () => {
  it('has the public key of the vectors', () => {
    expect(pair.publicKey.toHex()).toBe(first.public);
    expect([pair.toHex(), toHex(pair.serialize()), pair.secretKey.toHex()]).toEqual([first.secret, first.secret, first.secret]);
    expect(BLSKeyPair.deserialize(fromHex(second.secret)).publicKey.toHex()).toBe(second.public);
  });

  it('proves that it knows its secret, and no other key', () => {
    const proof = pair.proofOfKnowledge();
    const key = pair.publicKey.serialize();
    expect(verifyBls(key, blake2s(key), proof)).toBe(true);
    const stolen = new BLSKeyPair(BLSSecretKey.fromHex(second.secret), pair.publicKey);
    expect(verifyBls(key, blake2s(key), stolen.proofOfKnowledge())).toBe(false);
  });

  it('is another one each time', () => {
    const secrets = Array.from({ length: 50 }, () => BLSSecretKey.generate().toHex());
    expect(new Set(secrets).size).toBe(50);
    // 753 bits: both values of the last one come up.
    expect(new Set(secrets.map((secret) => secret.slice(-2)))).toEqual(new Set(['00', '01']));
  });
});

describe('TransactionBuilder', () => {
  it('takes no voting keys of another kind', () => {
    const cold = KeyPair.derive(new PrivateKey(new Uint8Array(32).fill(1)));
    for (const wrong of [cold, {}, undefined] as unknown as BLSKeyPair[]) {
      expect(() => TransactionBuilder.newCreateValidator(cold.toAddress(), cold.toAddress(), cold.publicKey, wrong, undefined, 0n, 1, 24)).toThrow(code('wrong-type'));
    }
    expect(() => TransactionBuilder.newUpdateValidator(cold.toAddress(), undefined, undefined, cold as unknown as BLSKeyPair, undefined, 0n, 1, 24)).toThrow(code('wrong-type'));
  });
});

describe('BLSSecretKey', () => {
  it('refuses what is no secret', () => {
    for (const number of [0n, R, 2n ** 753n]) expect(() => new BLSSecretKey(toLittleEndian(number, 95))).toThrow(code('out-of-range'));
    expect(new BLSSecretKey(toLittleEndian(R - 1n, 95)).serialize()).toEqual(toLittleEndian(R - 1n, 95));
    expect(() => BLSSecretKey.deserialize(new Uint8Array(96).fill(1))).toThrow(code('wrong-length'));
    expect(() => BLSSecretKey.fromHex('zz')).toThrow(code('not-hex'));
    expect(() => new BLSSecretKey('01' as unknown as Uint8Array)).toThrow(code('wrong-type'));
  });

  it('does not share its bytes', () => {
    const bytes = fromHex(first.secret);
    const key = new BLSSecretKey(bytes);
    bytes.fill(0);
    key.serialize().fill(0);
    expect(key.toHex()).toBe(first.secret);
  });
});

describe('BLSPublicKey', () => {
  it('refuses what is no point of the group', () => {
    const infinity = new Uint8Array(285);
    infinity[284] = 0x40;
    for (const bytes of [infinity, new Uint8Array(285), new Uint8Array(285).fill(255)]) expect(() => new BLSPublicKey(bytes)).toThrow(code('not-a-point'));
    expect(() => BLSPublicKey.deserialize(fromHex(`${first.public}00`))).toThrow(code('wrong-length'));
    expect(() => BLSPublicKey.fromHex('zz')).toThrow(code('not-hex'));
    expect(BLSPublicKey.fromHex(first.public.toUpperCase()).toHex()).toBe(first.public);
  });
});
