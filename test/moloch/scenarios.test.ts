import { describe, expect, it } from 'vitest';
import type { MolochMessage } from '../../src/chains/moloch/wire/frame.ts';
import { resolveSettings } from '../../src/engine/settings.ts';
import type { FollowerOptions } from '../support/moloch-follower.ts';
import { molochWorld } from '../support/moloch-world.ts';

/** The client as the hub runs it, against the local network: what it asks is what the diagrams draw (Moloch reference, 6). */

const world = molochWorld();
const { start, follow, reached, headIs } = world;
const asked = (kind: MolochMessage['kind']) => world.net.log.of(kind).map(({ start: from, count }) => [from, count]);

/** Blocks of the long sync: 5000 with `PETREL_LONG=1`. */
const LONG = process.env['PETREL_LONG'] === '1' ? 5000 : 560;

describe('all strategies', () => {
  it('come to the same head, whose header has the root over all blocks before it', async () => {
    await start({ blocks: LONG, chunkSize: 16_384 });
    const ways: readonly FollowerOptions[] = [{ nodes: [0] }, { nodes: [0, 1, 2, 3] }, { nodes: [0], checkpoint: LONG - 50 }, { nodes: [0], headersOnly: true }];
    for (const way of ways) {
      const follower = await follow(way);
      await reached(follower, LONG);
      headIs(follower, LONG);
      expect(await follower.client.ask('verifyStateConsistency', [LONG])).toBe(true);
      await follower.close();
    }
  });
});

describe('6.2 fast sync', () => {
  it('asks one peer for batches of 100, one after the other, and then follows without a request', async () => {
    await start({ blocks: 250 });
    const follower = await follow({ nodes: [0] });
    await reached(follower, 250);
    expect(asked('GetBlocks')).toEqual([[1, 100], [101, 100], [201, 50]]);
    await follower.until(() => expect(follower.client.getStatus().consensus).toBe('established'));
    world.net.log.clear();
    for (let height = 251; height <= 253; height += 1) {
      world.net.produce(1);
      await reached(follower, height);
    }
    headIs(follower, 253);
    expect(asked('GetBlocks')).toEqual([]);
    expect(follower.client.getTrust()).toMatchObject({ level: 'proven', anchor: { kind: 'genesis' }, checked: { blocks: 253 } });
  });

  it('a bad events root at 137: stops before it, the peer is banned with the reason, and the rest comes from another', async () => {
    await start({ blocks: 200 });
    world.net.fault(0, 'bad-events-root', { height: 137 });
    await world.net.stopNode(1);
    const follower = await follow({ nodes: [0, 1] });
    await follower.until(() => expect(follower.banned).toMatchObject([{ reason: { code: 'events-root' } }]));
    await reached(follower, 136);
    await world.net.startNode(1);
    await reached(follower, 200);
    headIs(follower, 200);
  });
});

describe('6.3 header-first', () => {
  it('asks for signed headers alone; an event is proven with what a peer sends', async () => {
    await start({ blocks: 250 });
    const follower = await follow({ nodes: [0], headersOnly: true });
    await reached(follower, 250);
    expect(asked('GetBlocks')).toEqual([]);
    expect(asked('GetTrustedHeaders').filter(([, count]) => count !== 1)).toEqual([[1, 100], [101, 100], [201, 50]]);
    const id = world.net.chain[137]!.eventIds[0]!;
    expect(await follower.client.ask('getEvent', [id])).toMatchObject({ id, height: 137, blockHash: world.net.chain[137]!.hash });
    const receipt = (await follower.client.ask('proveEvent', [id])) as Uint8Array;
    expect(await follower.client.ask('verifyReceipt', [receipt])).toMatchObject({ valid: true, eventId: id, height: 137, finalHeight: 250 });
  });

  it('after a pinned checkpoint it begins there: 501 to 600', async () => {
    await start({ blocks: 600, chunkSize: 8192 });
    const follower = await follow({ nodes: [0], headersOnly: true, checkpoint: 500 });
    await reached(follower, 600);
    expect(asked('GetBlocks')).toEqual([]);
    expect(asked('GetTrustedHeaders').filter(([, count]) => count !== 1)).toEqual([[501, 100]]);
  });
});

describe('6.4 warp', () => {
  it('takes the snapshot of the pinned checkpoint, each chunk once, and goes on after it', async () => {
    await start({ blocks: 420, chunkSize: 8192 });
    const follower = await follow({ nodes: [0], checkpoint: 300 });
    await reached(follower, 420);
    headIs(follower, 420);
    expect(new Set(world.net.log.of('GetManifest').map(({ height }) => height))).toEqual(new Set([300]));
    const chunks = world.net.log.of('GetChunk').map(({ height, index }) => [height, index]);
    expect(chunks.length).toBeGreaterThan(3);
    expect(chunks.toSorted(([, a], [, b]) => a! - b!)).toEqual(chunks.map((_, index) => [300, index]));
    expect(asked('GetBlocks')).toEqual([[301, 100], [401, 20]]);
    expect(follower.client.getTrust()).toMatchObject({ level: 'pinned', anchor: { kind: 'pinned', height: 300, hash: world.net.chain[300]!.hash }, checked: { blocks: 120 } });
    expect(await follower.client.getBlock(200)).toMatchObject({ height: 200, hash: world.net.chain[200]!.hash, place: 'chain', linkedFrom: 420 });
  });

  it('chunks of two peers, of which one changes them: it is banned, its chunks come from the other, and nothing wrong is taken', async () => {
    await start({ blocks: 320, chunkSize: 4096 });
    world.net.fault(1, 'bad-chunk');
    const follower = await follow({ nodes: [0, 1], checkpoint: 300 });
    await follower.stopUntilConnected(2);
    const synced = follower.client.ask('startSync', []);
    await reached(follower, 320);
    await synced;
    await follower.until(() => expect(follower.banned).toMatchObject([{ reason: { code: 'chunk-hash' } }]));
    expect(follower.client.getTrust().level).toBe('pinned');
    const ofGood = world.net.log.of('GetChunk').filter(({ node }) => node === 0).map(({ index }) => index!);
    expect(new Set(ofGood).size).toBe(Math.max(...ofGood) + 1);
  });

  it('with wrong manifests alone nothing is imported: the blocks are fetched from genesis', async () => {
    await start({ blocks: 320 });
    world.net.fault('all', 'wrong-manifest');
    const follower = await follow({ nodes: [0, 1], checkpoint: 300 });
    await follower.until(() => expect(follower.banned.length).toBeGreaterThan(0));
    expect(follower.banned[0]).toMatchObject({ reason: { code: 'other-anchor' } });
    expect([follower.client.getTrust().level, world.net.log.of('GetChunk')]).toEqual(['proven', []]);
  });
});

describe('6.5 parallel', () => {
  it('divides the ranges between two peers, and applies in order even if the second is faster', async () => {
    await start({ blocks: 620 });
    world.net.fault(0, 'slow', { delay: 60 });
    world.net.fault(1, 'slow', { delay: 20 });
    const follower = await follow({ nodes: [0, 1] });
    await follower.stopUntilConnected(2);
    const heights: number[] = [];
    follower.client.events.on('head', ({ adopted }) => heights.push(...adopted.map(({ height }) => height)));
    const synced = follower.client.ask('startSync', []);
    await follower.until(() => expect(asked('GetBlocks').length).toBeGreaterThanOrEqual(2));
    expect(await follower.syncStatus()).toMatchObject({ strategy: 'parallel', target: 620, targetProven: true });
    await synced;
    await reached(follower, 620);
    const first = [0, 1].map((node) => world.net.log.of('GetBlocks').find((it) => it.node === node)!).map(({ start: from, count }) => [from, count]);
    expect(first.toSorted(([a], [b]) => a! - b!)).toEqual([[1, 100], [311, 100]]);
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
    const all = world.net.log.of('GetBlocks').flatMap(({ start: from, count }) => Array.from({ length: count! }, (_, i) => from! + i));
    const times = Array.from({ length: 620 }, (_, i) => all.filter((height) => height === i + 1).length);
    expect([Math.min(...times), Math.max(...times) <= 2]).toEqual([1, true]);
  });
});

describe('PROVIDING', () => {
  it('a node that asks without end gets a quarter of the budget; then it is answered with nothing, and another node with blocks', async () => {
    await start({ blocks: 20 });
    const follower = await follow({ nodes: [0, 1], uploadCap: 40_000 });
    await reached(follower, 20);
    await follower.until(() => expect(world.net.info().nodes.filter(({ clients }) => clients === 1).length).toBe(2));
    const answers = async (node: number) => {
      const before = world.net.log.of('Blocks').filter((it) => it.node === node).length;
      world.net.nodes[node]!.tell({ kind: 'GetBlocks', id: BigInt(before + 1), start: 1, count: 10 });
      await follower.until(() => expect(world.net.log.of('Blocks').filter((it) => it.node === node).length).toBe(before + 1));
      return follower.client.getStatus().sharing.uploaded;
    };
    let given = -1;
    for (let now = 0; now > given; ) {
      given = now;
      now = await answers(0);
    }
    expect(given).toBeGreaterThan(5_000);
    expect(given).toBeLessThanOrEqual(10_000);
    expect(await answers(1)).toBeGreaterThan(given);
  });
});

describe('6.6 gossip', () => {
  it('a new block is shown as pending and sent on to each other peer once; with its votes it is final', async () => {
    await start({ blocks: 20 });
    const follower = await follow();
    await reached(follower, 20);
    await follower.until(() => expect(world.net.info().nodes.every(({ clients }) => clients === 1)).toBe(true));
    await follower.until(() => expect(follower.client.getStatus().consensus).toBe('established'));
    const given = follower.client.getStatus().sharing.uploaded;
    world.net.log.clear();
    world.net.partition([[0], [1, 2, 3]]);
    const block = world.net.consensus.produce(1)[0]!;
    await follower.until(() => expect(world.net.log.of('NewBlock').filter(({ node }) => node !== 0).map(({ node }) => node).toSorted((a, b) => a - b)).toEqual(expect.arrayContaining([1, 2, 3])));
    expect(block.height).toBe(21);
    const bySender = (node: number) => world.net.log.of('NewBlock').filter((it) => it.node === node).length;
    // Both parts made a block, and each was sent on to those that did not have it.
    expect([bySender(1), bySender(2), bySender(3)].every((count) => count <= 1)).toBe(true);
    const { sharing } = follower.client.getStatus();
    expect([sharing.uploaded > given, sharing.uploadCap, sharing.anyPeer]).toEqual([true, resolveSettings().uploadCap, true]);
  });

  it('a Finalized before its block: the block is fetched, then it is final', async () => {
    await start({ blocks: 20 });
    const follower = await follow({ nodes: [0] });
    await reached(follower, 20);
    await follower.until(() => expect(follower.client.getStatus().consensus).toBe('established'));
    world.net.log.clear();
    world.net.fault(0, 'silent');
    const [block] = world.net.produce(1);
    world.net.fault(0, 'none');
    world.net.nodes[0]!.onFinal(block!);
    await reached(follower, 21);
    expect(asked('GetBlocks')).toEqual([[21, 1]]);
  });
});

describe('6.7 forks', () => {
  it('ours with two signatures, theirs with three: ours is rolled back, and its events are returned', async () => {
    await start({ blocks: 20 });
    const follower = await follow();
    await reached(follower, 20);
    await follower.until(() => expect(follower.client.getStatus().consensus).toBe('established'));
    for (const node of [2, 3]) world.net.fault(node, 'withheld-votes');
    const ours = world.net.produce(2);
    await reached(follower, 22, 20);
    expect(await follower.client.ask('getReturnedEvents', [])).toEqual([]);
    world.net.fault(2, 'none');
    const theirs = world.net.fork(2, 4);
    await reached(follower, 24);
    expect(follower.client.getHead().latest.hash).toBe(theirs.at(-1)!.hash);
    expect(await follower.client.getBlock(21)).toMatchObject({ hash: theirs[0]!.hash });
    const lost = ours.flatMap(({ eventIds }) => eventIds).filter((id) => !theirs.some(({ eventIds }) => eventIds.includes(id)));
    expect(lost.length).toBeGreaterThan(0);
    const returned = (await follower.client.ask('getReturnedEvents', [])) as readonly { readonly id: string }[];
    expect(returned.map(({ id }) => id).toSorted()).toEqual(lost.toSorted());
  });

  it.each(['before', 'after'] as const)('a final block against a final one, that is met %s ours was taken: it halts with both proofs, also after a restart', async (when) => {
    await start({ blocks: 30 });
    world.net.fault(1, 'fork', { height: 15 });
    const database = `halt-${when}`;
    const follower = await follow({ nodes: when === 'before' ? [0, 1] : [0], database });
    if (when === 'after') {
      await reached(follower, 30);
      await follower.client.ask('addSyncPeer', [world.net.network.seeds[1]]);
    }
    await follower.until(() => expect(follower.client.getStatus().reason).toMatchObject({ code: 'chain-halted' }));
    const halt = (await follower.client.ask('getHaltEvidence', [])) as { readonly evidence: readonly Uint8Array[] };
    expect(halt.evidence.every(({ length }) => length > 300)).toBe(true);
    await follower.close();
    const again = await follow({ nodes: [0], database });
    expect(again.client.getStatus().reason).toMatchObject({ code: 'chain-halted' });
    expect(await again.client.ask('getHaltEvidence', [])).toEqual(halt);
  });
});
