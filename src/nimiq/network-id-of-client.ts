import type { Client } from '../client/types.ts';
import { albatrossNetwork } from './albatross-details.ts';
import { idOfNetwork } from './network-id.ts';

/** The place of the network in a block's bytes: after the byte that tells macro from micro. */
const NETWORK_OFFSET = 1;

/**
 * 24 main, 5 test, 6 dev, 7 unit. Of a network with a name of its own, its newest block says it.
 * @throws {NimiqError} `unsupported` for a client of another chain.
 */
export async function networkIdOfClient(client: Pick<Client, 'getStatus' | 'getHead' | 'getBlock'>): Promise<number> {
  const status = await client.getStatus();
  albatrossNetwork(status);
  const known = idOfNetwork(status.network.name);
  if (known !== undefined) return known;
  const { latest } = await client.getHead();
  const block = await client.getBlock(latest.hash);
  return block?.bytes[NETWORK_OFFSET] ?? 0;
}
