import type { Clock } from '../../base/clock.ts';
import { Deadline } from '../../base/deadline.ts';
import { RequestError } from '../peers/peer-net.ts';
import type { Fault, Item } from '../sync/sync-chain.ts';
import { finalOf } from '../sync/prove-target.ts';
import { PeerFault } from '../sync/sync-peer.ts';
import type { ChainPeer, FollowedChain } from './followed-chain.ts';

/** Requests for one gap at most: a node may send fewer blocks than asked. */
const MAX_REQUESTS = 8;
/** Milliseconds for all that close one gap: everything that other peers announce waits for it. A small gap takes a second on a slow line. */
const PATIENCE = 5_000;
/** Milliseconds for which a peer that gave no answer is not asked again here: it must not hold up the others. */
const REST = 30_000;
/** Milliseconds until claims that stayed above our head are looked at again, first, and doubled up to the longest: no block may be announced that would bring them up. */
const AGAIN = { first: 5_000, longest: 60_000 };

export interface CatchUpPeers<B> {
  readonly peer: (id: string) => ChainPeer<B> | undefined;
  readonly peers: () => readonly ChainPeer<B>[];
  /** A peer broke a rule. */
  readonly fault: (peer: string, fault: Fault) => void;
  /** A peer was asked to prove its claim, and proved no more than this height. */
  readonly asked: (peer: string, claimed: number, proven: number) => void;
}

export interface CatchUpOptions<B> extends CatchUpPeers<B> {
  readonly chain: Pick<FollowedChain<B, unknown>, 'tip' | 'head'>;
  readonly clock: Clock;
  readonly maxBehindBlocks: number;
  readonly headersOnly: boolean;
  /** Milliseconds for a proof. Nothing waits for it. */
  readonly proofTime: number;
  /** Gives a block to the chain, and acts on what comes of it. False: no more of this peer's. */
  readonly push: (peer: string, item: Item<B>) => Promise<boolean>;
  /** A peer has proven that we are too far behind, or on a branch that it cannot continue. */
  readonly far: () => void;
  /** `look` is to be called. */
  readonly due: () => void;
}

/** Closes small gaps while the client is live, each with one request to one peer. What that does not close, peers are asked to prove, while all else goes on. */
export class CatchUp<B> {
  readonly #options: CatchUpOptions<B>;
  /** The claim of a peer that was looked at, by its id: the same claim is not looked at twice before all are looked at again. One entry a connected peer. */
  readonly #lookedAt = new Map<string, number>();
  /** Until when a peer rests, by its id. One entry a connected peer. */
  readonly #rests = new Map<string, number>();
  /** What ends a proof that a peer is asked for, by its id: one at a time. */
  readonly #proofs = new Map<string, AbortController>();
  #cancelAgain: (() => void) | undefined;
  /** Times in a row that claims stayed above our head. */
  #stayed = 0;
  #proven = 0;

  constructor(options: CatchUpOptions<B>) {
    this.#options = options;
  }

  /** The greatest height that a peer has proven to be final. */
  get proven(): number {
    return this.#proven;
  }

  left(peer: string): void {
    this.#lookedAt.delete(peer);
    this.#rests.delete(peer);
    this.#endProof(peer);
  }

  clear(): void {
    this.#lookedAt.clear();
    this.#proven = 0;
  }

  /** The client is no longer live: no proof is wanted, and nothing is looked at by itself. */
  stop(): void {
    for (const peer of this.#proofs.keys()) this.#endProof(peer);
    this.#cancelAgain?.();
    this.#cancelAgain = undefined;
    this.#stayed = 0;
  }

  /** Whether a peer rests, because it gave no answer. */
  rests(peer: string): boolean {
    return this.#restOf(peer) > 0;
  }

  /** Milliseconds. */
  #restOf(peer: string): number {
    return (this.#rests.get(peer) ?? 0) - this.#options.clock.monotonic();
  }

  /**
   * Looks at the claims above our head, the highest first: fetches a small gap, and asks for a proof where that did not help. A claim that stays above our head is looked
   * at again after seconds, and later each minute, whatever came of it; that of a peer that rests, when the rest is over. Rejects with the signal's reason only.
   */
  async look(signal: AbortSignal): Promise<void> {
    const { chain, clock, peers, maxBehindBlocks, due } = this.#options;
    for (;;) {
      const { height } = chain.head();
      const ahead = peers().filter(({ claims }) => claims.height > height);
      const [peer] = ahead.filter(({ id, claims }) => this.#lookedAt.get(id) !== claims.height && !this.rests(id)).toSorted((a, b) => b.claims.height - a.claims.height);
      if (peer === undefined) {
        if (ahead.length === 0) this.#stayed = 0;
        else this.#cancelAgain ??= clock.after(Math.min(AGAIN.longest, AGAIN.first * 2 ** this.#stayed, ...ahead.map(({ id }) => this.#restOf(id)).filter((left) => left > 0)), () => {
          this.#cancelAgain = undefined;
          this.#stayed += 1;
          this.#lookedAt.clear();
          due();
        });
        return;
      }
      const { id, claims } = peer;
      const isSmall = claims.height - height <= maxBehindBlocks;
      if (isSmall) await this.fetch(peer, height + 1, claims.height, signal);
      // What was announced meanwhile comes before the rest of the gap.
      if (chain.head().height > height) return due();
      this.#lookedAt.set(id, claims.height);
      void (isSmall ? this.proveBeyond(peer) : this.proveFar(peer));
    }
  }

  /** Asks the peer to prove a height that is too far above our head: its claim alone counts for nothing. Never rejects. */
  proveFar(peer: ChainPeer<B>): Promise<void> {
    const { chain, maxBehindBlocks } = this.#options;
    return this.#prove(peer, () => chain.head().height + maxBehindBlocks);
  }

  /** Asks the peer to prove a final height above ours: what is not final of ours may be on a branch that lost, and the sync replaces it. Never rejects. */
  proveBeyond(peer: ChainPeer<B>): Promise<void> {
    return this.#prove(peer, () => this.#options.chain.tip().height);
  }

  async #prove(peer: ChainPeer<B>, above: () => number): Promise<void> {
    const { chain, asked, proofTime, far } = this.#options;
    if (this.#proofs.has(peer.id)) return;
    const ending = new AbortController();
    const { signal } = ending;
    this.#proofs.set(peer.id, ending);
    const claimed = finalOf(peer);
    const ours = chain.tip().height;
    // A peer that refuses or is silent has proven nothing above our final block.
    const unproven = (): void => asked(peer.id, claimed, ours);
    const target = await this.#answer(peer, signal, proofTime, (own) => peer.proveTarget(ours + 1, { signal: own }), { refused: unproven, silent: unproven }).catch(() => undefined);
    if (signal.aborted) return;
    this.#proofs.delete(peer.id);
    if (target?.proven !== true) return;
    asked(peer.id, claimed, target.height);
    this.#proven = Math.max(this.#proven, target.height);
    if (target.height > above()) far();
  }

  #endProof(peer: string): void {
    this.#proofs.get(peer)?.abort(new DOMException('no proof is wanted', 'AbortError'));
    this.#proofs.delete(peer);
  }

  /** Fetches the blocks of these heights from the peer, both included, and gives them to the chain one by one. */
  async fetch(peer: ChainPeer<B>, from: number, to: number, signal: AbortSignal): Promise<void> {
    const { clock, headersOnly, push } = this.#options;
    const until = clock.monotonic() + PATIENCE;
    let next = from;
    for (let requests = 0; next <= to && requests < MAX_REQUESTS; requests++) {
      const answer = await this.#answer(peer, signal, Math.max(0, until - clock.monotonic()), (own) => peer.getBlocks(next, to - next + 1, { signal: own, headersOnly }));
      if (answer === undefined || answer.value.length === 0) return;
      for (const item of answer.value) {
        if (!(await push(peer.id, item))) return;
        next = item.height + 1;
      }
    }
  }

  /** The answer, or undefined if there is none in time; a peer's fault is passed on. A peer that gave none rests. */
  async #answer<T>(
    peer: ChainPeer<B>,
    signal: AbortSignal,
    patience: number,
    ask: (signal: AbortSignal) => Promise<T>,
    { refused, silent }: { readonly refused?: () => void; readonly silent?: () => void } = {},
  ): Promise<T | undefined> {
    const { clock, fault } = this.#options;
    const deadline = new Deadline(clock, patience, signal, () => new RequestError('timeout', `no answer within ${patience} ms`));
    try {
      return await deadline.race(ask(deadline.signal));
    } catch (error) {
      signal.throwIfAborted();
      // Who refuses has answered, and can be asked for a proof.
      if (error instanceof RequestError && error.code === 'refused') refused?.();
      else this.#rests.set(peer.id, clock.monotonic() + REST);
      if (error instanceof RequestError && error.code === 'timeout') silent?.();
      if (error instanceof PeerFault) fault(peer.id, { code: error.code, weight: error.weight, data: error.data });
      return undefined;
    } finally {
      deadline.clear();
    }
  }
}
