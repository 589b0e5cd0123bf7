import { expect, it } from 'vitest';
import { readRequestLink, requestLink } from './request-link.ts';

const address = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';

it.each([{ address }, { address, value: 1n }, { address, value: 12_500_000n, message: 'Café & “more” =100%' }])('reads what it writes: %o', (request) => {
  expect(readRequestLink(requestLink(request))).toEqual(request);
});

it('writes amounts as people do', () => {
  expect(requestLink({ address, value: 1_250_000n })).toBe('nimiq:NQ46U66MJNLD0DJ70E9PQ7XRV9KVH976813A?amount=12.5');
  expect(requestLink({ address, value: 10_000_000n })).toMatch(/amount=100$/u);
});

it('leaves out what cannot be, and refuses what is no link', () => {
  expect(readRequestLink(`nimiq:${address}?amount=-1&message=${'x'.repeat(65)}`)).toEqual({ address });
  for (const text of ['', address, 'nimiq:NQ00', 'https://example.com', `bitcoin:${address}`, `nimiq:${address.replace('46', '47')}`, `nimiq:${address}?${'a'.repeat(2000)}`]) expect(readRequestLink(text)).toBeUndefined();
});
