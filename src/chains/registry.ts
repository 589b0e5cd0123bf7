import type { ChainDriver } from '../engine/driver.ts';

/** The chains that a hub can follow: one line a chain. A chain is loaded when the first page asks for it. */
export const chains: Readonly<Record<string, () => Promise<ChainDriver>>> = {
  albatross: async () => (await import('./albatross/driver.ts')).albatrossDriver,
  hotstuff2: async () => (await import('./hotstuff2/driver.ts')).hotStuff2Driver,
  stacks: async () => (await import('./stacks/driver.ts')).stacksDriver,
  moloch: async () => (await import('./moloch/driver.ts')).molochDriver,
};
