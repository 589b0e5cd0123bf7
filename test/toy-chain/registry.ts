import type { HubOptions } from '../../src/hub/hub.ts';

/** In place of `chains/registry.ts`: a hub that knows the toy chain, also under the names of chains whose pages are drawn, and not Albatross. */
export const chains: HubOptions['chains'] = {
  toy: async () => (await import('./driver.ts')).toyDriver,
  hotstuff2: async () => dressed('hotstuff2'),
  moloch: async () => dressed('moloch'),
};

async function dressed(chain: 'hotstuff2' | 'moloch') {
  const [{ toyDriverOf }, { asHotStuff2, asMoloch }] = await Promise.all([import('./driver.ts'), import('./dresses.ts')]);
  return toyDriverOf(chain, chain === 'hotstuff2' ? asHotStuff2 : asMoloch);
}
