import { describe, expect, it } from 'vitest';
import { recordedTenures } from '../../../../test/support/stacks-tenures.ts';
import type { NakamotoBlock } from '../wire/block.ts';
import { blockId, transactionId, transactionRoot } from './hash.ts';
import { TenureDownloader, type DownloadFault } from './tenure-downloader.ts';

const tenures = recordedTenures();
/** One with blocks between start and end, and one of more than three. */
const { tenure, blocks } = tenures.find((it) => it.blocks.length > 4)!;
const [start, ...rest] = blocks;
const end = rest.at(-1)!;
const newestFirst = blocks.slice(1, -1).toReversed();

const take = (downloader: TenureDownloader, ...reply: readonly NakamotoBlock[]) => {
  const outcome = downloader.receive(reply);
  if (outcome.ok) downloader.confirm();
  return outcome.ok ? 'ok' : outcome.code;
};
const at = (state: 'start' | 'end' | 'blocks', of = tenure) => {
  const downloader = new TenureDownloader(of);
  if (state !== 'start') expect(take(downloader, start!)).toBe('ok');
  if (state === 'blocks') expect(take(downloader, end)).toBe('ok');
  return downloader;
};

describe('NakamotoTenureDownloader', () => {
  it('goes through its states with every recorded tenure, and has the blocks ascending with the end block', () => {
    expect(tenures.length).toBeGreaterThan(3);
    for (const it of tenures) {
      const downloader = new TenureDownloader(it.tenure);
      const states: string[] = [];
      for (let request = downloader.request(); request; request = downloader.request()) {
        states.push(downloader.state);
        const reply = request.kind === 'block' ? it.blocks.filter(({ header }) => blockId(header) === request.id) : it.blocks.slice(1, -1).toReversed();
        const outcome = downloader.receive(reply);
        expect(outcome).toMatchObject({ ok: true, verify: reply.map(({ header }) => ({ header, cycle: downloader.state === 'GetTenureEndBlock' ? it.tenure.endCycle : it.tenure.startCycle })) });
        downloader.confirm();
      }
      expect(states).toEqual(['GetTenureStartBlock', 'GetTenureEndBlock', ...(it.blocks.length > 2 ? ['GetTenureBlocks'] : [])]);
      expect(downloader.blocks()).toEqual(it.blocks);
      expect(downloader.receive(it.blocks)).toEqual({ ok: true, verify: [] });
    }
  });

  it('goes backwards by parent over a page boundary, and honours `stop` (edge 5)', () => {
    const downloader = at('blocks');
    expect(downloader.request()).toEqual({ kind: 'tenure', cursor: end.header.parentBlockId, stop: tenure.startBlockId });
    expect(take(downloader, newestFirst[0]!)).toBe('ok');
    expect(downloader.request()).toEqual({ kind: 'tenure', cursor: newestFirst[0]!.header.parentBlockId, stop: tenure.startBlockId });
    // A peer that sends the start block in spite of `stop` is right too.
    expect(take(downloader, ...newestFirst.slice(1), start!)).toBe('ok');
    expect(downloader.state).toBe('Done');
    expect(downloader.blocks()).toEqual(blocks);
  });

  it('takes nothing over before its signers are confirmed', () => {
    const downloader = at('start');
    expect(downloader.receive([start!]).ok).toBe(true);
    expect(downloader.state).toBe('GetTenureStartBlock');
    expect(downloader.receive([end]).ok).toBe(false);
    downloader.confirm();
    expect(downloader.state).toBe('GetTenureStartBlock');
    expect(downloader.blocks()).toBeUndefined();
  });

  const change = end.transactions[0]!;
  const endWith = (fields: object): NakamotoBlock => ({ ...end, transactions: [{ ...change, tenureChange: { ...change.tenureChange!, ...fields } }, ...end.transactions.slice(1)] });
  const cut = (block: NakamotoBlock): NakamotoBlock => ({ ...block, transactions: block.transactions.slice(1) });
  const { length } = newestFirst;
  const refusals: readonly { readonly what: string; readonly code: DownloadFault; readonly state: 'start' | 'end' | 'blocks'; readonly reply: readonly NakamotoBlock[]; readonly fields?: Partial<typeof tenure> }[] = [
    { what: 'no block', code: 'empty', state: 'start', reply: [] },
    { what: 'another start block', code: 'block-id', state: 'start', reply: [end] },
    { what: 'two start blocks', code: 'block-id', state: 'start', reply: [start!, end] },
    { what: 'a start block of another tenure', code: 'foreign-tenure', state: 'start', reply: [start!], fields: { tenureId: 'aa'.repeat(20) } },
    { what: 'a start block that starts no tenure', code: 'tenure-start', state: 'start', reply: [newestFirst[0]!], fields: { startBlockId: blockId(newestFirst[0]!.header) } },
    { what: 'a start block without its transactions', code: 'transaction-root', state: 'start', reply: [cut(start!)] },
    { what: 'another end block', code: 'block-id', state: 'end', reply: [start!] },
    { what: 'an end block that starts no tenure', code: 'tenure-start', state: 'end', reply: [newestFirst[0]!], fields: { endBlockId: blockId(newestFirst[0]!.header) } },
    { what: 'an end block with a cut tenure change', code: 'transaction-root', state: 'end', reply: [cut(end)] },
    { what: 'an end block after another tenure', code: 'previous-tenure', state: 'end', reply: [endWith({ previousTenure: 'aa'.repeat(20) })] },
    { what: 'an end block with a count above the bound', code: 'count-high', state: 'end', reply: [endWith({ previousTenureBlocks: 65_537 })] },
    { what: 'a foreign block', code: 'block-id', state: 'blocks', reply: [start!] },
    { what: 'a hole', code: 'block-id', state: 'blocks', reply: newestFirst.slice(1) },
    { what: 'a block that is changed', code: 'block-id', state: 'blocks', reply: [{ ...newestFirst[0]!, header: { ...newestFirst[0]!.header, timestamp: 1 } }] },
    { what: 'a block without its transactions', code: 'transaction-root', state: 'blocks', reply: [cut(newestFirst[0]!)] },
    { what: 'blocks below the start', code: 'foreign-tenure', state: 'blocks', reply: [...newestFirst, start!, start!] },
  ];

  it.each(refusals)('refuses $what', ({ code, state, reply, fields = {} }) => {
    const downloader = at(state, { ...tenure, ...fields });
    const before = downloader.request();
    expect(take(downloader, ...reply)).toBe(code);
    expect(downloader.request()).toEqual(before);
  });

  it.each([['count-high', length], ['count-low', length + 2], ['count-high', 0]] as const)('refuses a tenure whose number of blocks is not that of its end block: %s', (code, previousTenureBlocks) => {
    const downloader = at('end');
    expect(take(downloader, endWith({ previousTenureBlocks }))).toBe('ok');
    expect(take(downloader, ...newestFirst)).toBe(code);
  });

  it.each([['count-low', 2], ['count-high', 0]] as const)('refuses a tenure of one block likewise: %s', (code, previousTenureBlocks) => {
    // The second block of a tenure of two, made to start the next tenure, ends a tenure of one.
    const second = newestFirst.at(-1)!;
    const single = { ...second, transactions: endWith({ previousTenureBlocks, previousTenureEnd: second.header.parentBlockId }).transactions };
    const ids = single.transactions.map((it) => transactionId(it.bytes));
    const tenureChange = { ...single.transactions[0]!.tenureChange!, tenure: end.header.consensusHash, burnView: end.header.consensusHash };
    const block = { header: { ...single.header, consensusHash: end.header.consensusHash, transactionRoot: transactionRoot(ids) }, transactions: single.transactions.with(0, { ...single.transactions[0]!, tenureChange }) };
    const downloader = at('end', { ...tenure, endBlockId: blockId(block.header) });
    expect(take(downloader, block)).toBe(code);
    const good = block.transactions.with(0, { ...block.transactions[0]!, tenureChange: { ...tenureChange, previousTenureBlocks: 1 } });
    expect(take(downloader, { ...block, transactions: good })).toBe('ok');
    expect(downloader.blocks()).toHaveLength(2);
  });
});
