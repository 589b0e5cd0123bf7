import type { ChainCommit, Store } from './store.ts';
import { StorageError } from '../../../storage/storage-error.ts';

/**
 * The store in use now. A client that works in memory can get the database while it runs. A store that once did not answer is replaced by
 * the spare one, because each further request to it would block its caller for as long.
 */
export class SwappableStore implements Store {
  readonly #spare: () => Store;
  #store: Store;
  #silent = false;
  #onSilent: (() => void) | undefined;

  /** `spare`: makes the store that replaces one that does not answer. */
  constructor(store: Store, spare: () => Store) {
    this.#store = store;
    this.#spare = spare;
  }

  /** Whether the spare store is in use because the other did not answer. */
  get silent(): boolean {
    return this.#silent;
  }

  /** `onSilent` is called when the store does not answer and the spare one has replaced it; at once if that has already happened. */
  watch(onSilent: () => void): void {
    this.#onSilent = onSilent;
    if (this.#silent) onSilent();
  }

  /** Sends everything to `store` from now on, and closes the previous store. */
  async change(store: Store): Promise<void> {
    const before = this.#store;
    this.#store = store;
    this.#silent = false;
    await before.close().catch(() => undefined);
  }

  get kind() {
    return this.#store.kind;
  }
  load = () => this.#ask((store) => store.load());
  takeFencing = () => this.#ask((store) => store.takeFencing());
  commit = (change: ChainCommit) => this.#ask((store) => store.commit(change));
  election: Store['election'] = (key) => this.#ask((store) => store.election(key));
  decodedKeys: Store['decodedKeys'] = (compressed) => this.#ask((store) => store.decodedKeys(compressed));
  putDecodedKeys: Store['putDecodedKeys'] = (keys) => this.#ask((store) => store.putDecodedKeys(keys));
  proofs = () => this.#ask((store) => store.proofs());
  putProof: Store['putProof'] = (record) => this.#ask((store) => store.putProof(record));
  dropProof: Store['dropProof'] = (origin) => this.#ask((store) => store.dropProof(origin));
  archive = () => this.#ask((store) => store.archive());
  putArchive: Store['putArchive'] = (change) => this.#ask((store) => store.putArchive(change));
  history: Store['history'] = (hashes) => this.#ask((store) => store.history(hashes));
  putHistory: Store['putHistory'] = (entries) => this.#ask((store) => store.putHistory(entries));
  clearHistory = () => this.#ask((store) => store.clearHistory());
  bans = () => this.#ask((store) => store.bans());
  putBans: Store['putBans'] = (bans) => this.#ask((store) => store.putBans(bans));
  peers = () => this.#ask((store) => store.peers());
  putPeers: Store['putPeers'] = (peers) => this.#ask((store) => store.putPeers(peers));
  trim = (cap: number) => this.#ask((store) => store.trim(cap));
  size = () => this.#ask((store) => store.size());
  setAside = () => this.#ask((store) => store.setAside());
  wipe = () => this.#ask((store) => store.wipe());
  close = () => this.#store.close();

  async #ask<T>(question: (store: Store) => Promise<T>): Promise<T> {
    const store = this.#store;
    try {
      return await question(store);
    } catch (error) {
      // Several requests may fail together; only the first finds the failed store still in use.
      if (store === this.#store && error instanceof StorageError && error.code === 'no-answer') this.#leave();
      throw error;
    }
  }

  #leave(): void {
    // Not awaited, because closing a store that does not answer may hang.
    void this.change(this.#spare());
    this.#silent = true;
    this.#onSilent?.();
  }
}
