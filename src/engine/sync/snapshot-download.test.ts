import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../devnet/seeded-random.ts';
import { FakeChunkStore, FakeHistory, FakeSyncChain } from '../../../test/support/fake-sync-chain.ts';
import { FakeSyncPeer } from '../../../test/support/fake-sync-peer.ts';
import type { FakePeerScript } from '../../../test/support/fake-sync-peer.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import type { PeerReport } from '../peers/peer-net.ts';
import { syncConfig } from './default-sync-config.ts';
import { PeerAsker } from './peer-asker.ts';
import { fetchChunks, findSnapshot, newestOffer, snapshotPatience } from './snapshot-download.ts';
import type { Snapshot } from './sync-chain.ts';
import { SyncMonitor } from './sync-monitor.ts';
import { SyncPeers } from './sync-peers.ts';
import { TokenBucket } from './token-bucket.ts';

const offered = { height: 200, chunks: 20 };

function setup(scripts: readonly FakePeerScript[]) {
  const clock = new VirtualClock();
  const history = new FakeHistory(1, 300);
  const chain = new FakeSyncChain(history);
  const chunks = new FakeChunkStore();
  const peers = new SyncPeers<never>({ clock, random: seededRandom('1', 'peers'), config: syncConfig() });
  const monitor = new SyncMonitor(true, clock);
  const reports: { readonly peer: string; readonly report: PeerReport }[] = [];
  const report = (peer: string, each: PeerReport) => void reports.push({ peer, report: each });
  const asker = new PeerAsker({ peers, clock, timeout: 1_000, monitor, report, banned: () => undefined });
  const fakes = scripts.map((script, index) => new FakeSyncPeer(`peer-${index}`, history, clock, seededRandom('1', String(index)), { snapshot: offered, ...script }));
  for (const fake of fakes) peers.add(fake as never);
  const options = { rules: chain.snapshots, chunks, peers, asker, bucket: new TokenBucket(clock, 0), clock, inFlight: 8, retryAttempts: 3, signal: new AbortController().signal };
  const find = () => clock.until(findSnapshot(options, 200));
  const fetch = async (snapshot: Snapshot, signal = options.signal) => clock.until(fetchChunks({ ...options, signal }, snapshot));
  return { clock, history, chain, chunks, peers, reports, fakes, options, find, fetch };
}

describe('a snapshot', () => {
  it('is the newest on offer above the tip that is proven and not refused', () => {
    const claims = [{ snapshot: 100 }, { snapshot: undefined }, { snapshot: 300 }, { snapshot: 200 }];
    expect(newestOffer(claims, 0, 1_000, new Set())).toBe(300);
    expect(newestOffer(claims, 0, 299, new Set())).toBe(200);
    expect(newestOffer(claims, 0, 299, new Set([200]))).toBe(100);
    expect(newestOffer(claims, 300, 1_000, new Set())).toBeUndefined();
  });

  it('comes in chunks from several peers, each once, in any order', async () => {
    const { find, fetch, history, fakes, chunks, chain } = setup([{ latency: 10 }, { latency: 90 }, { latency: 30 }]);
    const offer = await find();
    const bytes = await fetch(offer!.snapshot);
    expect(bytes).toEqual(history.snapshot(200, 20).chunks);
    expect(fakes.flatMap(({ chunksAsked }) => chunksAsked).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(fakes.every(({ chunksAsked }) => chunksAsked.length > 0)).toBe(true);
    expect(chunks.puts).toBe(20);
    expect(await chain.snapshots.import(offer!.snapshot as never, bytes)).toBeUndefined();
    expect(chain.tip().height).toBe(200);
  });

  it('bad chunk: its sender is blamed and banned, and the chunk comes from another', async () => {
    const { find, fetch, reports, history } = setup([{ lie: 'chunk', latency: 5 }, {}]);
    const offer = await find();
    expect(await fetch(offer!.snapshot)).toEqual(history.snapshot(200, 20).chunks);
    const lies = reports.filter(({ report }) => report.kind === 'lie');
    expect(lies.length).toBeGreaterThan(0);
    expect(lies.every(({ peer, report }) => peer === 'peer-0' && 'code' in report && report.code === 'bad-chunk')).toBe(true);
  });

  it('wrong manifest: its sender is blamed, and another one is asked; with none left there is no snapshot', async () => {
    const { find, reports } = setup([{ lie: 'manifest' }, { lie: 'manifest' }, { snapshot: { height: 150, chunks: 1 } }]);
    expect(await find()).toBeUndefined();
    expect(reports.filter(({ report }) => report.kind === 'lie').map(({ peer }) => peer).toSorted()).toEqual(['peer-0', 'peer-1']);
    expect((await setup([{ lie: 'manifest' }, {}]).find())!.peer).toBe('peer-1');
  });

  it('is resumed after a restart: chunks that are stored are not fetched again, and a damaged one is', async () => {
    const { clock, find, fetch, chunks, fakes, options } = setup([{ latency: 100 }]);
    const offer = await find();
    const controller = new AbortController();
    const fetching = fetchChunks({ ...options, inFlight: 2, signal: controller.signal }, offer!.snapshot);
    fetching.catch(() => undefined);
    await clock.advance(550);
    controller.abort(new Error('reload'));
    await expect(clock.until(fetching)).rejects.toThrow('reload');
    const stored = chunks.puts;
    expect(stored).toBeGreaterThan(5);
    await chunks.put(offer!.snapshot.id, 0, new Uint8Array(3));
    const before = fakes[0]!.chunksAsked.length;
    await fetch(offer!.snapshot);
    expect(fakes[0]!.chunksAsked.length - before).toBe(20 - stored + 1);
  });

  describe('at one chunk a second, 60 chunks', () => {
    const world = async (patience: number, rate = 0) => {
      const made = setup([{ latency: 990, snapshot: { height: 200, chunks: 60 } }]);
      const { snapshot } = (await made.find())!;
      const began = made.clock.monotonic();
      const bucket = new TokenBucket(made.clock, rate);
      const outcome: unknown = await made.clock.until(fetchChunks({ ...made.options, bucket, inFlight: 1, patience }, snapshot).catch((error: unknown) => error));
      return { ...made, outcome, seconds: Math.round((made.clock.monotonic() - began) / 1_000) };
    };

    it.each([[0, 30], [20_000, 45]])('given up if the blocks may take %i ms, after %i s; the peer’s snapshots rest', async (patience, wanted) => {
      const { outcome, seconds, find, peers, fakes, clock } = await world(patience);
      expect(outcome).toMatchObject({ name: 'SyncError', code: 'snapshot-slow', data: { height: 200, peers: 'peer-0' } });
      expect(Math.abs(seconds - wanted)).toBeLessThan(3);
      expect([peers.snapshotOf(fakes[0]! as never), await find(), peers.usable.length]).toEqual([undefined, undefined, 1]);
      await clock.advance(600_000);
      expect(await find()).toMatchObject({ peer: 'peer-0' });
    });

    it('taken if the blocks may take as long', async () => {
      expect((await world(60_000)).outcome).toHaveLength(60);
    });

    it('what our own limit of bandwidth costs does not count', async () => {
      const { outcome, seconds } = await world(40_000, 500);
      expect(outcome).toHaveLength(60);
      expect(seconds).toBeGreaterThan(100);
    });
  });

  it('may take as long as the slowest full requests for its blocks', () => {
    expect(snapshotPatience(51_200, syncConfig())).toBe(1_000_000);
  });

  it('a chunk that always fails: retries used up', async () => {
    const { find, fetch, fakes } = setup([{}]);
    const offer = await find();
    for (const fake of fakes) fake.script = { ...fake.script, failing: 1 };
    await expect(fetch(offer!.snapshot)).rejects.toMatchObject({ name: 'SyncError', code: 'retries-used-up', data: { height: 200, peers: 'peer-0' } });
  });

  it('nobody offers it any more: no peers', async () => {
    const { find, fetch, peers } = setup([{}]);
    const offer = await find();
    peers.remove('peer-0');
    await expect(fetch(offer!.snapshot)).rejects.toMatchObject({ code: 'no-peers' });
  });
});
