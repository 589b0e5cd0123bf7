import { fieldsOf } from '../widget/plain-data.ts';

/** What a site may know. It holds for this site and this network only. */
export interface Grant {
  readonly host: string;
  readonly network: string;
  /** As people read them. */
  readonly addresses: readonly string[];
  /** Unix milliseconds. */
  readonly granted: number;
  readonly used: number;
}

/** Milliseconds without use after which a grant ends: 30 days. */
const UNUSED = 30 * 24 * 3_600_000;
const PREFIX = 'petrel-grant:';
/** Addresses of a grant that is read: an account has no more. */
const MAX_ADDRESSES = 1_000;

type Place = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/**
 * The grants of this browser, in the storage of the wallet's own origin: the page that embeds the widget cannot reach it. One entry for each
 * grant, so that two tabs never write the same one for different sites.
 */
export class Grants {
  readonly #place: Place;
  readonly #now: () => number;
  readonly kind: 'stored' | 'memory';

  /** `open` gives the storage; it throws where site data is blocked, and then grants end with the page. `now`: Unix milliseconds. */
  constructor(open: () => Place, now: () => number) {
    const place = tried(open);
    this.kind = place ? 'stored' : 'memory';
    this.#place = place ?? new MemoryPlace();
    this.#now = now;
  }

  /** The newest use first. Those that ended are removed. */
  list(): readonly Grant[] {
    const keys = Array.from({ length: this.#place.length }, (_, at) => this.#place.key(at)).filter((key) => key?.startsWith(PREFIX) === true);
    return keys.flatMap((key) => this.#read(key!) ?? []).sort((a, b) => b.used - a.used || (a.host < b.host ? -1 : 1));
  }

  get(host: string, network: string): Grant | undefined {
    return this.#read(keyOf(host, network));
  }

  /** In place of what the site had. */
  grant(host: string, network: string, addresses: readonly string[]): void {
    const now = this.#now();
    this.#write({ host, network, addresses, granted: now, used: now });
  }

  /** The person has confirmed something for this site. */
  touch(host: string, network: string): void {
    const grant = this.get(host, network);
    if (grant) this.#write({ ...grant, used: this.#now() });
  }

  revoke(host: string, network: string): void {
    this.#place.removeItem(keyOf(host, network));
  }

  #write(grant: Grant): void {
    try {
      this.#place.setItem(keyOf(grant.host, grant.network), JSON.stringify({ addresses: grant.addresses, granted: grant.granted, used: grant.used }));
    } catch {
      // The storage is full. The site gets its answer, and the person is asked again the next time.
    }
  }

  #read(key: string): Grant | undefined {
    const grant = grantOf(key, this.#place.getItem(key));
    const now = this.#now();
    // A time in the future comes from a clock that was wrong.
    if (grant && grant.used <= now && now - grant.used < UNUSED) return grant;
    if (grant) this.#place.removeItem(key);
    return undefined;
  }
}

function keyOf(host: string, network: string): string {
  return `${PREFIX}${JSON.stringify([host, network])}`;
}

/** What an entry says; undefined if it is no grant. */
function grantOf(key: string, text: string | null): Grant | undefined {
  try {
    const [host, network] = JSON.parse(key.slice(PREFIX.length)) as unknown[];
    const fields = fieldsOf(JSON.parse(text ?? ''));
    const addresses = fields?.['addresses'];
    const granted = fields?.['granted'];
    const used = fields?.['used'];
    if (typeof host !== 'string' || typeof network !== 'string' || typeof granted !== 'number' || typeof used !== 'number' || !Array.isArray(addresses)) return undefined;
    const texts = (addresses as readonly unknown[]).filter((address) => typeof address === 'string');
    return texts.length === addresses.length && texts.length <= MAX_ADDRESSES ? { host, network, addresses: texts, granted, used } : undefined;
  } catch {
    return undefined;
  }
}

function tried(open: () => Place): Place | undefined {
  try {
    const place = open();
    place.getItem(PREFIX);
    return place;
  } catch {
    return undefined;
  }
}

class MemoryPlace implements Place {
  readonly #entries = new Map<string, string>();
  get length(): number {
    return this.#entries.size;
  }
  key(at: number): string | null {
    return Array.from(this.#entries.keys())[at] ?? null;
  }
  getItem(key: string): string | null {
    return this.#entries.get(key) ?? null;
  }
  setItem(key: string, text: string): void {
    this.#entries.set(key, text);
  }
  removeItem(key: string): void {
    this.#entries.delete(key);
  }
}
