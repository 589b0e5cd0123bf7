import { expect, it } from 'vitest';
import { readKey } from './read-key.ts';

it('takes hex only after 0x and in whole bytes, and text as it is', () => {
  expect(readKey('0xABcd')).toBe('abcd');
  for (const text of ['abcd', 'x0', '0', 'é']) expect(readKey(text)).toEqual(new TextEncoder().encode(text));
  for (const text of ['0x', '0xabc', '0xzz', '0Xab c']) expect(readKey(text)).toBeUndefined();
});
