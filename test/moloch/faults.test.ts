import { describe, expect, it, vi } from 'vitest';
import type { MolochFollower } from '../support/moloch-follower.ts';
import { molochWorld } from '../support/moloch-world.ts';

/** The client as the hub runs it, against nodes that lie, stop or are slow, and over restarts. */

const world = molochWorld();
const { start, follow, reached, headIs } = world;
/** Does it as soon as the client has this height. */
const atHeight = async (follower: MolochFollower, height: number, then: () => unknown) => {
  const done = Promise.withResolvers<unknown>();
  follower.client.events.on('head', ({ head }) => {
    if (head.latest.height >= height) done.resolve(then());
  });
  await done.promise;
};

describe('every fault of a node beside an honest one: the head is right, and the faulty one', () => {
  /** What comes of the node: banned for this, not connected for this, or it is still of use. */
  const cases: readonly (readonly [string, string])[] = [
    ['withheld-votes', 'served'], ['stale-status', 'served'], ['slow', 'served'], ['silent', 'any'], ['half-frames', 'any'], ['wrong-range', 'any'], ['wrong-manifest', 'any'],
    ['duplicate-votes', 'banned'], ['forged-mmr-root', 'banned'], ['bad-events-root', 'banned'],
    ['bad-chunk', 'banned'], ['replayed-nonce', 'any'], ['wrong-clock', 'absent'],
  ];
  it.each(cases)('%s: %s', async (fault, fate) => {
    await start({ blocks: 160, chunkSize: 4096 });
    world.net.fault(0, fault as 'slow', { height: 130, delay: 200 });
    const isBanned = fate === 'banned';
    // One that is to be banned is alone at first. Otherwise the honest one may have sent everything before it is asked.
    const follower = await follow({ nodes: isBanned ? [0] : [0, 1], checkpoint: fault === 'bad-chunk' || fault === 'wrong-manifest' ? 100 : 0 });
    if (isBanned) {
      await vi.waitUntil(() => follower.banned.length > 0);
      await follower.client.ask('addSyncPeer', [world.net.network.seeds[1]]);
    }
    await reached(follower, 160);
    for (let i = 0; i < 4; i += 1) world.net.produce(1);
    await reached(follower, 164);
    headIs(follower, 164);
    const stateOf = (node: number) => follower.client.getPeers().find(({ address }) => address === world.net.network.seeds[node])?.state;
    const fateOf = () => (follower.banned.length > 0 ? 'banned' : stateOf(0) === 'live' ? 'served' : 'absent');
    await follower.until(() => expect(fate === 'any' ? fate : fateOf()).toBe(fate));
    await follower.until(() => expect(stateOf(1)).toBe('live'));
  });
});

describe('peers that go', () => {
  it('one of four at half way: the others send the rest', async () => {
    await start({ blocks: 600 });
    world.net.fault('all', 'slow', { delay: 60 });
    const follower = await follow();
    await atHeight(follower, 100, () => world.net.stopNode(2));
    await reached(follower, 600);
    expect(follower.client.getHead().latest.hash).toBe(world.net.chain[600]!.hash);
  });
});

describe('a restart', () => {
  it('in the middle of the blocks goes on after them', async () => {
    await start({ blocks: 500 });
    const add = world.net.log.add.bind(world.net.log);
    // No answer to the third request.
    world.net.log.add = (node, connection, client, message) => {
      add(node, connection, client, message);
      if (message.kind === 'GetBlocks' && message.start > 200) world.net.fault(0, 'silent');
    };
    const first = await follow({ nodes: [0], database: 'blocks' });
    await reached(first, 200);
    await first.close();
    world.net.log.add = add;
    world.net.fault(0, 'none');
    world.net.log.clear();
    const again = await follow({ nodes: [0], database: 'blocks' });
    expect(again.at).toBe('200/200');
    await reached(again, 500);
    expect(world.net.log.of('GetBlocks').map(({ start: from, count }) => [from, count])).toEqual([[201, 100], [301, 100], [401, 100]]);
  });

  it('in the middle of the chunks fetches only those that are missing; at the head nothing', async () => {
    await start({ blocks: 320, chunkSize: 2048 });
    world.net.fault(0, 'slow', { delay: 60 });
    const first = await follow({ nodes: [0], checkpoint: 300, database: 'chunks' });
    await first.until(() => expect(world.net.log.of('GetChunk').length).toBeGreaterThan(8));
    await first.close();
    const before = world.net.log.of('GetChunk').map(({ index }) => index!);
    world.net.log.clear();
    const again = await follow({ nodes: [0], checkpoint: 300, database: 'chunks' });
    await reached(again, 320);
    const after = world.net.log.of('GetChunk').map(({ index }) => index!);
    const both = after.filter((index) => before.includes(index));
    // Only those that were on their way when it was closed: seven fit a session, beside a ping.
    expect([both.length <= 8, after.length < new Set([...before, ...after]).size]).toEqual([true, true]);
    await again.close();
    world.net.log.clear();
    const third = await follow({ nodes: [0], checkpoint: 300, database: 'chunks' });
    expect([third.at, third.client.getTrust().level]).toEqual(['320/320', 'pinned']);
    await third.until(() => expect(third.client.getStatus().consensus).toBe('established'));
    expect(world.net.log.of('GetBlocks', 'GetChunk', 'GetManifest')).toEqual([]);
  });
});
