import { expect, it } from 'vitest';
import { passwordStrength } from './password-strength.ts';

it.each([
  ['', 'short'],
  ['Abc1!xY', 'short'],
  ['password', 'weak'],
  ['password1234', 'weak'],
  ['aaaaaaaaaaaaaaaa', 'weak'],
  ['abcdefghijkl', 'weak'],
  ['1234567890123', 'weak'],
  ['kqzmwpfb', 'weak'],
  ['kqzmwpfbtr', 'fair'],
  ['K7#zmW!pf', 'fair'],
  ['seven herons over the harbour', 'strong'],
  ['K7#zmW!pfQ2x', 'strong'],
])('“%s” is %s', (password, strength) => expect(passwordStrength(password)).toBe(strength));
