import { describe, expect, it } from 'vitest';
import { FakeChain } from '../../../../../test/support/fake-chain.ts';
import { BlockBuffer } from './block-buffer.ts';

const chain = new FakeChain().growTo(260);
const entry = (height: number, peer = 'a', from = chain) => ({ ...from.at(height), peer });
const buffer = (capacity = 100, perPeerAndHeight = 2) => new BlockBuffer({ capacity, perPeerAndHeight });

describe('BlockBuffer', () => {
  it('finds children, and the first missing parent', () => {
    const b = buffer();
    for (const height of [253, 255, 254, 257]) expect(b.add(entry(height))).toBe(true);
    expect(b.childrenOf(chain.at(253).hash)).toEqual([chain.at(254).hash]);
    expect(b.firstMissingParent(chain.at(255).block)).toEqual({ hash: chain.at(252).hash, height: 252 });
    expect(b.firstMissingParent(chain.at(257).block)).toEqual({ hash: chain.at(256).hash, height: 256 });
  });

  it('knows all peers that sent a block above a given block', () => {
    const b = buffer();
    b.add(entry(252, 'a'));
    b.add(entry(253, 'b'));
    b.add(entry(253, 'c'));
    b.add(entry(255, 'd'));
    expect(b.peersAbove(chain.at(251).hash).toSorted()).toEqual(['a', 'b', 'c']);
    expect(b.peersAbove(chain.at(254).hash)).toEqual(['d']);
    expect(b.peersAbove(chain.at(240).hash)).toEqual([]);
  });

  it('keeps one copy per peer, and a few copies in total', () => {
    const b = buffer();
    expect(['a', 'a', 'b', 'c', 'd'].map((peer) => b.add(entry(250, peer)))).toEqual([true, false, true, true, false]);
    expect(b.take(chain.at(250).hash).map(({ peer }) => peer)).toEqual(['a', 'b', 'c']);
    expect(b.size).toBe(0);
  });

  it('bounds the blocks of one peer at a height', () => {
    const b = buffer();
    const forks = [1, 2, 3].map((salt) => chain.fork(249, salt).growTo(250));
    expect(forks.map((fork) => b.add(entry(250, 'a', fork)))).toEqual([true, true, false]);
    expect(b.add(entry(250, 'b', forks[2]))).toBe(true);
  });

  it('at the bound, drops a block of the peer with the most', () => {
    const b = buffer(4);
    b.add(entry(241, 'modest'));
    for (const height of [242, 243, 244]) b.add(entry(height, 'greedy'));
    expect(b.add(entry(245, 'greedy'))).toBe(false);
    expect(b.add(entry(246, 'modest'))).toBe(true);
    expect(b.has(chain.at(244).hash)).toBe(false);
    expect(b.size).toBe(4);
  });

  it("drops settled blocks, blocks on top of a bad one, and a liar's blocks", () => {
    const b = buffer();
    for (const height of [241, 242, 243, 250, 251]) b.add(entry(height, height % 2 ? 'odd' : 'even'));
    b.dropTo(241);
    expect(b.has(chain.at(241).hash)).toBe(false);
    b.dropDescendants(chain.at(249).hash);
    expect(b.size).toBe(2);
    b.dropPeer('odd');
    expect(b.get(chain.at(242).hash)?.peer).toBe('even');
    expect(b.size).toBe(1);
    b.clear();
    expect(b.size).toBe(0);
  });
});
