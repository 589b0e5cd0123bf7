import type { Hash } from '../../../base/hash.ts';
import type { Header } from '../wire/header.ts';

/** Sets that were learned ahead of our chain at most: as many hand-overs as eight questions follow. At the bound no further one is learned. */
const MAX_LEARNED = 256;

/** What of a header says who signs it, and where. */
export type Place = Pick<Header, 'height' | 'view' | 'validators'>;

/** The blocks that a set may certify. A set that rules twice has two terms. */
interface Term<Link> {
  readonly hash: Hash;
  /** How the trust in it came about; undefined: it was pinned, or our chain showed it without a proof that can be kept. */
  readonly link: Link | undefined;
  /** The set before it. */
  readonly by: Term<Link> | undefined;
  /** Height of its first block at least: that after a block that announces it and is final. */
  readonly from: number;
  /** The views of its blocks are above this one. */
  readonly afterView: number;
  /** Height and view of the first block of the next set on our chain: its own blocks are below both. */
  until: { readonly height: number; readonly view: number } | undefined;
}

/**
 * Which set rules where, as far as is known (HotStuff-2 reference, 4.6): the sets of our final chain, one after the other, and those that proofs announce
 * above it. Only our own final blocks end a term, so that a proof by keys of before cannot take the word from the sets that rule.
 */
export class SetTerms<Link> {
  readonly #first: Hash;
  /** Those of our final chain, ascending. */
  #ruled: Term<Link>[] = [];
  #learned: Term<Link>[] = [];
  #height = -1;

  /** `first`: the set of genesis or of a pinned block. */
  constructor(first: Hash) {
    this.#first = first;
    this.clear();
  }

  /** Back to the first set alone. */
  clear(): void {
    this.#ruled = [{ hash: this.#first, link: undefined, by: undefined, from: 0, afterView: -1, until: undefined }];
    this.#learned = [];
    this.#height = -1;
  }

  get hashes(): ReadonlySet<Hash> {
    return new Set(this.#all.map(({ hash }) => hash));
  }

  /** In the order of the hand-overs of our chain, then in that in which they were learned. */
  get links(): readonly Link[] {
    return this.#all.flatMap(({ link }) => link ?? []);
  }

  /** Whether the set of a block may certify it. */
  rules(place: Place): boolean {
    return this.#termOf(place) !== undefined;
  }

  /** Whether the set of a child that another set signs rules after that of its parent. */
  follows(parent: Place, next: Hash): boolean {
    const term = this.#termOf(parent);
    return term !== undefined && this.#all.some(({ by, hash }) => by === term && hash === next);
  }

  /** The set that followed on our chain on the one of such a block; undefined: none did yet. Each set is followed by one only. */
  following(place: Place): Hash | undefined {
    const term = this.#termOf(place);
    return term && this.#ruled.find(({ by }) => by === term)?.hash;
  }

  /** A final block, whose proof was verified, announces this set. False: it must not, or too many are learned already. */
  learn(place: Place, next: Hash, link: Link): boolean {
    const by = this.#termOf(place);
    if (!by || (this.following(place) ?? next) !== next) return false;
    if (this.#all.some((term) => term.by === by && term.hash === next)) return true;
    if (this.#learned.length >= MAX_LEARNED) return false;
    this.#learned.push({ hash: next, link, by, from: place.height + 1, afterView: place.height === 0 ? -1 : place.view, until: undefined });
    return true;
  }

  /**
   * A block of our final chain; they come ascending, with or without gaps. `linkOf`: a proof that announces its set, where it is none of those that were
   * learned.
   */
  ruled(place: Place, linkOf: (hash: Hash) => Link | undefined): void {
    const { height, view, validators } = place;
    if (height <= this.#height) return;
    const isNext = height === this.#height + 1;
    this.#height = height;
    const last = this.#ruled.at(-1)!;
    const learned = this.#learned.findLast((term) => isIn(term, place) && (!isNext || term.by === last));
    if (validators === last.hash && (isNext || !learned)) return;
    const path: Term<Link>[] = [];
    for (let term = learned; term && term !== last; term = term.by) path.unshift(term);
    if (!learned || path[0]!.by !== last) path.splice(0, path.length, { hash: validators, link: linkOf(validators), by: last, from: height, afterView: view - 1, until: undefined });
    for (const term of [last, ...path.slice(0, -1)]) term.until = { height, view };
    this.#ruled.push(...path);
    // What the sets of before announced besides is not on our chain.
    const newest = this.#ruled.at(-1)!;
    const kept = new Set([newest]);
    this.#learned = this.#learned.filter((term) => term !== newest && term.by && kept.has(term.by) && kept.add(term));
  }

  get #all(): readonly Term<Link>[] {
    return [...this.#ruled, ...this.#learned];
  }

  #termOf(place: Place): Term<Link> | undefined {
    return this.#all.findLast((term) => isIn(term, place));
  }
}

function isIn({ hash, from, afterView, until }: Term<unknown>, { height, view, validators }: Place): boolean {
  return hash === validators && height >= from && view > afterView && (until === undefined || (height < until.height && view < until.view));
}
