import type { ClientOptions } from '../client/create-client.ts';
import { settingNames } from '../client/types.ts';
import { defaultNetwork } from './default-network.ts';

/**
 * The choices that the page's URL may contain: `?network=<built-in name or path of a JSON file>&seeds=<multiaddress,...>&host=<shared,
 * elected or single>`, and every setting of the client by its name (`&witnesses=5`). Other names belong to other software (`utm_source`)
 * and are not read.
 */
export interface Query {
  readonly network: string;
  readonly seeds: readonly string[] | undefined;
  /** Unchecked: `createClient` rejects unknown values. */
  readonly host: ClientOptions['host'];
  /** As they are in the URL; the hub checks the values. */
  readonly settings: Readonly<Record<string, string>>;
}

export function parseQuery(search: string): Query {
  const { network = defaultNetwork, seeds, host, ...others } = Object.fromEntries(new URLSearchParams(search));
  const settings = Object.fromEntries(Object.entries(others).filter(([name]) => (settingNames as readonly string[]).includes(name)));
  return { network, seeds: seeds === undefined ? undefined : listOf(seeds), host: host as Query['host'], settings };
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
