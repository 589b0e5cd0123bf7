import { expect, it } from 'vitest';
import { defaultNetwork } from './default-network.ts';
import { parseQuery } from './query.ts';

it('reads network, seeds and settings from the address', () => {
  expect(parseQuery('')).toEqual({ network: defaultNetwork, seeds: undefined, host: undefined, settings: {} });
  expect(parseQuery('?network=test-albatross&seeds=/a, /b,&host=elected&witnesses=5&allowInsecure=true')).toEqual({
    network: 'test-albatross', seeds: ['/a', '/b'], host: 'elected', settings: { witnesses: '5', allowInsecure: 'true' },
  });
});

it("ignores names that are not Petrel's", () => {
  expect(parseQuery('?utm_source=x&witnes=5&toString=1&__proto__=2&fbclid=&prove=false').settings).toEqual({ prove: 'false' });
});
