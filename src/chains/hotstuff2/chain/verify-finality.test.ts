import { describe, expect, it } from 'vitest';
import { BlockMaker, testChainId, testSet } from '../../../../test/support/hotstuff2/block-maker.ts';
import { itemOfVector, setOfBytes } from '../../../../test/support/hotstuff2/items.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { verifyHere } from '../../../../test/support/verify-here.ts';
import { fromHex } from '../../../base/bytes.ts';
import { decodeFinalityProof } from '../wire/finality-proof.ts';
import { checkBlockStructure } from './check-block-structure.ts';
import { checkLink } from './check-link.ts';
import { decodeItem } from './hs2-block.ts';
import type { Hs2Item } from './hs2-block.ts';
import { Losers } from './losers.ts';
import { KeyValueState } from './state.ts';
import { finalIndex, isTwoChain, verifyFinalityProof } from './verify-finality.ts';

const viewsOf = (items: readonly Hs2Item[]) => items.map((it) => it.block.header.view);
const proofOf = (final: Hs2Item, child: Hs2Item) => decodeFinalityProof(Losers.proofOf(final, child));

describe('situations of the vectors', () => {
  const { certifiedNotFinal, viewGap } = vectors.situations;

  it('a newest block without a certified child of the next view is certified, not final', () => {
    const items = certifiedNotFinal.blocks.map(itemOfVector);
    const last = finalIndex(viewsOf(items));
    expect(items.map((_, i) => (i <= last ? 'final' : 'certified'))).toEqual(certifiedNotFinal.grades);
  });

  it('a view gap finalises nothing; the next pair finalises all ancestors', () => {
    const items = viewGap.blocks.map(itemOfVector);
    const after = items.map((_, i) => items[finalIndex(viewsOf(items.slice(0, i + 1)))]?.height ?? null);
    expect(after).toEqual(viewGap.finalAfterEachQc);
  });

  it('runs n4 and n7: what a replica committed is final here, and the ancestors that none reported', () => {
    for (const { blocks, notFinal, engineCommitOrder } of [vectors.n4, vectors.n7]) {
      // Of the block above the last recorded one nothing is known.
      const committed = engineCommitOrder.flatMap((it) => it.heights).filter((height) => height < blocks.length - 1);
      expect(Math.max(...committed)).toBeLessThanOrEqual(finalIndex(blocks.map(({ view }) => view)));
      // A child that lost can have made its parent final too.
      const children = [...blocks, ...notFinal].filter(({ qc }) => qc).map(itemOfVector);
      const direct = blocks.filter((block) => children.some((child) => child.parent === block.hash && isTwoChain(block, child.block.header))).map(({ height }) => height);
      expect(committed.every((height) => direct.includes(height))).toBe(true);
    }
  });

  it('chains made in JavaScript: the pairs that the library commits, and its verdicts', async () => {
    for (const { id, items } of vectors.jsMade.input.chains) {
      const verdict = vectors.jsMade.verdicts.find((it) => it.id === id)!;
      const decoded = items.map(({ block, qc }) => decodeItem(fromHex(block), fromHex(qc)));
      const [genesis] = decoded;
      const chain = { chainId: genesis!.block.header.chainId, genesisHash: genesis!.id };
      const bad = decoded.findIndex((it, i) => checkBlockStructure(it, chain) ?? (i > 0 && checkLink({ id: decoded[i - 1]!.id, header: decoded[i - 1]!.block.header }, it.block.header)));
      expect([id, bad < 0]).toEqual([id, verdict.accepted]);
      const good = bad < 0 ? decoded : decoded.slice(0, bad);
      const direct = good.flatMap((it, i) => (good[i + 1] && isTwoChain(it.block.header, good[i + 1]!.block.header) ? [it.height] : []));
      expect([id, direct]).toEqual([id, verdict.directlyCommitted]);
    }
  });
});

describe('finality proof', () => {
  const maker = new BlockMaker();
  const [b1, b2, b3] = maker.row(3);
  const options = { chainId: testChainId, setOf: ({ validators }: { readonly validators: string }) => (validators === maker.set.hash ? maker.set : undefined), verify: verifyHere };

  it('every consecutive pair of n4 proves its first block, and no other pair', async () => {
    const { blocks, chainId, validatorsBytes } = vectors.n4;
    const items = blocks.slice(1, 60).map(itemOfVector);
    const set = setOfBytes(validatorsBytes);
    for (const [i, item] of items.slice(0, -1).entries()) {
      const child = items[i + 1]!;
      const expected = child.block.header.view === item.block.header.view + 1 ? undefined : 'not-final';
      expect(await verifyFinalityProof(proofOf(item, child), { chainId, setOf: () => set, verify: verifyHere })).toBe(expected);
    }
  });

  it('needs both certificates', async () => {
    expect(await verifyFinalityProof(proofOf(b2!, b3!), options)).toBeUndefined();
    const forge = (item: Hs2Item): Hs2Item => ({ ...item, block: { ...item.block, qcBytes: item.block.qcBytes.with(60, item.block.qcBytes[60]! ^ 1) } });
    for (const [final, child] of [[forge(b2!), b3!], [b2!, forge(b3!)]] as const) expect(await verifyFinalityProof(proofOf(final, child), options)).toBe('qc');
    const swapped: Hs2Item = { ...b2!, block: { ...b2!.block, qcBytes: b3!.block.qcBytes } };
    expect(await verifyFinalityProof(proofOf(swapped, b3!), options)).toBe('qc-view');
  });

  it('refuses another chain, a grandchild, a gap, an unknown set and a proposer out of turn', async () => {
    expect(await verifyFinalityProof(proofOf(b2!, b3!), { ...options, chainId: '0'.repeat(64) })).toBe('chain-id');
    expect(await verifyFinalityProof(proofOf(b1!, b3!), options)).toBe('height');
    const gap = maker.make(b3!, new KeyValueState(), { view: 9 });
    expect(await verifyFinalityProof(proofOf(b3!, gap), options)).toBe('not-final');
    expect(await verifyFinalityProof(proofOf(b2!, b3!), { ...options, setOf: () => undefined })).toBe('set-unknown-bytes');
    const wrong = maker.make(b3!, new KeyValueState(), { header: { proposer: 9 } });
    expect(await verifyFinalityProof(proofOf(b3!, wrong), options)).toBe('proposer');
    const other = testSet('other');
    expect(await verifyFinalityProof(proofOf(b2!, b3!), { ...options, setOf: () => other })).toBe('qc');
  });
});
