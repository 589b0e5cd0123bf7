import type { Client, ClientEvents, LogEntry, Notice, PeerView } from '../client/types.ts';
import { externalStore, type ExternalStore } from './external-store.ts';

/** Notices and log entries that are kept for display; the hub's own ring is longer. */
const SHOWN = { notices: 50, log: 200 };

/** The stores that the hooks read: one per event and client, however many components use it. */
export interface ClientStores {
  readonly status: ExternalStore<ClientEvents['status'] | undefined>;
  readonly head: ExternalStore<ClientEvents['head'] | undefined>;
  readonly peers: ExternalStore<readonly PeerView[]>;
  readonly trust: ExternalStore<ClientEvents['trust'] | undefined>;
  readonly notices: ExternalStore<readonly Notice[]>;
  readonly log: ExternalStore<readonly LogEntry[]>;
}

const stores = new WeakMap<Client, ClientStores>();

export function storesOf(client: Client): ClientStores {
  const known = stores.get(client) ?? createStores(client);
  stores.set(client, known);
  return known;
}

function createStores(client: Client): ClientStores {
  return {
    status: externalStore<ClientEvents['status'] | undefined>(undefined, (set) => client.on('status', (value) => set(() => value))),
    head: externalStore<ClientEvents['head'] | undefined>(undefined, (set) => client.on('head', (value) => set(() => value))),
    peers: externalStore<readonly PeerView[]>([], (set) => client.on('peers', (value) => set(() => value))),
    trust: externalStore<ClientEvents['trust'] | undefined>(undefined, (set) => client.on('trust', (value) => set(() => value))),
    notices: externalStore<readonly Notice[]>([], (set) => client.on('notice', (value) => set((before) => before.concat(value).slice(-SHOWN.notices)))),
    log: externalStore<readonly LogEntry[]>([], (set) => listenToLog(client, set)),
  };
}

function listenToLog(client: Client, set: (change: (before: readonly LogEntry[]) => readonly LogEntry[]) => void): () => void {
  let ended = false;
  // Entries that come while the ring is being fetched may be in it as well, so they wait until it is here.
  let waiting: LogEntry[] | undefined = [];
  const stop = client.on('log', (entry) => {
    if (waiting) waiting.push(entry);
    else set((before) => before.concat(entry).slice(-SHOWN.log));
  });
  const begin = (ring: readonly LogEntry[]) => {
    const known = new Set(ring.map(keyOf));
    const rest = (waiting ?? []).filter((entry) => !known.has(keyOf(entry)));
    waiting = undefined;
    if (!ended) set(() => ring.concat(rest).slice(-SHOWN.log));
  };
  client.getLog().then(begin, () => begin([]));
  return () => {
    ended = true;
    stop();
  };
}

function keyOf({ time, area, code, data }: LogEntry): string {
  return `${time} ${area} ${code} ${JSON.stringify(data)}`;
}
