/** What the address of the page may choose: `?network=<built-in name or path of a JSON file>&seeds=<multiaddress,...>`. */
export interface Query {
  readonly network: string;
  readonly seeds: readonly string[] | undefined;
}

export const defaultNetwork = 'unit-albatross';

export function parseQuery(search: string): Query {
  const parameters = new URLSearchParams(search);
  const seeds = parameters.get('seeds');
  return {
    network: parameters.get('network') ?? defaultNetwork,
    seeds: seeds
      ?.split(',')
      .map((seed) => seed.trim())
      .filter((seed) => seed !== ''),
  };
}
