import type { NetworkParameters } from '../albatross/chain/network-parameters.ts';
import { ChainStore } from './chain-store.ts';
import { IndexedDbRows } from './indexed-db-rows.ts';
import { databaseName } from './schema.ts';
import type { Store } from './store.ts';

/** The network's store in the browser. The database is opened at the first use; until then nothing can fail. */
export function createIndexedDbStore(options: { readonly network: NetworkParameters; readonly onReopened?: (() => void) | undefined }): Store {
  return new ChainStore(new IndexedDbRows({ name: databaseName(options.network.genesisHash), onReopened: options.onReopened }), options.network);
}
