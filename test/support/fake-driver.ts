import { checkNetworkParameters, loadGenesis } from '../../src/chains/albatross/chain/network-parameters.ts';
import type { NetworkParameters } from '../../src/chains/albatross/chain/network.ts';
import { networkView } from '../../src/chains/albatross/client/block-views.ts';
import type { ChainDriver } from '../../src/engine/driver.ts';
import type { HubOptions } from '../../src/hub/hub.ts';

/** The chains of a hub under test: Albatross, whose client is what `start` returns. */
export function chainsThat(start: ChainDriver<NetworkParameters>['start']): HubOptions['chains'] {
  const driver: ChainDriver<NetworkParameters> = {
    chain: 'albatross',
    checkNetwork: checkNetworkParameters,
    networkView: (network) => networkView(network, loadGenesis(network).header.blockNumber),
    start,
  };
  return { albatross: async () => driver };
}
