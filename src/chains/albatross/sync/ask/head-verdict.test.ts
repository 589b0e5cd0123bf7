import { beforeAll, describe, expect, it } from 'vitest';
import { FakeChain, fakeVerify } from '../../../../../test/support/fake-chain.ts';
import { FakePeer } from '../../../../../test/support/fake-net.ts';
import { LightChain } from '../../chain/light-chain.ts';
import { unitAlbatross } from '../../chain/networks/unit-albatross.ts';
import type { Head } from '../../wire/requests.ts';
import { compareHead, finalHash } from './head-verdict.ts';

const main = new FakeChain().growTo(700);
const other = new FakeChain(3).growTo(700);
const headOf = (chain: FakeChain, height: number) => new FakePeer('x', chain.copy(height)).answer('head', {}) as Head;
const clock = { now: () => main.at(200).block.header.timestamp + 100_000_000 };
let chain: LightChain;
const compare = (head: Head) => compareHead(head, chain, 32);

beforeAll(async () => {
  chain = new LightChain({ network: unitAlbatross, verify: fakeVerify, clock });
  for (const height of [328, 456, 488]) await chain.pushMacro(main.at(height).block);
  for (let height = 489; height <= 530; height += 1) await chain.push(main.at(height).block);
});

describe('compareHead', () => {
  it('recognises a peer with the same final blocks, wherever its head is', () => {
    expect(chain.macroHead.height).toBe(520);
    for (const height of [520, 530, 551]) expect(compare(headOf(main, height))).toEqual({ kind: 'good', confirms: true, near: true });
  });

  it('recognises a peer that is ahead', () => {
    for (const height of [552, 584, 700]) expect(compare(headOf(main, height))).toMatchObject({ kind: 'ahead' });
    expect(compare(headOf(other, 700))).toMatchObject({ kind: 'ahead', confirms: false });
  });

  it('accepts a peer slightly behind on the same chain, and calls one far behind outdated', () => {
    expect(compare(headOf(main, 519))).toMatchObject({ kind: 'good', confirms: true });
    expect(compare(headOf(main, 498))).toMatchObject({ kind: 'good', confirms: true });
    expect(compare(headOf(main, 497))).toMatchObject({ kind: 'outdated', confirms: true, near: false });
    expect(compare(headOf(main, 340))).toMatchObject({ kind: 'outdated', confirms: true });
    expect(compare(headOf(main, 250))).toMatchObject({ kind: 'outdated', confirms: false });
  });

  it('notices a different hash at a height that is final for the client', () => {
    expect(compare(headOf(other, 530))).toEqual({ kind: 'contradiction', height: 456, theirs: other.at(456).hash, ours: main.at(456).hash });
    const forked = main.fork(500, 4).growTo(530);
    expect(compare(headOf(forked, 530))).toMatchObject({ kind: 'contradiction', height: 520 });
    expect(compare(headOf(other, 330))).toMatchObject({ kind: 'contradiction', height: 328 });
  });

  it('calls a peer on a micro block that lost outdated, and no liar', () => {
    const forked = main.fork(500, 4).growTo(530);
    // Its head is at a height that is final for the client, which still holds the batch before.
    expect(compare(headOf(forked, 515))).toMatchObject({ kind: 'outdated', confirms: true });
  });

  it('refuses heads that contradict themselves', () => {
    const head = headOf(main, 530);
    for (const change of [{ blockNumber: 199 }, { blockNumber: 460 }, { blockNumber: 520 }, { macroHash: head.electionHash }, { blockHash: head.macroHash }]) {
      expect(compare({ ...head, ...change })).toEqual({ kind: 'impossible' });
    }
  });
});

describe('finalHash', () => {
  it('is known for held blocks and for blocks that those name', () => {
    expect([200, 328, 456, 520].map((height) => finalHash(chain, height))).toEqual([200, 328, 456, 520].map((height) => main.at(height).hash));
    expect([232, 521, 552].map((height) => finalHash(chain, height))).toEqual([undefined, undefined, undefined]);
  });
});
