import type { ChainDriver } from '../engine/driver.ts';

/** The chains that a hub can follow: one line a chain. A chain is loaded when the first page asks for it. */
export const chains: Readonly<Record<string, () => Promise<ChainDriver>>> = {
  albatross: async () => (await import('./albatross/driver.ts')).albatrossDriver,
  moloch: async () => (await import('./moloch/driver.ts')).molochDriver,
};
