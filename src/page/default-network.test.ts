import { expect, it } from 'vitest';
import { networkNamed, networkNames } from '../client/networks.ts';
import { developmentNetworks, isDevelopment } from './default-network.ts';

it('the names and facts of built-in networks match their parameters', async () => {
  const all = await Promise.all(networkNames.map(networkNamed));
  expect(all.filter(({ development }) => development).map(({ name }) => name)).toEqual(expect.arrayContaining([...developmentNetworks]));
  expect(all.filter(({ development }) => development)).toHaveLength(developmentNetworks.size);
});

it('a network is one for development by its name, or by what its parameters say', async () => {
  for (const name of networkNames) expect(isDevelopment(name)).toBe((await networkNamed(name)).development === true);
  const own = await networkNamed('unit-albatross');
  expect(isDevelopment({ ...own, name: 'main-albatross' })).toBe(true);
  expect(isDevelopment({ ...own, development: false })).toBe(false);
});
