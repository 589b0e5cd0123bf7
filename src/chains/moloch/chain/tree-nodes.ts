/**
 * The blocks of a `BlockTree`: those that are linked to the final block, and those whose parent is missing.
 * @module
 */
// Tests: `src/chains/moloch/chain/block-tree.test.ts`.
import type { Item } from '../../../engine/sync/sync-chain.ts';
import type { FinalitySignature } from '../wire/trusted-header.ts';
import type { MmrPeaks } from './mmr.ts';
import type { MolochBlock } from './moloch-block.ts';

export interface TreeNode {
  readonly item: Item<MolochBlock>;
  /** By validator's key. */
  readonly signatures: Map<string, Uint8Array>;
  /** The order in which blocks were seen. */
  readonly seen: number;
  /** Of the range with this block, once it is linked. */
  peaks: MmrPeaks | undefined;
}

/** Blocks whose parent is missing, at most. The oldest one is dropped; it can be fetched again. */
const MAX_UNLINKED = 256;

export class TreeNodes {
  readonly #linked = new Map<string, TreeNode>();
  readonly #unlinked = new Map<string, TreeNode>();
  #seen = 0;

  get linkedCount(): number {
    return this.#linked.size;
  }

  make(item: Item<MolochBlock>, signatures: readonly FinalitySignature[]): TreeNode {
    const kept = this.#unlinked.get(item.id);
    const all = new Map(kept?.signatures);
    for (const { key, signature } of signatures) all.set(key, signature);
    this.#unlinked.delete(item.id);
    return { item, signatures: all, seen: kept?.seen ?? this.#seen++, peaks: undefined };
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

  link(node: TreeNode): void {
    this.#linked.set(node.item.id, node);
  }

  keepUnlinked(node: TreeNode): void {
    this.#unlinked.delete(node.item.id);
    this.#unlinked.set(node.item.id, node);
    if (this.#unlinked.size <= MAX_UNLINKED) return;
    for (const oldest of this.#unlinked.keys()) {
      this.#unlinked.delete(oldest);
      return;
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
    for (const node of this.allLinked()) {
      const bottom = this.pathTo(node)[0]!;
      if (bottom.item.parent === root) continue;
      this.keepUnlinked(node);
    }
    for (const id of this.#unlinked.keys()) this.#linked.delete(id);
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
