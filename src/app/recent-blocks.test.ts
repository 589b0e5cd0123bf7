import { describe, expect, it } from 'vitest';
import type { AlbatrossHead, HeadEvent, HeadView } from '../client/types.ts';
import { follow, noBlocks } from './recent-blocks.ts';

const view = (height: number, branch = 'a', type: AlbatrossHead['type'] = 'micro') => ({ height, hash: `${branch}${height}`, details: { chain: 'albatross', type } }) as unknown as HeadView;
const event = (adopted: readonly HeadView[], reverted: readonly HeadView[] = [], latest = adopted.at(-1)!): HeadEvent => ({
  head: { known: true, latest, final: view(200, 'a', 'checkpoint') },
  adopted,
  reverted,
});
const heights = (blocks: readonly { readonly height: number }[]) => blocks.map(({ height }) => height);

describe('the drawing of the newest blocks', () => {
  const begun = follow(noBlocks, event([], [], view(203)));

  it('starts with the blocks after the final one', () => {
    expect(heights(begun.main)).toEqual([200, 201, 202, 203]);
    expect(begun.main.map(({ hash }) => hash)).toEqual(['a200', undefined, undefined, 'a203']);
    expect(follow(begun, event([], [], view(203)))).toBe(begun);
  });

  it('grows with the chain, within a bound', () => {
    let blocks = begun;
    for (let height = 204; height < 300; height++) blocks = follow(blocks, event([view(height)]));
    expect(blocks.main).toHaveLength(48);
    expect(blocks.main.at(-1)?.hash).toBe('a299');
  });

  it('takes what is told anew of a block: signatures that came after it', () => {
    const signed = { ...view(203), details: { chain: 'moloch', signatures: 3 } } as HeadView;
    const blocks = follow(begun, { ...event([], [], view(203)), head: { known: true, latest: signed, final: signed } });
    expect(blocks.main.at(-1)).toMatchObject({ hash: 'a203', details: { signatures: 3 } });
    expect(blocks.main.slice(0, -1)).toEqual(begun.main.slice(0, -1));
  });

  it('moves reverted blocks aside', () => {
    const forked = follow(begun, event([view(203, 'b', 'skip'), view(204, 'b')], [view(203)]));
    expect(forked.main.map(({ hash }) => hash)).toEqual(['a200', undefined, undefined, 'b203', 'b204']);
    expect(forked.branches).toMatchObject([{ blocks: [{ height: 203, hash: 'a203', type: 'micro' }], lane: 1 }]);
  });

  it('draws overlapping branches in separate lanes, at most three', () => {
    let blocks = begun;
    for (const branch of ['b', 'c', 'd', 'e']) blocks = follow(blocks, event([view(203, branch)], [view(203, 'x')]));
    expect(blocks.branches.map(({ lane }) => lane).sort()).toEqual([1, 2, 3]);
  });

  it('starts anew after a gap, a jump or a reset', () => {
    expect(heights(follow(begun, event([view(260)], [], view(260))).main).at(-1)).toBe(260);
    expect(follow(begun, { ...event([], [], view(210)), gap: true }).main).toHaveLength(11);
    expect(heights(follow(begun, event([], [], view(200))).main)).toEqual([200]);
  });
});
