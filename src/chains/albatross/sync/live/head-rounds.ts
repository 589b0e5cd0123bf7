import type { Clock } from '../../../../base/clock.ts';
import type { Tasks } from '../../../../base/tasks.ts';
import type { LightChain } from '../../chain/light-chain.ts';
import type { Head } from '../../wire/requests.ts';
import type { Block } from '../../wire/types.ts';
import type { Hash } from '../../../../base/hash.ts';
import { withTimeout } from '../../../../base/with-timeout.ts';
import { askBeside } from '../../../../engine/fetch/ask-beside.ts';
import { awaitMost } from '../../../../engine/fetch/gathering.ts';
import { AskError } from '../ask/asker.ts';
import type { Asker } from '../ask/asker.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';

/** Maximum number of peers asked for one head, and at the same time, among those that named it. A head has some hundred bytes. */
const maxAskedForHead = 8;
/** Heads asked of one peer at a time: one that is silent, and the next one that it names. */
const maxHeadsOfPeer = 2;

export interface HeadRoundsOptions {
  readonly chain: Pick<LightChain, 'has'>;
  readonly asker: Pick<Asker, 'head' | 'block' | 'patience' | 'wasSilent'>;
  readonly clock: Clock;
  readonly tasks: Tasks;
  /** Milliseconds without progress after which the next round starts. */
  readonly interval: number;
  readonly live: () => readonly PeerId[];
  /** Handles a peer's answer. Returns false if the peer does not fit the live sync and its head must not be fetched. */
  readonly onHead: (peer: PeerId, head: Head) => boolean;
  readonly onSilence: (peer: PeerId) => void;
  /** Receives a head that we did not know. */
  readonly onBlock: (peer: PeerId, block: Block) => void;
  readonly onRound: (known: number, unknown: number) => void;
}

/**
 * Asks all live peers for their heads, at once when told to and then whenever the chain has not moved for `interval`. Unknown heads are
 * fetched by hash and go into the live queue, which makes up for announcements that never arrived. A silent peer delays neither the round
 * nor the next peer that named the same head: the round ends when the others have answered. Albatross block reference, section 7.
 */
export class HeadRounds {
  readonly #options: HeadRoundsOptions;
  #running = false;
  #again = false;
  /** Number of heads in a row that a peer named but did not give. */
  readonly #withheld = new Map<PeerId, number>();
  /** Peers that have not answered yet what their head is. They are not asked again meanwhile. */
  readonly #asking = new Set<PeerId>();
  /** The heads that are being fetched, with the peers that named each. */
  readonly #fetching = new Map<Hash, { readonly namers: PeerId[]; readonly over: Promise<void> }>();
  /** The heads that were fetched in this round. They may still wait for their parents. */
  readonly #given = new Set<Hash>();
  /** Heads named by peers that were silent lately, for the end of the round. */
  readonly #deferred: { readonly hash: Hash; readonly peer: PeerId }[] = [];
  /** Number of heads that each peer is being asked for. */
  readonly #open = new Map<PeerId, number>();
  #cancelTimer: (() => void) | undefined;

  constructor(options: HeadRoundsOptions) {
    this.#options = options;
  }

  /** Starts a round now, or right after the running one. */
  start(): void {
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    this.#cancelTimer?.();
    this.#options.tasks.run(async (signal) => {
      try {
        await this.#round(signal);
      } finally {
        this.#running = false;
      }
      if (this.#again) {
        this.#again = false;
        this.start();
      } else this.#schedule();
    });
  }

  /** The chain has moved by itself, so the next round can wait. */
  progress(): void {
    if (!this.#running) this.#schedule();
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #schedule(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#options.clock.after(this.#options.interval, () => this.start());
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { asker, clock, live, onRound } = this.#options;
    const peers = live();
    for (const peer of this.#withheld.keys()) if (!peers.includes(peer)) this.#withheld.delete(peer);
    const free = peers.filter((peer) => !this.#asking.has(peer));
    if (free.length === 0) return;
    this.#given.clear();
    const heard = { known: 0, unknown: 0 };
    const questions = free.map((peer) => this.#hear(peer, heard, signal));
    await awaitMost(clock, () => asker.patience, questions, (answered) => answered);
    for (const { hash, peer } of this.#deferred.splice(0)) this.#want(hash, peer);
    onRound(heard.known, heard.unknown);
    // The next round needs the heads that are being given; it does not wait for peers that keep theirs back.
    await withTimeout(clock, asker.patience, Promise.all(Array.from(this.#fetching.values(), ({ over }) => over)));
    signal.throwIfAborted();
  }

  /** Asks a peer for its head, and has that fetched if we lack it. Resolves with whether the peer answered. */
  async #hear(peer: PeerId, heard: { known: number; unknown: number }, signal: AbortSignal): Promise<boolean> {
    const { chain, asker, onHead, onSilence } = this.#options;
    let head: Head;
    this.#asking.add(peer);
    try {
      head = await asker.head(peer, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AskError)) throw error;
      onSilence(peer);
      return false;
    } finally {
      this.#asking.delete(peer);
    }
    const fits = onHead(peer, head);
    if (chain.has(head.blockHash)) {
      heard.known += 1;
      return true;
    }
    heard.unknown += 1;
    if (!fits) return true;
    // Another peer that names the same head is asked rather than one that was silent lately.
    if (asker.wasSilent(peer)) this.#deferred.push({ hash: head.blockHash, peer });
    else this.#want(head.blockHash, peer);
    return true;
  }

  /** The head that the peer named is fetched from it, or from another peer that named it. */
  #want(hash: Hash, peer: PeerId): void {
    const { chain, tasks } = this.#options;
    const namers = this.#fetching.get(hash)?.namers ?? [];
    if (!namers.includes(peer)) namers.push(peer);
    if (this.#fetching.has(hash) || this.#given.has(hash) || chain.has(hash)) return;
    const over = new Promise<void>((resolve) => {
      tasks.run(async (signal) => {
        try {
          await this.#fetch(hash, namers, signal);
        } finally {
          this.#fetching.delete(hash);
          resolve();
        }
      });
    });
    this.#fetching.set(hash, { namers, over });
  }

  /** Asks the peers that name the head, one beside the other. `namers` may grow meanwhile. */
  async #fetch(hash: Hash, namers: readonly PeerId[], signal: AbortSignal): Promise<void> {
    const { chain, clock, asker, onBlock } = this.#options;
    const asked = new Set<PeerId>();
    const place = (peer: PeerId) => (this.#withheld.get(peer) ?? 0) + Number(asker.wasSilent(peer));
    const next = (): PeerId | undefined => {
      if (asked.size >= maxAskedForHead || chain.has(hash)) return undefined;
      const free = namers.filter((peer) => !asked.has(peer) && (this.#open.get(peer) ?? 0) < maxHeadsOfPeer);
      const peer = free.toSorted((a, b) => place(a) - place(b))[0];
      if (peer !== undefined) asked.add(peer);
      return peer;
    };
    const ask = (peer: PeerId, own: AbortSignal) => this.#ask(peer, hash, own);
    // The more peers are silent, the less patience the next ones deserve.
    const patience = (asking: number) => asker.patience / (asking > 1 ? 2 : 1);
    for await (const { peer, answer } of askBeside({ clock, next, ask, signal, most: maxAskedForHead, patience })) {
      if (!answer) continue;
      this.#given.add(hash);
      onBlock(peer, answer);
      return;
    }
  }

  async #ask(peer: PeerId, hash: Hash, signal: AbortSignal): Promise<Block | undefined> {
    this.#open.set(peer, (this.#open.get(peer) ?? 0) + 1);
    try {
      const block = await this.#options.asker.block(peer, hash, signal);
      this.#withheld.delete(peer);
      return block;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AskError)) throw error;
      this.#withheld.set(peer, (this.#withheld.get(peer) ?? 0) + 1);
      return undefined;
    } finally {
      const left = (this.#open.get(peer) ?? 1) - 1;
      if (left > 0) this.#open.set(peer, left);
      else this.#open.delete(peer);
    }
  }
}
