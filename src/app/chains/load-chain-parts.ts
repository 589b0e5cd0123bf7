import type { ChainParts } from './chain-parts.ts';

/** By the chain's name in `details.chain`. */
const own: Readonly<Record<string, () => Promise<ChainParts>>> = {
  albatross: async () => (await import('./albatross/parts.tsx')).albatrossParts,
  hotstuff2: async () => (await import('./hotstuff2/parts.tsx')).hotStuff2Parts,
  moloch: async () => (await import('./moloch/parts.tsx')).molochParts,
  stacks: async () => (await import('./stacks/parts.tsx')).stacksParts,
};

/** Those of a chain that this page does not know are the general ones. Rejects if the file cannot be loaded. */
export async function loadChainParts(chain: string): Promise<ChainParts> {
  return Object.hasOwn(own, chain) ? own[chain]!() : (await import('./general/parts.tsx')).generalParts;
}
