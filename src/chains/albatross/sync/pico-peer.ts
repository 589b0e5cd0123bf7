import type { PeerId } from '../../../engine/peers/peer-net.ts';
import type { SyncPeer } from './net.ts';

/**
 * Where a peer is in pico macro sync:
 * - `asking`: its head is being asked for and compared;
 * - `witness`: it has named an election block, and we wait until enough other peers have;
 * - `ahead`: it has final blocks that we lack and is asked for them;
 * - `live`: Good, it takes part in the live sync;
 * - `outdated`: behind us; asked again later;
 * - `incompatible`: lacks a service we need; asked again later, and live when its head fits ours;
 * - `conflicting`: contradicts what we hold as final; verification from genesis decides;
 * - `aside`: has sent what breaks a rule, as have other peers: the error may be ours (`self-doubt.ts`). It is not heard, asked or counted;
 * - `banned`: has lied; `gone`: has left.
 */
export type PicoState = 'asking' | 'witness' | 'ahead' | 'live' | 'outdated' | 'incompatible' | 'conflicting' | 'aside' | 'banned' | 'gone';

/** Which states may follow which. */
const transitions: Readonly<Record<PicoState, readonly PicoState[]>> = {
  asking: ['asking', 'witness', 'ahead', 'live', 'outdated', 'incompatible', 'conflicting', 'aside', 'banned', 'gone'],
  witness: ['asking', 'aside', 'banned', 'gone'],
  ahead: ['asking', 'conflicting', 'aside', 'banned', 'gone'],
  // A live peer stays live while it is asked again.
  live: ['asking', 'live', 'ahead', 'outdated', 'incompatible', 'conflicting', 'aside', 'banned', 'gone'],
  outdated: ['asking', 'conflicting', 'aside', 'banned', 'gone'],
  incompatible: ['asking', 'aside', 'banned', 'gone'],
  conflicting: ['asking', 'aside', 'banned', 'gone'],
  // Only `readmit` also leads out of `aside`: no other task that began before brings the peer back.
  aside: ['banned', 'gone'],
  banned: ['gone'],
  gone: [],
};

/** A coded reason for a state, for display. */
export interface StateReason {
  readonly code: string;
  readonly data: Readonly<Record<string, string | number>>;
}

/** How a peer contradicts our chain. Which of the two is wrong is not known yet. */
export interface Accusation {
  /**
   * `other-hash`: has another block at a height that is final for us; `unknown-anchor`: is further than we are and knows none of our macro
   * blocks; `failed-check`: its next macro block breaks a rule on top of our chain.
   */
  readonly kind: 'other-hash' | 'unknown-anchor' | 'failed-check';
  readonly code: string;
  readonly evidence: Readonly<Record<string, string | number>>;
}

/** One peer in pico macro sync. */
export class PicoPeer {
  readonly peer: SyncPeer;
  readonly #onChange: (peer: PicoPeer) => void;
  #controller = new AbortController();
  #state: PicoState = 'asking';
  #reason: StateReason | undefined;
  /** The newest head number that it stated. */
  height: number | undefined;
  /** It named a final block of ours above genesis. */
  confirms = false;
  /** It was behind us when it last stated its head, and named no block of ours. */
  unrelated = false;
  accusation: Accusation | undefined;
  /** Its head is being asked for right now. */
  busy = false;
  /** It must be asked once more after the current question, because the situation has changed. */
  again = false;
  /** Monotonic milliseconds when it was last asked for its head. */
  askedAt = -Infinity;
  /** Number of requests in a row that it left unanswered. */
  silences = 0;
  /** Number of times in a row that it claimed to be ahead but gave nothing. */
  fruitless = 0;

  constructor(peer: SyncPeer, onChange: (peer: PicoPeer) => void) {
    this.peer = peer;
    this.#onChange = onChange;
  }

  get id(): PeerId {
    return this.peer.id;
  }

  get state(): PicoState {
    return this.#state;
  }

  get reason(): StateReason | undefined {
    return this.#reason;
  }

  /** Aborts when the peer is gone, banned or kept aside. When the peer is heard again, it gets a new signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Changes the state, if that transition exists; returns whether it does. */
  move(state: PicoState, reason?: StateReason): boolean {
    if (!transitions[this.#state].includes(state)) return false;
    if (state === 'live' && this.#state === 'live') return true;
    this.#state = state;
    this.#reason = reason;
    if (state === 'asking') this.accusation = undefined;
    if (state === 'gone' || state === 'banned' || state === 'aside') this.#controller.abort(new Error(`peer ${state}`));
    this.#onChange(this);
    return true;
  }

  /** From `aside` back to `asking`; returns whether it was aside. */
  readmit(): boolean {
    if (this.#state !== 'aside') return false;
    this.#controller = new AbortController();
    this.#state = 'asking';
    this.#reason = undefined;
    this.accusation = undefined;
    this.confirms = false;
    this.unrelated = false;
    this.again = false;
    this.silences = 0;
    this.fruitless = 0;
    this.#onChange(this);
    return true;
  }
}
