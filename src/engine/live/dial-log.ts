import type { Clock } from '../../base/clock.ts';
import { BoundedCache } from '../../base/bounded-cache.ts';

/** Milliseconds for which the same failure at the same peer is not logged again. A seed is dialled every 30 s at the least. */
const PAUSE = 300_000;
/** Entries in one such time for all peers: a third of what a page shows of the log, so that dead addresses do not push out the rest. */
const MAX_ENTRIES = 64;
/** Peers and reasons remembered; more than the entries of one `PAUSE`. */
const MAX_KNOWN = 256;

export interface FailedDial {
  readonly address: string;
  /** The peer that is or was there, if it is known. */
  readonly id?: string;
  readonly code: string;
}

/** What is logged. `times`: failures since the last entry for this peer and reason. */
interface DialEntry {
  readonly [name: string]: string | number;
  readonly address: string;
  readonly kind: string;
  readonly reason: string;
  readonly times: number;
}

/** Logs failed dials: each peer and reason at most once in `PAUSE`, with the number of failures since the last entry. */
export class DialLog {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #log: (entry: DialEntry) => void;
  readonly #known = new BoundedCache<{ readonly at: number; readonly unsaid: number }>(MAX_KNOWN);
  #window = { from: -Infinity, entries: 0 };

  constructor(clock: Pick<Clock, 'monotonic'>, log: (entry: DialEntry) => void) {
    this.#clock = clock;
    this.#log = log;
  }

  failed({ address, id, code }: FailedDial): void {
    const now = this.#clock.monotonic();
    const key = `${id ?? address} ${code}`;
    const { at, unsaid } = this.#known.get(key) ?? { at: -Infinity, unsaid: 0 };
    if (now - this.#window.from >= PAUSE) this.#window = { from: now, entries: 0 };
    if (now - at < PAUSE || this.#window.entries >= MAX_ENTRIES) return this.#known.set(key, { at, unsaid: unsaid + 1 });
    this.#window.entries += 1;
    this.#known.set(key, { at: now, unsaid: 0 });
    this.#log({ address, kind: addressKind(address), reason: code, times: unsaid + 1 });
  }
}

/** How the address is dialled, and by what: `wss by name`, `ws by ip4`, `https`, `WebRTC`. */
function addressKind(address: string): string {
  if (address.includes('/p2p-circuit/')) return 'WebRTC';
  const [, scheme] = /^(https?):/u.exec(address) ?? [];
  if (scheme) return scheme;
  const transport = address.endsWith('/wss') ? 'wss' : 'ws';
  const host = address.startsWith('/ip4/') ? 'ip4' : address.startsWith('/ip6/') ? 'ip6' : 'name';
  return `${transport} by ${host}`;
}
