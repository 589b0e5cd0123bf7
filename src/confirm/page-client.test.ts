import { expect, it } from 'vitest';
import type { ClientOptions } from '../client/create-client.ts';
import type { Client } from '../client/types.ts';
import { pageClient } from './page-client.ts';

const search = '?seeds=/dns4/evil.example/tcp/443/wss&witnesses=1&host=single&network=dev-albatross';

async function optionsOf(network: string): Promise<ClientOptions | undefined> {
  let given: ClientOptions | undefined;
  await pageClient(network, search, async (options) => {
    given = options;
    return {} as Client;
  });
  return given;
}

it('whoever opens the page chooses no peers and no settings where NIM have a value', async () => {
  for (const network of ['main-albatross', 'test-albatross']) expect(await optionsOf(network)).toEqual({ network, seeds: undefined, host: undefined, settings: {} });
});

it('a development network takes seeds and settings from the address, and not another network', async () => {
  expect(await optionsOf('unit-albatross')).toEqual({ network: 'unit-albatross', seeds: ['/dns4/evil.example/tcp/443/wss'], host: 'single', settings: { witnesses: '1' } });
});
