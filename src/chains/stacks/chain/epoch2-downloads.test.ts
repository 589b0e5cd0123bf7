import { describe, expect, it } from 'vitest';
import { chainA } from '../../../../test/support/stacks-vectors.ts';
import { Epoch2Downloads, RETRY_TIME, SCAN_INTERVAL, SOURCE_BAN_TIME, type Epoch2DownloadContext } from './epoch2-downloads.ts';
import { machinesOf } from './work-states.ts';

const world = (served: (height: number) => readonly string[], last = 12) => {
  const here = new Set<number>();
  const context: Epoch2DownloadContext = { lastHeight: last, isWanted: (height) => height !== 8 && !here.has(height), servedBy: served };
  return { here, context, downloads: new Epoch2Downloads(5) };
};

describe('BlockDownloader (2.x)', () => {
  it('asks by sortition height, the rarest first, one at a time a source, six at most', () => {
    const { downloads, context } = world((height) => (height === 9 ? ['a'] : ['a', 'b', 'c']));
    expect(downloads.state(context)).toBe('GetBlocksBegin');
    expect(downloads.poll(0, context)).toEqual([{ burnHeight: 9, source: 'a' }, { burnHeight: 5, source: 'b' }, { burnHeight: 6, source: 'c' }]);
    expect(downloads.state(context)).toBe('GetBlocksFinish');
    expect(downloads.poll(1, context)).toEqual([]);
    const many = world((height) => ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `${name}${height}`));
    expect(many.downloads.poll(0, many.context)).toHaveLength(6);
  });

  it('moves its cursor over what is there or was won by nobody, until all is done', () => {
    const { downloads, context, here } = world(() => ['a']);
    for (let now = 0; downloads.state(context) !== 'Done'; now += 1) {
      for (const { burnHeight } of downloads.poll(now, context)) {
        here.add(burnHeight);
        downloads.onBlock(burnHeight);
      }
    }
    expect([...here]).toEqual([5, 6, 7, 9, 10, 11, 12]);
    expect(downloads.cursor).toBe(13);
    expect(downloads.poll(1000, context)).toEqual([]);
  });

  it('bans a failing source for 300 s and asks the next one, and asks for a block that came and is still wanted again after 60 s', () => {
    const { downloads, context } = world((height) => (height === 5 ? ['a', 'b'] : []));
    expect(downloads.poll(0, context)).toEqual([{ burnHeight: 5, source: 'a' }]);
    downloads.onFailure(5, 0);
    expect(downloads.poll(1, context)).toEqual([{ burnHeight: 5, source: 'b' }]);
    downloads.onBlock(5);
    expect(downloads.poll(RETRY_TIME, context)).toEqual([]);
    downloads.onInventory();
    expect(downloads.poll(RETRY_TIME + 1, context)).toEqual([{ burnHeight: 5, source: 'b' }]);
    downloads.onFailure(5, RETRY_TIME + 1);
    expect(downloads.poll(SOURCE_BAN_TIME - 1, context)).toEqual([]);
    downloads.onInventory();
    expect(downloads.poll(SOURCE_BAN_TIME, context)).toEqual([{ burnHeight: 5, source: 'a' }]);
  });

  it('rests for 180 s after a scan that found nothing, unless an inventory comes', () => {
    let served: readonly string[] = [];
    const { downloads, context } = world(() => served);
    expect(downloads.poll(0, context)).toEqual([]);
    served = ['a'];
    expect(downloads.poll(SCAN_INTERVAL - 1, context)).toEqual([]);
    expect(downloads.poll(SCAN_INTERVAL, context)).toHaveLength(1);
    const other = world(() => served);
    served = [];
    other.downloads.poll(0, other.context);
    served = ['a'];
    other.downloads.onInventory();
    expect(other.downloads.poll(1, other.context)).toHaveLength(1);
  });

  it('ends where Nakamoto begins, so that the cycle of the transition loses no height', () => {
    const firstNakamoto = 42;
    const downloads = new Epoch2Downloads(26);
    const context = { lastHeight: firstNakamoto - 1, isWanted: () => false, servedBy: () => [] };
    downloads.poll(0, context);
    expect([downloads.state(context), downloads.cursor]).toEqual(['Done', firstNakamoto]);
    expect(machinesOf({ burnHeight: firstNakamoto, isNakamotoBlock: false }, firstNakamoto)).toEqual({ epoch2: true, nakamoto: true });
    expect(chainA.headers[0]!.burn_height).toBe(firstNakamoto);
  });
});
