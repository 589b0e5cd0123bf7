import type { NetworkParameters } from '../chain/network.ts';
import { AlbatrossStore } from './albatross-store.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import type { Store } from './store.ts';

/** A store that lasts only as long as the process; with `rows` of an earlier store it continues from these. */
export function createMemoryStore(options: { readonly network: NetworkParameters; readonly rows?: MemoryRows | undefined }): Store {
  return new AlbatrossStore(options.rows ?? new MemoryRows(), options.network);
}
