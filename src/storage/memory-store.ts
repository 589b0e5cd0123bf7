import type { NetworkParameters } from '../albatross/chain/network-parameters.ts';
import { ChainStore } from './chain-store.ts';
import { MemoryRows } from './memory-rows.ts';
import type { Store } from './store.ts';

/** A store that is gone with the process; with `rows` of an earlier one it goes on where that stopped. */
export function createMemoryStore(options: { readonly network: NetworkParameters; readonly rows?: MemoryRows | undefined }): Store {
  return new ChainStore(options.rows ?? new MemoryRows(), options.network);
}
