import { KeysError } from './keys-error.ts';

/** The ids of networks in transactions, and their names in plain forms. The first five ran on proof of work. */
const names: Readonly<Record<number, string>> = {
  1: 'test', 2: 'dev', 3: 'bounty', 4: 'dummy', 42: 'main',
  5: 'testalbatross', 6: 'devalbatross', 7: 'unitalbatross', 24: 'mainalbatross',
};

/** @throws {KeysError} `unknown-network`. */
export function networkName(id: number): string {
  const name = names[id];
  if (name === undefined) throw new KeysError('unknown-network', `Unknown network ID: ${id}`);
  return name;
}

/**
 * The id of a name in any case.
 * @throws {KeysError} `unknown-network`.
 */
export function networkIdOf(name: string): number {
  const entry = Object.entries(names).find(([, each]) => each === String(name).toLowerCase());
  if (entry === undefined) throw new KeysError('unknown-network', `Input is not a valid network name: ${name}`);
  return Number(entry[0]);
}
