// Tests: `src/chains/stacks/client/stacks-chain.test.ts`.
/**
 * The certified blocks above the newest confirmed one, as a tree: tenures fork. The head is the block with the greatest height; of two, the one that came
 * first.
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import type { Tip } from '../../../engine/sync/sync-chain.ts';
import type { StacksItem } from '../chain/stacks-block.ts';
import { confirmedCount } from './confirmed.ts';

/** A block with the cycle whose set signs it. */
export interface Placed {
  readonly item: StacksItem;
  readonly cycle: number;
}

/** The block that the tree stands on: a confirmed one, or the checkpoint's, whose header is not known. */
export interface Root extends Tip {
  /** Unix seconds. */
  readonly time: number;
  readonly cycle: number;
  readonly item: StacksItem | undefined;
}

/** How the head moved. All ascend; blocks that are confirmed by it are among those adopted, or were adopted before. */
export interface Moved {
  readonly adopted: readonly StacksItem[];
  readonly reverted: readonly StacksItem[];
  readonly confirmed: readonly Placed[];
}

/** Blocks in the tree at most: the newest two tenures have some hundreds. At the bound those beside the branch of the head go. */
const MAX_PENDING = 4_096;

export class PendingTree {
  #root: Root;
  #nodes = new Map<Hash, Placed>();
  #head: Placed | undefined;

  constructor(root: Root) {
    this.#root = root;
  }

  get root(): Root {
    return this.#root;
  }

  get head(): Tip {
    const { height, id } = this.#head?.item ?? this.#root;
    return { height, id };
  }

  get size(): number {
    return this.#nodes.size;
  }

  get(id: Hash): Placed | undefined {
    return this.#nodes.get(id);
  }

  /** The blocks from the root, which is not among them, up to the head or to another block of the tree. */
  branch(to: Hash = this.head.id): readonly Placed[] {
    const path: Placed[] = [];
    for (let at = this.#nodes.get(to); at; at = this.#nodes.get(at.item.parent)) path.push(at);
    return path.toReversed();
  }

  /** Takes a certified block whose parent is the root or in the tree. Undefined: there is no room. */
  add(placed: Placed): Moved | undefined {
    const { item } = placed;
    if (this.#nodes.size >= MAX_PENDING) this.#dropSides(item.parent);
    if (this.#nodes.size >= MAX_PENDING) return undefined;
    this.#nodes.set(item.id, placed);
    if (item.height <= this.head.height) return { adopted: [], reverted: [], confirmed: [] };
    const before = this.branch();
    this.#head = placed;
    const now = this.branch();
    const fork = before.findIndex(({ item: { id } }, i) => now[i]?.item.id !== id);
    const common = fork < 0 ? before.length : fork;
    const confirmed = now.slice(0, confirmedCount(this.#root.item?.block.header.consensusHash, now.map(({ item: { block } }) => block.header.consensusHash)));
    if (confirmed.length > 0) this.reroot(rootOf(confirmed.at(-1)!));
    return { adopted: itemsOf(now.slice(common)), reverted: itemsOf(before.slice(common)), confirmed };
  }

  /** Stands on another block from here on. What follows on it stays, everything else goes. */
  reroot(root: Root): void {
    const kept = new Map<Hash, Placed>();
    // Ascending, so that a parent is looked at before its children.
    const ascending = Array.from(this.#nodes.values()).toSorted((a, b) => a.item.height - b.item.height);
    for (const placed of ascending) if (placed.item.parent === root.id || kept.has(placed.item.parent)) kept.set(placed.item.id, placed);
    this.#root = root;
    this.#nodes = kept;
    if (this.#head && kept.has(this.#head.item.id)) return;
    let head: Placed | undefined;
    for (const placed of kept.values()) if (!head || placed.item.height > head.item.height) head = placed;
    this.#head = head;
  }

  /** Only the branches of the head and of this block stay. */
  #dropSides(keep: Hash): void {
    this.#nodes = new Map([...this.branch(), ...this.branch(keep)].map((placed) => [placed.item.id, placed]));
  }
}

export function rootOf({ item, cycle }: Placed): Root {
  return { height: item.height, id: item.id, time: item.block.header.timestamp, cycle, item };
}

function itemsOf(placed: readonly Placed[]): readonly StacksItem[] {
  return placed.map(({ item }) => item);
}
