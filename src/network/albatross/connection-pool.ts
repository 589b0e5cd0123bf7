import type { Clock } from '../../engine/clock.ts';
import type { Random } from '../../engine/random.ts';
import { banKeyOf, dialRefusal, parseMultiaddr, rangeOf, socketAddress, subnetOf } from '../addresses.ts';
import type { SocketAddress } from '../addresses.ts';
import type { BanList } from '../ban-list.ts';
import { parseBrowserAddress } from '../browser-addresses.ts';
import type { BrowserAddress } from '../browser-addresses.ts';
import type { ContactBook } from './contact-book.ts';
import { fullRanges } from './range-share.ts';

/** Dials at once; the official web client's number of initial connections (Albatross network reference, 1.7). */
export const PARALLEL_DIALS = 4;
/** Milliseconds. Back-off is random in [0, base * 2^failures), at most the cap of the address's kind ("full jitter"). */
const BACKOFF_BASE = 1000;
/** Milliseconds. Seeds are few and we depend on them: after an outage they are back within half a minute. */
const SEED_BACKOFF_CAP = 30_000;
/** Milliseconds; the official nodes leave a failed address alone for as long (Albatross network reference, 1.7). */
const CONTACT_BACKOFF_CAP = 600_000;
/** A connection that held this many milliseconds wipes out its address's failures. */
const STABLE_AFTER = 30_000;
/** Addresses kept with their state. */
const MAX_CANDIDATES = 1024;
/** Addresses of browsers among them, seeds not counted. At the bound a random one goes. */
const MAX_BROWSERS = 64;
/** Milliseconds for which an address of a browser is kept without being heard of again: tabs are closed sooner than nodes. */
const BROWSER_MAX_AGE = 30 * 60_000;
/** Peers by WebSocket that are kept when any can be had, whatever browsers there are: no tab's closing leaves us alone. */
const MIN_SOCKETS = 2;

export interface Candidate {
  readonly address: Pick<SocketAddress, 'text' | 'peerId'>;
  /** Undefined for a browser. */
  readonly socket: SocketAddress | undefined;
  readonly source: 'seed' | 'contact' | 'browser';
  /** Monotonic milliseconds after which it is forgotten; a contact goes with the book. */
  expiresAt: number;
  /** From the address or the contact, or learnt by connecting. */
  peerId: string | undefined;
  failures: number;
  /** Monotonic milliseconds before which it is not dialled. */
  retryAt: number;
  state: 'idle' | 'dialing' | 'connected' | 'unusable';
}

export interface PoolContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly seeds: readonly string[];
  readonly allowInsecure: boolean;
  /** To begin with. */
  readonly desiredPeers: number;
  readonly book: ContactBook;
  readonly bans: BanList;
  /** Distinct peers with an open connection, joined or not yet. */
  connected(): ReadonlyMap<string, { readonly subnet: string; readonly browser?: boolean }>;
  /** Dials; resolves with the peer's id when the connection stands. Rejects with any error, which has a `code`. */
  dial(candidate: Candidate): Promise<string>;
  dialing(candidate: Candidate): void;
  down(candidate: Candidate, code: string, retryInMs: number): void;
  /** A seed that will never be dialled, and why. */
  unusable(address: string, code: string): void;
  /** What there is to know of browsers' addresses; undefined where none can be dialled. */
  browsers?: (() => { readonly ownId: string; /** Its address was given to us by whoever runs this client. */ isOwnRelay(relay: SocketAddress): boolean } | undefined) | undefined;
}

/** Keeps the wanted number of connections: whom to dial, and when again. */
export class ConnectionPool {
  readonly #context: PoolContext;
  readonly #candidates = new Map<string, Candidate>();
  #desired: number;
  #cancelTimer: (() => void) | undefined;
  #running = false;

  constructor(context: PoolContext) {
    this.#context = context;
    this.#desired = context.desiredPeers;
  }

  /** Another number of peers is wanted from now on. Those that are too many stay. */
  want(desired: number): void {
    this.#desired = desired;
    this.fill();
  }

  start(): void {
    this.#running = true;
    this.#candidates.clear();
    for (const seed of this.#context.seeds) this.#addSeed(seed);
    this.fill();
  }

  stop(): void {
    this.#running = false;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** The network seems to be back: nobody waits any longer. Bans stay. */
  retryNow(): void {
    for (const candidate of this.#candidates.values()) candidate.retryAt = Math.min(candidate.retryAt, this.#context.clock.monotonic());
    this.fill();
  }

  /** The peer's ban was lifted: it is dialled as if it had never been banned. */
  pardoned(peer: string): void {
    for (const candidate of this.#candidates.values()) {
      if (candidate.peerId !== peer) continue;
      candidate.failures = 0;
      candidate.retryAt = Math.min(candidate.retryAt, this.#context.clock.monotonic());
    }
    this.fill();
  }

  /** Takes over what another Petrel client says of browsers. What is no such address, may not be dialled or is our own is left out. */
  addBrowsers(addresses: readonly string[]): void {
    const { clock, random, allowInsecure } = this.#context;
    const browsers = this.#context.browsers?.();
    if (!browsers || !this.#running) return;
    for (const text of addresses.slice(0, MAX_BROWSERS)) {
      const address = parseBrowserAddress(text);
      if (address === undefined || address.peerId === browsers.ownId) continue;
      // It is the relay that is dialled: a stranger's word for it counts as little as in a contact.
      if (dialRefusal(address.relay, { source: browsers.isOwnRelay(address.relay) ? 'seed' : 'contact', allowInsecure }) !== undefined) continue;
      const known = this.#candidates.get(address.text);
      const expiresAt = clock.monotonic() + BROWSER_MAX_AGE;
      if (known !== undefined) known.expiresAt = Math.max(known.expiresAt, expiresAt);
      else this.#candidates.set(address.text, browserCandidate(address, expiresAt));
      const forgettable = Array.from(this.#candidates.values()).filter(({ source, expiresAt, state }) => source === 'browser' && Number.isFinite(expiresAt) && state === 'idle');
      if (forgettable.length > MAX_BROWSERS) this.#candidates.delete((forgettable[Math.floor(random.next() * forgettable.length)] as Candidate).address.text);
    }
    this.fill();
  }

  #addSeed(seed: string): void {
    const browser = this.#context.browsers?.() && parseBrowserAddress(seed);
    if (browser) return this.#addBrowserSeed(browser);
    const parsed = parseMultiaddr(seed);
    const address = parsed && socketAddress(parsed);
    const refusal = dialRefusal(address, { source: 'seed', allowInsecure: this.#context.allowInsecure });
    if (address === undefined || refusal !== undefined) this.#context.unusable(seed, refusal ?? 'not-a-socket-address');
    else this.#candidates.set(address.text, { address, socket: address, source: 'seed', expiresAt: Infinity, peerId: address.peerId, failures: 0, retryAt: 0, state: 'idle' });
  }

  #addBrowserSeed(address: BrowserAddress): void {
    const refusal = dialRefusal(address.relay, { source: 'seed', allowInsecure: this.#context.allowInsecure });
    if (refusal !== undefined) this.#context.unusable(address.text, refusal);
    else this.#candidates.set(address.text, browserCandidate(address, Infinity));
  }

  /** Takes over what is new in the contact book, and lets go of what is no longer in it. */
  #readBook(): void {
    const now = this.#context.clock.monotonic();
    const known = new Set<string>();
    for (const contact of this.#context.book.dialable()) {
      for (const address of contact.addresses) {
        known.add(address.text);
        if (this.#candidates.has(address.text) || this.#candidates.size >= MAX_CANDIDATES) continue;
        this.#candidates.set(address.text, { address, socket: address, source: 'contact', expiresAt: Infinity, peerId: contact.peerId, failures: 0, retryAt: 0, state: 'idle' });
      }
    }
    for (const [text, candidate] of this.#candidates) {
      if (candidate.source === 'contact' && candidate.state === 'idle' && candidate.retryAt <= now && !known.has(text)) this.#candidates.delete(text);
      if (candidate.state === 'idle' && candidate.expiresAt <= now) this.#candidates.delete(text);
    }
  }

  /** When the candidate may be dialled, on the monotonic clock. */
  #eligibleAt(candidate: Candidate): number {
    const { bans } = this.#context;
    const byAddress = candidate.socket === undefined ? 0 : (bans.get(banKeyOf(candidate.socket))?.until ?? 0);
    const byPeer = candidate.peerId === undefined ? 0 : (bans.get(candidate.peerId)?.until ?? 0);
    return Math.max(candidate.retryAt, byAddress, byPeer);
  }

  /** Dials as many as are wanted and allowed now, and sets the alarm for the next that may be dialled. */
  fill(): void {
    if (!this.#running) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#readBook();
    for (;;) {
      const connected = this.#context.connected();
      const underWay = Array.from(this.#candidates.values()).filter((candidate) => candidate.state === 'dialing');
      const dialing = underWay.length;
      const room = this.#room(connected.values(), underWay);
      if (dialing >= PARALLEL_DIALS || !(room.sockets || room.browsers)) return;
      const now = this.#context.clock.monotonic();
      const busy = new Set([...connected.keys(), ...underWay.flatMap(({ source, peerId }) => (source === 'browser' && peerId !== undefined ? [peerId] : []))]);
      const idle = Array.from(this.#candidates.values()).filter((candidate) => candidate.state === 'idle' && (candidate.peerId === undefined || !busy.has(candidate.peerId)) && (candidate.socket === undefined ? room.browsers : room.sockets));
      const full = fullRanges([...Array.from(connected.values(), ({ subnet }) => subnet), ...underWay.map(subnetOfCandidate)], this.#desired);
      // Where a range is full, the loss of a peer makes room, and that fills again.
      const open = idle.filter((candidate) => !full.has(rangeOf(subnetOfCandidate(candidate))));
      const ready = open.filter((candidate) => this.#eligibleAt(candidate) <= now);
      const browsers = ready.filter(({ socket }) => socket === undefined && room.browsersFirst);
      const best = this.#best(browsers.length > 0 ? browsers : ready, new Set(Array.from(connected.values(), (peer) => peer.subnet)));
      if (best === undefined) {
        const next = Math.min(...open.map((candidate) => this.#eligibleAt(candidate)));
        if (Number.isFinite(next)) this.#cancelTimer = this.#context.clock.after(Math.max(1, Math.ceil(next - now)), () => this.fill());
        return;
      }
      void this.#dial(best);
    }
  }

  /**
   * Whether more peers of a kind are to be dialled. Browsers make up half of those wanted at most, and leave two places to WebSockets where there is
   * any to dial; those that came by themselves take no place of these two. WebSockets come first: consensus is not to wait for a browser.
   */
  #room(connected: Iterable<{ readonly browser?: boolean }>, underWay: readonly Candidate[]): { readonly sockets: boolean; readonly browsers: boolean; readonly browsersFirst: boolean } {
    const desired = this.#desired;
    const isBrowser = [...Array.from(connected, ({ browser = false }) => browser), ...underWay.map(({ socket }) => socket === undefined)];
    const browsers = isBrowser.filter(Boolean).length;
    const sockets = isBrowser.length - browsers;
    const anySocket = Array.from(this.#candidates.values()).some(({ socket, state }) => socket !== undefined && state !== 'unusable');
    const most = anySocket ? Math.min(Math.floor(desired / 2), desired - MIN_SOCKETS) : Math.ceil(desired / 2);
    return { sockets: isBrowser.length < desired || sockets < Math.min(MIN_SOCKETS, desired), browsers: isBrowser.length < desired && browsers < most, browsersFirst: sockets >= desired - most };
  }

  /** Fewest failures first, then a subnet we have no peer in, then seeds, then chance. */
  #best(ready: readonly Candidate[], subnets: ReadonlySet<string>): Candidate | undefined {
    const rank = (candidate: Candidate) => {
      const sameSubnet = subnets.has(subnetOfCandidate(candidate));
      return candidate.failures * 4 + (sameSubnet ? 2 : 0) + (candidate.source === 'seed' ? 0 : 1);
    };
    const lowest = Math.min(...ready.map(rank));
    const equals = ready.filter((candidate) => rank(candidate) === lowest);
    return equals[Math.floor(this.#context.random.next() * equals.length)];
  }

  async #dial(candidate: Candidate): Promise<void> {
    candidate.state = 'dialing';
    this.#context.dialing(candidate);
    try {
      candidate.peerId = await this.#context.dial(candidate);
      // The connection may have been lost before we heard of it; `lost` has then put the candidate back already.
      if (candidate.state === 'dialing') candidate.state = this.#context.connected().has(candidate.peerId) ? 'connected' : 'idle';
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      this.#back(candidate, typeof code === 'string' ? code : 'dial-failed');
    }
    this.fill();
  }

  /** An outbound connection, dialled to `text`, is gone after `heldMs`. Counts as failure of the address unless it held. */
  lost(text: string, code: string, heldMs: number): void {
    const candidate = this.#candidates.get(text);
    if (candidate === undefined || candidate.state === 'idle' || candidate.state === 'unusable') return;
    if (heldMs >= STABLE_AFTER) candidate.failures = 0;
    this.#back(candidate, code);
  }

  #back(candidate: Candidate, code: string): void {
    if (code === 'own-address') {
      candidate.state = 'unusable';
      return;
    }
    // The peer is connected by another address already: no fault, and no need until it is gone.
    if (code === 'duplicate') {
      candidate.state = 'idle';
      candidate.retryAt = this.#context.clock.monotonic() + BACKOFF_BASE;
      return;
    }
    const isSeed = candidate.source === 'seed' || (candidate.source === 'browser' && candidate.expiresAt === Infinity);
    const cap = isSeed ? SEED_BACKOFF_CAP : CONTACT_BACKOFF_CAP;
    const delay = Math.round(this.#context.random.next() * Math.min(cap, BACKOFF_BASE * 2 ** Math.min(candidate.failures, 20)));
    candidate.failures++;
    candidate.state = 'idle';
    candidate.retryAt = this.#context.clock.monotonic() + delay;
    this.#context.down(candidate, code, delay);
  }
}

function subnetOfCandidate(candidate: Candidate): string {
  return subnetOf(candidate.socket, candidate.peerId ?? '');
}

/** @param expiresAt never, for a seed. */
function browserCandidate(address: BrowserAddress, expiresAt: number): Candidate {
  return { address, socket: undefined, source: 'browser', expiresAt, peerId: address.peerId, failures: 0, retryAt: 0, state: 'idle' };
}
