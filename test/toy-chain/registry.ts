import type { HubOptions } from '../../src/hub/hub.ts';

/** In place of `chains/registry.ts`: a hub that knows the toy chain, and not Albatross. */
export const chains: HubOptions['chains'] = {
  toy: async () => (await import('./driver.ts')).toyDriver,
};
