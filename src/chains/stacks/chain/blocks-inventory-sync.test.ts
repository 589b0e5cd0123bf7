import { describe, expect, it } from 'vitest';
import { chainA, exchanges } from '../../../../test/support/stacks-vectors.ts';
import { fromHex } from '../../../base/bytes.ts';
import { decodeFrame } from '../wire/frame.ts';
import type { PeerMessage } from '../wire/peer-message.ts';
import { BLOCKS_INVENTORY_INTERVAL, BlocksInventorySync, type BlocksSyncContext } from './blocks-inventory-sync.ts';
import { askedHeightOf } from './cycles.ts';

const rules = { firstBurnHeight: 0, cycleLength: 10, prepareLength: 3 };
const context: BlocksSyncContext = { rules, topCycle: 4, burnHeight: 77, askedHash: (cycle) => chainA.sortitions[askedHeightOf(cycle, rules)]?.consensus_hash, hasAnchor: () => true };
/** What the recorded node answered to a request with these contents. */
const replies = new Map(exchanges.slice(0, 36).map(({ req, rep }) => [JSON.stringify(decodeFrame(fromHex(req)).message), decodeFrame(fromHex(rep)).message]));
const pox = (length: number, bits: number): PeerMessage => ({ kind: 'PoxInv', length, pox: Uint8Array.of(bits) });
const blocks = (bits: number): PeerMessage => ({ kind: 'BlocksInv', length: 8, blocks: Uint8Array.of(bits), microblocks: new Uint8Array(1) });
/** Answers until the machine asks nothing more; the kinds of what was asked, with the height of the hash. */
const run = (sync: BlocksInventorySync, now: number, answer: (request: PeerMessage) => PeerMessage, of = context) => {
  const asked: string[] = [];
  for (let request = sync.poll(now, of); request; request = sync.poll(now, of)) {
    const { consensusHash } = request as Extract<PeerMessage, { consensusHash: string }>;
    asked.push(`${request.kind} ${chainA.sortitions.findIndex((it) => it.consensus_hash === consensusHash)}`);
    sync.receive(answer(request), 77, of);
  }
  return asked;
};
const answer = (request: PeerMessage): PeerMessage => (request.kind === 'GetPoxInv' ? pox(request.count, 2 ** request.count - 1) : blocks(255));
const whole = ['GetPoxInv 1', 'GetBlocksInv 1', 'GetBlocksInv 11', 'GetPoxInv 21', 'GetBlocksInv 21', 'GetBlocksInv 31', 'GetPoxInv 41', 'GetBlocksInv 41'];

describe('InvState', () => {
  it('asks PoxInv first, then BlocksInv, two cycles at a time, and again after 150 s from two cycles below', () => {
    const sync = new BlocksInventorySync(rules, 0);
    expect(sync.state).toBe('GetPoxInvBegin');
    expect(run(sync, 0, answer)).toEqual(whole);
    expect([sync.state, sync.status]).toEqual(['Done', 'Online']);
    expect(sync.poll(BLOCKS_INVENTORY_INTERVAL - 1, context)).toBeUndefined();
    expect(run(sync, BLOCKS_INVENTORY_INTERVAL, answer)).toEqual(['GetPoxInv 21', 'GetBlocksInv 21', 'GetBlocksInv 31', 'GetPoxInv 41', 'GetBlocksInv 41']);
  });

  it('learns from the recorded answers where blocks of epoch 2.x are: the last at height 41', () => {
    const sync = new BlocksInventorySync(rules, 0);
    const recorded = (request: PeerMessage) => (request.kind === 'GetPoxInv' ? pox(request.count, 3) : replies.get(JSON.stringify(request))!);
    expect(run(sync, 0, recorded)).toEqual(whole);
    expect([25, 26, 31, 40, 41, 42, 51].map((height) => sync.inventory.hasBlock(height))).toEqual([false, true, true, true, true, false, false]);
    expect(sync.inventory.hasMicroblocks(31)).toBe(false);
  });

  it('stops at the cycle where we know an anchor block and the peer does not', () => {
    const sync = new BlocksInventorySync(rules, 0);
    const diverged = (request: PeerMessage) => (request.kind === 'GetPoxInv' ? pox(2, 0b01) : blocks(1));
    expect(run(sync, 0, diverged)).toEqual(['GetPoxInv 1', 'GetBlocksInv 1']);
    expect(sync.status).toBe('Diverged');
    const absent = new BlocksInventorySync(rules, 0);
    expect(run(absent, 0, () => pox(2, 0))).toEqual(['GetPoxInv 1']);
    // An anchor block that nobody has is no difference.
    const nobody = new BlocksInventorySync(rules, 0);
    expect(run(nobody, 0, (request) => (request.kind === 'GetPoxInv' ? pox(request.count, 0) : blocks(1)), { ...context, hasAnchor: () => false })).toEqual(whole);
  });

  it.each([[2, 76, 'Stale'], [2, 77, 'Diverged'], [4, 77, 'Diverged'], [1, 77, 'Dead'], [3, 77, 'Dead'], [5, 77, 'Broken']] as const)('after Nack %i from a peer at height %i calls it %s', (code, height, status) => {
    const sync = new BlocksInventorySync(rules, 0);
    sync.poll(0, context);
    expect(sync.receive({ kind: 'Nack', code }, height, context)).toBe('ok');
    expect([sync.state, sync.status]).toEqual(['Done', status]);
  });

  it('calls a silent peer dead and stops no other, and breaks with one that answers something else', () => {
    const [silent, other, wrong] = [0, 0, 0].map((now) => new BlocksInventorySync(rules, now));
    for (const it of [silent!, wrong!]) it.poll(0, context);
    expect(run(other!, 0, answer)).toEqual(whole);
    silent!.onTimeout();
    expect([silent!.state, silent!.status]).toEqual(['Done', 'Dead']);
    silent!.onTimeout();
    expect(silent!.receive(pox(2, 3), 77, context)).toBe('ok');
    expect(wrong!.receive(pox(3, 7), 77, context)).toBe('disconnect');
    expect(wrong!.status).toBe('Broken');
  });

  it('ends where a hash is not known, and starts nothing without a cycle', () => {
    const sync = new BlocksInventorySync(rules, 0);
    expect(run(sync, 0, answer, { ...context, askedHash: (cycle) => (cycle > 0 ? undefined : context.askedHash(cycle)) })).toEqual(['GetPoxInv 1', 'GetBlocksInv 1']);
    expect(new BlocksInventorySync(rules, 0).poll(0, { ...context, topCycle: -1 })).toBeUndefined();
  });
});

describe('PeerBlocksInv', () => {
  const { inventory } = new BlocksInventorySync({ ...rules, firstBurnHeight: 100 }, 0);
  const bits = (block: number, micro = 0) => ({ length: 8, blocks: Uint8Array.of(block), microblocks: Uint8Array.of(micro) });

  it('has the bit of a height at its distance from the first, merges, and clears only if told', () => {
    expect(inventory.merge(101, bits(0b101, 0b1))).toBe(2);
    expect([100, 101, 102, 103].map((height) => inventory.hasBlock(height))).toEqual([false, true, false, true]);
    expect([101, 103].map((height) => inventory.hasMicroblocks(height))).toEqual([true, false]);
    expect(inventory.merge(101, bits(0b010))).toBe(1);
    expect([101, 102, 103].map((height) => inventory.hasBlock(height))).toEqual([true, true, true]);
    expect(inventory.merge(101, bits(0b010), true)).toBe(2);
    expect([101, 102, 103].map((height) => inventory.hasBlock(height))).toEqual([false, true, false]);
    expect(inventory.hasMicroblocks(101)).toBe(false);
    expect(inventory.merge(90, bits(255))).toBe(0);
  });

  it('drops the block bits of a cycle and of all later ones when its PoX bit turns from 0 to 1', () => {
    inventory.merge(101, { length: 30, blocks: new Uint8Array(4).fill(255), microblocks: new Uint8Array(4) });
    expect(inventory.setAnchor(1, true)).toBe(false);
    expect(inventory.setAnchor(1, true)).toBe(false);
    expect(inventory.setAnchor(1, false)).toBe(false);
    expect(inventory.hasAnchor(1)).toBe(false);
    expect(inventory.hasBlock(111)).toBe(true);
    expect(inventory.setAnchor(1, true)).toBe(true);
    expect([110, 111, 130].map((height) => inventory.hasBlock(height))).toEqual([true, false, false]);
    expect([inventory.hasAnchor(0), inventory.hasAnchor(1), inventory.hasAnchor(9)]).toEqual([false, true, false]);
    expect(inventory.setAnchor(-1, true)).toBe(false);
  });
});
