import type { Clock } from '../../../../base/clock.ts';
import type { NoticeCode } from '../../../../base/log-codes.ts';
import type { Hash } from '../../../../base/hash.ts';
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
  /** Whether it is, or was, a node of the network. */
  readonly isWitness: (peer: PeerId) => boolean;
  /** Lifts the ban of a peer that was banned for what may be our error. */
  readonly pardon: (peer: PeerId, code: string) => void;
  /** What the peer sent was its own lie after all. */
  readonly ban: (peer: PeerId, code: string, evidence: Evidence) => void;
  readonly onNotice: (level: 'info' | 'warning', code: NoticeCode, data: Evidence) => void;
}

/** The two ways to verify the past. An error in one does not keep a peer from showing the other. */
export const pastWays = ['zk-proof', 'election-chain'] as const;
export type PastWay = (typeof pastWays)[number];

/** An election block that was verified. */
export interface VerifiedPast {
  readonly height: number;
  readonly hash: Hash;
  /** Who gave it. */
  readonly peer: PeerId;
}

/** Suspects remembered. At the bound the oldest is asked again. */
const maxSuspects = 256;

/** A peer whose lie may be our error. */
interface Suspect {
  readonly lie: Caught;
  /** Until when it is not asked, in monotonic milliseconds. */
  readonly until: number;
  /** Whether its lie may still be refuted. */
  readonly open: boolean;
}

/**
 * Tells liars from an error of our own where lies are found in one way to verify the past. Such an error says nothing about the rules for
 * new blocks, so the peers stay live and the head goes on: they are only not asked for that way for a while. Lies are remembered for longer
 * than those about new blocks, because the background asks again more and more seldom. If another peer then shows what the suspects could
 * not show, the rule was right: the suspects are banned.
 */
export class PastDoubt {
  readonly #options: PastDoubtOptions;
  readonly #doubt: SelfDoubt;
  readonly #suspects = new Map<PeerId, Suspect>();
  /** Until when the doubt is remembered, in monotonic milliseconds; undefined if there is none. */
  #until: number | undefined;

  constructor(options: PastDoubtOptions) {
    const { tooOldPeers, longestDoubtPause } = options.settings;
    this.#options = options;
    this.#doubt = new SelfDoubt({ wanted: tooOldPeers, window: longestDoubtPause });
  }

  /** Takes up the lies for which peers were banned before this sync began, oldest first. */
  recall(lies: readonly Caught[]): void {
    this.#doubt.recall(lies);
  }

  /** Whether the peer is not to be asked for this way now. */
  suspects(peer: PeerId): boolean {
    return (this.#suspects.get(peer)?.until ?? -Infinity) > this.#options.clock.monotonic();
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
    if (verdict.kind === 'ban') {
      // It was a suspect of an earlier doubt. If the doubt returns, its ban must be lifted.
      this.#suspects.delete(id);
      return false;
    }
    const pardoned = verdict.pardoned.filter(({ peer }) => peer !== id && !this.#suspects.has(peer));
    for (const lie of [...pardoned, caught]) this.#suspect({ lie, until: at + settings.longestDoubtPause, open: true });
    for (const lie of pardoned) pardon(lie.peer, lie.code);
    const begun = this.#until === undefined;
    // Longer than a suspect waits, so that the doubt meets those that are asked again. A peer that is no witness must not prolong a doubt.
    if (witness) this.#until = at + 2 * settings.longestDoubtPause;
    if (begun) onNotice('warning', 'past-in-doubt', { rule: code, peers: countNetworks([...pardoned, caught].flatMap((lie) => (lie.witness ? [lie.subnet] : [])), settings.tooOldPeers) });
    return true;
  }

  /**
   * These blocks were verified. A suspect that gave another block for such a height, or failed to give a block that a node beside the suspects
   * gave, has lied. One whose very block was verified, whose lie names no block, or who gave the block after all, is not accused any more:
   * whether its copy was bad, or our error is over, cannot be told. It still waits, because it could give a bad copy of the next block.
   */
  verified(blocks: readonly VerifiedPast[]): void {
    const { ban, isWitness, onNotice } = this.#options;
    const independent = new Set(blocks.flatMap(({ peer }) => (isWitness(peer) && !this.#suspects.has(peer) ? [peer] : [])));
    let refuted: string | undefined;
    for (const suspect of this.#open) {
      const { peer, code, evidence } = suspect.lie;
      const { asked, height, hash } = evidence;
      const block = blocks.find((verified) => (asked === undefined ? verified.height === height : verified.hash === asked && (verified.peer === peer || independent.has(verified.peer))));
      if (!block) continue;
      this.#doubt.spend(new Set([peer]));
      if (asked === undefined ? hash === undefined || hash === block.hash : block.peer === peer) {
        this.#suspects.set(peer, { ...suspect, open: false });
        continue;
      }
      this.#suspects.delete(peer);
      ban(peer, code, evidence);
      refuted = code;
    }
    if (refuted === undefined || this.#open.length > 0) return;
    this.#doubt.forget();
    this.#until = undefined;
    onNotice('info', 'past-doubt-refuted', { rule: refuted });
  }

  get #open(): readonly Suspect[] {
    return Array.from(this.#suspects.values()).filter(({ open }) => open);
  }

  #suspect(suspect: Suspect): void {
    const { peer } = suspect.lie;
    this.#suspects.delete(peer);
    this.#suspects.set(peer, suspect);
    for (const oldest of this.#suspects.keys()) {
      if (this.#suspects.size <= maxSuspects) break;
      this.#suspects.delete(oldest);
    }
  }
}
