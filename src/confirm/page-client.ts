import { createClient } from '../client/create-client.ts';
import type { Client } from '../client/types.ts';
import { loadNetwork } from '../page/load-network.ts';
import { parseQuery } from '../page/query.ts';
import { startClient } from '../page/start-client.ts';

declare global {
  /** The page's client, for tests and for use in the browser's console. */
  var petrel: Client | undefined;
}

/**
 * The client of the request's network. Seeds and settings may be in the page's own URL, as in the app; they decide which peers are asked, and
 * nothing that is shown.
 */
export async function pageClient(network: string, search: string): Promise<Client> {
  const query = { ...parseQuery(search), network };
  const client = await startClient(query, await loadNetwork(network), createClient, () => undefined);
  globalThis.petrel = client;
  return client;
}
