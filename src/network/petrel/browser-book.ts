import type { Clock } from '../../engine/clock.ts';
import type { Random } from '../../engine/random.ts';
import type { BrowserAddress } from '../browser-addresses.ts';

/** Addresses kept. At the bound the one heard of longest ago goes; those of connected clients stay. */
const MAX_ADDRESSES = 128;
/** Milliseconds after which an address that was only heard of is forgotten: browsers come and go in minutes. */
const MAX_AGE = 10 * 60_000;

interface Entry {
  readonly address: BrowserAddress;
  /** Said by the client itself, which is connected. Only such addresses are passed on, so that none lives on by hearsay. */
  readonly own: boolean;
  /** Monotonic milliseconds. */
  readonly heardAt: number;
}

/** The addresses of other Petrel clients: bounded and aged. */
export class BrowserBook {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #ownId: string;
  readonly #entries = new Map<string, Entry>();

  constructor(options: { readonly clock: Clock; readonly random: Random; readonly ownId: string }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#ownId = options.ownId;
  }

  /** What a connected client says of itself, in place of what it said before. Returns whether that is any news. */
  said(peerId: string, addresses: readonly BrowserAddress[]): boolean {
    const before = this.#ownOf(peerId);
    for (const [text, { address }] of this.#entries) if (address.peerId === peerId) this.#entries.delete(text);
    for (const address of addresses) this.#put({ address, own: true, heardAt: this.#clock.monotonic() });
    return before.join() !== this.#ownOf(peerId).join();
  }

  /** What was heard of others. What a connected client says of itself counts more. Returns whether there is anything new. */
  heard(addresses: readonly BrowserAddress[]): boolean {
    let news = false;
    for (const address of addresses) {
      if (address.peerId === this.#ownId || this.#ownOf(address.peerId).length > 0) continue;
      news ||= !this.#entries.has(address.text);
      this.#put({ address, own: false, heardAt: this.#clock.monotonic() });
    }
    return news;
  }

  /** The client is gone: its addresses are hearsay from now on. Returns whether it had any. */
  left(peerId: string): boolean {
    const texts = this.#ownOf(peerId);
    for (const text of texts) this.#entries.set(text, { ...(this.#entries.get(text) as Entry), own: false, heardAt: this.#clock.monotonic() });
    return texts.length > 0;
  }

  /** Forgets a client, because it misbehaved. */
  remove(peerId: string): void {
    for (const [text, { address }] of this.#entries) if (address.peerId === peerId) this.#entries.delete(text);
  }

  /** Up to `limit` addresses to pass on, chosen by chance, without those of `except`. */
  passedOn(limit: number, except: string): BrowserAddress[] {
    const pool = Array.from(this.#entries.values()).filter(({ own, address }) => own && address.peerId !== except);
    const chosen: BrowserAddress[] = [];
    while (pool.length > 0 && chosen.length < limit) chosen.push((pool.splice(Math.floor(this.#random.next() * pool.length), 1)[0] as Entry).address);
    return chosen;
  }

  /** All that may be dialled. */
  all(): readonly BrowserAddress[] {
    this.#prune();
    return Array.from(this.#entries.values(), ({ address }) => address);
  }

  #ownOf(peerId: string): string[] {
    return Array.from(this.#entries.entries()).flatMap(([text, { own, address }]) => (own && address.peerId === peerId ? [text] : []));
  }

  #put(entry: Entry): void {
    this.#entries.delete(entry.address.text);
    this.#entries.set(entry.address.text, entry);
    this.#prune();
    if (this.#entries.size <= MAX_ADDRESSES) return;
    const [oldest] = Array.from(this.#entries).find(([, { own }]) => !own) ?? [this.#entries.keys().next().value as string];
    this.#entries.delete(oldest);
  }

  #prune(): void {
    const now = this.#clock.monotonic();
    for (const [text, { own, heardAt }] of this.#entries) if (!own && now - heardAt > MAX_AGE) this.#entries.delete(text);
  }
}
