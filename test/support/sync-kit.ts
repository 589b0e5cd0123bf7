import { expect } from 'vitest';
import { seededRandom } from '../../devnet/seeded-random.ts';
import type { PeerReport } from '../../src/engine/peers/peer-net.ts';
import { syncConfig } from '../../src/engine/sync/default-sync-config.ts';
import type { SyncConfig } from '../../src/engine/sync/sync-config.ts';
import { SyncManager } from '../../src/engine/sync/sync-manager.ts';
import type { SyncManagerOptions } from '../../src/engine/sync/sync-manager.ts';
import type { SyncStatusView } from '../../src/engine/sync/sync-views.ts';
import { FakeChunkStore, FakeHistory, FakeSyncChain } from './fake-sync-chain.ts';
import type { FakeBlock, FakeChainOptions } from './fake-sync-chain.ts';
import { FakeSyncPeer } from './fake-sync-peer.ts';
import type { FakePeerScript } from './fake-sync-peer.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface SyncTestOptions {
  readonly seed?: number;
  /** Height of the true chain. */
  readonly length?: number;
  readonly peers?: readonly FakePeerScript[];
  readonly config?: Partial<SyncConfig>;
  readonly chain?: FakeChainOptions;
  readonly manager?: Partial<Pick<SyncManagerOptions<FakeBlock>, 'choose' | 'plans' | 'headersOnly'>>;
}

/** A sync manager with a seeded fake chain, scripted peers and a virtual clock. */
export interface SyncTest {
  readonly clock: VirtualClock;
  readonly history: FakeHistory;
  readonly chain: FakeSyncChain;
  readonly chunks: FakeChunkStore;
  readonly peers: readonly FakeSyncPeer[];
  readonly reports: { readonly peer: string; readonly report: PeerReport }[];
  readonly statuses: SyncStatusView[];
  manager: SyncManager<FakeBlock>;
  /** A new manager on what the chain and the store hold, as after a reload of the page. */
  restart(): Promise<void>;
}

export function createTestSyncManager(options: SyncTestOptions = {}): SyncTest {
  const { seed = 1, length = 1_000, peers: scripts = [{}], config = {} } = options;
  const clock = new VirtualClock();
  const history = new FakeHistory(seed, length);
  const chain = new FakeSyncChain(history, { clock, ...options.chain });
  const chunks = new FakeChunkStore();
  const reports: SyncTest['reports'] = [];
  const statuses: SyncStatusView[] = [];
  const peers = scripts.map((script, index) => new FakeSyncPeer(`peer-${index}`, history, clock, seededRandom(String(seed), `peer ${index}`), script));
  const make = () => {
    const report = (peer: string, each: PeerReport) => void reports.push({ peer, report: each });
    const manager = new SyncManager<FakeBlock>({ chain, chunks, clock, random: seededRandom(String(seed), 'manager'), config: syncConfig(config), report, ...options.manager });
    manager.events.on('status', (status) => statuses.push(status));
    for (const peer of peers) manager.addSyncPeer(peer);
    return manager;
  };
  const test: SyncTest = {
    clock, history, chain, chunks, peers, reports, statuses, manager: make(),
    async restart() {
      await clock.until(test.manager.close());
      test.manager = make();
    },
  };
  return test;
}

/** Peers that each lack some heights; together they have all. */
export function createBlockchainWithGaps(length: number, peers: number): readonly FakePeerScript[] {
  const part = Math.floor(length / (peers + 1));
  return Array.from({ length: peers }, (_, index) => ({ gap: { from: part * (index + 1), to: part * (index + 1) + Math.floor(part / 2) } }));
}

/** Cuts all peers off for some time; `leave`: their connections end. */
export async function simulateNetworkPartition(test: SyncTest, milliseconds: number, leave: boolean): Promise<void> {
  for (const peer of test.peers) {
    peer.cut = true;
    if (leave) test.manager.removeSyncPeer(peer.id);
  }
  await test.clock.advance(milliseconds);
  for (const peer of test.peers) {
    peer.cut = false;
    if (leave) test.manager.addSyncPeer(peer);
  }
}

/** The client has the true chain up to `height`, applied in order and each block once, with the right state. */
export function assertSyncConsistency({ chain, history }: SyncTest, height = history.tip.height): void {
  expect(chain.tip()).toEqual({ height, id: history.blocks[height]!.id });
  expect(chain.root).toBe(history.blocks[height]!.block.stateRoot);
  expect(chain.applied).toEqual(chain.applied.toSorted((a, b) => a - b));
  expect(new Set(chain.applied).size).toBe(chain.applied.length);
  if (chain.imports === 0) expect(chain.applied.length).toBe(height);
}

/** How often each block was asked for, over all peers, at most. */
export function mostRequestsOfABlock(test: SyncTest): number {
  const times = new Map<number, number>();
  for (const { asked } of test.peers) for (const { from, count } of asked) for (let height = from; height < from + count; height += 1) times.set(height, (times.get(height) ?? 0) + 1);
  return Math.max(0, ...times.values());
}
