import { describe, expect, it } from 'vitest';
import type { HeadEvent, HeadView } from '../contract.ts';
import { mergeHeads } from './merge-heads.ts';

const block = (hash: string): HeadView =>
  ({ height: Number(hash.replace(/\D/g, '')), hash, timestamp: 0, trust: 'witnessed', details: { chain: 'albatross' }, finality: 'pending' }) satisfies HeadView;
const event = (adopted: string[], reverted: string[] = []): HeadEvent => {
  const latest = block(adopted.at(-1) ?? 'x0');
  return { head: { known: true, latest, final: latest }, adopted: adopted.map(block), reverted: reverted.map(block) };
};
const hashes = ({ adopted, reverted, gap }: HeadEvent) => ({ adopted: adopted.map((b) => b.hash), reverted: reverted.map((b) => b.hash), ...(gap && { gap }) });

describe('mergeHeads', () => {
  it('joins adopted blocks', () => {
    const merged = mergeHeads(event(['a1', 'a2']), event(['a3']));
    expect(hashes(merged)).toEqual({ adopted: ['a1', 'a2', 'a3'], reverted: [] });
    expect(merged.head.latest.hash).toBe('a3');
  });

  it('leaves out blocks that were adopted and then reverted', () => {
    expect(hashes(mergeHeads(event(['a1', 'a2']), event(['b2', 'b3'], ['a2'])))).toEqual({ adopted: ['a1', 'b2', 'b3'], reverted: [] });
  });

  it('keeps reverted blocks that the page knew, in ascending order', () => {
    const first = event(['b3'], ['a3', 'a4']);
    const second = event(['c2', 'c3', 'c4'], ['a2', 'b3']);
    expect(hashes(mergeHeads(first, second))).toEqual({ adopted: ['c2', 'c3', 'c4'], reverted: ['a2', 'a3', 'a4'] });
  });

  it('becomes a gap above the bound and stays one', () => {
    const gap = mergeHeads(event(['a1', 'a2']), event(['a3']), 2);
    expect(hashes(gap)).toEqual({ adopted: [], reverted: [], gap: true });
    expect(gap.head.latest.hash).toBe('a3');
    expect(hashes(mergeHeads(gap, event(['a4'])))).toEqual({ adopted: [], reverted: [], gap: true });
  });
});
