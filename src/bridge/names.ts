/** Everything that is shared by name within an origin, from one string per network. */
export interface Names {
  /** `petrel/<first 8 hex digits of the genesis hash>`: also the database's name. */
  readonly base: string;
  /** The SharedWorker's name: two builds get two workers, and the owner lock decides which of them works. */
  readonly worker: string;
  /** The Web Lock that a hub of any kind takes before it opens network or database. */
  readonly owner: string;
  /** The Web Lock that a tab holds while it lives. */
  tab(id: string): string;
  /** The Web Lock that a hub holds while it lives. */
  hub(id: string): string;
}

/** @param genesisHash 64 hex digits. @param build the id of this build (`build-id.ts`). */
export function namesOf(genesisHash: string, build: string): Names {
  const base = `petrel/${genesisHash.slice(0, 8).toLowerCase()}`;
  return {
    base,
    worker: `${base}/${build}`,
    owner: `${base}/owner`,
    tab: (id) => `${base}/tab/${id}`,
    hub: (id) => `${base}/hub/${id}`,
  };
}
