import { countNetworks, distinctNetworks } from '../../../../engine/peers/witness-network.ts';
import type { PeerId } from '../../../../engine/peers/peer-net.ts';

type Evidence = Readonly<Record<string, string | number>>;

/** A peer that was caught with a lie: it sent something that breaks a rule, as we understand the rule. */
export interface Caught {
  readonly peer: PeerId;
  readonly subnet: string;
  /** Only nodes of the network can make us doubt ourselves. An attacker can run any number of Petrel clients. */
  readonly witness: boolean;
  readonly code: string;
  readonly evidence: Evidence;
  /** Monotonic milliseconds. */
  readonly at: number;
}

/**
 * `ban`: it is the peer's lie (`proven`: regardless of any doubt). `aside`: it may be our error. The peers in `pardoned` were banned for
 * the same reason, and their bans are lifted.
 */
export type DoubtVerdict = { readonly kind: 'ban'; readonly proven: boolean } | { readonly kind: 'aside'; readonly pardoned: readonly Caught[] };

export interface SelfDoubtRule {
  /** Number of independent networks that must break the same rule: as many as make a client call itself too old. */
  readonly wanted: number;
  /** Milliseconds for which a lie is remembered. */
  readonly window: number;
}

/** Number of lies remembered. At the bound the oldest is dropped; a doubt begins long before. */
const maxLies = 64;

/**
 * Lies that do not depend on a rule of ours: two chains were compared, one was verified from genesis, and other peers have it too
 * (`conflicts.ts`; if no peer has our chain, the client gives it up and bans no peer).
 */
const proven: ReadonlySet<string> = new Set(['false-witness', 'other-final-block']);

/** Whether the lie is proven without a rule of ours, so that no doubt excuses it. */
export function isProvenLie(code: string): boolean {
  return proven.has(code);
}

/**
 * Tells a liar from an error of our own. If the wanted number of independent peers break the same rule within `window`, on whatever block,
 * or if most of the connected peers are caught, the rule is more likely wrong than the peers. A subnet counts once, and cheap networks
 * (names) count as `countNetworks` says. "Most" must hold in both ways of counting: each network once, so that an operator and one name do
 * not speak for ten names; and cheap networks as little, so that many names do not outweigh a few dear networks. Pure: it gets time and
 * peers as arguments.
 */
export class SelfDoubt {
  readonly #rule: SelfDoubtRule;
  #lies: Caught[] = [];
  /** What is doubted: one rule of ours or, if most peers are caught, all rules. */
  #doubted: { readonly code: string | undefined } | undefined;

  constructor(rule: SelfDoubtRule) {
    this.#rule = rule;
  }

  /**
   * Records a lie. `connected`: the subnets of all connected nodes of the network. `matches`: whether a lie that fits the current doubt
   * needs no new threshold. During the doubt this holds for every peer; afterwards only for the peers that the doubt was about.
   */
  judge(caught: Caught, connected: Iterable<string>, matches = true): DoubtVerdict {
    if (isProvenLie(caught.code)) {
      // A proven lie is never pardoned because of a doubt about something else.
      this.spend(new Set([caught.peer]));
      return { kind: 'ban', proven: true };
    }
    this.#lies = this.#lies.filter(({ at, peer, code }) => at > caught.at - this.#rule.window && !(peer === caught.peer && code === caught.code));
    const others = [...this.#lies];
    this.#lies.push(caught);
    if (this.#lies.length > maxLies) this.#lies.shift();
    const liars = subnetsOf(this.#lies);
    const all = new Set([...connected, ...liars]);
    const doubted = this.#doubted;
    if (caught.witness && this.#areMost(liars, all)) {
      this.#doubted = { code: undefined };
      return { kind: 'aside', pardoned: others };
    }
    if (matches && doubted && (doubted.code ?? caught.code) === caught.code) return { kind: 'aside', pardoned: [] };
    if (!caught.witness) return { kind: 'ban', proven: false };
    const same = others.filter(({ code }) => code === caught.code);
    if (countNetworks(subnetsOf([...same, caught]), this.#rule.wanted) < this.#rule.wanted) return { kind: 'ban', proven: false };
    this.#doubted = { code: caught.code };
    return { kind: 'aside', pardoned: same };
  }

  /** Takes up the lies that an earlier session found, oldest first. */
  recall(lies: readonly Caught[]): void {
    this.#lies = [...lies, ...this.#lies].slice(-maxLies);
  }

  #areMost(liars: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
    const { wanted } = this.#rule;
    const independent = countNetworks(liars, wanted);
    return independent >= 2 && independent * 2 > countNetworks(all, wanted) && distinctNetworks(liars).size * 2 > distinctNetworks(all).size;
  }

  /** These peers are heard again, or turned out to be liars: their earlier lies no longer count. The doubt itself stays. */
  spend(peers: ReadonlySet<PeerId>): void {
    this.#lies = this.#lies.filter(({ peer }) => !peers.has(peer));
  }

  /** The doubt was wrong, or is long past: later lies are judged from scratch. */
  forget(): void {
    this.#lies = [];
    this.#doubted = undefined;
  }
}

/** The subnets of the peers whose word counts. */
function subnetsOf(lies: readonly Caught[]): ReadonlySet<string> {
  return new Set(lies.flatMap(({ subnet, witness }) => (witness ? [subnet] : [])));
}
