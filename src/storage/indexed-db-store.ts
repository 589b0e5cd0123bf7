import type { NetworkParameters } from '../albatross/chain/network-parameters.ts';
import { ChainStore } from './chain-store.ts';
import { IndexedDbRows } from './indexed-db-rows.ts';
import type { OwnerJournal } from './owner-journal.ts';
import { databaseName } from './schema.ts';
import type { Store } from './store.ts';

/** The network's store in the browser. The database is opened at the first use; until then nothing can fail. */
export function createIndexedDbStore(options: { readonly network: NetworkParameters; readonly onReopened?: (() => void) | undefined; readonly journal?: OwnerJournal | undefined }): Store {
  const { network, onReopened, journal } = options;
  return new ChainStore(new IndexedDbRows({ name: databaseName(network.genesisHash), onReopened, journal }), network);
}
