/**
 * Fork choice and finality (Moloch reference, 6.6 and 6.7). The tree has the newest final block as its root, and above it every verified block that may still become final. A
 * block is final with the signatures of enough different validators, and with it all blocks before it. Among blocks that are not final, the branch with more signers wins, then
 * the one that was seen first; length does not count. A final block is never rolled back: if another one is proven final, the tree halts.
 *
 * The tree checks what binds blocks to each other (parent, time, leaf rule). Its caller has checked everything else, each signature too.
 * @module
 */
import type { Halt, Outcome } from '../../../engine/follow/followed-chain.ts';
import type { Fault, Item, Tip } from '../../../engine/sync/sync-chain.ts';
import type { MolochEvent } from '../wire/event.ts';
import { encodeTrustedHeader, type FinalitySignature, type TrustedHeader } from '../wire/trusted-header.ts';
import type { HeaderContent } from '../wire/header.ts';
import { checkLeafRule, checkParent } from './block-rules.ts';
import { blockHash } from './hash.ts';
import { appendLeaf, type MmrPeaks } from './mmr.ts';
import type { Finalized, MolochBlock } from './moloch-block.ts';
import { returnedEvents } from './returned-events.ts';
import { finalityThreshold } from './trusted-header-rules.ts';
import type { TreeNode } from './tree-node.ts';
import { TreeNodes } from './tree-nodes.ts';
import { WaitingSignatures } from './waiting-signatures.ts';

export interface FinalBlock extends Tip {
  /** Unix milliseconds. */
  readonly time: number;
  /** Of the range with this block. */
  readonly peaks: MmrPeaks;
}

export interface TreeOptions {
  readonly validators: readonly string[];
  readonly final: FinalBlock;
  /** The newest header with its signatures: one side of the evidence. Undefined at genesis. */
  readonly proof: TrustedHeader | undefined;
  /** The id of the final block at a height; undefined where none is known. */
  readonly finalId: (height: number) => string | undefined;
}

export interface TreeChange {
  readonly outcome: Outcome<MolochBlock>;
  /** Blocks that became final, ascending, with the signatures that are known. */
  readonly finalized: readonly Item<MolochBlock>[];
  /** Events of reverted blocks that no adopted block has. */
  readonly returned: readonly MolochEvent[];
}

export class BlockTree {
  readonly #options: TreeOptions;
  readonly #threshold: number;
  readonly #nodes = new TreeNodes();
  readonly #waiting = new WaitingSignatures();
  #final: FinalBlock;
  #proof: TrustedHeader | undefined;
  /** The blocks above the final one that are in the chain, ascending. */
  #branch: readonly TreeNode[] = [];
  #halted: (Outcome<MolochBlock> & { readonly kind: 'halted' }) | undefined;

  constructor(options: TreeOptions) {
    this.#options = options;
    this.#threshold = finalityThreshold(options.validators.length);
    this.#final = options.final;
    this.#proof = options.proof;
  }

  get final(): FinalBlock {
    return this.#final;
  }

  /** The newest header that signatures make final; undefined at genesis. */
  get proof(): TrustedHeader | undefined {
    return this.#proof;
  }

  get head(): Tip {
    const top = this.#branch.at(-1)?.item ?? this.#final;
    return { height: top.height, id: top.id };
  }

  /** The blocks of the chain above the final one, ascending. */
  get pending(): readonly Item<MolochBlock>[] {
    return this.#branch.map(({ item }) => item);
  }

  /** A block above the final one, on any branch. */
  block(id: string): Item<MolochBlock> | undefined {
    return this.#nodes.linked(id)?.item;
  }

  /** The number of different validators that signed a block above the final one. */
  signers(id: string): number {
    return this.#nodes.linked(id)?.signatures.size ?? 0;
  }

  /** Why nothing more is taken; undefined: it is. */
  get halted(): Halt | undefined {
    return this.#halted && { height: this.#halted.height, evidence: this.#halted.evidence };
  }

  /** Takes nothing more: two final blocks excluded each other before. */
  standStill({ height, evidence }: Halt): void {
    this.#halted = { kind: 'halted', height, evidence };
  }

  /** Whether a block cannot be in one chain with the final one, as far as that is seen from its header alone. */
  excludes(header: HeaderContent): boolean {
    const { height } = header;
    if (height > this.#final.height) return height === this.#final.height + 1 && header.parent !== this.#final.id;
    const ours = height === this.#final.height ? this.#final.id : this.#options.finalId(height);
    return ours !== undefined && ours !== blockHash(header);
  }

  /** Takes a block; its signatures count. `certain`: a later block of its run makes it final, so it finds room in any case. */
  add(item: Item<MolochBlock>, certain = false): TreeChange {
    if (this.#halted) return unchanged(this.#halted);
    const known = this.#nodes.linked(item.id);
    if (known || this.#isFinal(item)) return known && this.#sign(known, item.block.signatures) ? this.#settle() : unchanged({ kind: 'known' });
    const waiting = this.#waiting.take(item.id);
    const node = this.#nodes.make(item, [...item.block.signatures, ...waiting]);
    const parent = this.#parentOf(node);
    if (!parent) return this.#keepUnlinked(node);
    const linked = this.#link(node, parent, certain);
    if (typeof linked !== 'boolean') return unchanged({ kind: 'fault', fault: linked });
    if (linked) this.#linkChildren(node);
    return this.#settle();
  }

  /** Takes signatures over a block's hash: votes, or a notice that it is final. */
  sign({ hash, height, signatures }: Finalized): TreeChange {
    if (this.#halted) return unchanged(this.#halted);
    const node = this.#nodes.get(hash);
    if (node) {
      if (node.item.height !== height) return unchanged({ kind: 'fault', fault: { code: 'other-height', weight: 'offence', data: { hash, height, expected: node.item.height } } });
      if (!this.#sign(node, signatures)) return unchanged({ kind: 'known' });
      return this.#nodes.linked(hash) ? this.#settle() : this.#keepUnlinked(node);
    }
    if (this.#isFinal({ height, id: hash })) return unchanged({ kind: 'known' });
    const signers = this.#waiting.add(hash, signatures);
    const isProof = signers >= this.#threshold && height > this.#final.height;
    return unchanged(isProof ? { kind: 'gap', from: Math.min(this.head.height + 1, height) } : { kind: 'held' });
  }

  #isFinal({ height, id }: Tip): boolean {
    return id === this.#final.id || (height < this.#final.height && this.#options.finalId(height) === id);
  }

  #isProven({ signatures }: TreeNode): boolean {
    return signatures.size >= this.#threshold;
  }

  /** Whether there was a new one. */
  #sign(node: TreeNode, signatures: readonly FinalitySignature[]): boolean {
    const before = node.signatures.size;
    for (const { key, signature } of signatures) if (!node.signatures.has(key)) node.signatures.set(key, signature);
    return node.signatures.size > before;
  }

  #parentOf({ item }: TreeNode): FinalBlock | TreeNode | undefined {
    return item.parent === this.#final.id ? this.#final : this.#nodes.linked(item.parent);
  }

  /** Puts a node behind its parent, if the rules between the two hold. False: there is no room for it. */
  #link(node: TreeNode, parent: FinalBlock | TreeNode, certain: boolean): Fault | boolean {
    const { item } = node;
    const before = 'item' in parent ? { height: parent.item.height, id: parent.item.id, time: parent.item.block.header.time, peaks: parent.peaks! } : parent;
    const fault = checkParent(before, item) ?? checkLeafRule(item.block.header, before.peaks);
    if (fault) return fault;
    node.peaks = appendLeaf(before.peaks, item.id);
    return this.#nodes.link(node, certain || this.#isProven(node));
  }

  /** Links the blocks that were waiting for this one. One that breaks a rule, or has no room, is dropped: its sender is not known any more. */
  #linkChildren(node: TreeNode): void {
    for (const child of this.#nodes.unlinkedChildren(node.item.id)) {
      this.#nodes.dropUnlinked(child.item.id);
      if (this.#link(child, node, false) === true) this.#linkChildren(child);
    }
  }

  /** Keeps a block whose parent is not in the tree. If it is proven final and excludes our final block, both cannot be. */
  #keepUnlinked(node: TreeNode): TreeChange {
    this.#nodes.keepUnlinked(node, this.#isProven(node));
    const conflict = this.#nodes.unlinked().find((it) => this.#isProven(it) && this.#excludesFinal(it));
    if (conflict) return this.#halt(conflict);
    const { height } = node.item;
    if (height <= this.#final.height || this.#excludesFinal(node)) return unchanged({ kind: 'held' });
    return unchanged({ kind: 'gap', from: height > this.head.height + 1 ? this.head.height + 1 : this.#final.height + 1 });
  }

  /** Whether the hashes from this block down, as far as they are known, leave out the final block. */
  #excludesFinal(node: TreeNode): boolean {
    let at: TreeNode | undefined = node;
    while (at && at.item.height > this.#final.height + 1) at = this.#nodes.get(at.item.parent);
    if (!at) return false;
    if (at.item.height === this.#final.height + 1) return at.item.parent !== this.#final.id;
    const ours = at.item.height === this.#final.height ? this.#final.id : this.#options.finalId(at.item.height);
    return ours !== undefined && ours !== at.item.id;
  }

  #halt({ item, signatures }: TreeNode): TreeChange {
    const theirs: TrustedHeader = { header: item.block.header, signatures: listOf(signatures), mmrRoot: item.block.header.mmrRoot };
    // Genesis has no signatures: the evidence is then the other block alone.
    const evidence: readonly [Uint8Array, Uint8Array] = [this.#proof ? encodeTrustedHeader(this.#proof) : new Uint8Array(), encodeTrustedHeader(theirs)];
    this.#halted = { kind: 'halted', height: item.height, evidence };
    return unchanged(this.#halted);
  }

  /** Moves finality and head to where they belong. */
  #settle(): TreeChange {
    const before = this.#branch;
    const proven = this.#nodes.allLinked().filter((node) => this.#isProven(node));
    const highest = proven.reduce<TreeNode | undefined>((best, node) => (best && best.item.height >= node.item.height ? best : node), undefined);
    const finalized = highest ? this.#nodes.pathTo(highest) : [];
    if (highest) {
      this.#final = { height: highest.item.height, id: highest.item.id, time: highest.item.block.header.time, peaks: highest.peaks! };
      this.#proof = { header: highest.item.block.header, signatures: listOf(highest.signatures), mmrRoot: highest.item.block.header.mmrRoot };
      this.#nodes.prune(finalized);
    }
    this.#branch = this.#nodes.bestBranch(this.#final.id);
    const conflict = proven.find((node) => node !== highest && !finalized.includes(node));
    if (conflict) return this.#halt(conflict);
    return this.#change(before, finalized);
  }

  #change(before: readonly TreeNode[], finalized: readonly TreeNode[]): TreeChange {
    const after = [...finalized, ...this.#branch];
    const adopted = after.filter((node) => !before.includes(node)).map(itemWithSignatures);
    const reverted = before.filter((node) => !after.includes(node)).map(itemWithSignatures);
    const hasMoved = adopted.length > 0 || reverted.length > 0 || finalized.length > 0;
    return {
      outcome: hasMoved ? { kind: 'adopted', adopted, reverted } : { kind: 'held' },
      finalized: finalized.map(itemWithSignatures),
      returned: returnedEvents(reverted, adopted),
    };
  }
}

function unchanged(outcome: Outcome<MolochBlock>): TreeChange {
  return { outcome, finalized: [], returned: [] };
}

function listOf(signatures: ReadonlyMap<string, Uint8Array>): FinalitySignature[] {
  return [...signatures].map(([key, signature]) => ({ key, signature }));
}

function itemWithSignatures({ item, signatures }: TreeNode): Item<MolochBlock> {
  return { ...item, block: { ...item.block, signatures: listOf(signatures) } };
}
