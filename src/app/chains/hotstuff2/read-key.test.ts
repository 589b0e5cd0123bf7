import { expect, it } from 'vitest';
import { readKey, showBytes } from './read-key.ts';

it('takes hex only after 0x and in whole bytes, and text as it is', () => {
  expect(readKey('0xABcd')).toBe('abcd');
  for (const text of ['abcd', 'x0', '0', 'é']) expect(readKey(text)).toEqual(new TextEncoder().encode(text));
  for (const text of ['0x', '0xabc', '0xzz', '0Xab c']) expect(readKey(text)).toBeUndefined();
});

it('shows text as text, and everything else as hex', () => {
  expect(showBytes(new TextEncoder().encode('petrol é'))).toBe('petrol é');
  expect(showBytes(Uint8Array.of(0xff, 0x41))).toBe('0xff41');
  expect(showBytes(Uint8Array.of(0x41, 0x00))).toBe('0x4100');
});
