import { describe, expect, it } from 'vitest';
import { argon2idKey } from '../crypto/argon2.ts';
import { isBearable, PASSWORD_COST, passwordKey, requireNewPassword } from './password-key.ts';

const salt = new Uint8Array(16).fill(7);
const cost = { memory: 64, iterations: 2 };

describe('the key of a password', () => {
  it('is Argon2id of its text in normal form', async () => {
    const key = await passwordKey('ﬁnch ä', salt, cost);
    expect(key).toEqual(argon2idKey(new TextEncoder().encode('finch ä'), { salt, ...cost, length: 32 }));
  });

  it('differs by password, salt and cost', async () => {
    const keys = await Promise.all([passwordKey('a', salt, cost), passwordKey('b', salt, cost), passwordKey('a', salt.with(0, 0), cost), passwordKey('a', salt, { ...cost, iterations: 3 })]);
    expect(new Set(keys.map(String)).size).toBe(4);
  });

  it('is made in turns with other tasks', async () => {
    const made = passwordKey('password', salt, PASSWORD_COST);
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    expect(await made).toHaveLength(32);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
  });
});

describe('bounds', () => {
  it('a new password has 8 characters, however many units they take', () => {
    expect(() => requireNewPassword('1234567')).toThrow(expect.objectContaining({ code: 'weak-password' }));
    expect(() => requireNewPassword('🐦🐦🐦🐦')).toThrow(expect.objectContaining({ data: { least: 8 } }));
    requireNewPassword('12345678');
  });

  it('a record cannot ask for a cost that stops the page', () => {
    expect(isBearable(PASSWORD_COST)).toBe(true);
    for (const wrong of [{ memory: 7, iterations: 1 }, { memory: 1 << 20, iterations: 1 }, { memory: 64, iterations: 0 }, { memory: 64, iterations: 17 }]) expect(isBearable(wrong)).toBe(false);
  });
});
