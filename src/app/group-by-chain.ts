import { chainTexts } from '../page/texts.ts';

/**
 * Networks in groups, one for each chain: those that the page knows in their order, then others by name. `builtIn` are all of Albatross; of the
 * `others`, `chainOf` tells the chain, and undefined counts as Albatross, whose parameters need not name it.
 */
export function groupByChain(builtIn: readonly string[], others: readonly string[], chainOf: (name: string) => string | undefined): readonly (readonly [chain: string, networks: readonly string[]])[] {
  const groups = new Map<string, string[]>(Array.from(chainTexts.keys(), (chain) => [chain, chain === 'albatross' ? [...builtIn] : []]));
  for (const name of others) {
    const chain = chainOf(name) ?? 'albatross';
    const group = groups.get(chain);
    if (group) group.push(name);
    else groups.set(chain, [name]);
  }
  return Array.from(groups);
}
