import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { VaultError } from '../vault/vault-error.ts';
import { problemText } from './problem-text.ts';
import { walletProblems } from './wallet-texts.ts';

it('every error of the vault has a text', () => {
  const source = readFileSync(join(import.meta.dirname, '../vault/vault-error.ts'), 'utf8');
  const codes = Array.from(/VaultErrorCode =([^;]*);/u.exec(source)?.[1]?.matchAll(/'([a-z-]+)'/gu) ?? [], (match) => match[1] ?? '');
  expect(codes.length).toBeGreaterThan(10);
  expect(codes.filter((code) => !Object.hasOwn(walletProblems, code))).toEqual([]);
});

it('other errors have the texts of the page', () => {
  expect(problemText(new VaultError('wrong-password', 'x'))).toBe('This is not the password.');
  expect(problemText(Object.assign(new Error('x'), { code: 'deadline' }))).toBe('It took too long. Try again.');
  expect(problemText('boom')).toContain('boom');
});
