import type { NetworkParameters } from '../albatross/chain/network-parameters.ts';
import { ClientError } from '../bridge/errors.ts';

/** One chunk a network: a page loads the genesis block it asked for and no other. */
const builtIn = {
  'main-albatross': async () => (await import('../albatross/chain/networks/main-albatross.ts')).mainAlbatross,
  'test-albatross': async () => (await import('../albatross/chain/networks/test-albatross.ts')).testAlbatross,
  'dev-albatross': async () => (await import('../albatross/chain/networks/dev-albatross.ts')).devAlbatross,
  'unit-albatross': async () => (await import('../albatross/chain/networks/unit-albatross.ts')).unitAlbatross,
} satisfies Readonly<Record<string, () => Promise<NetworkParameters>>>;

/** The networks a page can name. Pure data; they are checked in the hub like any others. */
export type NetworkName = keyof typeof builtIn;

/** All of them, the main network first. */
export const networkNames = Object.keys(builtIn) as readonly NetworkName[];

/**
 * The parameters of a built-in network.
 * @throws ClientError `unknown-network` (`data.name`, `data.known`: the names there are, separated by commas), `network-not-loaded`
 * (its file could not be fetched; try again).
 */
export async function networkNamed(name: string): Promise<NetworkParameters> {
  if (!Object.hasOwn(builtIn, name)) throw new ClientError('unknown-network', { name, known: networkNames.join(', ') });
  return builtIn[name as NetworkName]().catch((error: unknown) => {
    throw new ClientError('network-not-loaded', { name, reason: String(error) });
  });
}
