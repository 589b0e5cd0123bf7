import { banKeyOf, rangeOf } from '../addresses.ts';
import type { BanList } from '../ban-list.ts';
import { KnownAddresses } from './known-addresses.ts';
import type { AddressContext, ToldBrowser } from './known-addresses.ts';
import { nextDial } from './next-dial.ts';
import { isOurs, isSeed, subnetOfCandidate } from './dial-candidate.ts';
import type { Candidate } from './dial-candidate.ts';
import { fullRanges } from './range-share.ts';

/** Quick dials (younger than `STAGGER`) at the same time; the official web client's number of initial connections (Albatross network reference, 1.7). */
const PARALLEL_DIALS = 4;
/**
 * Milliseconds after which a WebSocket dial counts as slow and the next address is dialled beside it. This is two round trips around the
 * world; a reachable peer has answered the first by then.
 */
const STAGGER = 300;
/** Upper bound of WebSocket dials under way, slow ones included. */
export const MAX_OPENING = 16;
/** Milliseconds after which a slow dial is given up, at the bound above, for an address that was never tried: four times `STAGGER`. */
const GIVE_WAY = 1200;
/** Milliseconds. Back-off is random in [0, base * 2^failures), at most the cap of the address's kind ("full jitter"). */
const BACKOFF_BASE = 1000;
/** Milliseconds. Seeds are few and we depend on them: after an outage they are back within half a minute. */
const SEED_BACKOFF_CAP = 30_000;
/** Milliseconds; the official nodes leave a failed address alone for as long (Albatross network reference, 1.7). */
const CONTACT_BACKOFF_CAP = 600_000;
/** Milliseconds after which a connected peer that has not joined is slow: others are dialled beside it. Joining takes three round trips. */
const JOIN_STAGGER = 1000;
/** At most this many peers that are slow to join are left out of the count, so that others are dialled beside them. */
const MAX_ARRIVING = 16;
/** A connection that held this many milliseconds wipes out its address's failures. */
const STABLE_AFTER = 30_000;
/** Milliseconds for which an address is kept where a connection held, once no contact names it any longer. */
const KEPT_AFTER_HELD = 3_600_000;
/** WebSocket peers to keep where any can be dialled, however many browsers there are. Without them the closing of tabs could leave us without peers. */
const MIN_SOCKETS = 2;

export interface ConnectedPeer {
  readonly subnet: string;
  readonly browser?: boolean;
  /** Monotonic milliseconds; undefined once it has joined. */
  readonly arrivingSince?: number;
}

export interface DialerContext extends AddressContext {
  /** Operators of seeds, by address. */
  readonly operators?: ReadonlyMap<string, string> | undefined;
  /** The initial number; see `want`. */
  readonly desiredPeers: number;
  readonly bans: BanList;
  /** Distinct peers with an open connection. */
  connected(): ReadonlyMap<string, ConnectedPeer>;
  /** Dials; resolves with the peer's id when the connection stands. Rejects with any error that has a `code`, and `peer` if a peer proved its id there. */
  dial(candidate: Candidate, signal: AbortSignal): Promise<string>;
  dialing(candidate: Candidate): void;
  /** `dial`: a dial failed or was given up; else a connection was lost. */
  down(candidate: Candidate, code: string, retryInMs: number, dial: boolean): void;
  /** Enough peers have joined: closes, as `surplus`, the connections dialled by WebSocket that have not joined yet. */
  endArriving(): void;
}

/** Keeps the wanted number of connections: decides which address to dial, and when to retry. */
export class Dialer {
  readonly #context: DialerContext;
  readonly #addresses: KnownAddresses;
  #desired: number;
  #cancelTimer: (() => void) | undefined;
  #running = false;

  constructor(context: DialerContext) {
    this.#context = context;
    this.#addresses = new KnownAddresses(context);
    this.#desired = context.desiredPeers;
  }

  /** Changes the number of wanted peers. Surplus peers stay connected. */
  want(desired: number): void {
    this.#desired = desired;
    this.fill();
  }

  start(): void {
    this.#running = true;
    this.#addresses.start();
    this.fill();
  }

  stop(): void {
    this.#running = false;
    this.#setAlarm(Infinity);
    for (const { dial } of this.#inState('dialing')) dial?.abort.abort();
  }

  /** Takes over the browser addresses that Petrel clients report. */
  addBrowsers(told: readonly ToldBrowser[]): void {
    if (!this.#running) return;
    this.#addresses.addBrowsers(told);
    this.fill();
  }

  /** The network seems to be back: ends every back-off. Bans stay. */
  retryNow(): void {
    for (const candidate of this.#addresses.all()) candidate.retryAt = Math.min(candidate.retryAt, this.#context.clock.monotonic());
    this.fill();
  }

  /** The peer's ban was lifted: it is dialled as if it had never been banned. */
  pardoned(peer: string): void {
    for (const candidate of this.#addresses.all()) {
      if (candidate.seen !== peer) continue;
      candidate.failures = 0;
      candidate.retryAt = Math.min(candidate.retryAt, this.#context.clock.monotonic());
    }
    this.fill();
  }

  /** When the candidate may be dialled, on the monotonic clock. */
  #eligibleAt(candidate: Candidate): number {
    const { bans } = this.#context;
    const byAddress = candidate.socket === undefined ? 0 : (bans.get(banKeyOf(candidate.socket))?.until ?? 0);
    const byPeer = candidate.seen === undefined ? 0 : (bans.get(candidate.seen)?.until ?? 0);
    return Math.max(candidate.retryAt, byAddress, byPeer);
  }

  /**
   * Dials as many addresses as are wanted and allowed now, and sets a timer for the next address that may be dialled. A slow dial does not
   * block others: the next address is dialled beside it, up to `MAX_OPENING` WebSocket dials. When enough peers are connected, the
   * remaining dials are given up.
   */
  fill(): void {
    if (!this.#running) return;
    this.#setAlarm(Infinity);
    this.#addresses.readBook();
    this.#endSurplus();
    for (;;) {
      const next = this.#next();
      if (typeof next === 'number') {
        this.#setAlarm(next);
        return;
      }
      void this.#dial(next);
    }
  }

  /** @param at monotonic milliseconds. */
  #setAlarm(at: number): void {
    this.#cancelTimer?.();
    const wait = Math.max(1, Math.ceil(at - this.#context.clock.monotonic()));
    this.#cancelTimer = Number.isFinite(at) ? this.#context.clock.after(wait, () => this.fill()) : undefined;
  }

  #inState(state: Candidate['state']): readonly Candidate[] {
    return this.#addresses.all().filter((candidate) => candidate.state === state);
  }

  /**
   * When enough peers are connected, gives up the remaining WebSocket dials. When enough have joined, also closes connections that have not
   * joined. Neither counts as a failure.
   */
  #endSurplus(): void {
    const connected = Array.from(this.#context.connected().values());
    const none: readonly Candidate[] = [];
    if (this.#room(connected.filter((peer) => !this.#isSlowToJoin(peer)), none).sockets) return;
    for (const candidate of this.#inState('dialing')) if (candidate.socket !== undefined) this.#endDial(candidate, 'surplus');
    if (!this.#room(connected.filter(({ arrivingSince }) => arrivingSince === undefined), none).sockets) this.#context.endArriving();
  }

  #isSlowToJoin({ arrivingSince = Infinity }: ConnectedPeer): boolean {
    return this.#context.clock.monotonic() - arrivingSince >= JOIN_STAGGER;
  }

  #endDial(candidate: Candidate, code: 'surplus' | 'dial-timeout'): void {
    candidate.dial?.abort.abort();
    this.#back(candidate, code);
  }

  /** The candidate to dial now; else the time to look again, in monotonic milliseconds. */
  #next(): Candidate | number {
    const { random, operators } = this.#context;
    const now = this.#context.clock.monotonic();
    const connected = this.#context.connected();
    const underWay = this.#inState('dialing');
    const sockets = underWay.filter(({ socket }) => socket !== undefined);
    const isSlow = (candidate: Candidate) => now - startOf(candidate) >= STAGGER;
    const quick = underWay.filter((candidate) => candidate.socket === undefined || !isSlow(candidate));
    const arriving = Array.from(connected.values()).filter(({ arrivingSince }) => arrivingSince !== undefined);
    const slowToJoin = arriving.filter((peer) => this.#isSlowToJoin(peer)).slice(0, MAX_ARRIVING);
    const room = this.#room(Array.from(connected.values()).filter((peer) => !slowToJoin.includes(peer)), quick);
    // Calls to browsers may take long. They have their own limit, so they never use up a WebSocket's place.
    const mayDial = { sockets: room.sockets && sockets.filter((candidate) => !isSlow(candidate)).length < PARALLEL_DIALS, browsers: room.browsers && underWay.length - sockets.length < PARALLEL_DIALS };
    const busy = new Set([...connected.keys(), ...underWay.flatMap(({ source, seen }) => (source === 'browser' && seen !== undefined ? [seen] : []))]);
    const idle = this.#inState('idle').filter(({ seen }) => seen === undefined || !busy.has(seen));
    // Slow dials count too: the bound of a range must hold however they end. If a range is full, the loss of one of its peers makes room
    // and calls `fill` again.
    const full = fullRanges([...Array.from(connected.values(), ({ subnet }) => subnet), ...underWay.map((candidate) => subnetOfCandidate(candidate, operators))], this.#desired);
    const open = idle.filter((candidate) => !full.has(rangeOf(subnetOfCandidate(candidate, operators))));
    const ready = open.filter((candidate) => this.#eligibleAt(candidate) <= now);
    const slower = open.some(({ socket }) => socket !== undefined)
      ? [...sockets.flatMap((candidate) => [startOf(candidate) + STAGGER, startOf(candidate) + GIVE_WAY]), ...arriving.map(({ arrivingSince = 0 }) => arrivingSince + JOIN_STAGGER)]
      : [];
    const wanted = open.filter(({ socket }) => (socket === undefined ? mayDial.browsers : mayDial.sockets));
    const wake = Math.min(...[...slower, ...wanted.map((candidate) => this.#eligibleAt(candidate))].filter((at) => at > now));
    const inUse = [...underWay, ...this.#inState('connected')];
    const choose = (among: readonly Candidate[]) => nextDial({ random, operators, ready: among, inUse, connected });
    const browser = mayDial.browsers ? choose(ready.filter(({ socket }) => socket === undefined)) : undefined;
    const socket = mayDial.sockets ? choose(ready.filter((candidate) => candidate.socket !== undefined)) : undefined;
    if (browser && (room.browsersFirst || !socket)) return browser;
    if (!socket) return wake;
    if (sockets.length < MAX_OPENING) return socket;
    const giving = this.#givesWay(sockets, ready);
    if (!giving) return wake;
    this.#endDial(giving.dial, 'dial-timeout');
    return giving.to;
  }

  /**
   * At the bound: the dial to give up because it has been slow for long, and the untried address that takes its place. A dial to a seed or
   * a remembered address gives way only to another such address.
   */
  #givesWay(sockets: readonly Candidate[], ready: readonly Candidate[]): { readonly dial: Candidate; readonly to: Candidate } | undefined {
    const now = this.#context.clock.monotonic();
    const untried = ready.filter(({ socket, failures }) => socket !== undefined && failures === 0);
    const choose = (among: readonly Candidate[]) => nextDial({ random: this.#context.random, operators: this.#context.operators, ready: among, inUse: [], connected: this.#context.connected() });
    const longest = sockets.filter((candidate) => now - startOf(candidate) >= GIVE_WAY).toSorted((a, b) => startOf(a) - startOf(b));
    for (const dial of longest) {
      const to = choose(untried.filter((candidate) => isOurs(candidate) || !isOurs(dial)));
      if (to) return { dial, to };
    }
    return undefined;
  }

  /**
   * Whether more peers of a kind are to be dialled. Browsers make up at most half of the wanted peers, and leave two places to WebSockets
   * if there is any to dial; inbound browsers count for no more than that half. WebSockets come first: consensus must not wait for a
   * browser.
   */
  #room(connected: Iterable<{ readonly browser?: boolean }>, underWay: readonly Candidate[]): { readonly sockets: boolean; readonly browsers: boolean; readonly browsersFirst: boolean } {
    const desired = this.#desired;
    const isBrowser = [...Array.from(connected, ({ browser = false }) => browser), ...underWay.map(({ socket }) => socket === undefined)];
    const browsers = isBrowser.filter(Boolean).length;
    const sockets = isBrowser.length - browsers;
    const anySocket = this.#addresses.all().some(({ socket, state }) => socket !== undefined && state !== 'unusable');
    const most = anySocket ? Math.max(0, Math.min(Math.floor(desired / 2), desired - MIN_SOCKETS)) : Math.ceil(desired / 2);
    return { sockets: sockets + Math.min(browsers, most) < desired, browsers: isBrowser.length < desired && browsers < most, browsersFirst: sockets >= desired - most };
  }

  async #dial(candidate: Candidate): Promise<void> {
    const dial = { startedAt: this.#context.clock.monotonic(), abort: new AbortController() };
    candidate.state = 'dialing';
    candidate.dial = dial;
    this.#context.dialing(candidate);
    try {
      candidate.seen = await this.#context.dial(candidate, dial.abort.signal);
      this.#connected(candidate, dial);
    } catch (error) {
      const { code, peer } = error as { readonly code?: unknown; readonly peer?: unknown };
      if (typeof peer === 'string') candidate.seen = peer;
      if (candidate.dial === dial) this.#back(candidate, typeof code === 'string' ? code : 'dial-failed');
    }
    this.fill();
  }

  #connected(candidate: Candidate, dial: Candidate['dial']): void {
    const stands = this.#context.connected().has(candidate.seen ?? '');
    // The connection may have been lost before the dial resolved; `lost` has then put the candidate back already. Or the dial was given up
    // and connected all the same.
    if (candidate.dial === dial || (candidate.state === 'idle' && stands)) {
      candidate.state = stands ? 'connected' : 'idle';
      candidate.dial = undefined;
    }
  }

  /** An outbound connection, dialled to `text`, is gone after `heldMs`. Counts as failure of the address unless it held. */
  lost(text: string, code: string, heldMs: number): void {
    const candidate = this.#addresses.get(text);
    if (candidate === undefined || candidate.state === 'idle' || candidate.state === 'unusable') return;
    if (heldMs >= STABLE_AFTER) {
      candidate.failures = 0;
      if (candidate.source === 'contact') candidate.keptUntil = this.#context.clock.monotonic() + KEPT_AFTER_HELD;
    }
    this.#back(candidate, code);
  }

  #back(candidate: Candidate, code: string): void {
    const dial = candidate.state === 'dialing';
    candidate.dial = undefined;
    if (code === 'own-address') {
      candidate.state = 'unusable';
      return;
    }
    // The peer is connected by another address already. This is not a failure, and the address is not needed until that connection is gone.
    if (code === 'duplicate') {
      candidate.state = 'idle';
      candidate.retryAt = this.#context.clock.monotonic() + BACKOFF_BASE;
      return;
    }
    if (code === 'surplus') {
      candidate.state = 'idle';
      this.#context.down(candidate, code, 0, dial);
      return;
    }
    const cap = isSeed(candidate) ? SEED_BACKOFF_CAP : CONTACT_BACKOFF_CAP;
    const delay = Math.round(this.#context.random.next() * Math.min(cap, BACKOFF_BASE * 2 ** Math.min(candidate.failures, 20)));
    candidate.failures++;
    candidate.state = 'idle';
    candidate.retryAt = this.#context.clock.monotonic() + delay;
    this.#context.down(candidate, code, delay, dial);
  }
}

function startOf({ dial }: Candidate): number {
  return dial?.startedAt ?? 0;
}
