import type { NetworkParameters } from '../albatross/chain/network-parameters.ts';
import { unitAlbatross } from '../albatross/chain/networks/unit-albatross.ts';
import { ClientError } from '../bridge/errors.ts';

/** The networks a page can name. Pure data; they are checked in the hub like any others. */
export type NetworkName = 'unit-albatross';

/** All of them. */
export const networkNames: readonly NetworkName[] = ['unit-albatross'];

/** @throws ClientError `unknown-network`. */
export function networkNamed(name: string): NetworkParameters {
  if (name === 'unit-albatross') return unitAlbatross;
  throw new ClientError('unknown-network', { name });
}
