import { describe, expect, it } from 'vitest';
import { BlockMaker, put } from '../../../../test/support/hotstuff2/block-maker.ts';
import { itemOfVector, rootOf } from '../../../../test/support/hotstuff2/items.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { decodeFinalityProof } from '../wire/finality-proof.ts';
import { BlockTree, MAX_AHEAD } from './block-tree.ts';
import type { Hs2Item } from './hs2-block.ts';
import { Losers } from './losers.ts';
import { KeyValueState } from './state.ts';

const later = 4_000_000_000_000;
const ids = (items: readonly Hs2Item[] | undefined) => items?.map((it) => it.id);

function treeAt(root: Hs2Item, options: { readonly now?: () => number; readonly limit?: number; readonly own?: readonly Hs2Item[] } = {}) {
  const own = new Map((options.own ?? []).map((it) => [it.height, it.id]));
  return new BlockTree(rootOf(root), { now: options.now ?? (() => later), ownAt: (height) => own.get(height), limit: options.limit });
}

describe('situations of the vectors', () => {
  const { fork, conflictingFinals, viewGap } = vectors.situations;

  it('fork: the block of the lower view is taken back, the higher view stays, and what loses cannot come again', () => {
    const [parent, losing] = [itemOfVector(fork.parent), itemOfVector(fork.losing)];
    const winning = fork.winning.map(itemOfVector);
    const tree = treeAt(parent);
    expect(tree.add(losing)).toMatchObject({ kind: 'adopted', adopted: [losing], reverted: [], finalized: [] });
    expect(tree.add(winning[0]!)).toMatchObject({ kind: 'adopted', adopted: [winning[0]], reverted: [losing] });
    const outcomes = winning.slice(1).map((it) => tree.add(it));
    expect(outcomes.every(({ kind }) => kind === 'adopted')).toBe(true);
    expect(tree.head.id).toBe(winning.at(-1)!.id);
    // Also the other way round: the loser never becomes the head.
    const other = treeAt(parent);
    other.add(winning[0]!);
    expect(other.add(losing)).toMatchObject({ kind: 'adopted', adopted: [], reverted: [] });
    expect(other.head.id).toBe(winning[0]!.id);
  });

  it('view gap: final only by the next pair of consecutive views, with all ancestors', () => {
    const [root, ...items] = viewGap.blocks.map(itemOfVector);
    const tree = treeAt(root!);
    const finals = items.map((it) => (tree.add(it), tree.final.header.height));
    expect(finals).toEqual(viewGap.finalAfterEachQc.slice(1).map((height) => height ?? 39));
  });

  it('conflicting finals: halts and shows both proofs, however the second comes', () => {
    const [a1, a2] = conflictingFinals.a.map(itemOfVector);
    const [b1, b2] = conflictingFinals.b.map(itemOfVector);
    const parent = itemOfVector(vectors.n4.blocks.find((it) => it.hash === a1!.parent)!);
    const proofs = [Losers.proofOf(a1!, a2!), Losers.proofOf(b1!, b2!)];
    const start = () => {
      const tree = treeAt(parent);
      tree.add(a1!);
      expect(ids((tree.add(a2!) as { finalized?: readonly Hs2Item[] }).finalized)).toEqual([a1!.id]);
      return tree;
    };
    const byBlocks = start();
    expect(byBlocks.add(b1!)).toEqual({ kind: 'known' });
    expect(byBlocks.add(b2!)).toEqual({ kind: 'halted', height: 201, evidence: proofs });
    expect(start().finalize({ id: b1!.id, height: 201, proof: proofs[1]! })).toEqual({ kind: 'halted', height: 201, evidence: proofs });
    expect(start().finalize({ id: a1!.id, height: 201, proof: proofs[0]! })).toEqual({ kind: 'known' });
    const [first, second] = [decodeFinalityProof(proofs[0]!), decodeFinalityProof(proofs[1]!)];
    const [signers, ...others] = [first.final, second.final, first.child, second.child].map(({ qc }) => qc.signers);
    expect(signers!.filter((signer) => others.every((other) => other.includes(signer)))).toEqual(conflictingFinals.doubleSigners);
  });

  it('run n4 as it came: one head, no conflict, no reversal of a final block', () => {
    const blocks = vectors.n4.blocks.map(itemOfVector);
    const beside = vectors.n4.notFinal.filter((it) => it.qc).map(itemOfVector);
    const tree = treeAt(blocks[0]!);
    const order = [...blocks.slice(1), ...beside].toSorted((a, b) => a.block.header.view - b.block.header.view);
    const finalized: string[] = [];
    for (const item of order) {
      const outcome = tree.add(item);
      expect(['adopted', 'known']).toContain(outcome.kind);
      finalized.push(...(ids(outcome.finalized) ?? []));
    }
    // The last block of the run has a certified child among those that were not final when the run ended.
    expect(finalized).toEqual(blocks.slice(1).map((it) => it.id));
    expect(tree.final.id).toBe(blocks.at(-1)!.id);
    expect(tree.head.header.height).toBe(blocks.at(-1)!.height + 1);
  });
});

describe('block tree', () => {
  const maker = new BlockMaker();
  const [b1, b2, b3, b4, b5] = maker.row(5);

  it('knows what it has, and asks for what is missing', () => {
    const tree = treeAt(maker.genesis);
    expect(tree.examine(b1!)).toBeUndefined();
    tree.add(b1!);
    expect(tree.examine(b1!)).toEqual({ kind: 'known' });
    expect(tree.examine(b4!)).toEqual({ kind: 'gap', from: 2 });
    expect(tree.get(b1!.id)).toBe(b1);
    expect(tree.finalize({ id: b5!.id, height: 5, proof: new Uint8Array() })).toEqual({ kind: 'gap', from: 2 });
    const orphan = maker.make({ ...b1!, id: 'f'.repeat(64) }, new KeyValueState());
    expect(tree.examine({ ...orphan, height: 2 })).toEqual({ kind: 'gap', from: 1 });
  });

  it('makes a pair of consecutive views final, forgets what does not descend from it, and takes its own old blocks as known', () => {
    const tree = treeAt(maker.genesis, { own: [b1!, b2!] });
    tree.add(b1!);
    const rival = maker.make(b1!, new KeyValueState(), { view: 9, operations: [put('other', 'x')] });
    tree.add(rival);
    expect(tree.add(b2!)).toMatchObject({ kind: 'adopted', adopted: [], reverted: [], finalized: [b1] });
    expect(tree.head.id).toBe(rival.id);
    // Final beats the higher view.
    expect(tree.add(b3!)).toMatchObject({ adopted: [b2, b3], reverted: [rival], finalized: [b2] });
    expect(tree.final).toMatchObject({ id: b2!.id, proof: Losers.proofOf(b2!, b3!) });
    expect(tree.size).toBe(1);
    expect(tree.add(b1!)).toEqual({ kind: 'known' });
    expect(tree.add(rival)).toEqual({ kind: 'known' });
    expect(tree.branch()).toEqual([b3]);
  });

  it('takes a proof for a block that it has', () => {
    const tree = treeAt(maker.genesis);
    for (const it of [b1!, maker.make(b1!, new KeyValueState(), { view: 5 })]) tree.add(it);
    expect(tree.finalize({ id: tree.head.id, height: 2, proof: Uint8Array.of(7) })).toMatchObject({ kind: 'adopted', adopted: [], reverted: [] });
    expect(tree.final).toMatchObject({ header: { height: 2 }, proof: Uint8Array.of(7) });
  });

  it('halts on two certified blocks of one view', () => {
    const tree = treeAt(maker.genesis);
    for (const it of [b1!, b2!]) tree.add(it);
    const twin = maker.make(b1!, new KeyValueState(), { operations: [put('twin', '')] });
    expect(twin.block.header.view).toBe(b2!.block.header.view);
    const outcome = tree.add(twin);
    expect(outcome).toMatchObject({ kind: 'halted', height: 2 });
    expect(tree.head.id).toBe(b2!.id);
  });

  it('holds a block that is more than a minute ahead until its time comes, and at most 64 of them', () => {
    let now = b1!.block.header.time - MAX_AHEAD - 1;
    const tree = treeAt(maker.genesis, { now: () => now });
    expect([tree.examine(b1!), tree.add(b1!), tree.examine(b1!)]).toEqual([undefined, { kind: 'held' }, { kind: 'held' }]);
    for (let i = 0; i < 70; i += 1) tree.add(maker.make(maker.genesis, new KeyValueState(), { view: i + 1, header: { time: b1!.block.header.time + 1000 + i } }));
    expect(tree.due()).toEqual([]);
    now += 1;
    expect(tree.due()).toEqual([b1]);
    now += 1_000_000;
    expect(tree.due()).toHaveLength(63);
    expect(tree.examine(b1!)).toBeUndefined();
  });

  it('names the rule that a block breaks against its parent', () => {
    const tree = treeAt(maker.genesis);
    tree.add(b1!);
    const old = maker.make(b1!, new KeyValueState(), { header: { time: 1 } });
    expect(tree.examine(old)).toMatchObject({ kind: 'fault', fault: { code: 'time', weight: 'lie' } });
    const foreign = maker.make(b1!, new KeyValueState(), { header: { validators: 'a'.repeat(64) } });
    expect(tree.examine(foreign)).toMatchObject({ kind: 'fault', fault: { code: 'unknown-set' } });
  });

  it('is bounded: a losing block of a lower view makes room, else the new one waits', () => {
    const tree = treeAt(maker.genesis, { limit: 2 });
    const gaps = (view: number, parent: Hs2Item) => maker.make(parent, new KeyValueState(), { view });
    const low = gaps(1, maker.genesis);
    const head = gaps(3, maker.genesis);
    for (const it of [low, head]) tree.add(it);
    const next = gaps(6, head);
    expect(tree.add(next)).toMatchObject({ kind: 'adopted' });
    expect(tree.get(low.id)).toBeUndefined();
    expect(tree.add(gaps(9, next))).toEqual({ kind: 'held' });
  });
});
