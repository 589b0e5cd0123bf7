import { describe, expect, it } from 'vitest';
import { itemOfVector } from '../../../../test/support/hotstuff2/items.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import { PeerFault } from '../../../engine/sync/sync-peer.ts';
import { PendingBlocks } from './pending-blocks.ts';
import type { PendingPeer } from './pending-blocks.ts';

const n4 = vectors.n4.blocks.map(itemOfVector);

function world() {
  const asked: string[] = [];
  const told: string[] = [];
  const ending = new AbortController();
  const pending = new PendingBlocks(ending.signal);
  const join = (name: string, height: number, answer: Error | number) => {
    const peer = {
      claims: { height, earliest: 0, snapshot: undefined },
      getBlocks: async (from: number, count: number) => {
        asked.push(`${name} ${from} ${count}`);
        await Promise.resolve();
        if (typeof answer !== 'number') throw answer;
        return { value: n4.slice(from % 100, (from % 100) + answer), size: 1 };
      },
    } satisfies PendingPeer;
    const announced = (announcement: { readonly kind: string }) => void told.push(`${name} ${announcement.kind}`);
    return { peer, done: pending.joined(peer, { announced, fault: ({ code }) => void told.push(`${name} ${code}`) }) };
  };
  return { asked, told, ending, pending, join };
}

describe('the blocks above the final ones', () => {
  it('are asked of one peer of four that join at once, and of one that claims more', async () => {
    const { asked, told, join, pending } = world();
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => join(name, 10, 2).done));
    expect([asked, told]).toEqual([['a 11 8'], ['a block', 'a block']]);
    await join('e', 12, 1).done;
    expect(asked).toEqual(['a 11 8', 'e 13 8']);
    pending.forget();
    await join('b', 10, 2).done;
    expect(asked.at(-1)).toBe('b 11 8');
  });

  it('are asked of others, too, if one that claims any height has answered first', async () => {
    const { asked, join, pending } = world();
    const liar = join('liar', 1_000_000, 1);
    await Promise.all([liar.done, join('a', 10, 2).done, join('b', 10, 2).done]);
    expect(asked).toEqual(['liar 1000001 8', 'a 11 8']);
    expect(pending.left(liar.peer)).toBe(true);
    await join('c', 10, 2).done;
    expect(asked).toHaveLength(2);
  });

  it('are asked of the next one if a peer has none or breaks a rule, and not of one that has left', async () => {
    const { asked, told, join, pending } = world();
    const all = [join('a', 10, new RequestError('refused', 'none')), join('b', 10, new PeerFault('wrong-range', 'offence')), join('c', 10, 0), join('d', 10, 1), join('e', 10, 1)];
    pending.left(all[2]!.peer);
    await Promise.all(all.map(({ done }) => done));
    expect([asked, told]).toEqual([['a 11 8', 'b 11 8', 'd 11 8'], ['b wrong-range', 'd block']]);
  });

  it('are asked anew when the peer that sent them has left: they may have been bad', async () => {
    const { asked, join, pending } = world();
    const [a, b] = [join('a', 10, 1), join('b', 10, 1)];
    await Promise.all([a.done, b.done]);
    expect([pending.left(b.peer), pending.left(a.peer)]).toEqual([false, true]);
    await join('b', 10, 1).done;
    expect(asked).toEqual(['a 11 8', 'b 11 8']);
  });

  it('are asked of nobody after the end', async () => {
    const { asked, ending, join } = world();
    ending.abort();
    await join('a', 10, 1).done;
    expect(asked).toEqual([]);
  });
});
