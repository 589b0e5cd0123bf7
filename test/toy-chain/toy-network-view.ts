import type { NetworkView } from '../../src/engine/view.ts';
import type { ToyNetwork } from './counter.ts';

export function toyNetworkView({ name, genesisHash }: ToyNetwork): NetworkView {
  return { name, genesisHash, genesisHeight: 0, development: true, details: { chain: 'toy' } };
}
