import { describe, expect, it } from 'vitest';
import { recordedTenures } from '../../../../test/support/stacks-tenures.ts';
import { chainA } from '../../../../test/support/stacks-vectors.ts';
import type { NakamotoBlock } from '../wire/block.ts';
import { tenureStartOf } from './block-rules.ts';
import { blockId } from './hash.ts';
import { checkTenureInfo, UnconfirmedDownloader, type TenureInfo, type UnconfirmedContext } from './unconfirmed-downloader.ts';
import type { WantedTenure } from './wanted-tenures.ts';

const sortitions = new Map<string, WantedTenure>(chainA.sortitions.map((it) => [it.consensus_hash, { tenureId: it.consensus_hash, winningBlockId: it.winning_block_id, burnHeight: it.height }]));
/** A tenure that plays the newest: its end block does not exist yet. */
const recorded = recordedTenures().filter(({ tenure }) => sortitions.has(tenure.tenureId));
const { blocks: all, tenure } = recorded.find((it) => it.blocks.length > 4)!;
const blocks = all.slice(0, -1);
const [start] = blocks;
const tip = blocks.at(-1)!;
const idOf = (block: NakamotoBlock) => blockId(block.header);
const parent = tenureStartOf(start!)!.previousTenure;

const context: UnconfirmedContext = { rules: { firstBurnHeight: 0, cycleLength: 10, prepareLength: 3 }, sortitionOf: (hash) => sortitions.get(hash), tip: { height: 0, id: '' } };
const info: TenureInfo = {
  consensusHash: tenure.tenureId, tenureStartBlockId: idOf(start!), parentConsensusHash: parent, parentTenureStartBlockId: sortitions.get(tenure.tenureId)!.winningBlockId, tipBlockId: idOf(tip), tipHeight: tip.header.chainLength,
};
const newestFirst = blocks.slice(1).toReversed();
const take = (downloader: UnconfirmedDownloader, ...reply: readonly NakamotoBlock[]) => {
  const outcome = downloader.receive(reply);
  if (outcome.ok) downloader.confirm();
  return outcome.ok ? 'ok' : outcome.code;
};
const open = (of: Partial<UnconfirmedContext> = {}, told: TenureInfo = info) => {
  const downloader = new UnconfirmedDownloader({ ...context, ...of });
  expect(downloader.takeInfo(told)).toBeUndefined();
  return downloader;
};
const started = (of: Partial<UnconfirmedContext> = {}, told: TenureInfo = info) => {
  const downloader = open(of, told);
  expect(take(downloader, start!)).toBe('ok');
  return downloader;
};

describe('the unconfirmed downloader', () => {
  it('goes from the info over the start block to the blocks, and names the highest complete tenure (edge 2)', () => {
    const downloader = open();
    expect([downloader.state, downloader.request()]).toEqual(['GetTenureStartBlock', { kind: 'block', id: idOf(start!) }]);
    expect(downloader.completeTenure()).toBeUndefined();
    expect(downloader.receive([start!])).toEqual({ ok: true, verify: [{ header: start!.header, cycle: tenure.startCycle }] });
    downloader.confirm();
    expect([downloader.state, downloader.request()]).toEqual(['GetUnconfirmedTenureBlocks', { kind: 'tenure', cursor: idOf(tip), stop: idOf(start!) }]);
    expect(take(downloader, newestFirst[0]!)).toBe('ok');
    expect(downloader.blocks()).toBeUndefined();
    expect(take(downloader, ...newestFirst.slice(1), start!)).toBe('ok');
    expect([downloader.state, downloader.blocks()]).toEqual(['Done', blocks]);
    expect(downloader.completeTenure()).toMatchObject({ tenureId: parent, endBlockId: idOf(start!), startBlockId: info.parentTenureStartBlockId, burnHeight: sortitions.get(parent)!.burnHeight, endCycle: tenure.startCycle });
  });

  it('stops at our own tip', () => {
    const own = { height: blocks[1]!.header.chainLength, id: idOf(blocks[1]!) };
    const downloader = started({ tip: own });
    expect(downloader.request()).toEqual({ kind: 'tenure', cursor: idOf(tip), stop: own.id });
    expect(take(downloader, ...newestFirst.slice(0, -1))).toBe('ok');
    expect(downloader.blocks()).toEqual(blocks.slice(2));
    expect(started({ tip: { height: tip.header.chainLength, id: idOf(tip) } }).state).toBe('Done');
    expect(started({}, { ...info, tipBlockId: idOf(start!), tipHeight: start!.header.chainLength }).blocks()).toEqual([start]);
    expect(started({ tip: { height: start!.header.chainLength, id: idOf(start!) } }, { ...info, tipBlockId: idOf(start!), tipHeight: start!.header.chainLength }).blocks()).toEqual([]);
  });

  it('goes on with the same tenure when its tip moves, and starts anew when the tenure is replaced while downloading', () => {
    const downloader = started({}, { ...info, tipBlockId: idOf(newestFirst[1]!), tipHeight: tip.header.chainLength - 1 });
    expect(downloader.takeInfo(info)).toBeUndefined();
    expect(downloader.request()).toEqual({ kind: 'tenure', cursor: idOf(tip), stop: idOf(start!) });
    expect(downloader.takeInfo(info)).toBeUndefined();
    const other = recorded.find((it) => it.tenure.tenureId !== tenure.tenureId)!;
    const next = tenureStartOf(other.blocks[0]!)!;
    const replaced: TenureInfo = { ...info, consensusHash: next.tenure, tenureStartBlockId: idOf(other.blocks[0]!), parentConsensusHash: next.previousTenure, parentTenureStartBlockId: sortitions.get(next.tenure)!.winningBlockId };
    expect(downloader.takeInfo(replaced)).toBeUndefined();
    expect([downloader.state, downloader.request()]).toEqual(['GetTenureStartBlock', { kind: 'block', id: idOf(other.blocks[0]!) }]);
  });

  it.each([
    ['other-fork', { consensusHash: 'aa'.repeat(20) }],
    ['other-fork', { parentConsensusHash: 'aa'.repeat(20) }],
    ['other-fork', { parentConsensusHash: info.consensusHash }],
    ['stale', { parentTenureStartBlockId: 'aa'.repeat(32) }],
    ['behind', { tipHeight: -1 }],
  ])('skips a peer that is %s', (fault, fields) => {
    expect(checkTenureInfo({ ...info, ...fields }, context)).toBe(fault);
    const downloader = new UnconfirmedDownloader(context);
    expect(downloader.takeInfo({ ...info, ...fields })).toBe(fault);
    expect([downloader.state, downloader.request(), downloader.blocks()]).toEqual(['GetTenureInfo', undefined, undefined]);
  });

  it('refuses another start block', () => {
    const cut = { ...start!, transactions: start!.transactions.slice(1) };
    expect(take(open(), tip)).toBe('block-id');
    expect(take(open())).toBe('empty');
    expect(take(open(), start!, tip)).toBe('block-id');
    expect(take(open(), cut)).toBe('transaction-root');
    expect(take(open({}, { ...info, tenureStartBlockId: idOf(blocks[1]!) }), blocks[1]!)).toBe('tenure-start');
    const older = [...sortitions.values()].find(({ burnHeight }) => burnHeight === 43)!;
    expect(take(open({}, { ...info, parentConsensusHash: older.tenureId }), start!)).toBe('previous-tenure');
    expect(take(open({ sortitionOf: (hash) => sortitions.get(hash === 'bb'.repeat(20) ? tenure.tenureId : hash) }, { ...info, consensusHash: 'bb'.repeat(20) }), start!)).toBe('foreign-tenure');
  });

  it('refuses other blocks, and takes none of the reply', () => {
    const downloader = started();
    const before = downloader.request();
    expect(take(downloader, ...newestFirst.slice(1))).toBe('block-id');
    expect(take(downloader, newestFirst[0]!, newestFirst[0]!)).toBe('block-id');
    expect(take(downloader, { ...newestFirst[0]!, transactions: [] })).toBe('transaction-root');
    expect(downloader.request()).toEqual(before);
    expect(take(started({}, { ...info, tipBlockId: idOf(all.at(-1)!) }), all.at(-1)!)).toBe('foreign-tenure');
  });
});
