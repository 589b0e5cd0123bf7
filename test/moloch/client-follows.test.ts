import { afterEach, expect, it, vi } from 'vitest';
import { MolochNet } from '../../devnet/moloch/moloch-net.ts';
import { systemClock, systemRandom } from '../../src/base/system.ts';
import { checkMolochNetwork } from '../../src/chains/moloch/chain/network.ts';
import type { Finalized, MolochBlock } from '../../src/chains/moloch/chain/moloch-block.ts';
import { MolochChain } from '../../src/chains/moloch/client/moloch-chain.ts';
import { connectMoloch } from '../../src/chains/moloch/net/connect.ts';
import { FollowClient } from '../../src/engine/follow/follow-client.ts';
import { followLog } from '../../src/engine/follow/follow-log.ts';
import type { FollowedChain } from '../../src/engine/follow/followed-chain.ts';
import { resolveSettings } from '../../src/engine/settings.ts';
import { syncConfig } from '../../src/engine/sync/default-sync-config.ts';
import { socketRefusal } from '../../src/network/framed/web-socket-url.ts';
import { FakeChunkStore } from '../support/fake-sync-chain.ts';
import { MolochTestClient } from '../support/moloch-client.ts';
import { patientClock } from '../support/patient-clock.ts';

/** The client of the engine over sessions of this chain, with a store in memory: what the local network sees of it, and what it holds in the end. */

let net: MolochNet;
let client: FollowClient<MolochBlock, Finalized>;
afterEach(async () => {
  await client.close();
  await net.close();
});

function follow({ checkpoint = 0, nodes = [0, 1, 2, 3] }: { readonly checkpoint?: number; readonly nodes?: readonly number[] } = {}): MolochChain {
  const file = net.networkWith({ checkpoint });
  const network = checkMolochNetwork({ ...file, seeds: nodes.map((node) => file.seeds[node]!) });
  const chain = new MolochChain({ network, now: () => Date.now(), sink: { blocks: async () => undefined, replaced: async () => undefined } });
  const held = { head: () => chain.head(), final: () => chain.tip(), idAt: (height: number) => chain.idAt(height), mmrRoot: () => chain.held(chain.head().height)!.block.header.mmrRoot };
  const { context } = new MolochTestClient(network, { held, wantedSnapshot: () => (chain.tip().height < checkpoint ? checkpoint : undefined) }, patientClock);
  const followed: FollowedChain<MolochBlock, Finalized> = Object.assign(chain, {
    connect: (address: string, handlers: Parameters<typeof connectMoloch>[2], { signal }: { readonly signal: AbortSignal }) => connectMoloch(address, context, handlers, { signal }),
    store: { kind: 'memory' as const, bytes: 0, chunks: new FakeChunkStore(), wipe: async () => undefined, flush: async () => undefined, close: async () => undefined },
    questions: {},
    exportSnapshot: () => new Uint8Array(),
    importSnapshot: () => Promise.reject(new Error('not here')),
  });
  const settings = resolveSettings({});
  const sync = syncConfig({ peerTimeout: 120_000 });
  const { log, events, started } = followLog(systemClock, 1000);
  client = new FollowClient({
    chain: followed, log, events, clock: systemClock, random: systemRandom, settings, seeds: network.seeds, blockTime: undefined, sync, refusal: (address) => socketRefusal(address, settings),
  });
  started();
  client.start();
  return chain;
}

const at = (chain: MolochChain) => `${chain.head().height}/${chain.tip().height}`;
const until = (check: () => void) => vi.waitFor(check, { interval: 20 });

it('syncs 300 blocks and asks for each once, or twice where an answer is late, then follows live without a request', async () => {
  net = await MolochNet.start({ blocks: 300 });
  const chain = follow();
  await until(() => expect(at(chain)).toBe('300/300'));
  const asked = net.log.of('GetBlocks').flatMap(({ start, count }) => Array.from({ length: count! }, (_, i) => start! + i));
  const times = Array.from({ length: 300 }, (_, i) => asked.filter((height) => height === i + 1).length);
  expect([Math.min(...times), Math.max(...times) <= 2, asked.length]).toEqual([1, true, times.reduce((sum, each) => sum + each)]);
  await until(() => expect(net.info().nodes.every(({ clients }) => clients === 1)).toBe(true));
  await until(() => expect(client.getStatus().consensus).toBe('established'));
  net.log.clear();
  for (let height = 301; height <= 305; height += 1) {
    net.produce(1);
    await until(() => expect(at(chain)).toBe(`${height}/${height}`));
  }
  expect(chain.tip().id).toBe(net.chain[305]!.hash);
  expect(net.log.of('GetBlocks')).toEqual([]);
});

it('shows a block with two votes as not final, and changes over to the branch that has three', async () => {
  net = await MolochNet.start({ blocks: 20 });
  const chain = follow();
  await until(() => expect([at(chain), net.info().nodes.every(({ clients }) => clients === 1)]).toEqual(['20/20', true]));
  await until(() => expect(client.getStatus().consensus).toBe('established'));
  for (const node of [2, 3]) net.fault(node, 'withheld-votes');
  const [ours] = net.produce(1);
  await until(() => expect(at(chain)).toBe('21/20'));
  expect(chain.head().id).toBe(ours!.hash);
  net.fault(2, 'none');
  const made = net.fork(1, 3);
  await until(() => expect(at(chain)).toBe('23/23'));
  expect(chain.idAt(21)).toBe(made[0]!.hash);
});

it('takes the rest from another when one node has a wrong block, and bans it', async () => {
  net = await MolochNet.start({ blocks: 200 });
  net.fault(1, 'bad-events-root', { height: 137 });
  net.fault(2, 'forged-mmr-root');
  net.fault(3, 'wrong-range');
  // The right one comes last. Otherwise it may have sent everything before another one was asked.
  const chain = follow({ nodes: [1, 2, 3] });
  await until(() => expect(client.getLog().filter(({ code }) => code === 'peer-banned').map(({ data }) => data['reason'])).toContain('events-root'));
  expect(chain.tip().height).toBeLessThan(137);
  await client.ask('addSyncPeer', [net.network.seeds[0]]);
  await until(() => expect(at(chain)).toBe('200/200'));
  expect(chain.tip().id).toBe(net.chain[200]!.hash);
});

it('6.4: begins with the snapshot of a pinned checkpoint, chunks of several nodes, and asks for blocks after it alone', async () => {
  net = await MolochNet.start({ blocks: 520, chunkSize: 8192 });
  net.fault(2, 'bad-chunk');
  const chain = follow({ checkpoint: 500 });
  await client.ask('stopSync', []);
  await until(() => expect(client.getPeers().filter(({ state }) => state === 'ahead')).toHaveLength(4));
  const synced = client.ask('startSync', []);
  await until(() => expect(at(chain)).toBe('520/520'));
  expect(chain.trust()).toMatchObject({ anchor: { height: 500 } });
  expect(Math.min(...net.log.of('GetBlocks').map(({ start }) => start!))).toBe(501);
  expect(net.log.of('GetBlocks').reduce((sum, { count }) => sum + count!, 0)).toBe(20);
  expect(new Set(net.log.of('GetChunk').map(({ node }) => node)).size).toBeGreaterThan(1);
  await synced;
});
