import { expect, it } from 'vitest';
import { defaultNetwork, parseQuery } from './query.ts';

it('reads network, seeds and settings from the address', () => {
  expect(parseQuery('')).toEqual({ network: defaultNetwork, seeds: undefined, host: undefined, settings: {} });
  expect(parseQuery('?network=test-albatross&seeds=/a, /b,&host=elected&witnesses=5&allowInsecure=true')).toEqual({
    network: 'test-albatross', seeds: ['/a', '/b'], host: 'elected', settings: { witnesses: '5', allowInsecure: 'true' },
  });
});

it('takes what is not a setting for one, so that it is refused by name', () => {
  expect(parseQuery('?witnes=5&toString=1&__proto__=2').settings).toEqual(Object.fromEntries([['witnes', '5'], ['toString', '1'], ['__proto__', '2']]));
});
