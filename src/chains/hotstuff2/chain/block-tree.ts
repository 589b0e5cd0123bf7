/**
 * The certified blocks above the newest final one: which of them is the head, what becomes final, and what contradicts what. Pure: the caller verifies
 * certificates between `examine` and `add`. Source: HotStuff-2 reference, 3, fork choice.
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import type { Outcome } from '../../../engine/follow/followed-chain.ts';
import { encodeCertifiedHeader } from '../wire/finality-proof.ts';
import type { Header } from '../wire/header.ts';
import { checkLink } from './check-link.ts';
import { handOver } from './hand-over.ts';
import type { SetStanding } from './hand-over.ts';
import type { Hs2Block, Hs2Item } from './hs2-block.ts';
import { Losers } from './losers.ts';
import { faultOf } from './rule-code.ts';
import type { RuleCode } from './rule-code.ts';
import { isTwoChain } from './verify-finality.ts';
import { ViewIndex } from './view-index.ts';

/** Milliseconds that a block's time may be ahead of this device's clock; it is held until then (HotStuff-2 reference, 3). */
export const MAX_AHEAD = 60_000;
/** Blocks above the final one at most. Finality rests for that long only if a third of the validators is away; further blocks wait. */
export const MAX_PENDING = 1024;
/** Final blocks whose views are remembered, to see a second certified block of such a view. */
const RECENT_FINAL = 256;
/** Blocks from the future that are held; the one with the latest time goes. */
const MAX_HELD = 64;

/** The newest final block. */
export interface TreeRoot {
  readonly id: Hash;
  readonly header: Header;
  readonly standing: SetStanding;
  /** What proves that it is final; the bytes of its header if it was pinned. */
  readonly proof: Uint8Array;
}

interface TreeBlock {
  readonly id: Hash;
  readonly header: Header;
  readonly standing: SetStanding;
  /** Undefined for the root. */
  readonly item: Hs2Item | undefined;
  readonly parent: TreeBlock | undefined;
}

export type TreeOutcome = Outcome<Hs2Block> & {
  /** Blocks that became final, ascending, with `adopted`. */
  readonly finalized?: readonly Hs2Item[];
};

export class BlockTree {
  readonly #blocks = new Map<Hash, TreeBlock>();
  readonly #views = new ViewIndex();
  readonly #losers = new Losers();
  readonly #held = new Map<Hash, Hs2Item>();
  readonly #recentFinal: Hs2Item[] = [];
  readonly #now: () => number;
  readonly #ownAt: (height: number) => Hash | undefined;
  readonly #limit: number;
  #root: TreeBlock;
  #proof: Uint8Array;
  #head: TreeBlock;

  /** `now`: unix milliseconds. `ownAt`: the hash of our final block at a height, if it is known. */
  constructor(root: TreeRoot, options: { readonly now: () => number; readonly ownAt: (height: number) => Hash | undefined; readonly limit?: number | undefined }) {
    this.#root = { ...root, item: undefined, parent: undefined };
    this.#proof = root.proof;
    this.#head = this.#root;
    this.#now = options.now;
    this.#ownAt = options.ownAt;
    this.#limit = options.limit ?? MAX_PENDING;
  }

  /** The newest final block, with what proves it. */
  get final(): TreeRoot {
    const { id, header, standing } = this.#root;
    return { id, header, standing, proof: this.#proof };
  }

  get head(): { readonly id: Hash; readonly header: Header } {
    return this.#head;
  }

  get size(): number {
    return this.#blocks.size;
  }

  /** A block above the final one, on any branch. */
  get(id: Hash): Hs2Item | undefined {
    return this.#blocks.get(id)?.item;
  }

  /** The blocks from the final one, which is not among them, up to the head. */
  branch(): readonly Hs2Item[] {
    return pathTo(this.#head, this.#root).map(({ item }) => item!);
  }

  /** What can be said of a block before its certificate is verified. Undefined: verify it, then `add` it. Its structure must have been checked. */
  examine(item: Hs2Item): TreeOutcome | undefined {
    const { header } = item.block;
    if (item.id === this.#root.id || this.#blocks.has(item.id) || this.#losers.has(item.id)) return { kind: 'known' };
    if (this.#held.has(item.id)) return { kind: 'held' };
    if (this.#losers.has(item.parent)) return undefined;
    // A certified block may lose. It contradicts ours only when it is final, so it is kept for a while.
    if (item.height <= this.#root.header.height) return this.#isOurs(item) === false ? undefined : { kind: 'known' };
    const parent = this.#parentOf(item);
    if (!parent) return this.#missing(item);
    const broken = checkLink(parent, header) ?? codeOf(handOver(parent.standing, header));
    if (broken) return { kind: 'fault', fault: faultOf(broken, item) };
    return this.#blocks.size >= this.#limit && !this.#dropLoser(header.view) ? { kind: 'held' } : undefined;
  }

  /** Whether it follows on a block of the tree: then `examine` has shown that its set may sign it. */
  follows(item: Hs2Item): boolean {
    return item.height > this.#root.header.height && this.#parentOf(item) !== undefined;
  }

  /** Takes a block whose certificate is valid. The tree may have changed since `examine`. */
  add(item: Hs2Item): TreeOutcome {
    const again = this.examine(item);
    if (again) return again;
    if (item.block.header.time > this.#now() + MAX_AHEAD) return this.#hold(item);
    const other = this.#views.conflict(item);
    if (other) return { kind: 'halted', height: item.height, evidence: [encodeCertifiedHeader(other.block), encodeCertifiedHeader(item.block)] };
    const parent = this.#parentOf(item);
    if (!parent || item.height <= this.#root.header.height) return this.#lost(item);
    const standing = handOver(parent.standing, item.block.header);
    if (typeof standing === 'string') return { kind: 'fault', fault: faultOf(standing, item) };
    const block: TreeBlock = { id: item.id, header: item.block.header, standing, item, parent };
    this.#blocks.set(item.id, block);
    this.#views.add(item);
    const before = this.branch();
    const finalized = parent !== this.#root && isTwoChain(parent.header, block.header) ? this.#finalize(parent, Losers.proofOf(parent.item!, item)) : [];
    this.#chooseHead();
    return { kind: 'adopted', ...difference(before, [...finalized, ...this.branch()]), finalized };
  }

  /**
   * Makes a block final by a proof that was verified. `known`: it is final already, or too old to say. `gap`: it is not here yet.
   */
  finalize({ id, height, proof }: { readonly id: Hash; readonly height: number; readonly proof: Uint8Array }): TreeOutcome {
    const root = this.#root;
    if (height <= root.header.height) return this.#isOurs({ id, height }) === false ? { kind: 'halted', height, evidence: [this.#proof, proof] } : { kind: 'known' };
    const block = this.#blocks.get(id);
    if (!block) return { kind: 'gap', from: (height > this.#head.header.height ? this.#head : root).header.height + 1 };
    const before = this.branch();
    const finalized = this.#finalize(block, proof);
    this.#chooseHead();
    return { kind: 'adopted', ...difference(before, [...finalized, ...this.branch()]), finalized };
  }

  /** Takes out the held blocks whose time has come, so that they can be pushed again. */
  due(): readonly Hs2Item[] {
    const limit = this.#now() + MAX_AHEAD;
    const due = [...this.#held.values()].filter(({ block }) => block.header.time <= limit);
    for (const { id } of due) this.#held.delete(id);
    return due.toSorted((a, b) => a.height - b.height);
  }

  /** Whether it is our final block of its height, which is not above the newest final one. Undefined: that block is not known here. */
  #isOurs({ id, height }: { readonly id: Hash; readonly height: number }): boolean | undefined {
    const ours = height === this.#root.header.height ? this.#root.id : this.#ownAt(height);
    return ours === undefined ? undefined : ours === id;
  }

  #parentOf(item: Hs2Item): TreeBlock | undefined {
    return item.parent === this.#root.id ? this.#root : this.#blocks.get(item.parent);
  }

  /** A certified block that is not above the final one of ours. With its child of the next view it would be final too. */
  #lost(item: Hs2Item): TreeOutcome {
    const contradicting = this.#losers.add(item);
    if (!contradicting) return { kind: 'known' };
    return { kind: 'halted', height: contradicting.height, evidence: [this.#proof, Losers.proofOf(contradicting, item)] };
  }

  #hold(item: Hs2Item): TreeOutcome {
    this.#held.set(item.id, item);
    if (this.#held.size > MAX_HELD) {
      const latest = [...this.#held.values()].reduce((a, b) => (b.block.header.time > a.block.header.time ? b : a));
      this.#held.delete(latest.id);
    }
    return { kind: 'held' };
  }

  /** Blocks before this one are missing: those above the head, or if it is on another branch, all above the final one. */
  #missing(item: Hs2Item): TreeOutcome {
    const from = item.height > this.#head.header.height + 1 ? this.#head : this.#root;
    return { kind: 'gap', from: from.header.height + 1 };
  }

  #finalize(block: TreeBlock, proof: Uint8Array): readonly Hs2Item[] {
    const path = pathTo(block, this.#root);
    this.#root = { ...block, item: undefined, parent: undefined };
    this.#proof = proof;
    // Keep only what descends from it.
    const kept = new Set<Hash>([block.id]);
    for (const one of [...this.#blocks.values()].toSorted((a, b) => a.header.height - b.header.height)) {
      this.#blocks.delete(one.id);
      if (one.id === block.id || !one.parent || !kept.has(one.parent.id)) {
        if (!path.includes(one)) {
          this.#views.remove(one.item!);
          this.#losers.add(one.item!);
        }
        continue;
      }
      kept.add(one.id);
      this.#blocks.set(one.id, { ...one, parent: one.parent.id === block.id ? this.#root : this.#blocks.get(one.parent.id) });
    }
    const items = path.map(({ item }) => item!);
    this.#recentFinal.push(...items);
    for (const old of this.#recentFinal.splice(0, Math.max(0, this.#recentFinal.length - RECENT_FINAL))) this.#views.remove(old);
    return items;
  }

  /** The certified block of the highest view above the final one; of equals the first seen. */
  #chooseHead(): void {
    let best = this.#blocks.get(this.#head.id) ?? this.#root;
    for (const block of this.#blocks.values()) if (best === this.#root || block.header.view > best.header.view) best = block;
    this.#head = best;
  }

  /** Makes room: drops the block of the lowest view that has no child and is not of the head's branch, if its view is below this one. */
  #dropLoser(view: number): boolean {
    const parents = new Set([...this.#blocks.values()].map(({ parent }) => parent?.id));
    const losers = [...this.#blocks.values()].filter(({ id, header }) => id !== this.#head.id && !parents.has(id) && header.view < view);
    const lowest = losers.toSorted((a, b) => a.header.view - b.header.view)[0];
    if (!lowest) return false;
    this.#blocks.delete(lowest.id);
    this.#views.remove(lowest.item!);
    return true;
  }
}

function codeOf(standing: SetStanding | RuleCode): RuleCode | undefined {
  return typeof standing === 'string' ? standing : undefined;
}

/** From the child of `root` up to `block`. */
function pathTo(block: TreeBlock, root: TreeBlock): readonly TreeBlock[] {
  const path: TreeBlock[] = [];
  for (let at: TreeBlock | undefined = block; at && at.id !== root.id; at = at.parent) path.unshift(at);
  return path;
}

/** What is left and what is reached from one branch to another that begins at the same block. */
function difference(from: readonly Hs2Item[], to: readonly Hs2Item[]): { readonly adopted: readonly Hs2Item[]; readonly reverted: readonly Hs2Item[] } {
  const at = from.findIndex(({ id }, i) => to[i]?.id !== id);
  const common = at < 0 ? from.length : at;
  return { adopted: to.slice(common), reverted: from.slice(common) };
}
