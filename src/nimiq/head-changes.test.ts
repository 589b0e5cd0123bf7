import { describe, expect, it } from 'vitest';
import { fakeHead } from '../../test/support/fake-wallet-client.ts';
import type { HeadEvent, HeadView } from '../client/types.ts';
import { HeadChanges } from './head-changes.ts';

const head = (latest: HeadView) => ({ known: true, latest, final: latest });
const event = (adopted: readonly HeadView[], reverted: readonly HeadView[] = []): HeadEvent => ({ head: head(adopted.at(-1) ?? fakeHead(300)), adopted, reverted });
const since300 = () => new HeadChanges(head(fakeHead(300)));

describe('changes of the head', () => {
  it('are one call for each block, with the reason', () => {
    expect(since300().next(event([fakeHead(301), fakeHead(302, 'skip'), fakeHead(303, 'checkpoint'), fakeHead(304, 'election')]))).toEqual([
      { hash: 'a301', reason: 'extended', reverted: [], adopted: ['a301'] },
      { hash: 'a302', reason: 'extended', reverted: [], adopted: ['a302'] },
      { hash: 'a303', reason: 'finalized', reverted: [], adopted: ['a303'] },
      { hash: 'a304', reason: 'epoch-finalized', reverted: [], adopted: ['a304'] },
    ]);
  });

  it('are one call for another branch, up to its first macro block', () => {
    const reverted = [fakeHead(299), fakeHead(300)];
    expect(since300().next(event([fakeHead(299, 'skip', 'b'), fakeHead(300, 'micro', 'b')], reverted))).toEqual([
      { hash: 'b300', reason: 'rebranched', reverted: ['a299', 'a300'], adopted: ['b299', 'b300'] },
    ]);
    expect(since300().next(event([fakeHead(299, 'skip', 'b'), fakeHead(300, 'checkpoint', 'b'), fakeHead(301, 'micro', 'b')], reverted))).toEqual([
      { hash: 'b299', reason: 'rebranched', reverted: ['a299', 'a300'], adopted: ['b299'] },
      { hash: 'b300', reason: 'finalized', reverted: [], adopted: ['b300'] },
      { hash: 'b301', reason: 'extended', reverted: [], adopted: ['b301'] },
    ]);
    expect(since300().next(event([fakeHead(300, 'checkpoint', 'b')], [fakeHead(300)]))).toEqual([{ hash: 'b300', reason: 'rebranched', reverted: ['a300'], adopted: ['b300'] }]);
  });

  it('are one call for a gap, and none for the head that is there', () => {
    const changes = since300();
    expect(changes.next({ head: head(fakeHead(300)), adopted: [], reverted: [] })).toEqual([]);
    expect(changes.next({ head: head(fakeHead(350)), adopted: [], reverted: [], gap: true })).toEqual([{ hash: 'a350', reason: 'history-adopted', reverted: [], adopted: ['a350'] }]);
    expect(changes.next({ head: head(fakeHead(350)), adopted: [], reverted: [] })).toEqual([]);
  });

  it('are not told of a client of another chain', () => {
    const other = { ...fakeHead(301), details: { chain: 'other' } };
    expect(() => since300().next(event([other]))).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });
});
