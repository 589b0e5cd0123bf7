import { describe, expect, it } from 'vitest';
import { FakeChain } from '../../../../../test/support/fake-chain.ts';
import { policyOf } from '../../chain/policy-of.ts';
import { unitAlbatross } from '../../chain/networks/unit-albatross.ts';
import type { Block } from '../../wire/types.ts';
import { checkGapAnswer } from './gap-answer.ts';

const chain = new FakeChain().growTo(300);
const policy = policyOf(unitAlbatross);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => chain.at(from + i).block);
const check = (blocks: readonly Block[], target = 270, from = 240) => {
  const verdict = checkGapAnswer(blocks, { target: chain.at(target).hash, locators: [chain.at(from).hash, chain.at(232).hash] }, policy);
  return verdict.kind === 'fault' ? verdict.code : verdict.kind;
};

describe('checkGapAnswer', () => {
  it('accepts an answer up to a macro block or to the target, from any locator', () => {
    expect(check(range(241, 264))).toBe('usable');
    expect(check(range(241, 250), 250)).toBe('usable');
    expect(check(range(233, 264))).toBe('usable');
  });

  it('returns the blocks with their hashes', () => {
    const verdict = checkGapAnswer(range(241, 243), { target: chain.at(243).hash, locators: [chain.at(240).hash] }, policy);
    expect(verdict.kind === 'usable' && verdict.blocks.map(({ hash }) => hash)).toEqual([241, 242, 243].map((height) => chain.at(height).hash));
  });

  it('blames no peer for an empty answer', () => {
    expect(check([])).toBe('empty');
  });

  it('refuses each answer that no honest peer sends', () => {
    const [first, second] = range(241, 242) as [Block, Block];
    const renumbered = { ...second, header: { ...second.header, blockNumber: 244 } } as Block;
    const macroAsMicro = { ...chain.at(264).block, header: { ...chain.at(264).block.header, blockNumber: 241, parentHash: chain.at(240).hash } } as Block;
    expect(check(range(241, 274), 290)).toBe('missing-blocks-too-many');
    expect(check(range(242, 250), 250)).toBe('missing-blocks-off-locators');
    expect(check(range(241, 264), 260)).toBe('missing-blocks-past-target');
    expect(check([first, chain.at(243).block], 243)).toBe('missing-blocks-unlinked');
    expect(check([first, renumbered], 250)).toBe('missing-blocks-unlinked');
    expect(check(range(241, 249), 250)).toBe('missing-blocks-end-nowhere');
    expect(check([{ ...first, body: { equivocationProofs: [], transactions: [] } } as Block], 241)).toBe('missing-blocks-with-body');
    expect(check([macroAsMicro], 241)).toBe('missing-blocks-wrong-type');
  });
});
