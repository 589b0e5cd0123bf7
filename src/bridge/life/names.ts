import { type NetworkRef, originName } from '../../base/origin-name.ts';

/** All names that are shared within an origin, derived from one string per network. */
export interface Names {
  /** The `originName` of the network: also the database's name. */
  readonly base: string;
  /** The Web Lock that a hub of any kind takes before it opens network or database. */
  readonly owner: string;
  /** The Web Lock of the one tab that replaces a hub that hangs. */
  readonly replacing: string;
  /**
   * The name of the worker for all tabs. Two builds get two workers, and the owner lock decides which of them works. The generation counts
   * the hung hubs of this build: under an old name a page would only connect to the hung hub again.
   */
  worker(generation: number): string;
  /** The generation in the name of a worker of this build, or of the lock that its hub holds. */
  generationOf(name: string): number | undefined;
  /** The Web Lock that a tab holds while it lives. */
  tab(id: string): string;
  /** The Web Lock that the hub in the worker of this name, shared or elected, holds while it lives. */
  hub(worker: string, id: string): string;
  /** The same for the hub in a tab's own worker. It ends with the tab, and no other tab may replace it. */
  tabHub(id: string): string;
  /** The build of the hub that holds this lock, whichever build that is; undefined if the lock is not a hub's. */
  buildOf(lock: string): string | undefined;
  /** Where there is no SharedWorker: the Web Lock of the tab whose own worker is the hub for all tabs of this build. */
  readonly seat: string;
  /** The `BroadcastChannel` on which the other tabs knock at that hub. */
  readonly door: string;
  /** The `BroadcastChannel` on which a newer build asks an older one for the owner lock. */
  readonly handover: string;
}

/** The owner of the worker for all tabs: the browser, or the tab that was elected. */
export type Tier = 'shared' | 'elected';

/** The door of the hub in the worker of this name; undefined if it is not an elected tab's. */
export function doorOf(worker: string): string | undefined {
  const [build] = /^petrel\/(?:[a-z0-9-]+\/)?[0-9a-f]{8}\/elected\/[^/]+/.exec(worker) ?? [];
  return build && `${build}/door`;
}

/** @param build the id of this build (`build-id.ts`). @param tier of the workers named. */
export function namesOf(network: NetworkRef, build: string, tier: Tier = 'shared'): Names {
  const base = originName(network);
  const elected = `${base}/elected/${build}`;
  const first = tier === 'elected' ? elected : `${base}/${build}`;
  return {
    base,
    owner: `${base}/owner`,
    replacing: `${base}/replacing`,
    worker: (generation) => (generation === 0 ? first : `${first}/${generation}`),
    generationOf(name) {
      const [worker = ''] = name.split('/hub/');
      if (worker === first) return 0;
      const [, generation] = worker.startsWith(first) ? (/^\/([1-9]\d{0,8})$/.exec(worker.slice(first.length)) ?? []) : [];
      return generation === undefined ? undefined : Number(generation);
    },
    tab: (id) => `${base}/tab/${id}`,
    hub: hubLock,
    tabHub: (id) => `${base}/tab-hub/${build}/${id}`,
    buildOf(lock) {
      if (!lock.startsWith(`${base}/`)) return undefined;
      const [, own, ofAll] = /^(?:tab-hub\/([^/]+)\/|(?:elected\/)?([^/]+)(?:\/\d+)?\/hub\/)/.exec(lock.slice(base.length + 1)) ?? [];
      return own ?? ofAll;
    },
    seat: `${elected}/seat`,
    door: `${elected}/door`,
    handover: `${base}/hand-over`,
  };
}

/** The Web Lock of a hub in the worker of this name. A hub that has received no hello yet knows only these names. */
export function hubLock(worker: string, id: string): string {
  return `${worker}/hub/${id}`;
}
