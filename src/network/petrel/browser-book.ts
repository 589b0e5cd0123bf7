import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { BrowserAddress } from '../browser-addresses.ts';
import { SourceShares } from '../source-shares.ts';

/**
 * Maximum addresses of connected clients, and as many of clients only heard of. `share`: addresses from one source, which is as many as one
 * message holds, or as eight clients announce.
 */
const MAX_ADDRESSES = { max: 128, share: 32 };
/** Milliseconds after which an address that was only heard of is forgotten: browsers come and go within minutes. */
const MAX_AGE = 10 * 60_000;

interface Entry {
  readonly address: BrowserAddress;
  /** The client itself announced it, and is connected. Only such addresses are passed on, so that none survives by being repeated. */
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
  readonly #said: SourceShares;
  readonly #heard: SourceShares;

  constructor(options: { readonly clock: Clock; readonly random: Random; readonly ownId: string }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#ownId = options.ownId;
    this.#said = new SourceShares({ random: options.random, ...MAX_ADDRESSES });
    this.#heard = new SourceShares({ random: options.random, ...MAX_ADDRESSES });
  }

  /**
   * Stores the addresses that a connected client announces for itself, instead of its earlier ones. `source`: see `tellerOf`. Returns
   * whether anything changed.
   */
  said(peerId: string, addresses: readonly BrowserAddress[], source: string): boolean {
    const before = this.#ownOf(peerId);
    this.remove(peerId);
    for (const address of addresses) this.#put({ address, own: true, heardAt: this.#clock.monotonic() }, source);
    return before.join() !== this.#ownOf(peerId).join();
  }

  /**
   * Stores addresses of other clients that a peer reported. A connected client's own announcement counts more. Returns whether there is
   * anything new.
   */
  heard(addresses: readonly BrowserAddress[], source: string): boolean {
    let news = false;
    for (const address of addresses) {
      if (address.peerId === this.#ownId || this.#ownOf(address.peerId).length > 0) continue;
      news ||= !this.#entries.has(address.text);
      this.#put({ address, own: false, heardAt: this.#clock.monotonic() }, source);
    }
    return news;
  }

  /** The client has left: from now on its addresses count as only heard of. Returns whether it had any. */
  left(peerId: string): boolean {
    const texts = this.#ownOf(peerId);
    for (const text of texts) {
      const { address } = this.#entries.get(text) as Entry;
      const sources = [...this.#said.sourcesOf(text)];
      this.#forget(text);
      for (const source of sources) this.#put({ address, own: false, heardAt: this.#clock.monotonic() }, source);
    }
    return texts.length > 0;
  }

  /** Forgets a client, because it misbehaved. */
  remove(peerId: string): void {
    for (const [text, { address }] of this.#entries) if (address.peerId === peerId) this.#forget(text);
  }

  /** Up to `limit` addresses to pass on, chosen at random, without those of `except`. */
  passedOn(limit: number, except: string): BrowserAddress[] {
    const pool = Array.from(this.#entries.values()).filter(({ own, address }) => own && address.peerId !== except);
    const chosen: BrowserAddress[] = [];
    while (pool.length > 0 && chosen.length < limit) chosen.push((pool.splice(Math.floor(this.#random.next() * pool.length), 1)[0] as Entry).address);
    return chosen;
  }

  /** All addresses that may be dialled, and the sources that reported each. */
  all(): readonly { readonly address: BrowserAddress; readonly sources: ReadonlySet<string> }[] {
    this.#prune();
    return Array.from(this.#entries, ([text, { address, own }]) => ({ address, sources: (own ? this.#said : this.#heard).sourcesOf(text) }));
  }

  #ownOf(peerId: string): string[] {
    return Array.from(this.#entries.entries()).flatMap(([text, { own, address }]) => (own && address.peerId === peerId ? [text] : []));
  }

  #put(entry: Entry, source: string): void {
    const { text } = entry.address;
    this.#entries.set(text, entry);
    for (const gone of (entry.own ? this.#said : this.#heard).add(text, source)) this.#forget(gone);
    this.#prune();
  }

  #forget(text: string): void {
    this.#entries.delete(text);
    this.#said.delete(text);
    this.#heard.delete(text);
  }

  #prune(): void {
    const now = this.#clock.monotonic();
    for (const [text, { own, heardAt }] of this.#entries) if (!own && now - heardAt > MAX_AGE) this.#forget(text);
  }
}
