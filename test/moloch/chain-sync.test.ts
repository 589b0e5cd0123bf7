import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { MolochNet } from '../../devnet/moloch/moloch-net.ts';
import { systemClock, systemRandom } from '../../src/base/system.ts';
import type { MolochNetwork } from '../../src/chains/moloch/chain/network.ts';
import { MolochChain } from '../../src/chains/moloch/client/moloch-chain.ts';
import { molochProvider } from '../../src/chains/moloch/client/moloch-provider.ts';
import { molochQuestions } from '../../src/chains/moloch/client/moloch-questions.ts';
import { ReturnedList } from '../../src/chains/moloch/client/returned-list.ts';
import { verifyMolochReceipt } from '../../src/chains/moloch/proofs/verify-receipt.ts';
import type { MolochBlock } from '../../src/chains/moloch/chain/moloch-block.ts';
import type { ChunkStore } from '../../src/engine/sync/sync-chain.ts';
import { DEFAULT_SYNC_CONFIG } from '../../src/engine/sync/default-sync-config.ts';
import type { SyncConfig } from '../../src/engine/sync/sync-config.ts';
import { SyncManager } from '../../src/engine/sync/sync-manager.ts';
import { MolochTestClient } from '../support/moloch-client.ts';

let net: MolochNet;
const clients: MolochTestClient[] = [];

beforeAll(async () => {
  net = await MolochNet.start({ blocks: 300, chunkSize: 4096 });
});
afterAll(() => net.close());
afterEach(() => {
  net.fault('all', 'none');
  for (const client of clients.splice(0)) client.close();
});

function memoryChunks(): ChunkStore {
  const chunks = new Map<number, Uint8Array>();
  return { load: () => Promise.resolve(new Map(chunks)), put: (_snapshot, index, chunk) => Promise.resolve(void chunks.set(index, chunk)), clear: () => Promise.resolve(chunks.clear()) };
}

/** A chain that syncs from the given nodes. */
async function syncing(nodes: readonly number[], { network = net.network, config = {} }: { readonly network?: MolochNetwork; readonly config?: Partial<SyncConfig> } = {}) {
  const nothing = () => Promise.resolve();
  const chain = new MolochChain({ network, now: () => Number.MAX_SAFE_INTEGER, sink: { blocks: nothing, replaced: nothing } });
  const client = new MolochTestClient(network, {
    held: { head: () => chain.head(), final: () => chain.tip(), idAt: (height) => chain.idAt(height), mmrRoot: () => chain.finalBlocks.mmr.root },
    proveFinal: (header, signal) => chain.proveFinal(header, signal),
    wantedSnapshot: () => network.checkpoint?.height,
    provider: molochProvider(chain),
  });
  clients.push(client);
  const lies: string[] = [];
  const manager = new SyncManager<MolochBlock>({
    chain, chunks: memoryChunks(), clock: systemClock, random: systemRandom, config: { ...DEFAULT_SYNC_CONFIG, ...config }, report: (_peer, report) => void (report.kind === 'lie' && lies.push(report.code)),
  });
  const join = async (node: number) => {
    const session = await client.connect(net.network.seeds[node]!);
    manager.addSyncPeer(session);
    return session;
  };
  return { chain, manager, sessions: await Promise.all(nodes.map(join)), lies, join };
}

describe('the chain of a client, synced from the local network', () => {
  it('from genesis, over two nodes; then it proves an event to others', async () => {
    const { chain, manager, sessions } = await syncing([0, 1]);
    await manager.startSync(300);
    expect(chain.tip()).toEqual({ height: 300, id: net.chain[300]!.hash });
    expect(chain.trust()).toMatchObject({ level: 'proven', checked: { blocks: 300 } });
    const id = net.chain.find(({ eventIds }) => eventIds.length > 0)!.eventIds[0]!;
    const receipt = (await molochQuestions(chain, new ReturnedList())['proveEvent']!([id], { peers: sessions, signal: new AbortController().signal })) as Uint8Array;
    expect(await verifyMolochReceipt(receipt, net.network)).toMatchObject({ valid: true, eventId: id, finalHeight: 300 });
  });

  it('by warp from the pinned checkpoint, then on', async () => {
    const network = net.networkWith({ checkpoint: 200 });
    const { chain, manager } = await syncing([0, 1], { network, config: { defaultStrategy: 'fast' } });
    await manager.startSync(300);
    expect(chain.tip()).toEqual({ height: 300, id: net.chain[300]!.hash });
    expect(chain.trust()).toMatchObject({ level: 'pinned', anchor: { height: 200 } });
    expect(await chain.checkState(300)).toBe(true);
  });

  it('6.2: a bad events root at a height: the blocks before it, the peer to blame, and the rest from another', async () => {
    net.fault(0, 'bad-events-root', { height: 137 });
    const { chain, manager, lies, join } = await syncing([0]);
    const synced = manager.startSync(300);
    await vi.waitUntil(() => lies.length > 0);
    expect(chain.tip().height).toBeLessThan(137);
    await join(1);
    await synced;
    expect(chain.tip().height).toBe(300);
    expect(lies).toEqual(['events-root']);
  });
});
