import { createClient, type ClientOptions } from '../client/create-client.ts';
import type { Client } from '../client/types.ts';
import { isDevelopment } from '../page/default-network.ts';
import { loadNetwork } from '../page/load-network.ts';
import { parseQuery } from '../page/query.ts';
import { startClient } from '../page/start-client.ts';

declare global {
  /** The page's client, for tests and for use in the browser's console. */
  var petrel: Client | undefined;
}

/**
 * The client of the request's network. Seeds and settings may be in the page's own URL on development networks only: the URL comes from
 * whoever opened the page, who could choose on others the peers that are asked, and so what is shown.
 */
export async function pageClient(network: string, search: string, create: (options: ClientOptions) => Promise<Client> = createClient): Promise<Client> {
  const parameters = await loadNetwork(network);
  const query = { ...parseQuery(isDevelopment(parameters) ? search : ''), network };
  const client = await startClient(query, parameters, create, () => undefined);
  globalThis.petrel = client;
  return client;
}
