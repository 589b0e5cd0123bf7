import { expect, it } from 'vitest';
import { networkNamed, networkNames } from '../client/networks.ts';
import { developmentNetworks } from './default-network.ts';

it('the names and facts of built-in networks match their parameters', async () => {
  const all = await Promise.all(networkNames.map(networkNamed));
  expect(all.filter(({ development }) => development).map(({ name }) => name)).toEqual(expect.arrayContaining([...developmentNetworks]));
  expect(all.filter(({ development }) => development)).toHaveLength(developmentNetworks.size);
});
