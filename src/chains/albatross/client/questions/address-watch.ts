import { fromHex, toHex } from '../../../../base/bytes.ts';
import type { Clock } from '../../../../base/clock.ts';
import { type PeerId, RequestError } from '../../../../engine/peers/peer-net.ts';
import { QuestionError } from '../../../../engine/questions.ts';
import type { SyncNet } from '../../sync/net.ts';
import type { AddressNotification } from '../../wire/gossip.ts';
import { providesServices, services } from '../../wire/services.ts';
import type { AddressPeers } from './address-peers.ts';

/** Peers that are asked to tell of an address: one may be silent. */
const TELLING_PEERS = 2;
/** Addresses watched at once: a node takes 250 of a peer (Albatross proofs reference, 5.5). */
const MAX_WATCHED = 250;
/** Milliseconds for which an address stays watched after a page asked for it last. */
const LEASE = 120_000;
/** Milliseconds until a peer that refused is asked again. */
const RETRY = 15_000;
/** Receipts taken from one notification: a block's share of what one client watches. */
const MAX_RECEIPTS = 64;
/** Milliseconds for the answer to a subscription. */
const ASK_TIMEOUT = 8000;

export interface AddressWatchOptions {
  readonly clock: Clock;
  readonly peers: AddressPeers;
  readonly net: () => Pick<SyncNet, 'peers' | 'request'> | undefined;
  readonly rank: (peers: readonly PeerId[]) => readonly PeerId[];
  /** Listens to the notifications that nodes send to us. */
  readonly listen: (listener: (from: PeerId, message: AddressNotification) => void) => void;
  /** This peer says that this transaction is in that block. */
  readonly said: (hash: string, height: number, peer: PeerId) => void;
  readonly signal: AbortSignal;
}

/**
 * Lets nodes tell us of transactions of the watched addresses. What they say is a claim and is proven before a page hears of it. A node forgets
 * us when the connection ends, so the subscriptions are compared with the connected peers again and again while anything is watched.
 */
export class AddressWatch {
  readonly #options: AddressWatchOptions;
  /** By hex: the address, and monotonic milliseconds until which it is watched. */
  readonly #watched = new Map<string, { readonly address: Uint8Array; until: number }>();
  /** The addresses that each peer was asked to tell of. */
  readonly #told = new Map<PeerId, Set<string>>();
  #listening = false;
  #cancel: (() => void) | undefined;
  #running = false;

  constructor(options: AddressWatchOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.#cancel?.(), { once: true });
  }

  /** Watches these addresses for two minutes more. Throws `QuestionError` `bad-argument` if there are too many. */
  watch(addresses: readonly Uint8Array[]): void {
    const { clock, listen } = this.#options;
    const until = clock.monotonic() + LEASE;
    this.#expire();
    const added = addresses.filter((address) => !this.#watched.has(toHex(address)));
    if (this.#watched.size + added.length > MAX_WATCHED) throw new QuestionError('bad-argument', { expected: `at most ${MAX_WATCHED} addresses`, came: this.#watched.size + added.length });
    for (const address of addresses) this.#watched.set(toHex(address), { address, until });
    if (!this.#listening) listen((from, { receipts }) => this.#onReceipts(from, receipts));
    this.#listening = true;
    if (added.length > 0) this.#compareSoon(0);
  }

  /** A peer has joined: it may be the first, or the second, that can tell. */
  joined(): void {
    if (this.#told.size < TELLING_PEERS && this.#watched.size > 0) this.#compareSoon(0);
  }

  /** A peer has left: it has forgotten what it was asked to tell. */
  left(peer: PeerId): void {
    if (this.#told.delete(peer) && this.#watched.size > 0) this.#compareSoon(0);
  }

  #onReceipts(from: PeerId, receipts: AddressNotification['receipts']): void {
    // Only from a peer that was asked: anybody could send such a message.
    if (!this.#told.has(from)) return;
    for (const { transactionHash, blockNumber } of receipts.slice(0, MAX_RECEIPTS)) this.#options.said(transactionHash, blockNumber, from);
  }

  #expire(): void {
    const now = this.#options.clock.monotonic();
    for (const [name, { until }] of this.#watched) if (until <= now) this.#watched.delete(name);
  }

  #compareSoon(wait: number): void {
    this.#cancel?.();
    if (this.#options.signal.aborted) return;
    this.#cancel = this.#options.clock.after(wait, () => {
      this.#cancel = undefined;
      void this.#compare();
    });
  }

  /** Subscribes what is watched and not subscribed, and ends what is no longer watched. */
  async #compare(): Promise<void> {
    if (this.#running) return this.#compareSoon(RETRY);
    this.#running = true;
    try {
      this.#expire();
      const able = this.#tellers();
      const known = this.#options.peers.of(Array.from(this.#watched.keys()));
      const chosen = able.toSorted((a, b) => Number(!this.#told.has(a)) - Number(!this.#told.has(b)) || Number(!known.has(a)) - Number(!known.has(b))).slice(0, TELLING_PEERS);
      await Promise.all(able.map((peer) => this.#ask(peer, chosen.includes(peer) ? new Set(this.#watched.keys()) : new Set())));
    } finally {
      this.#running = false;
    }
    if (this.#watched.size > 0) this.#compareSoon(RETRY);
  }

  #tellers(): readonly PeerId[] {
    const peers = this.#options.net()?.peers() ?? [];
    const joined = new Set(peers.map(({ id }) => id));
    for (const peer of this.#told.keys()) if (!joined.has(peer)) this.#told.delete(peer);
    return this.#options.rank(peers.filter((peer) => peer.witness && providesServices(peer.services, services.fullBlocks)).map(({ id }) => id));
  }

  async #ask(peer: PeerId, wanted: ReadonlySet<string>): Promise<void> {
    const told = this.#told.get(peer) ?? new Set<string>();
    const fresh = Array.from(wanted).filter((name) => !told.has(name));
    const over = Array.from(told).filter((name) => !wanted.has(name));
    if (fresh.length > 0 && (await this.#request(peer, 'subscribe', fresh))) {
      this.#options.peers.note(fresh, peer);
      this.#told.set(peer, new Set([...told, ...fresh]));
    }
    if (over.length > 0 && (await this.#request(peer, 'unsubscribe', over))) {
      const left = new Set(Array.from(this.#told.get(peer) ?? []).filter((name) => wanted.has(name)));
      if (left.size > 0) this.#told.set(peer, left);
      else this.#told.delete(peer);
    }
  }

  /** Whether the peer agreed. */
  async #request(peer: PeerId, operation: 'subscribe' | 'unsubscribe', names: readonly string[]): Promise<boolean> {
    const { net, signal } = this.#options;
    const addresses = names.map((name) => fromHex(name));
    try {
      return (await net()?.request(peer, 'subscribe', { operation, addresses }, { timeout: ASK_TIMEOUT, signal }))?.ok === true;
    } catch (error) {
      if (error instanceof RequestError || signal.aborted) return false;
      throw error;
    }
  }
}
