import { createClient } from '../client/create-client.ts';
import type { Client } from '../client/types.ts';
import { isDevelopment } from '../page/default-network.ts';
import { loadNetwork } from '../page/load-network.ts';
import { parseQuery } from '../page/query.ts';

/**
 * Each embedding site has a client of its own, so it is a light one: as many peers as consensus needs and one more, nothing is given to
 * others, and the past is not verified from genesis on.
 */
const light = { desiredPeers: 4, maxPeers: 6, uploadCap: 0, prove: false } as const;

/**
 * Starts the frame's client.
 * @param network a built-in network by name, or the path of a file of this origin.
 * @param search the query of the frame's address. It can change seeds and settings of development networks only: on others a host could
 * choose the peers that are asked, and so what is shown.
 * @throws what `createClient` throws; NetworkFileError if the file cannot be read.
 */
export async function startClient(network: string, search: string): Promise<Client> {
  const parameters = await loadNetwork(network);
  const { seeds, host, settings } = parseQuery(isDevelopment(parameters) ? search : '');
  return createClient({ network: parameters, seeds, host, settings: { ...light, ...settings } });
}
