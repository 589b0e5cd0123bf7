import type { PeerId } from './net.ts';

type Evidence = Readonly<Record<string, string | number>>;

/** A peer caught with a lie: with what breaks a rule, as we understand the rule. */
export interface Caught {
  readonly peer: PeerId;
  readonly subnet: string;
  /** Only nodes of the network can make us doubt ourselves; Petrel clients cost nothing to make. */
  readonly witness: boolean;
  readonly code: string;
  readonly evidence: Evidence;
  /** Monotonic milliseconds. */
  readonly at: number;
}

/** `ban`: it is the peer's lie (`proven`: whatever else is doubted). `aside`: it may be our error; the bans of those `pardoned` are lifted, for they had been banned for the same. */
export type DoubtVerdict = { readonly kind: 'ban'; readonly proven: boolean } | { readonly kind: 'aside'; readonly pardoned: readonly Caught[] };

export interface SelfDoubtRule {
  /** Distinct subnets that must send the same thing: as many as make a client call itself too old. */
  readonly wanted: number;
  /** Milliseconds for which a lie is remembered. */
  readonly window: number;
}

/** Lies remembered. At the bound the oldest goes; the doubt begins long before. */
const maxLies = 64;

/**
 * Lies that are no rule of ours that was broken: two chains were compared, one was verified from genesis, and other peers have it too
 * (`conflicts.ts`; where nobody has it the client gives up its own chain, and bans nobody).
 */
const proven: ReadonlySet<string> = new Set(['false-witness', 'other-final-block']);

/** Whether no rule of ours is the ground of this lie, so that no doubt excuses it. */
export function isProvenLie(code: string): boolean {
  return proven.has(code);
}

/**
 * Tells a liar from an error of our own. When as many independent peers as are wanted send the same thing that breaks a rule, or when most
 * of the independent peers that are there are caught within a minute, then the rule is more likely to be wrong than the peers. A subnet
 * counts once, so one liar with many names, or one network full of liars, raises no doubt. Pure: time and peers are told to it.
 */
export class SelfDoubt {
  readonly #rule: SelfDoubtRule;
  #lies: Caught[] = [];
  /** What is doubted: one rule of ours, or, when most are caught, all of them. */
  #doubted: { readonly code: string | undefined } | undefined;

  constructor(rule: SelfDoubtRule) {
    this.#rule = rule;
  }

  /**
   * Enters a lie. `connected`: the subnets of all nodes of the network that are there now. `matches`: whether a lie needs no new threshold where it fits what
   * is doubted: of everybody while the doubt lasts, afterwards only of those that it was about.
   */
  judge(caught: Caught, connected: Iterable<string>, matches = true): DoubtVerdict {
    if (isProvenLie(caught.code)) {
      // No doubt about something else pardons it for this.
      this.spend(new Set([caught.peer]));
      return { kind: 'ban', proven: true };
    }
    this.#lies = this.#lies.filter(({ at, peer, code }) => at > caught.at - this.#rule.window && !(peer === caught.peer && code === caught.code));
    const others = [...this.#lies];
    this.#lies.push(caught);
    if (this.#lies.length > maxLies) this.#lies.shift();
    const all = new Set([...connected, ...subnetsOf(this.#lies)]);
    const liars = subnetsOf(this.#lies).size;
    const doubted = this.#doubted;
    if (caught.witness && liars >= 2 && liars * 2 > all.size) {
      this.#doubted = { code: undefined };
      return { kind: 'aside', pardoned: others };
    }
    if (matches && doubted && (doubted.code ?? caught.code) === caught.code) return { kind: 'aside', pardoned: [] };
    if (!caught.witness) return { kind: 'ban', proven: false };
    const same = others.filter((other) => other.code === caught.code && subjectOf(other) === subjectOf(caught));
    if (subnetsOf([...same, caught]).size < this.#rule.wanted) return { kind: 'ban', proven: false };
    this.#doubted = { code: caught.code };
    return { kind: 'aside', pardoned: same };
  }

  /** These are heard again, or were found to be liars: what they have done counts no more. What is doubted stays. */
  spend(peers: ReadonlySet<PeerId>): void {
    this.#lies = this.#lies.filter(({ peer }) => !peers.has(peer));
  }

  /** The doubt was wrong, or is long past: what comes from now on is judged anew. */
  forget(): void {
    this.#lies = [];
    this.#doubted = undefined;
  }
}

/** Of those whose word counts. */
function subnetsOf(lies: readonly Caught[]): ReadonlySet<string> {
  return new Set(lies.flatMap(({ subnet, witness }) => (witness ? [subnet] : [])));
}

/** What the lie is about: a block, a height, or a question. */
function subjectOf({ evidence }: Caught): string | number {
  return evidence['hash'] ?? evidence['asked'] ?? evidence['target'] ?? evidence['height'] ?? evidence['request'] ?? '';
}
