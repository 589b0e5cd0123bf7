import type { Clock } from '../../base/clock.ts';
import { Deadline } from '../../base/deadline.ts';
import { RequestError } from '../peers/peer-net.ts';
import type { Fault, Item } from '../sync/sync-chain.ts';
import { finalOf } from '../sync/prove-target.ts';
import { PeerFault } from '../sync/sync-peer.ts';
import type { ChainPeer, FollowedChain } from './followed-chain.ts';

/** Requests for one gap at most: a node may send fewer blocks than asked. */
const MAX_REQUESTS = 8;
/** Milliseconds for an answer, and for all that close one gap: everything that other peers announce waits for it. A small gap takes a second on a slow line. */
const PATIENCE = 5_000;
/** Milliseconds for which a peer that gave no answer is not asked again here: it must not hold up the others. */
const REST = 30_000;

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
  /** Gives a block to the chain, and acts on what comes of it. False: no more of this peer's. */
  readonly push: (peer: string, item: Item<B>) => Promise<boolean>;
}

/** Closes small gaps while the client is live, each with one request to one peer, and finds out whether a gap is too large for that. */
export class CatchUp<B> {
  readonly #options: CatchUpOptions<B>;
  /** The claim of a peer that was looked at, by its id: the same claim is not looked at twice. One entry a connected peer. */
  readonly #lookedAt = new Map<string, number>();
  /** Until when a peer rests, by its id. One entry a connected peer. */
  readonly #rests = new Map<string, number>();
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
  }

  /** Claims that were looked at are looked at again. */
  again(): void {
    this.#lookedAt.clear();
  }

  clear(): void {
    this.#lookedAt.clear();
    this.#proven = 0;
  }

  /**
   * Looks at the claims above our head, the highest first: fetches a small gap; `far` if a peer proves that we are too far behind, or on a branch
   * that it cannot continue. Rejects with the signal's reason only.
   */
  async look(signal: AbortSignal): Promise<'far' | 'done'> {
    const { chain, peers, maxBehindBlocks } = this.#options;
    for (;;) {
      const { height } = chain.head();
      const [peer] = peers().filter(({ id, claims }) => claims.height > height && this.#lookedAt.get(id) !== claims.height).toSorted((a, b) => b.claims.height - a.claims.height);
      if (peer === undefined) return 'done';
      const { id, claims } = peer;
      this.#lookedAt.set(id, claims.height);
      if (claims.height - height > maxBehindBlocks) {
        if (await this.isFar(peer, signal)) return 'far';
        continue;
      }
      await this.fetch(peer, height + 1, claims.height, signal);
      if (chain.head().height === height && (await this.isBeyond(peer, signal))) return 'far';
    }
  }

  /** Whether the peer proves a height that is too far above our head. Its claim alone counts for nothing. */
  async isFar(peer: ChainPeer<B>, signal: AbortSignal): Promise<boolean> {
    const { chain, maxBehindBlocks } = this.#options;
    return (await this.#provenBy(peer, signal)) - chain.head().height > maxBehindBlocks;
  }

  /** Whether the peer proves a final height above ours: what is not final of ours may be on a branch that lost, and the sync replaces it. */
  async isBeyond(peer: ChainPeer<B>, signal: AbortSignal): Promise<boolean> {
    return (await this.#provenBy(peer, signal)) > this.#options.chain.tip().height;
  }

  async #provenBy(peer: ChainPeer<B>, signal: AbortSignal): Promise<number> {
    const { chain, asked } = this.#options;
    const claimed = finalOf(peer);
    const ours = chain.tip().height;
    // Who refuses can prove nothing above our final block, and who is silent does not.
    const unproven = (): void => asked(peer.id, claimed, ours);
    const target = await this.#answer(peer, signal, (own) => peer.proveTarget(ours + 1, { signal: own }), { refused: unproven, silent: unproven });
    if (target?.proven !== true) return 0;
    asked(peer.id, claimed, target.height);
    this.#proven = Math.max(this.#proven, target.height);
    return target.height;
  }

  /** Fetches the blocks of these heights from the peer, both included, and gives them to the chain one by one. */
  async fetch(peer: ChainPeer<B>, from: number, to: number, signal: AbortSignal): Promise<void> {
    const { headersOnly, push } = this.#options;
    const until = this.#options.clock.monotonic() + PATIENCE;
    let next = from;
    for (let requests = 0; next <= to && requests < MAX_REQUESTS; requests++) {
      const answer = await this.#answer(peer, signal, (own) => peer.getBlocks(next, to - next + 1, { signal: own, headersOnly }), { until });
      if (answer === undefined || answer.value.length === 0) return;
      for (const item of answer.value) {
        if (!(await push(peer.id, item))) return;
        next = item.height + 1;
      }
    }
  }

  /** The answer, or undefined if there is none in time; a peer's fault is passed on. */
  async #answer<T>(
    peer: ChainPeer<B>,
    signal: AbortSignal,
    ask: (signal: AbortSignal) => Promise<T>,
    { until = this.#options.clock.monotonic() + PATIENCE, refused, silent }: { readonly until?: number; readonly refused?: () => void; readonly silent?: () => void },
  ): Promise<T | undefined> {
    const { clock, fault } = this.#options;
    const patience = Math.max(0, until - clock.monotonic());
    if ((this.#rests.get(peer.id) ?? -Infinity) > clock.monotonic()) return undefined;
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
