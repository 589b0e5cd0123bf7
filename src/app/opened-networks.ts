import { parseJsonObject } from '../page/parse-json.ts';
import type { Query } from '../page/query.ts';

/** Where a tab keeps the networks that were opened in it, and the chain of each. */
const key = 'petrel-networks';
const chainsKey = 'petrel-network-chains';

/** The oldest are forgotten. */
const MAX_NETWORKS = 16;

/** Networks by the names that the URL has for them, oldest first, each with the seeds that its URL named last; none: those of the network. */
export type OpenedNetworks = ReadonlyMap<string, readonly string[]>;

/** The networks that were opened in this tab, also before a reload. None where the browser blocks site data. */
export function openedNetworks(): OpenedNetworks {
  try {
    const entries = Object.entries(parseJsonObject(sessionStorage.getItem(key) ?? '{}'));
    return new Map(entries.flatMap(([name, seeds]) => (isTexts(seeds) ? [[name, seeds] as const] : [])));
  } catch {
    return new Map();
  }
}

/** The chains of those networks, as far as they are known. */
export function openedChains(): ReadonlyMap<string, string> {
  try {
    const entries = Object.entries(parseJsonObject(sessionStorage.getItem(chainsKey) ?? '{}'));
    return new Map(entries.flatMap(([name, chain]) => (typeof chain === 'string' ? [[name, chain] as const] : [])));
  } catch {
    return new Map();
  }
}

/** Keeps for this tab that the network was opened, of which chain, and with which seeds. An address without seeds does not remove the known ones. */
export function noteNetwork({ network, seeds = [], chain }: Pick<Query, 'network' | 'seeds'> & { readonly chain?: string | undefined }): void {
  const known = new Map(openedNetworks());
  const kept = seeds.length > 0 ? seeds : (known.get(network) ?? []);
  known.delete(network);
  const newest = [...known, [network, kept] as const].slice(-MAX_NETWORKS);
  const chains = new Map(openedChains());
  if (chain !== undefined) chains.set(network, chain);
  try {
    sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(newest)));
    sessionStorage.setItem(chainsKey, JSON.stringify(Object.fromEntries(newest.flatMap(([name]) => (chains.has(name) ? [[name, chains.get(name)]] : [])))));
  } catch {
    // Nothing can be kept: then the dialog only offers the built-in networks and the one in use.
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
