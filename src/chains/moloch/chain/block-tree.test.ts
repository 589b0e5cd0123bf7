import { describe, expect, it } from 'vitest';
import { blockAfter, eventOf, makeChain, seeds, signaturesOf, validators, type MadeBlock } from '../../../../test/support/moloch-chain-maker.ts';
import { fromHex } from '../../../base/bytes.ts';
import { signEd25519 } from '../../../crypto/ed25519.ts';
import { decodeTrustedHeader } from '../wire/trusted-header.ts';
import { BlockTree, type TreeChange } from './block-tree.ts';
import { eventId } from './hash.ts';
import { trustedHeaderOf } from './moloch-block.ts';
import { checkTrustedHeader } from './trusted-header-rules.ts';
import { verifySignature } from './verify-signature.ts';

const chain = makeChain(3);
const final = chain.at(-1)!;

/** A tree whose final block is at height 3. */
function treeAt3(): BlockTree {
  const { item, peaks } = final;
  return new BlockTree({
    validators,
    final: { height: item.height, id: item.id, time: item.block.header.time, peaks },
    proof: trustedHeaderOf(item.block),
    finalId: (height) => chain[height]?.item.id,
  });
}

const kindOf = ({ outcome }: TreeChange) => outcome.kind;
const heights = ({ outcome }: TreeChange) => (outcome.kind === 'adopted' ? { adopted: outcome.adopted.map(({ height }) => height), reverted: outcome.reverted.map(({ height }) => height) } : outcome);
const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);
const after = (parent: MadeBlock, branch: string, signers = 0, events = [eventOf(parent.item.height * 100 + signers)]) => blockAfter(parent, { branch, signers, events });
const vote = ({ item }: MadeBlock, validator: number) => ({ hash: item.id, height: item.height, signatures: [{ key: validators[validator]!, signature: signEd25519(seeds[validator]!, fromHex(item.id)) }] });

describe('6.6 gossip', () => {
  it('NewBlock is shown and not final; two votes leave it so; the third makes it final', () => {
    const tree = treeAt3();
    const a = after(final, 'a');
    expect(heights(tree.add(a.item))).toEqual({ adopted: [4], reverted: [] });
    expect([tree.head.id, tree.final.height]).toEqual([a.item.id, 3]);
    expect(kindOf(tree.sign(vote(a, 0)))).toBe('held');
    expect(kindOf(tree.sign(vote(a, 1)))).toBe('held');
    expect(tree.final.height).toBe(3);
    const last = tree.sign(vote(a, 2));
    expect(ids(last.finalized)).toEqual([a.item.id]);
    expect(last.finalized[0]!.block.signatures).toHaveLength(3);
    expect([tree.head.id, tree.final.id]).toEqual([a.item.id, a.item.id]);
    expect(kindOf(tree.sign(vote(a, 3)))).toBe('known');
  });

  it('the same voter again does not count', () => {
    const tree = treeAt3();
    const a = after(final, 'a');
    tree.add(a.item);
    tree.sign(vote(a, 0));
    tree.sign(vote(a, 1));
    expect(kindOf(tree.sign(vote(a, 1)))).toBe('known');
    expect([tree.signers(a.item.id), tree.final.height]).toEqual([2, 3]);
  });

  it('Finalized before its NewBlock: the block is asked for, then final at once', () => {
    const tree = treeAt3();
    const a = after(final, 'a');
    expect(tree.sign({ hash: a.item.id, height: 4, signatures: signaturesOf(a.item.id, 3) }).outcome).toEqual({ kind: 'gap', from: 4 });
    expect(ids(tree.add(a.item).finalized)).toEqual([a.item.id]);
  });

  it('too few votes for a block that is not here wait for it', () => {
    const tree = treeAt3();
    const a = after(final, 'a');
    expect(kindOf(tree.sign(vote(a, 0)))).toBe('held');
    tree.add(a.item);
    expect(tree.signers(a.item.id)).toBe(1);
  });

  it('a vote with another height takes nothing from those that came before', () => {
    const tree = treeAt3();
    const a = after(final, 'a');
    for (const i of [0, 1]) tree.sign(vote(a, i));
    expect(kindOf(tree.sign({ ...vote(a, 1), height: 9 }))).toBe('held');
    expect(tree.sign(vote(a, 2)).outcome).toEqual({ kind: 'gap', from: 4 });
    expect(tree.add(a.item).finalized).toHaveLength(1);
  });

  it('votes for blocks that nobody has do not push out those of two validators', () => {
    const tree = treeAt3();
    const a = after(final, 'a');
    for (const i of [0, 1]) tree.sign(vote(a, i));
    for (let i = 0; i < 100; i += 1) tree.sign(vote(after(final, `invented${i}`, 0, []), 3));
    expect(kindOf(tree.sign(vote(a, 2)))).toBe('gap');
  });

  it('Finalized with another height is an offence', () => {
    const tree = treeAt3();
    const a = after(final, 'a');
    tree.add(a.item);
    expect(tree.sign({ hash: a.item.id, height: 5, signatures: signaturesOf(a.item.id, 3) }).outcome).toMatchObject({ kind: 'fault', fault: { code: 'other-height' } });
  });

  it('a signature on a later block makes those before it final too', () => {
    const tree = treeAt3();
    const a = after(final, 'a');
    const b = after(a, 'a');
    tree.add(a.item);
    const change = tree.add(blockAfter(a, { branch: 'a', signers: 3, events: b.item.block.events! }).item);
    expect(change.finalized.map(({ height }) => height)).toEqual([4, 5]);
  });
});

describe('6.7 fork resolution', () => {
  it('100a has two signatures, 100b three: 100a is rolled back, 100b and what follows is applied', () => {
    const tree = treeAt3();
    const shared = eventOf(7);
    const own = eventOf(8);
    const a = after(final, 'a', 2, [shared, own]);
    const b = after(final, 'b', 3, [shared]);
    const b1 = after(b, 'b');
    const b2 = after(b1, 'b');
    tree.add(a.item);
    const change = tree.add(b.item);
    expect(heights(change)).toEqual({ adopted: [4], reverted: [4] });
    expect(ids(change.finalized)).toEqual([b.item.id]);
    // An event of both blocks does not go back to the pool.
    expect(change.returned.map(eventId)).toEqual([eventId(own)]);
    expect(heights(tree.add(b1.item))).toEqual({ adopted: [5], reverted: [] });
    expect(heights(tree.add(b2.item))).toEqual({ adopted: [6], reverted: [] });
    expect(tree.head.id).toBe(b2.item.id);
  });

  it('the branch that comes from its end: its blocks are asked for, and linked when they are there', () => {
    const tree = treeAt3();
    const a = after(final, 'a', 2);
    const b = after(final, 'b', 3);
    const b1 = after(b, 'b');
    const b2 = after(b1, 'b');
    tree.add(a.item);
    expect(tree.add(b2.item).outcome).toEqual({ kind: 'gap', from: 5 });
    expect(tree.add(b1.item).outcome).toEqual({ kind: 'gap', from: 4 });
    expect(heights(tree.add(b.item))).toEqual({ adopted: [4, 5, 6], reverted: [4] });
  });

  it('more signers win, then the one seen first; length does not count', () => {
    const tree = treeAt3();
    const a = after(final, 'a', 1);
    const b = after(final, 'b', 1);
    const b1 = after(b, 'b');
    tree.add(a.item);
    expect(kindOf(tree.add(b.item))).toBe('held');
    expect(kindOf(tree.add(b1.item))).toBe('held');
    expect(tree.head.id).toBe(a.item.id);
    // A signature on a block counts for those before it.
    expect(heights(tree.sign(vote(b1, 3)))).toEqual({ adopted: [4, 5], reverted: [4] });
    // The same validator again, higher up, is one signer.
    tree.sign(vote(b, 3));
    expect(kindOf(tree.sign(vote(a, 1)))).toBe('adopted');
    expect(tree.head.id).toBe(a.item.id);
  });

  it('a longer branch that is not final loses against a shorter final one', () => {
    const tree = treeAt3();
    const a = after(final, 'a', 2);
    const a1 = after(a, 'a', 2);
    const a2 = after(a1, 'a', 2);
    for (const { item } of [a, a1, a2]) tree.add(item);
    const b = after(final, 'b', 3);
    expect(heights(tree.add(b.item))).toEqual({ adopted: [4], reverted: [4, 5, 6] });
    expect(tree.head.id).toBe(b.item.id);
  });

  it('a final block is never rolled back: two final blocks at one height halt the tree, with both proofs', async () => {
    const tree = treeAt3();
    const a = after(final, 'a', 3);
    const b = after(final, 'b', 3);
    tree.add(a.item);
    const { outcome } = tree.add(b.item);
    if (outcome.kind !== 'halted') throw new Error(outcome.kind);
    expect(outcome.height).toBe(4);
    const proofs = outcome.evidence.map((bytes) => decodeTrustedHeader(bytes));
    expect(proofs.map(({ header }) => header.sealerName)).toEqual(['a', 'b']);
    for (const proof of proofs) expect(await checkTrustedHeader(proof, validators, verifySignature)).toBeUndefined();
    // Nothing more is taken.
    expect(kindOf(tree.add(after(a, 'a').item))).toBe('halted');
    expect(tree.final.id).toBe(a.item.id);
  });

  it('a loser that is proven final later halts the tree too', () => {
    const tree = treeAt3();
    const a = after(final, 'a', 3);
    const b = after(final, 'b', 2);
    tree.add(b.item);
    tree.add(a.item);
    expect(kindOf(tree.sign(vote(b, 3)))).toBe('halted');
  });

  it('so does a proof for a block whose branch leaves the final block out, however it comes', () => {
    const b = after(chain[2]!, 'b');
    const b1 = after(b, 'b');
    const b2 = after(b1, 'b', 3);
    const upwards = treeAt3();
    expect([b, b1, b2].map(({ item }) => kindOf(upwards.add(item)))).toEqual(['held', 'held', 'halted']);
    const downwards = treeAt3();
    expect([b2, b1].map(({ item }) => kindOf(downwards.add(item)))).toEqual(['gap', 'halted']);
  });

  it('a block below the final one that nothing proves is kept and not decided', () => {
    const tree = treeAt3();
    expect(kindOf(tree.add(after(chain[1]!, 'b').item))).toBe('held');
    expect(kindOf(tree.add(chain[2]!.item))).toBe('known');
    expect(kindOf(tree.add(final.item))).toBe('known');
  });
});

describe('what links blocks', () => {
  it('a block ahead is a gap after the head', () => {
    const tree = treeAt3();
    const a = after(final, 'a');
    tree.add(a.item);
    expect(tree.add(after(after(after(a, 'a'), 'a'), 'a').item).outcome).toEqual({ kind: 'gap', from: 5 });
  });

  it('the leaf rule and the time are checked where the parent is known', () => {
    const tree = treeAt3();
    expect(tree.add(blockAfter(final, { signers: 3, header: { mmrRoot: '11'.repeat(32) } }).item).outcome).toMatchObject({ kind: 'fault', fault: { code: 'mmr-root', weight: 'lie' } });
    expect(tree.add(blockAfter(final, { time: 1 }).item).outcome).toMatchObject({ kind: 'fault', fault: { code: 'time-before-parent' } });
    expect(tree.add(blockAfter(final, { header: { height: 5 } }).item).outcome).toMatchObject({ kind: 'fault', fault: { code: 'height-gap' } });
  });
});

describe('where there is no room for all blocks', () => {
  const sealedBy = (parent: MadeBlock, sealer: number, branch: string, signers = 0) => blockAfter(parent, { branch, signers, header: { sealer: validators[sealer]! } });
  const sized = ({ item }: MadeBlock, size: number) => ({ ...item, size });
  const held = (tree: BlockTree, blocks: readonly MadeBlock[]) => blocks.filter(({ item }) => tree.block(item.id)).length;

  /** A tree that one validator filled, with a chain of 512 blocks. */
  function filled() {
    const tree = treeAt3();
    const row: MadeBlock[] = [];
    for (let i = 0; i < 512; i += 1) row.push(sealedBy(row.at(-1) ?? final, 3, 'bad'));
    for (const { item } of row) tree.add(item);
    return { tree, row };
  }

  it('a sealer that fills the tree makes room for the others, and nobody is blamed', () => {
    const { tree, row } = filled();
    expect([held(tree, row), tree.head.height]).toEqual([512, 515]);
    expect(kindOf(tree.add(sealedBy(row.at(-1)!, 3, 'bad').item))).toBe('held');
    expect(held(tree, row)).toBe(512);
    const honest = sealedBy(final, 0, 'good');
    const change = tree.add(honest.item);
    expect(heights(change)).toEqual({ adopted: [], reverted: [515] });
    expect([held(tree, row), held(tree, [honest])]).toEqual([511, 1]);
    // Votes make it final as ever.
    for (const i of [0, 1]) tree.sign(vote(honest, i));
    expect(ids(tree.sign(vote(honest, 2)).finalized)).toEqual([honest.item.id]);
  });

  it('a sealer has four blocks at a height, those with more signers', () => {
    const tree = treeAt3();
    const blocks = Array.from({ length: 6 }, (_, i) => sealedBy(final, 0, `b${i}`));
    expect(blocks.map(({ item }) => kindOf(tree.add(item)))).toEqual(['adopted', 'held', 'held', 'held', 'held', 'held']);
    expect(blocks.map(({ item }) => tree.block(item.id) !== undefined)).toEqual([true, true, true, true, false, false]);
    // One that has a vote takes the place of the newest without.
    const voted = sealedBy(final, 0, 'voted', 1);
    tree.add(voted.item);
    expect([held(tree, blocks), held(tree, [voted])]).toEqual([3, 1]);
    // One that is final is taken in any case.
    expect(tree.add(sealedBy(final, 0, 'z', 3).item).finalized).toHaveLength(1);
  });

  it('bytes have a bound too', () => {
    const tree = treeAt3();
    const row: MadeBlock[] = [];
    for (let i = 0; i < 7; i += 1) row.push(sealedBy(row.at(-1) ?? final, 3, 'bad'));
    for (const block of row) tree.add(sized(block, 16_000_000));
    expect(held(tree, row)).toBe(6);
    const honest = sealedBy(final, 0, 'good');
    tree.add(sized(honest, 16_000_000));
    expect([held(tree, row), held(tree, [honest])]).toEqual([5, 1]);
  });

  it('what leads to a final block finds room, without signatures of its own', () => {
    const { tree } = filled();
    const run: MadeBlock[] = [];
    for (let i = 0; i < 20; i += 1) run.push(sealedBy(run.at(-1) ?? final, 3, 'good'));
    const end = sealedBy(run.at(-1)!, 3, 'good', 3);
    for (const { item } of run) expect(kindOf(tree.add(item, true))).not.toBe('fault');
    expect(tree.add(end.item).finalized.map(({ height }) => height)).toEqual(Array.from({ length: 21 }, (_, i) => 4 + i));
    expect(tree.head.id).toBe(end.item.id);
  });

  it('a block that is final by signatures does not give way to its siblings, though all come at once', () => {
    const tree = treeAt3();
    const parent = sealedBy(final, 0, 'parent');
    const proven = sealedBy(parent, 0, 'proven', 3);
    tree.add(sized(proven, 30_000_000));
    tree.add(sized(sealedBy(parent, 1, 'sibling'), 10_000_000));
    expect(ids(tree.add({ ...parent.item, size: 90_000_000 }).finalized)).toEqual([parent.item.id, proven.item.id]);
  });

  it('blocks without parents of one sealer do not push out those of the others', () => {
    const tree = treeAt3();
    const parent = after(final, 'a');
    const honest = sealedBy(parent, 0, 'good');
    tree.add(honest.item);
    for (let i = 0; i < 300; i += 1) tree.add(sealedBy(sealedBy(final, 3, `p${i}`), 3, 'bad').item);
    expect(heights(tree.add(parent.item))).toEqual({ adopted: [4, 5], reverted: [] });
    expect(tree.head.id).toBe(honest.item.id);
  });
});
