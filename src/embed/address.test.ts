import { expect, it } from 'vitest';
import { addressOf } from './address.ts';

it('reads an address with or without blanks, and none with a typing error', () => {
  const address = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
  for (const text of [address, address.replaceAll(' ', ''), ` ${address.toLowerCase()} `]) expect(addressOf(text)).toBe(address);
  expect(addressOf('NQ07 0000 0000 0000 0000 0000 0000 0000 0000')).toBeDefined();
  for (const text of ['', 'NQ', address.replace('U66M', '6U6M'), address.slice(0, -1), `${address}0`, address.replace('NQ', 'DE'), address.replace('A', 'O'), '0'.repeat(40)]) expect(addressOf(text)).toBe(undefined);
});
