import type { Clock } from '../../base/clock.ts';
import { sleep } from '../../base/clock.ts';
import { joinSignals } from '../../base/tasks.ts';
import { AskFailed } from './peer-asker.ts';
import type { PeerAsker } from './peer-asker.ts';
import type { ChunkStore, Snapshot, SnapshotRules } from './sync-chain.ts';
import type { SyncConfig } from './sync-config.ts';
import { SyncError } from './sync-error.ts';
import type { SyncPeer } from './sync-peer.ts';
import type { SyncPeers } from './sync-peers.ts';
import type { TokenBucket } from './token-bucket.ts';

/** Milliseconds between two looks for a free peer. */
const LOOK_AGAIN = 100;
/** Bytes of a chunk before the first was measured. */
const FIRST_GUESS = 50_000;
/** Looks in a row without a peer that offers the snapshot, after which it is given up: ten seconds, the time-out of a request. */
const MOST_LOOKS = 100;

/** Milliseconds from the first request before the pace of a snapshot counts: three requests that nearly time out. */
const GRACE = 30_000;

/**
 * Milliseconds that the blocks which a snapshot replaces may take: as long as the slowest full requests for them, all in flight, that do not time out. With
 * the defaults 512 blocks in ten seconds.
 */
export function snapshotPatience(blocks: number, { blockBatchSize, parallelDownloadLimit, peerTimeout }: SyncConfig): number {
  return (blocks * peerTimeout) / (blockBatchSize * parallelDownloadLimit);
}

export interface SnapshotDownloadOptions<B> {
  readonly rules: SnapshotRules;
  readonly chunks: ChunkStore;
  readonly peers: SyncPeers<B>;
  readonly asker: PeerAsker<B>;
  readonly bucket: TokenBucket;
  readonly clock: Clock;
  /** Requests in flight. */
  readonly inFlight: number;
  readonly retryAttempts: number;
  /** Milliseconds that the whole may take after `GRACE`, and each part of it its share; undefined: as long as it takes. */
  readonly patience?: number | undefined;
  readonly signal: AbortSignal;
}

/** A checked manifest with the peer that sent it. */
export interface Offer {
  readonly snapshot: Snapshot;
  readonly peer: string;
}

/** The greatest height of a claimed snapshot that is above `above`, not above `most`, and not in `refused`; undefined: there is none. */
export function newestOffer(claims: readonly { readonly snapshot: number | undefined }[], above: number, most: number, refused: ReadonlySet<number>): number | undefined {
  const heights = claims.flatMap(({ snapshot }) => (snapshot !== undefined && snapshot > above && snapshot <= most && !refused.has(snapshot) ? [snapshot] : []));
  return heights.length === 0 ? undefined : Math.max(...heights);
}

/** Fetches the manifest at a height from one peer after the other until one passes; undefined: none does. `id`: another snapshot will not do. */
export async function findSnapshot<B>(options: SnapshotDownloadOptions<B>, height: number | undefined, id?: string): Promise<Offer | undefined> {
  const { peers, asker, rules, signal } = options;
  for (const peer of peers.active.filter((each) => (peers.snapshotOf(each) ?? -1) >= (height ?? 0))) {
    try {
      const { answer } = await asker.ask(peer, signal, (ask) => peer.getManifest(height, ask), ({ size }) => size);
      const snapshot = await rules.checkManifest(answer.value, signal);
      if ('weight' in snapshot) asker.blame(peer.id, snapshot);
      else if ((height === undefined || snapshot.height === height) && (id === undefined || snapshot.id === id)) {
        asker.used(peer.id, answer.size);
        return { snapshot, peer: peer.id };
      } else if (id === undefined) asker.blame(peer.id, { code: 'wrong-snapshot', weight: 'offence', data: { height: snapshot.height } });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AskFailed)) throw error;
    }
  }
  return undefined;
}

/**
 * Fetches the chunks from all peers that offer the snapshot, in any order, each checked when it comes and kept in the store; those in the store are
 * not fetched. Resolves with all chunks in their order.
 * @throws SyncError `no-peers` when nobody offers it any more, `retries-used-up` when a chunk failed too often, `snapshot-slow` when it takes longer than
 * `patience` allows: the snapshots of the peers that were asked rest
 */
export async function fetchChunks<B>(options: SnapshotDownloadOptions<B>, snapshot: Snapshot, progress?: (there: number) => void): Promise<readonly Uint8Array[]> {
  const { rules, chunks, peers, asker, bucket, clock, patience, signal } = options;
  const there = new Map<number, Uint8Array>();
  for (const [index, chunk] of await chunks.load(snapshot.id)) if (index < snapshot.chunks && !rules.checkChunk(snapshot, index, chunk)) there.set(index, chunk);
  const wanted = Array.from({ length: snapshot.chunks }, (_, index) => index).filter((index) => !there.has(index));
  const failed = new Map<number, Set<string>>();
  const failures = new Map<number, number>();
  const own = new AbortController();
  const either = joinSignals(signal, own.signal).signal;
  let guess = FIRST_GUESS;
  const began = clock.monotonic();
  const stored = there.size;
  const asked = new Set<string>();
  /** Milliseconds for which only our own limit of bandwidth was waited for. */
  let limited = 0;
  const isSlow = () => {
    const late = clock.monotonic() - began - limited - GRACE;
    return patience !== undefined && late > (patience * (there.size - stored)) / (snapshot.chunks - stored);
  };

  const fetchOne = async (peer: SyncPeer<B>, index: number): Promise<void> => {
    let counts = true;
    try {
      const { answer } = await asker.ask(peer, either, (ask) => peer.getChunk(snapshot.height, index, ask), ({ size }) => size);
      bucket.correct(answer.size - guess);
      guess += (answer.size - guess) / 4;
      const fault = rules.checkChunk(snapshot, index, answer.value);
      if (!fault) {
        asker.used(peer.id, answer.size);
        await chunks.put(snapshot.id, index, answer.value);
        there.set(index, answer.value);
        progress?.(there.size);
        return;
      }
      asker.blame(peer.id, fault);
    } catch (error) {
      either.throwIfAborted();
      if (!(error instanceof AskFailed)) throw error;
      counts = error.code !== 'gone';
    }
    const peersThatFailed = (failed.get(index) ?? new Set<string>()).add(peer.id);
    failed.set(index, peersThatFailed);
    failures.set(index, (failures.get(index) ?? 0) + Number(counts));
    if (failures.get(index)! > options.retryAttempts) {
      throw new SyncError('retries-used-up', `chunk ${index} failed ${failures.get(index)} times`, { height: snapshot.height, peers: Array.from(peersThatFailed).join(', ') });
    }
    wanted.unshift(index);
  };

  const running = new Set<Promise<void>>();
  try {
    for (let looks = 0; there.size < snapshot.chunks; ) {
      either.throwIfAborted();
      if (isSlow()) {
        for (const id of asked) peers.restSnapshots(id);
        throw new SyncError('snapshot-slow', `the snapshot at ${snapshot.height} is slower than its blocks`, { height: snapshot.height, peers: Array.from(asked).join(', ') });
      }
      const offering = peers.usable.filter((each) => (peers.snapshotOf(each) ?? -1) >= snapshot.height);
      const perPeer = Math.max(1, Math.ceil(options.inFlight / Math.max(1, offering.length)));
      const free = offering.filter(({ id }) => peers.inFlight(id) < perPeer).toSorted((a, b) => peers.inFlight(a.id) - peers.inFlight(b.id))[0];
      const index = free && wanted.find((each) => !failed.get(each)?.has(free.id) || offering.every(({ id }) => failed.get(each)!.has(id)));
      const isWanted = free && index !== undefined && running.size < options.inFlight;
      if (isWanted && bucket.take(guess)) {
        looks = 0;
        asked.add(free.id);
        wanted.splice(wanted.indexOf(index), 1);
        const work: Promise<void> = fetchOne(free, index).finally(() => running.delete(work));
        // An error is seen by the race below, or after the loop.
        work.catch(() => undefined);
        running.add(work);
        // The request is booked in the same turn, so that the next look sees this peer's load.
        continue;
      }
      if (running.size === 0 && peers.active.every((each) => (peers.snapshotOf(each) ?? -1) < snapshot.height)) {
        looks += 1;
        if (looks > MOST_LOOKS) throw new SyncError('no-peers', `nobody offers the snapshot at ${snapshot.height}`, { height: snapshot.height });
      }
      const before = clock.monotonic();
      await Promise.race([...running, sleep(clock, LOOK_AGAIN, either)]);
      if (isWanted) limited += clock.monotonic() - before;
    }
  } finally {
    own.abort(new AskFailed('failed', 'no longer wanted'));
    await Promise.allSettled(running);
  }
  return Array.from({ length: snapshot.chunks }, (_, index) => there.get(index)!);
}
