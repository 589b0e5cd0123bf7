import { createHmac, pbkdf2Sync } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmacSha512, pbkdf2Sha512 } from './hmac-sha512.ts';

const key = fc.uint8Array({ maxLength: 200 });

describe('keys by SHA-512', () => {
  it('are those of Node', () => {
    fc.assert(
      fc.property(key, key, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 200 }), (password, salt, iterations, length) => {
        expect(Buffer.from(hmacSha512(password, salt)).equals(createHmac('sha512', password).update(salt).digest())).toBe(true);
        expect(Buffer.from(pbkdf2Sha512(password, salt, iterations, length)).equals(pbkdf2Sync(password, salt, iterations, length, 'sha512'))).toBe(true);
      }),
    );
  });

  it('refuses no iteration and no length', () => {
    for (const [iterations, length] of [[0, 1], [1, 0], [1.5, 1], [1, 2 ** 32]] as const) {
      expect(() => pbkdf2Sha512(new Uint8Array(1), new Uint8Array(1), iterations, length)).toThrow(expect.objectContaining({ name: 'CryptoInputError', code: 'out-of-range' }));
    }
  });
});
