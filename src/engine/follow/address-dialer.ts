import type { Clock } from '../../base/clock.ts';
import { codeOf } from '../../base/coded-error.ts';
import { Deadline } from '../../base/deadline.ts';
import type { Random } from '../../base/random.ts';
import { DialLog } from '../live/dial-log.ts';
import type { ClientLog } from '../client-log.ts';
import type { DialRefusal } from '../peers/dial-refusal.ts';
import { RequestError } from '../peers/peer-net.ts';

/** Milliseconds between two dials of an address: the first wait, doubled up to the longest (HotStuff-2 reference, 4.3; Moloch reference, 5). */
const WAIT = { first: 1_000, longest: 30_000 };
/** Milliseconds that a connection must have lasted before the waits begin anew: a node that closes at once is not dialled every second. */
const LASTED = 30_000;
/** Addresses at most; more are not taken. The settings have at most 32 seeds. */
const MAX_ADDRESSES = 64;
/** Failed addresses, with none that works, after which the peers count as unreachable; or all, if there are fewer (as for Albatross). */
const MANY_FAILED = 4;
/** What chains call the same things that the status has causes for (`live/why-not-live.ts`). */
const causes: Readonly<Record<string, string>> = { 'other-network': 'wrong-genesis', 'wrong-chain': 'wrong-genesis' };

interface Address {
  readonly text: string;
  state: 'idle' | 'dialling' | 'connected' | 'waiting';
  failures: number;
  code: string | undefined;
  since: number;
  /** The connection ended before the dial was over. */
  ended: boolean;
  /** Ends the dial, or the wait before the next one. */
  cancel: (() => void) | undefined;
}

export interface AddressDialerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: ClientLog;
  readonly addresses: readonly string[];
  readonly refusal: (address: string) => DialRefusal | undefined;
  readonly isBanned: (address: string) => boolean;
  /** Connections wanted. */
  readonly wanted: () => number;
  /** Milliseconds for a connection with its handshake. */
  readonly timeout: number;
  /** Connects and takes the peer in; rejects with a coded error if that does not succeed. When the connection ends, `closed` is called. */
  readonly dial: (address: string, signal: AbortSignal) => Promise<void>;
  readonly onChange: () => void;
}

/** Keeps as many connections as are wanted to the addresses it was given. */
export class AddressDialer {
  readonly #options: AddressDialerOptions;
  readonly #dialLog: DialLog;
  readonly #ending = new AbortController();
  readonly #refused: { readonly address: string; readonly code: DialRefusal }[] = [];
  #addresses: Address[] = [];
  #started = false;

  constructor(options: AddressDialerOptions) {
    this.#options = options;
    this.#dialLog = new DialLog(options.clock, (entry) => options.log.add('peers', 'info', 'peer-not-reached', entry));
    for (const address of options.addresses) {
      const code = this.add(address);
      if (code === undefined || code === 'full' || code === 'known') continue;
      this.#refused.push({ address, code });
      options.log.add('peers', 'warning', 'seed-unusable', { address, reason: code });
    }
  }

  /** Addresses that were given, and those of them that are never dialled. */
  get seeds(): { readonly count: number; readonly refused: readonly { readonly address: string; readonly code: DialRefusal }[] } {
    return { count: this.#addresses.length + this.#refused.length, refused: this.#refused };
  }

  /** How the last dials to the addresses ended, as codes, and how many are under way. */
  get dials(): { readonly failed: readonly string[]; readonly underWay: number } {
    const failed = this.#addresses.flatMap(({ text, code }) => (this.#options.isBanned(text) ? ['banned'] : code === undefined ? [] : [causes[code] ?? code]));
    return { failed, underWay: this.dialled.length };
  }

  /** Addresses that are being dialled. */
  get dialled(): readonly string[] {
    return this.#addresses.filter(({ state }) => state === 'dialling').map(({ text }) => text);
  }

  /** Dials fail, and no address is connected. */
  get unreachable(): boolean {
    const failed = this.#addresses.filter(({ text, failures }) => failures > 0 || this.#options.isBanned(text)).length;
    return failed > 0 && failed >= Math.min(MANY_FAILED, this.#addresses.length) && !this.#addresses.some(({ state }) => state === 'connected');
  }

  start(): void {
    this.#started = true;
    this.review();
  }

  /** Adds an address. Why it is not taken: a refusal, `known`, or `full`. */
  add(text: string): DialRefusal | 'known' | 'full' | undefined {
    const code = this.#options.refusal(text);
    if (code !== undefined) return code;
    if (this.#addresses.some((address) => address.text === text)) return 'known';
    if (this.#addresses.length >= MAX_ADDRESSES) return 'full';
    this.#addresses.push({ text, state: 'idle', failures: 0, code: undefined, since: 0, ended: false, cancel: undefined });
    this.review();
    return undefined;
  }

  /** Forgets an address and aborts a dial to it; a connection to it is the caller's to close. False if it is unknown. */
  remove(text: string): boolean {
    const known = this.#addresses.find((address) => address.text === text);
    known?.cancel?.();
    this.#addresses = this.#addresses.filter((address) => address !== known);
    return known !== undefined;
  }

  /** Dials until there are as many connections as wanted. Called when more are wanted, too. */
  review(): void {
    if (!this.#started || this.#ending.signal.aborted) return;
    const { wanted, isBanned } = this.#options;
    let busy = this.#addresses.filter(({ state }) => state === 'dialling' || state === 'connected').length;
    for (const address of this.#addresses) {
      if (busy >= wanted()) return;
      if (address.state !== 'idle' || isBanned(address.text)) continue;
      busy++;
      void this.#dial(address);
    }
  }

  /** The machine woke up, or is online again: no address waits any longer. */
  retryNow(): void {
    for (const address of this.#addresses.filter(({ state }) => state === 'waiting')) {
      address.cancel?.();
      address.state = 'idle';
    }
    this.review();
  }

  /** The connection to an address has ended. */
  closed(text: string): void {
    const address = this.#addresses.find((known) => known.text === text);
    if (address?.state === 'dialling') address.ended = true;
    if (address?.state !== 'connected') return;
    if (this.#options.clock.monotonic() - address.since >= LASTED) address.failures = 0;
    this.#later(address);
    this.review();
  }

  stop(reason: Error): void {
    this.#ending.abort(reason);
    for (const address of this.#addresses) address.cancel?.();
  }

  async #dial(address: Address): Promise<void> {
    const { clock, timeout, dial, onChange } = this.#options;
    address.state = 'dialling';
    address.ended = false;
    onChange();
    const deadline = new Deadline(clock, timeout, this.#ending.signal, () => new RequestError('timeout', `no connection within ${timeout} ms`));
    address.cancel = () => deadline.abort(new RequestError('disconnected', 'the address was removed'));
    try {
      // A chain may ignore the signal; then the connection that it brings later is closed by `dial`.
      await deadline.race(dial(address.text, deadline.signal));
      if (address.ended) throw new RequestError('disconnected', 'closed at once');
      address.state = 'connected';
      address.cancel = undefined;
      address.code = undefined;
      address.since = clock.monotonic();
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      if (this.#addresses.includes(address)) {
        address.code = codeOf(error);
        this.#dialLog.failed({ address: address.text, code: address.code });
        this.#later(address);
      }
    } finally {
      deadline.clear();
    }
    onChange();
    this.review();
  }

  /** Waits before the next dial: half of the time for certain, the rest by chance, so that clients that lost a node do not come back together. */
  #later(address: Address): void {
    const { clock, random } = this.#options;
    const longest = Math.min(WAIT.longest, WAIT.first * 2 ** Math.min(address.failures, 16));
    address.failures++;
    address.state = 'waiting';
    if (this.#ending.signal.aborted) return;
    address.cancel = clock.after((longest / 2) * (1 + random.next()), () => {
      address.state = 'idle';
      this.review();
    });
  }
}
