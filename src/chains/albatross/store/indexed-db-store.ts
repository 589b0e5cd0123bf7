import type { NetworkParameters } from '../chain/network.ts';
import { AlbatrossStore } from './albatross-store.ts';
import { IndexedDbRows } from '../../../storage/indexed-db-rows.ts';
import type { OwnerJournal } from '../../../storage/owner-journal.ts';
import { originName } from '../../../base/origin-name.ts';
import type { Store } from './store.ts';

/** The network's store in the browser. The database is opened at the first use, so creation cannot fail. */
export function createIndexedDbStore(options: { readonly network: NetworkParameters; readonly name?: string | undefined; readonly onReopened?: (() => void) | undefined; readonly journal?: OwnerJournal | undefined }): Store {
  const { network, name = originName(network), onReopened, journal } = options;
  return new AlbatrossStore(new IndexedDbRows({ name, onReopened, journal }), network);
}
