// Tests: `src/network/node/dialer.test.ts`.
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import { MAX_REMEMBERED } from '../../engine/peers/remembered-peers.ts';
import type { RememberedPeer } from '../../engine/peers/remembered-peers.ts';
import { dialRefusal, socketText } from '../addresses.ts';
import type { SocketAddress } from '../addresses.ts';
import { parseBrowserAddress } from '../browser-addresses.ts';
import { seedRefusal } from '../seed-refusal.ts';
import { SourceShares } from '../source-shares.ts';
import { browserCandidate, contactCandidate, isSeed, rememberedCandidate, seedCandidate } from './dial-candidate.ts';
import type { Candidate } from './dial-candidate.ts';

/**
 * Bound of the addresses that are kept although no contact names them any longer. At the bound a random one is dropped; those where a
 * connection held are dropped last.
 */
const MAX_LEFT_OVERS = 256;
/** Bounds of browser addresses (seeds not counted): in all, and from one source. */
const BROWSERS = { max: 64, share: 32 };
/** Milliseconds for which a browser's address is kept without being reported again. Tabs close sooner than nodes. */
const BROWSER_MAX_AGE = 30 * 60_000;

/** A peer that others reported, with the addresses claimed for it that may be dialled. */
export interface ToldPeer {
  readonly peerId: string;
  readonly addresses: readonly SocketAddress[];
  /** The networks of the peers that reported it. */
  readonly sources: ReadonlySet<string>;
}

/** An address of a browser, and the networks that reported it. */
export interface ToldBrowser {
  readonly address: string;
  readonly sources: ReadonlySet<string>;
}

export interface AddressContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly seeds: readonly string[];
  /** Peers that served us well at an earlier time. */
  readonly remembered?: (() => readonly RememberedPeer[]) | undefined;
  readonly allowInsecure: boolean;
  /** Whether addresses in private networks are dialled when strangers report them. */
  readonly privateContacts?: boolean | undefined;
  readonly book: { dialable(): readonly ToldPeer[] };
  /** Reports a seed that will never be dialled, and why. */
  unusable(address: string, code: string): void;
  /** Facts needed to judge browsers' addresses; undefined where no browser can be dialled. */
  browsers?: (() => { readonly ownId: string; /** Whether this client was configured with the relay's address. */ isOwnRelay(relay: SocketAddress): boolean } | undefined) | undefined;
}

/** All addresses that may be dialled: seeds, remembered ones, those in contacts, and browsers. Each is listed once, with what we saw there. */
export class KnownAddresses {
  readonly #context: AddressContext;
  readonly #candidates = new Map<string, Candidate>();
  /** Which networks reported which browsers. */
  #browsers: SourceShares;

  constructor(context: AddressContext) {
    this.#context = context;
    this.#browsers = this.#noBrowsers();
  }

  /** Starts with only the seeds and the remembered addresses. */
  start(): void {
    this.#candidates.clear();
    this.#browsers = this.#noBrowsers();
    for (const seed of this.#context.seeds) this.#addSeed(seed);
    for (const peer of (this.#context.remembered?.() ?? []).slice(0, MAX_REMEMBERED)) this.#addRemembered(peer);
  }

  get(text: string): Candidate | undefined {
    return this.#candidates.get(text);
  }

  all(): readonly Candidate[] {
    return Array.from(this.#candidates.values());
  }

  #noBrowsers(): SourceShares {
    return new SourceShares({ random: this.#context.random, ...BROWSERS });
  }

  /** Takes over the browsers that Petrel clients report. Leaves out invalid addresses, addresses that may not be dialled, and our own. */
  addBrowsers(told: readonly ToldBrowser[]): void {
    const { clock, allowInsecure, privateContacts } = this.#context;
    const browsers = this.#context.browsers?.();
    if (!browsers) return;
    for (const { address: text, sources } of told) {
      const address = parseBrowserAddress(text);
      if (address === undefined || address.peerId === browsers.ownId) continue;
      // Dialling a browser means dialling its relay. A relay that a stranger names is restricted like an address in a stranger's contact.
      if (dialRefusal(address.relay, { source: browsers.isOwnRelay(address.relay) ? 'seed' : 'contact', allowInsecure, privateContacts }) !== undefined) continue;
      const known = this.#candidates.get(address.text);
      const keptUntil = clock.monotonic() + BROWSER_MAX_AGE;
      if (known === undefined) this.#candidates.set(address.text, browserCandidate(address, keptUntil, sources));
      else if (isSeed(known)) continue;
      else Object.assign(known, { keptUntil, turns: sources });
      for (const source of sources) for (const gone of this.#browsers.add(address.text, source)) this.#letGo(gone);
    }
  }

  /** Newer reports pushed this address out. While it is connected or dialled it stays; once idle it is dropped, because no source reports it. */
  #letGo(browser: string): void {
    const candidate = this.#candidates.get(browser);
    if (candidate?.state === 'idle') this.#candidates.delete(browser);
    else if (candidate) candidate.keptUntil = 0;
  }

  #addSeed(seed: string): void {
    const { allowInsecure, unusable } = this.#context;
    const browser = this.#context.browsers?.() && parseBrowserAddress(seed);
    const refusal = seedRefusal(seed, { allowInsecure, browsers: browser !== undefined });
    const socket = socketText(seed);
    if (refusal !== undefined) unusable(browser?.text ?? seed, refusal);
    else if (browser) this.#candidates.set(browser.text, browserCandidate(browser, Infinity));
    else if (socket) this.#candidates.set(socket.text, seedCandidate(socket));
  }

  /** The address came from a store, which is trusted no more than a stranger. Exception: loopback is allowed if a seed is on this machine too. */
  #addRemembered(peer: RememberedPeer): void {
    const { allowInsecure, privateContacts, seeds } = this.#context;
    const socket = socketText(peer.address);
    const near = socket?.loopback === true && seeds.some((seed) => socketText(seed)?.loopback);
    if (socket === undefined || dialRefusal(socket, { source: near ? 'seed' : 'contact', allowInsecure, privateContacts }) !== undefined) return;
    const seed = this.#candidates.get(socket.text);
    const candidate = rememberedCandidate(socket, peer);
    if (seed === undefined) this.#candidates.set(socket.text, candidate);
    else Object.assign(seed, { turns: candidate.turns, seen: seed.seen ?? peer.peer });
  }

  /**
   * Takes over the contact book's addresses, and drops those that no contact names any longer. What we saw at an address ourselves stays,
   * whichever peer the contacts claim is there.
   */
  readBook(): void {
    const now = this.#context.clock.monotonic();
    const told = new Map<string, { readonly address: SocketAddress; readonly claimed: Set<string>; readonly turns: Set<string> }>();
    for (const { peerId, addresses, sources } of this.#context.book.dialable()) {
      for (const address of addresses) {
        const claim = told.get(address.text) ?? { address, claimed: new Set(), turns: new Set() };
        told.set(address.text, claim);
        claim.claimed.add(peerId);
        for (const source of sources) claim.turns.add(source);
      }
    }
    for (const [text, { address, claimed, turns }] of told) {
      const candidate = this.#candidates.get(text);
      if (candidate === undefined) this.#candidates.set(text, contactCandidate(address, { claimed, turns }));
      else if (candidate.source === 'contact') Object.assign(candidate, { claimed, turns });
    }
    const leftOver = Array.from(this.#candidates.values()).filter(({ address, state, source, keptUntil }) => state === 'idle' && (source === 'contact' ? !told.has(address.text) : keptUntil <= now));
    const isGone = ({ source, keptUntil, retryAt }: Candidate) => keptUntil <= now && (source === 'browser' || retryAt <= now);
    const gone = leftOver.filter(isGone);
    const kept = leftOver.filter((candidate) => !isGone(candidate));
    const order = (candidate: Candidate) => (candidate.keptUntil > now ? 1 : 0) + this.#context.random.next();
    const excess = kept.length - MAX_LEFT_OVERS;
    const tooMany = excess <= 0 ? [] : kept.map((candidate) => ({ candidate, at: order(candidate) })).toSorted((a, b) => a.at - b.at).slice(0, excess);
    for (const { address: { text } } of [...gone, ...tooMany.map(({ candidate }) => candidate)]) {
      this.#candidates.delete(text);
      this.#browsers.delete(text);
    }
  }
}
