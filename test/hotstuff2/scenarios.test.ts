import { afterEach, describe, expect, it, vi } from 'vitest';
import { HotStuff2Net, type HotStuff2NetOptions, type NetFault } from '../../devnet/hotstuff2/hotstuff2-net.ts';
import { verifyHotStuff2Proof } from '../../src/chains/hotstuff2/proofs/verify-proof-file.ts';
import { RequestError } from '../../src/engine/peers/peer-net.ts';
import { seededRandom } from '../../devnet/seeded-random.ts';
import { followNet, type Following, type FollowOptions, isAtFinal, keptHeights, networkHead } from '../support/hotstuff2/follow-net.ts';
import { verifyHere } from '../support/verify-here.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function start(options: Partial<HotStuff2NetOptions> = {}): Promise<HotStuff2Net> {
  const net = await HotStuff2Net.start({ snapshotEvery: 1_000_000, ...options });
  ends.push(() => net.close());
  return net;
}

async function follow(net: HotStuff2Net, options?: FollowOptions): Promise<Following> {
  const following = await followNet(net, options);
  ends.push(() => following.close());
  return following;
}

/** Heights up to `most` that were asked for over connections with numbers from `first` to below `end`. */
function heightsAsked(net: HotStuff2Net, most: number, first: number, end: number): ReadonlySet<number> {
  const requests = net.requests.flatMap(({ client, request }) => (request.type === 'get-blocks' && client >= first && client < end ? [request] : []));
  return new Set(requests.flatMap(({ from, count }) => Array.from({ length: count }, (_, i) => from + i)).filter((height) => height <= most));
}

/** Waits until all replicas are connected and can push. */
const allLive = ({ client }: Following) => vi.waitFor(() => expect(client.getPeers().filter(({ state }) => state === 'live')).toHaveLength(4));

describe('strategies', () => {
  const blocks = process.env['PETREL_LONG'] === '1' ? 5_000 : 600;

  it(`${blocks} blocks by all three strategies, with one state hash`, async () => {
    const net = await start({ history: blocks, snapshotEvery: 50 });
    const roots: string[] = [];
    for (const defaultStrategy of ['incremental', 'parallel', 'fast'] as const) {
      const following = await follow(net, { sync: { defaultStrategy } });
      await isAtFinal(net, following);
      expect(await following.client.ask('verifyStateConsistency', [blocks])).toBe(true);
      roots.push(following.chain.state!.root());
      await following.close();
    }
    expect(new Set(roots).size).toBe(1);
    expect(net.requests.some(({ request }) => request.type === 'get-chunk')).toBe(true);
  });
});

describe('peers that lie or fail', () => {
  const liars: readonly (readonly [NetFault, string | RegExp])[] = [
    ['forged-qc', 'qc'],
    ['wrong-range', 'wrong-range'],
    ['unfinal-tip-as-final', /^qc/u],
    ['endless-stream', /unrequested|too-many-frames/u],
  ];

  it.each(liars)('%s: the peer is banned with the reason, and the head is right', async (fault, reason) => {
    const net = await start({ history: 150 });
    await net.fault(0, fault);
    // The others hold their blocks, or they may send everything before the liar is asked.
    for (const honest of [1, 2, 3]) await net.fault(honest, 'held');
    const following = await follow(net, { sync: { defaultStrategy: 'parallel', blockBatchSize: 4, checkEachCertificate: true } });
    await vi.waitFor(() => expect(following.banned()).toEqual([[0, expect.stringMatching(reason)]]));
    for (const honest of [1, 2, 3]) await net.fault(honest, 'none');
    await isAtFinal(net, following, 1);
    await net.produce(2);
    await isAtFinal(net, following, 1);
    expect(following.banned()).toHaveLength(1);
  });

  it('bad-root: a block that all validators have signed beside the chain costs nobody a ban below the proven target, and the sync reaches the head past it', async () => {
    const net = await start({ history: 150 });
    await net.fault(0, 'bad-root');
    const following = await follow(net, { sync: { defaultStrategy: 'parallel', blockBatchSize: 4, checkEachCertificate: true } });
    await isAtFinal(net, following, 1);
    // The range that ends at the proven target may be the liar's: see the next test.
    expect(following.banned().filter(([, reason]) => reason !== 'other-block')).toEqual([]);
  });

  it('bad-root: at the height of the proven target it is another block than the proven one, and the peer is banned', async () => {
    const net = await start({ history: 20 });
    await net.fault(0, 'bad-root');
    const following = await follow(net, { replicas: [0], sync: { defaultStrategy: 'parallel' } });
    await vi.waitFor(() => expect(following.banned()).toEqual([[0, 'other-block']]));
    expect(following.chain.tip().height).toBeLessThan(20);
  });

  it('half-frames: a peer whose first answer ends in its middle is not taken, and the head is right', async () => {
    const net = await start({ history: 40 });
    await net.fault(0, 'half-frames');
    const following = await follow(net);
    await isAtFinal(net, following, 1);
    await vi.waitFor(() => expect(following.log.entries()).toContainEqual(expect.objectContaining({ code: 'peer-not-reached', data: expect.objectContaining({ reason: 'malformed' }) })));
    await vi.waitFor(() => expect(following.client.getPeers().filter(({ state }) => state === 'live')).toHaveLength(3));
  });

  it.each(['stale-status', 'silent', 'slow'] as const)('%s: the head is right, and nobody is banned for it', async (fault) => {
    const net = await start({ history: 40 });
    await net.fault(0, fault, { ms: 1_500 });
    await net.produce(20);
    const following = await follow(net, { sync: { peerTimeout: 300 } });
    await isAtFinal(net, following, 1);
    expect(following.banned()).toEqual([]);
  });

  it.each(['corrupt-chunk', 'wrong-manifest'] as const)('%s: the snapshot comes from others, and the peer is banned', async (fault) => {
    const net = await start({ history: 110, snapshotEvery: 50, entriesPerChunk: 4 });
    await net.fault(0, fault);
    const following = await follow(net, { sync: { defaultStrategy: 'fast' } });
    await isAtFinal(net, following, 1);
    // A peer that was not asked for a part of it has not lied yet.
    const asked = net.requests.some(({ replica, request }) => replica === 0 && request.type === (fault === 'corrupt-chunk' ? 'get-chunk' : 'get-snapshot'));
    expect(following.banned()).toEqual(asked ? [[0, fault === 'corrupt-chunk' ? 'chunk-root' : 'manifest-chunks']] : []);
    expect(Math.min(...net.requests.flatMap(({ request }) => (request.type === 'get-blocks' ? [request.from] : [])))).toBeGreaterThan(100);
  });

  it('30 % of all requests fail: the sync comes to its end, and the right peers stay', async () => {
    const net = await start({ history: 200 });
    const random = seededRandom('scenarios', 'failing');
    let failed = 0;
    const following = await follow(net, {
      sync: { blockBatchSize: 8, defaultStrategy: 'parallel', retryAttempts: 20 },
      wrap: (chain) => ({
        ...chain,
        connect: async (address, handlers, options) => {
          const peer = await chain.connect(address, handlers, options);
          const getBlocks = peer.getBlocks.bind(peer);
          peer.getBlocks = async (from, count, how) => {
            if (random.next() >= 0.3) return getBlocks(from, count, how);
            failed += 1;
            throw new RequestError('timeout', 'lost on the way');
          };
          return peer;
        },
      }),
    });
    await isAtFinal(net, following);
    expect(failed).toBeGreaterThan(3);
    expect(following.banned()).toEqual([]);
  });
});

describe('the network', () => {
  it('a partition without a quorum for 30 s: nothing becomes final, and the client goes on after it', async () => {
    const net = await start({ history: 20 });
    const following = await follow(net);
    await isAtFinal(net, following);
    const before = following.client.getHead().final.height;
    await net.partition([[0, 1], [2, 3]]);
    await net.pass(30_000, { blocks: true });
    expect(following.client.getHead().final.height).toBe(before);
    await net.partition(undefined);
    await net.produce(5);
    await isAtFinal(net, following);
    expect(following.client.getHead().final.height).toBeGreaterThan(before);
  });

  it('leaders that crash leave gaps in the views: what follows on a gap is final later, and the client follows', async () => {
    const net = await start({ history: 10 });
    await net.stop(3);
    await net.produce(20);
    const views = net.replicas[0]!.store.final.map(({ header }) => header.view);
    expect(views.some((view, i) => i > 0 && view > views[i - 1]! + 1)).toBe(true);
    for (const defaultStrategy of ['incremental', 'parallel'] as const) {
      const following = await follow(net, { replicas: [0, 1, 2], sync: { defaultStrategy, blockBatchSize: 5 } });
      await isAtFinal(net, following);
      await net.produce(4);
      await isAtFinal(net, following);
    }
  });

  it('all peers are gone and come back: the head stays, and is live again', async () => {
    const net = await start({ history: 20 });
    const following = await follow(net);
    await isAtFinal(net, following);
    await vi.waitFor(() => expect(following.client.getHead().latest).toMatchObject(networkHead(net)));
    const { height } = following.client.getHead().latest;
    for (const index of net.replicas.keys()) await net.stop(index);
    await vi.waitFor(() => expect(following.client.getPeers().filter(({ state }) => state === 'live')).toEqual([]));
    expect(following.client.getHead().latest.height).toBe(height);
    for (const index of net.replicas.keys()) await net.startReplica(index);
    await net.produce(3);
    await isAtFinal(net, following);
  });

  it('200 blocks while the client is paused: it comes back by the sync, and no event is lost or doubled', async () => {
    const net = await start({ history: 20 });
    const following = await follow(net);
    await isAtFinal(net, following);
    await following.client.ask('stopSync', []);
    await net.produce(200);
    expect(following.client.getHead().final.height).toBeLessThan(25);
    await following.client.ask('startSync', []);
    await isAtFinal(net, following);
    await net.produce(3);
    await vi.waitFor(() => expect(following.client.getHead().latest).toMatchObject(networkHead(net)));
    expect(keptHeights(following.heads)).toEqual(Array.from({ length: networkHead(net).height }, (_, i) => i + 1));
  });

  it('sets of validators hand over twice: followed live, fetched block by block, and passed by with a snapshot', async () => {
    const net = await start({ history: 20, snapshotEvery: 20 });
    const live = await follow(net);
    await isAtFinal(net, live);
    for (let i = 0; i < 2; i += 1) {
      net.handOver();
      await net.produce(20);
    }
    await isAtFinal(net, live);
    expect(live.chain.sets.trusted).toHaveLength(3);
    expect(live.chain.sets.links).toHaveLength(2);
    for (const defaultStrategy of ['parallel', 'incremental', 'fast'] as const) {
      const following = await follow(net, { sync: { defaultStrategy } });
      await isAtFinal(net, following);
      expect([following.banned(), following.chain.sets.trusted.length]).toEqual([[], 3]);
      await following.close();
      const again = await follow(net, { rows: following.rows });
      expect(again.client.getHead().final.height).toBe(net.finalHeight);
      await again.close();
    }
    const exported = live.client.exportSnapshot();
    const alone = await follow(net, { replicas: [] });
    await alone.client.importSnapshot(exported);
    expect(alone.client.getHead().final).toMatchObject({ height: net.finalHeight, trust: 'proven' });
  });
});

describe('restarts', () => {
  it('at any height of a sync: what was verified is not fetched again', async () => {
    const net = await start({ history: 240 });
    const sync = { defaultStrategy: 'parallel', blockBatchSize: 8, parallelDownloadLimit: 2, validationPipelineSize: 16 } as const;
    let following = await follow(net, { sync });
    const stops: { readonly height: number; readonly clients: number }[] = [];
    for (const stage of [1, 60, 120, 180]) {
      await vi.waitFor(() => expect(following.chain.tip().height).toBeGreaterThanOrEqual(stage), { interval: 1 });
      await following.close();
      const { height, id } = following.chain.tip();
      stops.push({ height, clients: 1 + Math.max(...net.requests.map(({ client }) => client)) });
      following = await follow(net, { sync, rows: following.rows });
      expect(following.client.getHead().final).toMatchObject({ height, hash: id });
    }
    await isAtFinal(net, following);
    for (const [i, { height: stop, clients }] of stops.entries()) {
      const [before, after] = [heightsAsked(net, 240, 0, clients), heightsAsked(net, 240, clients, stops[i + 1]?.clients ?? Infinity)];
      // Only what was on its way or waited at a stop is asked for again: the pipeline and the requests in flight.
      const again = [...after].filter((height) => before.has(height));
      expect([...after].filter((height) => height <= stop)).toEqual([]);
      expect(again.filter((height) => height > stop + 16 + 2 * 8)).toEqual([]);
    }
  });

  it('a snapshot is resumed: no chunk is fetched twice but those that were on their way', async () => {
    const net = await start({ history: 120, snapshotEvery: 50, entriesPerChunk: 1 });
    const sync = { defaultStrategy: 'fast', parallelDownloadLimit: 1, maxSyncPeers: 1 } as const;
    const first = await follow(net, { sync });
    const chunks = () => net.requests.flatMap(({ request }) => (request.type === 'get-chunk' ? [request.index] : []));
    await vi.waitFor(() => expect(chunks().length).toBeGreaterThan(8), { interval: 1 });
    await first.close();
    const before = chunks().length;
    expect(first.chain.tip().height).toBe(0);
    const second = await follow(net, { sync, rows: first.rows });
    await isAtFinal(net, second);
    expect(chunks().length).toBeGreaterThan(before);
    const twice = chunks().length - new Set(chunks()).size;
    expect(twice).toBeLessThanOrEqual(1);
  });

  it('old headers are dropped at the cap; the final block, its state and a proof stay', async () => {
    const net = await start({ history: 300 });
    const first = await follow(net, { storageCap: 60_000 });
    await isAtFinal(net, first);
    await first.close();
    const second = await follow(net, { rows: first.rows, replicas: [], storageCap: 60_000 });
    expect(second.client.getHead().final).toMatchObject({ height: 300 });
    expect(second.client.getStatus().storage.bytes).toBeLessThan(70_000);
    expect(await second.client.getBlock(290)).toMatchObject({ height: 290 });
    expect(await second.client.getBlock(10)).toBeUndefined();
    const online = await follow(net, { rows: first.rows, storageCap: 60_000 });
    await isAtFinal(net, online);
    await vi.waitFor(async () => expect(await online.client.getBlock(10)).toMatchObject({ height: 10, hash: net.replicas[0]!.store.final[10]!.hash, place: 'chain' }));
  });
});

describe('a pinned block', () => {
  it('is where the client begins: nothing below it is fetched, trust is pinned, and the state comes with a snapshot', async () => {
    const net = await start({ history: 160, snapshotEvery: 50 });
    const following = await follow(net, { pinned: 120, sync: { defaultStrategy: 'fast' } });
    await isAtFinal(net, following);
    expect(following.client.getHead().final).toMatchObject({ trust: 'pinned', height: 160 });
    expect(following.client.getTrust().anchor).toMatchObject({ kind: 'pinned', height: 120, hash: net.replicas[0]!.store.final[120]!.hash });
    expect(Math.min(...net.requests.flatMap(({ request }) => (request.type === 'get-blocks' ? [request.from] : [])))).toBeGreaterThan(120);
    expect(await following.client.getBlock(100)).toMatchObject({ height: 100, hash: net.replicas[0]!.store.final[100]!.hash, linkedFrom: 120 });
    await following.close();
    const again = await follow(net, { pinned: 120, rows: following.rows, replicas: [] });
    expect(again.client.getHead().final).toMatchObject({ trust: 'pinned', height: 160 });
    // What was verified from a pinned block is worth nothing from genesis.
    const other = await follow(net, { rows: following.rows, replicas: [] });
    expect(other.client.getHead().final.height).toBe(0);
  });

  it('without a snapshot: headers are followed, and questions about the state have no answer', async () => {
    const net = await start({ history: 160 });
    const following = await follow(net, { pinned: 120, sync: { defaultStrategy: 'fast' } });
    await vi.waitFor(() => expect(following.client.getHead().final.height).toBe(160));
    await net.produce(2);
    await vi.waitFor(() => expect(following.client.getHead().final.height).toBe(162));
    await expect(following.client.ask('getValue', ['00'])).rejects.toMatchObject({ code: 'no-answer', data: { reason: 'no-state' } });
    expect(following.banned()).toEqual([]);
  });
});

describe('validators that contradict themselves', () => {
  it('two certified blocks of one view: the client stands still with both certificates, also after a restart, until it is wiped', async () => {
    const net = await start({ history: 20 });
    const following = await follow(net);
    await isAtFinal(net, following);
    await allLive(following);
    // All validators have signed both.
    await net.fault(0, 'bad-root');
    await net.produce(1);
    const evidence = async (one: Following) => (await one.client.ask('getHaltEvidence', [])) as { readonly height: number; readonly evidence: readonly [Uint8Array, Uint8Array] };
    await vi.waitFor(async () => expect(await evidence(following)).toBeDefined());
    const halt = await evidence(following);
    expect(halt.evidence.map(({ length }) => length > 223)).toEqual([true, true]);
    expect(following.client.getStatus().reason).toMatchObject({ code: 'chain-halted' });
    await following.close();
    const again = await follow(net, { rows: following.rows });
    await vi.waitFor(async () => expect(await evidence(again)).toEqual(halt));
    await net.fault(0, 'none');
    await again.client.wipe();
    expect(await evidence(again)).toBeUndefined();
    await isAtFinal(net, again);
  });
});

describe('questions', () => {
  it('values, proof files and validators, with what they stand on', async () => {
    const net = await start({ history: 20 });
    const key = new TextEncoder().encode('petrel');
    net.put(key, Uint8Array.of(7));
    await net.produce(5);
    const { client, chain } = await follow(net);
    await isAtFinal(net, { client, chain } as Following);
    expect(await client.ask('getValue', [key])).toMatchObject({ value: Uint8Array.of(7), level: 'proven', finality: 'final', block: { height: net.finalHeight } });
    expect(await client.ask('getValue', ['00'])).toMatchObject({ value: undefined });
    expect(await client.ask('getValidators', [])).toMatchObject({ value: { quorum: 3, scheme: 'ed25519', next: undefined, keys: expect.objectContaining({ length: 4 }) } });
    const file = (await client.ask('proveValue', [key])) as Uint8Array;
    const network = { chainId: net.network.chainId, trustedSets: chain.sets.trusted };
    expect(await verifyHotStuff2Proof(file, network, { verify: verifyHere })).toMatchObject({ ok: true, value: Uint8Array.of(7) });
    expect(await client.ask('verifyProof', [file])).toMatchObject({ ok: true });
    for (const wrong of [undefined, 7, '', 'zz', new Uint8Array(0)]) await expect(client.ask('getValue', [wrong])).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(client.ask('verifyProof', ['file'])).rejects.toMatchObject({ code: 'bad-argument' });
  });
});
