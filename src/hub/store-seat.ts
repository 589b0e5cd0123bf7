import type { ChainCommit, Store } from '../storage/store.ts';

/** The store that is in use at the moment: a client that began or went on in memory gets the database while it runs. */
export class StoreSeat implements Store {
  #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Everything goes to `store` from now on; the one before is closed. */
  async change(store: Store): Promise<void> {
    const before = this.#store;
    this.#store = store;
    await before.close().catch(() => undefined);
  }

  get kind() {
    return this.#store.kind;
  }
  load = () => this.#store.load();
  takeFencing = () => this.#store.takeFencing();
  commit = (change: ChainCommit) => this.#store.commit(change);
  election: Store['election'] = (key) => this.#store.election(key);
  decodedKeys: Store['decodedKeys'] = (compressed) => this.#store.decodedKeys(compressed);
  putDecodedKeys: Store['putDecodedKeys'] = (keys) => this.#store.putDecodedKeys(keys);
  proofs = () => this.#store.proofs();
  putProof: Store['putProof'] = (record) => this.#store.putProof(record);
  dropProof: Store['dropProof'] = (origin) => this.#store.dropProof(origin);
  archive = () => this.#store.archive();
  putArchive: Store['putArchive'] = (change) => this.#store.putArchive(change);
  bans = () => this.#store.bans();
  putBans: Store['putBans'] = (bans) => this.#store.putBans(bans);
  trim = (cap: number) => this.#store.trim(cap);
  size = () => this.#store.size();
  wipe = () => this.#store.wipe();
  close = () => this.#store.close();
}
