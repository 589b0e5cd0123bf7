import { validAddress } from '../page/accounts/address-of.ts';
import { fieldsOf } from '../widget/plain-data.ts';
import { MAX_ADDRESSES } from '../widget/protocol.ts';
import type { Kept } from './kept.ts';

const KEY = 'petrel-widget-grants';
/** Milliseconds after which a grant that was not used is gone. */
const UNUSED = 30 * 86_400_000;
/** Grants that are kept; the ones not used for longest go first. */
const MAX_GRANTS = 200;

/** What a person allowed one host on one network. */
interface Grant {
  readonly host: string;
  readonly network: string;
  /** Shared with `listAccounts`. */
  readonly accounts: readonly string[];
  /** The host may ask for nothing that needs a key. */
  readonly blocked: boolean;
  /** Unix milliseconds. */
  readonly used: number;
}

export interface PermissionsOptions {
  readonly kept: Kept;
  /** Origin of the embedding page. */
  readonly host: string;
  readonly network: string;
  readonly now: () => number;
}

/** What this frame's host may do on this network. Other frames of the same site share the grants, so they are read anew each time. */
export class Permissions {
  readonly #options: PermissionsOptions;
  readonly #given = new Set<string>();
  readonly #listeners = new Set<() => void>();
  /** Changes with every change, for React. */
  version = 0;

  constructor(options: PermissionsOptions) {
    this.#options = options;
  }

  /** The addresses that the person shared with this host; none: not asked yet, revoked, or not used for 30 days. */
  get accounts(): readonly string[] {
    return this.#own?.accounts ?? [];
  }

  get blocked(): boolean {
    return this.#own?.blocked ?? false;
  }

  /** Addresses that the host named itself; at most 20. */
  get given(): readonly string[] {
    return [...this.#given];
  }

  /** Whether the host may ask about this address: one that it named itself, as long as they are few, or one that was shared with it. */
  mayRead(address: string): boolean {
    if (this.accounts.includes(address) || this.#given.has(address)) return true;
    if (this.#given.size >= MAX_ADDRESSES) return false;
    this.#given.add(address);
    this.#changed();
    return true;
  }

  grantAccounts(accounts: readonly string[]): void {
    this.#write({ accounts });
  }

  /** Notes that the grant was used, so that it does not expire. */
  use(): void {
    if (this.#own) this.#write({});
  }

  revokeAccounts(): void {
    this.#write({ accounts: [] });
  }

  block(blocked: boolean): void {
    this.#write({ blocked });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Another frame of this site may have changed the grants. */
  reread(): void {
    this.#changed();
  }

  #changed(): void {
    this.version += 1;
    for (const listener of Array.from(this.#listeners)) listener();
  }

  get #own(): Grant | undefined {
    return this.#read().find((grant) => this.#isOwn(grant));
  }

  #isOwn({ host, network }: Grant): boolean {
    return host === this.#options.host && network === this.#options.network;
  }

  #write(change: Partial<Pick<Grant, 'accounts' | 'blocked'>>): void {
    const { host, network, kept, now } = this.#options;
    const own: Grant = { accounts: [], blocked: false, ...this.#own, ...change, host, network, used: now() };
    const others = this.#read().filter((grant) => !this.#isOwn(grant));
    const all = own.accounts.length > 0 || own.blocked ? [own, ...others] : others;
    kept.set(KEY, JSON.stringify(all.sort((a, b) => b.used - a.used).slice(0, MAX_GRANTS)));
    this.#changed();
  }

  #read(): Grant[] {
    let list: unknown;
    try {
      list = JSON.parse(this.#options.kept.get(KEY) ?? '[]');
    } catch {
      list = [];
    }
    const oldest = this.#options.now() - UNUSED;
    return Array.isArray(list) ? list.flatMap((item) => readGrant(item) ?? []).filter(({ used }) => used > oldest) : [];
  }
}

function readGrant(item: unknown): Grant | undefined {
  const { host, network, accounts, blocked, used } = fieldsOf(item) ?? {};
  if (typeof host !== 'string' || typeof network !== 'string' || typeof blocked !== 'boolean' || typeof used !== 'number' || !Array.isArray(accounts)) return undefined;
  return { host, network, blocked, used, accounts: (accounts as readonly unknown[]).flatMap((account) => (typeof account === 'string' ? (validAddress(account) ?? []) : [])) };
}
