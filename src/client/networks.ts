import type { NetworkParameters } from '../chains/albatross/chain/network.ts';
import { ClientError } from '../bridge/errors.ts';

/** One chunk per network: a page loads only the genesis block of the network that it asked for. */
const builtIn = {
  'main-albatross': async () => (await import('../chains/albatross/chain/networks/main-albatross.ts')).mainAlbatross,
  'test-albatross': async () => (await import('../chains/albatross/chain/networks/test-albatross.ts')).testAlbatross,
  'dev-albatross': async () => (await import('../chains/albatross/chain/networks/dev-albatross.ts')).devAlbatross,
  'unit-albatross': async () => (await import('../chains/albatross/chain/networks/unit-albatross.ts')).unitAlbatross,
} satisfies Readonly<Record<string, () => Promise<NetworkParameters>>>;

/** The networks that a page can name. Pure data; the hub checks them like any others. */
export type NetworkName = keyof typeof builtIn;

/** All names, the main network first. */
export const networkNames = Object.keys(builtIn) as readonly NetworkName[];

/**
 * The parameters of a built-in network.
 * @throws ClientError `unknown-network` (`data.name`, `data.known`: the existing names, separated by commas), `network-not-loaded` (its
 * file could not be fetched; try again).
 */
export async function networkNamed(name: string): Promise<NetworkParameters> {
  if (!Object.hasOwn(builtIn, name)) throw new ClientError('unknown-network', { name, known: networkNames.join(', ') });
  return builtIn[name as NetworkName]().catch((error: unknown) => {
    throw new ClientError('network-not-loaded', { name, reason: String(error) });
  });
}
