import type { ClientOptions } from '../client/create-client.ts';

/**
 * What the address of the page may choose: `?network=<built-in name or path of a JSON file>&seeds=<multiaddress,...>&host=<shared, elected or
 * single>`, and every setting of the client by its name (`&witnesses=5`).
 */
export interface Query {
  readonly network: string;
  readonly seeds: readonly string[] | undefined;
  /** Unchecked: `createClient` refuses what it does not know. */
  readonly host: ClientOptions['host'];
  /** Everything else in the address, as it stands there. The hub knows what is a setting, and refuses the rest. */
  readonly settings: Readonly<Record<string, string>>;
}

export const defaultNetwork = 'unit-albatross';

export function parseQuery(search: string): Query {
  const parameters = new URLSearchParams(search);
  const { network = defaultNetwork, seeds, host, ...settings } = Object.fromEntries(parameters);
  return { network, seeds: seeds === undefined ? undefined : listOf(seeds), host: host as Query['host'], settings };
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
