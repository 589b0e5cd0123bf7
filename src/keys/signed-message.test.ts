import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { KeyPair } from './key-pair.ts';
import { signedMessageHash, signMessage, verifySignedMessage } from './signed-message.ts';
import { fromUtf8 } from './utf8.ts';

const keyPair = KeyPair.generate();

it('hashes the prefix, the length in bytes and the message', () => {
  // The five bytes of `böse` are counted, not its four letters.
  const expected = createHash('sha256').update('\u0016Nimiq Signed Message:\n5böse', 'utf8').digest('hex');
  expect(Buffer.from(signedMessageHash('böse')).toString('hex')).toBe(expected);
  expect(signedMessageHash(fromUtf8('böse'))).toEqual(signedMessageHash('böse'));
});

it('signs messages that verify under the same key only', () => {
  const signature = signMessage(keyPair, 'hello');
  expect(verifySignedMessage(keyPair.publicKey, 'hello', signature)).toBe(true);
  expect(verifySignedMessage(keyPair.publicKey, 'hello!', signature)).toBe(false);
  expect(verifySignedMessage(KeyPair.generate().publicKey, 'hello', signature)).toBe(false);
  expect(keyPair.publicKey.verify(signature, fromUtf8('hello'))).toBe(false);
});
