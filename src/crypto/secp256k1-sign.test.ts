import { expect, it } from 'vitest';
import { recoverKey } from './secp256k1-recover.ts';
import { recoverableSigner } from './secp256k1-sign.ts';

it('signs so that its key is recovered, and that of no other message', () => {
  const signer = recoverableSigner(new Uint8Array(32).fill(7));
  const message = new Uint8Array(32).fill(1);
  const signature = signer.sign(message);
  expect([signature.length, signer.publicKey.length]).toEqual([65, 33]);
  expect(recoverKey(message, signature)).toEqual(signer.publicKey);
  expect(recoverKey(new Uint8Array(32), signature)).not.toEqual(signer.publicKey);
  expect(() => recoverableSigner(new Uint8Array(32))).toThrow(/scalar/u);
});
