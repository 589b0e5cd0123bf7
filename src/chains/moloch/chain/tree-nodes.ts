/**
 * The blocks of a `BlockTree`: those that are linked to the final block, and those whose parent is missing.
 * @module
 */
// Tests: `src/chains/moloch/chain/block-tree.test.ts`.
import type { Item } from '../../../engine/sync/sync-chain.ts';
import type { FinalitySignature } from '../wire/trusted-header.ts';
import type { MolochBlock } from './moloch-block.ts';
import type { TreeNode } from './tree-node.ts';
import { crowdsOut, givesWay, type Room } from './tree-room.ts';

/** Verified blocks above the final one, at most, and bytes: six of the largest blocks. Blocks that are `certain` to become final do not give way, so a run of the sync may exceed it. Those that give way (`tree-room.ts`) can be fetched again. Ours. */
const LINKED: Room = { blocks: 512, bytes: 100_000_000 };
/** Blocks whose parent is missing, at most: half of that. Ours. */
const UNLINKED: Room = { blocks: 256, bytes: 50_000_000 };

export class TreeNodes {
  readonly #linked = new Map<string, TreeNode>();
  readonly #unlinked = new Map<string, TreeNode>();
  #seen = 0;

  make(item: Item<MolochBlock>, signatures: readonly FinalitySignature[]): TreeNode {
    const kept = this.#unlinked.get(item.id);
    const all = new Map(kept?.signatures);
    for (const { key, signature } of signatures) all.set(key, signature);
    this.#unlinked.delete(item.id);
    return { item, signatures: all, seen: kept?.seen ?? this.#seen++, peaks: undefined, certain: false };
  }

  linked(id: string): TreeNode | undefined {
    return this.#linked.get(id);
  }

  get(id: string): TreeNode | undefined {
    return this.#linked.get(id) ?? this.#unlinked.get(id);
  }

  allLinked(): readonly TreeNode[] {
    return [...this.#linked.values()];
  }

  unlinked(): readonly TreeNode[] {
    return [...this.#unlinked.values()];
  }

  /** Links a block. Where there is no room, blocks give way that nothing is built on; one that is `certain` to become final never does. False: it gave way itself. */
  link(node: TreeNode, certain: boolean): boolean {
    node.certain = certain;
    this.#linked.set(node.item.id, node);
    for (;;) {
      const nodes = this.allLinked();
      const parents = new Set(nodes.map(({ item }) => item.parent));
      const candidates = nodes.filter((it) => !parents.has(it.item.id) && !it.certain);
      const loser = crowdsOut(nodes, candidates, node) ?? givesWay(nodes, candidates, LINKED);
      if (!loser) return true;
      this.#linked.delete(loser.item.id);
      if (loser === node) return false;
    }
  }

  /** `certain`: it does not give way where there is no room. */
  keepUnlinked(node: TreeNode, certain: boolean): void {
    this.#unlinked.set(node.item.id, node);
    for (;;) {
      const nodes = this.unlinked();
      const loser = givesWay(nodes, nodes.filter((it) => !(certain && it === node)), UNLINKED);
      if (!loser) return;
      this.#unlinked.delete(loser.item.id);
      if (loser === node) return;
    }
  }

  dropUnlinked(id: string): void {
    this.#unlinked.delete(id);
  }

  unlinkedChildren(id: string): readonly TreeNode[] {
    return this.unlinked().filter(({ item }) => item.parent === id);
  }

  /** From the lowest linked block to this one. */
  pathTo(node: TreeNode): readonly TreeNode[] {
    const path = [node];
    for (let at = this.#linked.get(node.item.parent); at; at = this.#linked.get(at.item.parent)) path.unshift(at);
    return path;
  }

  /** Takes the blocks out that have become final, and those of other branches, which are kept as unlinked: a proof for one of them must be noticed. */
  prune(finalized: readonly TreeNode[]): void {
    for (const { item } of finalized) this.#linked.delete(item.id);
    const root = finalized.at(-1)!.item.id;
    const losers = this.allLinked().filter((node) => this.pathTo(node)[0]!.item.parent !== root);
    for (const node of losers) this.#linked.delete(node.item.id);
    for (const node of losers) this.keepUnlinked(node, false);
  }

  /** The branch above `root`: at each fork the child whose branch has more different signers, then the one that was seen first. */
  bestBranch(root: string): readonly TreeNode[] {
    const children = new Map<string, TreeNode[]>();
    for (const node of this.#linked.values()) children.set(node.item.parent, [...(children.get(node.item.parent) ?? []), node]);
    const signersAbove = this.#signersAbove(children);
    const branch: TreeNode[] = [];
    for (let at = root; ; at = branch.at(-1)!.item.id) {
      const [best] = (children.get(at) ?? []).toSorted((a, b) => signersAbove.get(b)!.size - signersAbove.get(a)!.size || a.seen - b.seen);
      if (!best) return branch;
      branch.push(best);
    }
  }

  /** Who signed a block or one above it. */
  #signersAbove(children: ReadonlyMap<string, readonly TreeNode[]>): ReadonlyMap<TreeNode, ReadonlySet<string>> {
    const signers = new Map<TreeNode, Set<string>>();
    for (const node of this.allLinked().toSorted((a, b) => b.item.height - a.item.height)) {
      const all = new Set(node.signatures.keys());
      for (const child of children.get(node.item.id) ?? []) for (const key of signers.get(child)!) all.add(key);
      signers.set(node, all);
    }
    return signers;
  }
}
