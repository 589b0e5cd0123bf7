import { networkIdOf } from '../keys/network-names.ts';
import { NimiqError } from './nimiq-error.ts';

/** The networks in the official client's writing, by the byte in headers and transactions. */
const names: Readonly<Record<number, string>> = { 5: 'TestAlbatross', 6: 'DevAlbatross', 7: 'UnitAlbatross', 24: 'MainAlbatross' };

/** As `MainAlbatross`. @throws {NimiqError} `not-found` for a byte that no network has. */
export function networkOfId(id: number): string {
  const name = names[id];
  if (name === undefined) throw new NimiqError('not-found', `Unknown network ID: ${id}`);
  return name;
}

/**
 * The id of a network by its name as the official client writes it (`MainAlbatross`) or as ours does (`main-albatross`), in any case.
 * Undefined if there is no such Albatross network.
 */
export function idOfNetwork(name: string): number | undefined {
  const plain = name.toLowerCase().replaceAll('-', '');
  return Object.values(names).some((each) => each.toLowerCase() === plain) ? networkIdOf(plain) : undefined;
}
