import type { Clock } from '../../../../base/clock.ts';
import type { Tasks } from '../../../../base/tasks.ts';
import type { LightChain } from '../../chain/light-chain.ts';
import type { Head } from '../../wire/requests.ts';
import type { Block } from '../../wire/types.ts';
import type { Hash } from '../../../../base/hash.ts';
import { withTimeout } from '../../../../base/with-timeout.ts';
import { AskError } from '../ask/asker.ts';
import type { Asker } from '../ask/asker.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';

/** Maximum number of peers asked for one head in a round, among those that named it. */
const maxAskedForHead = 4;
/** Milliseconds for which only one peer is asked for a head. */
const headPatience = 2000;

export interface HeadRoundsOptions {
  readonly chain: Pick<LightChain, 'has'>;
  readonly asker: Pick<Asker, 'head' | 'block'>;
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
 * fetched by hash and go into the live queue, which makes up for announcements that never arrived. A peer that does not give the head it
 * named does not delay the next peer that named it. Albatross block reference, section 7.
 */
export class HeadRounds {
  readonly #options: HeadRoundsOptions;
  #running = false;
  #again = false;
  /** Number of heads in a row that a peer named but did not give. */
  readonly #withheld = new Map<PeerId, number>();
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
    const { chain, asker, live, onHead, onSilence, onRound } = this.#options;
    const peers = live();
    if (peers.length === 0) return;
    for (const peer of this.#withheld.keys()) if (!peers.includes(peer)) this.#withheld.delete(peer);
    let known = 0;
    let unknown = 0;
    const namers = new Map<Hash, PeerId[]>();
    await Promise.all(
      peers.map(async (peer) => {
        let head: Head;
        try {
          head = await asker.head(peer, signal);
        } catch (error) {
          signal.throwIfAborted();
          if (!(error instanceof AskError)) throw error;
          onSilence(peer);
          return;
        }
        const fits = onHead(peer, head);
        if (chain.has(head.blockHash)) {
          known += 1;
          return;
        }
        unknown += 1;
        if (!fits) return;
        const others = namers.get(head.blockHash);
        if (others) {
          others.push(peer);
          return;
        }
        const own = [peer];
        namers.set(head.blockHash, own);
        await this.#fetch(head.blockHash, own, signal);
      }),
    );
    onRound(known, unknown);
  }

  /** `namers` grows during the round. */
  async #fetch(hash: Hash, namers: readonly PeerId[], signal: AbortSignal): Promise<void> {
    const { chain, clock } = this.#options;
    const asked = new Set<PeerId>();
    while (asked.size < maxAskedForHead && !chain.has(hash)) {
      const next = namers.filter((peer) => !asked.has(peer)).toSorted((a, b) => (this.#withheld.get(a) ?? 0) - (this.#withheld.get(b) ?? 0))[0];
      if (next === undefined) return;
      asked.add(next);
      if (await withTimeout(clock, headPatience, this.#ask(next, hash, signal))) return;
    }
  }

  async #ask(peer: PeerId, hash: Hash, signal: AbortSignal): Promise<boolean> {
    const { asker, onBlock } = this.#options;
    try {
      const block = await asker.block(peer, hash, signal);
      this.#withheld.delete(peer);
      onBlock(peer, block);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AskError)) throw error;
      this.#withheld.set(peer, (this.#withheld.get(peer) ?? 0) + 1);
      return false;
    }
  }
}
