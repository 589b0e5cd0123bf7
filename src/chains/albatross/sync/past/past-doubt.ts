import type { Clock } from '../../../../base/clock.ts';
import type { NoticeCode } from '../../../../base/log-codes.ts';
import { countNetworks } from '../../../../engine/peers/witness-network.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';
import { SelfDoubt } from '../live/self-doubt.ts';
import type { Caught } from '../live/self-doubt.ts';
import type { SyncPeer } from '../net.ts';
import type { SyncSettings } from '../settings.ts';

type Evidence = Caught['evidence'];

export interface PastDoubtOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly settings: Pick<SyncSettings, 'tooOldPeers' | 'longestDoubtPause'>;
  /** Lifts the ban of a peer that was banned for what may be our error. */
  readonly pardon: (peer: PeerId, code: string) => void;
  readonly onNotice: (level: 'warning', code: NoticeCode, data: Evidence) => void;
}

/** The two ways to verify the past. An error in one does not keep a peer from showing the other. */
export type PastWay = 'zk-proof' | 'election-chain';

/** Which way a lie about the past concerns. Evidence about a block that was asked for names the request or the block. */
export function wayOf({ request, asked, hash }: Evidence): PastWay {
  return request === 'zkp' || (request ?? asked ?? hash) === undefined ? 'zk-proof' : 'election-chain';
}

/** Suspects remembered. At the bound the oldest is asked again. */
const maxSuspects = 256;

/**
 * Tells liars from an error of our own where the background proof finds lies about one way to verify the past. Such an error says nothing about the rules for new blocks, so
 * the peers stay live and the head goes on: they are only not asked for that way for a while. Lies are remembered for longer than those
 * about new blocks, because the background asks again more and more seldom.
 */
export class PastDoubt {
  readonly #options: PastDoubtOptions;
  readonly #doubt: SelfDoubt;
  /** Until when each suspect is not asked, in monotonic milliseconds. */
  readonly #suspects = new Map<PeerId, number>();
  /** Until when the doubt is remembered, in monotonic milliseconds; undefined if there is none. */
  #until: number | undefined;

  constructor(options: PastDoubtOptions) {
    const { tooOldPeers, longestDoubtPause } = options.settings;
    this.#options = options;
    this.#doubt = new SelfDoubt({ wanted: tooOldPeers, window: longestDoubtPause });
  }

  /** Whether the peer is not to be asked for this way now. */
  suspects(peer: PeerId): boolean {
    return (this.#suspects.get(peer) ?? -Infinity) > this.#options.clock.monotonic();
  }

  /**
   * A peer was caught with a lie about the past. `connected`: the subnets of all connected nodes of the network. Returns false if the lie is
   * the peer's own, so that it must be banned; true if it may be our error.
   */
  caught({ id, subnet, witness }: SyncPeer, code: string, evidence: Evidence, connected: Iterable<string>): boolean {
    const { clock, settings, pardon, onNotice } = this.#options;
    const at = clock.monotonic();
    if (this.#until !== undefined && at >= this.#until) {
      this.#doubt.forget();
      this.#until = undefined;
    }
    const caught: Caught = { peer: id, subnet, witness, code, evidence, at };
    const verdict = this.#doubt.judge(caught, connected);
    if (verdict.kind === 'ban') return false;
    const pardoned = verdict.pardoned.filter(({ peer }) => peer !== id && !this.#suspects.has(peer));
    for (const lie of [...pardoned, caught]) this.#suspect(lie.peer, at + settings.longestDoubtPause);
    for (const lie of pardoned) pardon(lie.peer, lie.code);
    const begun = this.#until === undefined;
    // Longer than a suspect waits, so that the doubt meets those that are asked again.
    this.#until = at + 2 * settings.longestDoubtPause;
    if (begun) onNotice('warning', 'past-in-doubt', { rule: code, peers: countNetworks([...pardoned, caught].flatMap((lie) => (lie.witness ? [lie.subnet] : [])), settings.tooOldPeers) });
    return true;
  }

  #suspect(peer: PeerId, until: number): void {
    this.#suspects.delete(peer);
    this.#suspects.set(peer, until);
    for (const oldest of this.#suspects.keys()) {
      if (this.#suspects.size <= maxSuspects) break;
      this.#suspects.delete(oldest);
    }
  }
}
