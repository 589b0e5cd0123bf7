import { expect, it } from 'vitest';
import { readOptions } from './options.ts';

const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';

it('reads what a host wants to have shown', () => {
  expect(readOptions({ network: 'test-albatross', view: 'pay', address: RICH.toLowerCase(), amount: '12.5', recipient: RICH, message: 'Grüße', theme: 'dark', lang: 'de-ch', redirect: true })).toMatchObject({
    network: 'test-albatross', view: 'pay', address: RICH, amount: 1_250_000n, recipient: RICH, message: 'Grüße', theme: 'dark', lang: 'de-CH', redirect: true, isolated: false, wrong: [],
  });
  expect(readOptions({ network: '/local-network.json' }).network).toBe('/local-network.json');
});

it('leaves out what it cannot read, and names it', () => {
  expect(readOptions({ network: '//evil.example/n.json', view: 'admin', address: 'NQ00', amount: '1e3', recipient: 5, message: '\ud800', theme: 'pink', lang: '???' })).toMatchObject({
    view: 'balance', address: undefined, amount: undefined, wrong: ['network', 'view', 'address', 'amount', 'recipient', 'message', 'theme', 'lang'],
  });
  for (const nothing of [undefined, null, 'text', [], {}, { view: '' }]) expect(readOptions(nothing)).toMatchObject({ view: 'balance', redirect: false, wrong: [] });
});
