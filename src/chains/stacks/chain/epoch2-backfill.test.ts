import { describe, expect, it } from 'vitest';
import { chainA, epoch2Headers } from '../../../../test/support/stacks-vectors.ts';
import { fromHex } from '../../../base/bytes.ts';
import { decodeEpoch2Header, encodeEpoch2Header } from '../wire/epoch2-header.ts';
import { BAN_TIME, Epoch2Backfill, type ClaimedHeader } from './epoch2-backfill.ts';
import { epoch2BlockHash, epoch2BlockId } from './hash.ts';

const first = chainA.headers[0]!.parent_block_id;
const page: readonly ClaimedHeader[] = epoch2Headers.map((it) => ({ consensusHash: it.ch, header: fromHex(it.header), parentBlockId: it.parent_block_id }));

describe('BlockDownloader (2.x)', () => {
  it('links headers backwards by hash from the parent of the first Nakamoto block, over pages', () => {
    const backfill = new Epoch2Backfill(first);
    expect(backfill.nextId).toBe(first);
    expect(backfill.take('a', page.slice(0, 5), 0)).toEqual({ taken: 5 });
    expect(backfill.nextId).toBe(epoch2Headers[5]!.id);
    expect(backfill.take('b', page.slice(5), 0)).toEqual({ taken: page.length - 5 });
    expect(backfill.headers.map(({ hash }) => hash)).toEqual(epoch2Headers.map((it) => it.bh));
  });

  it('stops at an altered byte anywhere, keeps what came before, and takes the rest from another source', () => {
    for (let at = 0; at < 247; at += 19) {
      const altered = Uint8Array.from(page[2]!.header, (byte, i) => (i === at ? byte ^ 1 : byte));
      const backfill = new Epoch2Backfill(first);
      expect(backfill.take('a', page.with(2, { ...page[2]!, header: altered }), 0)).toEqual({ taken: 2, fault: 'link' });
      expect(backfill.take('b', page.slice(2), 1)).toEqual({ taken: page.length - 2 });
    }
  });

  it.each<readonly [string, readonly ClaimedHeader[], number]>([
    ['link', page.slice(1), 0],
    ['link', [page[0]!, page[2]!], 1],
    ['link', page.with(1, { ...page[1]!, consensusHash: 'aa'.repeat(20) }), 1],
    ['link', page.with(1, { ...page[1]!, parentBlockId: 'aa'.repeat(32) }), 2],
    ['undecodable', page.with(1, { ...page[1]!, header: page[1]!.header.slice(1) }), 1],
    ['undecodable', page.with(0, { ...page[0]!, consensusHash: 'AA' }), 0],
    ['too-many', Array.from({ length: 2101 }, () => page[0]!), 0],
  ])('refuses a page with a fault: %s', (fault, of, taken) => {
    expect(new Epoch2Backfill(first).take('a', of, 0)).toEqual({ taken, fault });
  });

  it('refuses a header whose id the gateway made up, and one whose height does not follow', () => {
    const consensusHash = 'aa'.repeat(20);
    const forged = { ...decodeEpoch2Header(page[1]!.header), burn: 1 };
    const told = [{ ...page[0]!, parentBlockId: epoch2BlockId(forged, consensusHash) }, { ...page[1]!, consensusHash, header: encodeEpoch2Header(forged) }];
    expect(new Epoch2Backfill(first).take('a', told, 0)).toEqual({ taken: 1, fault: 'link' });
    const top = { ...decodeEpoch2Header(page[0]!.header), parent: epoch2BlockHash({ ...forged, work: 3 }) };
    const leap = [{ ...told[0]!, consensusHash, header: encodeEpoch2Header(top), parentBlockId: epoch2BlockId({ ...forged, work: 3 }, consensusHash) }, { ...told[1]!, header: encodeEpoch2Header({ ...forged, work: 3 }) }];
    expect(new Epoch2Backfill(epoch2BlockId(top, consensusHash)).take('a', leap, 0)).toEqual({ taken: 1, fault: 'work' });
  });

  it('does not ask a failing source for 300 s', () => {
    const backfill = new Epoch2Backfill(first);
    expect(backfill.mayAsk('a', 0)).toBe(true);
    backfill.take('a', page.slice(1), 0);
    backfill.fail('b', 10);
    expect(['a', 'b', 'c'].map((source) => backfill.mayAsk(source, BAN_TIME - 1))).toEqual([false, false, true]);
    expect(['a', 'b'].map((source) => backfill.mayAsk(source, BAN_TIME))).toEqual([true, false]);
    for (let i = 0; i < 128; i += 1) backfill.fail(String(i), 0);
    expect(backfill.mayAsk('b', 1)).toBe(true);
  });
});
