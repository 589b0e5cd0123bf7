import { afterEach, describe, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import type { ChainClient } from '../../src/engine/driver.ts';
import type { MemoryRows } from '../../src/storage/memory-rows.ts';
import { createMemoryStore } from '../../src/chains/albatross/store/memory-store.ts';
import { type NodeClient, startNodeClient } from '../support/node-client.ts';

/** Clients and networks that each test opened; closed after it, last opened first. */
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).toReversed()) await item.close();
});

async function devnetOf(seed: string): Promise<Devnet> {
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed, peers: 4 });
  open.push(devnet);
  return devnet;
}

/**
 * Peers that were put aside are tried again after one second, and heads are requested every second, so that each peer gets to send
 * its block.
 */
async function clientOf({ network }: Devnet, rows?: MemoryRows): Promise<NodeClient> {
  const client = await startNodeClient({ network, rows, sync: { doubtPause: 1000, longestDoubtPause: 1000, headRoundInterval: 1000 } });
  open.push(client);
  return client;
}

const inDoubt = (client: ChainClient): boolean => client.getStatus().reason?.code === 'client-in-doubt';
const peersThatAre = (client: ChainClient, state: string): readonly string[] => client.getPeers().flatMap((peer) => (peer.state === state ? [peer.id] : []));
const atHead = (devnet: Devnet) => (client: ChainClient): boolean => client.getHead().latest.hash === devnet.chain.head.hash;

/** Peers that were ever put aside. */
const asideOf = (ours: NodeClient): ReadonlySet<unknown> => new Set(ours.log.flatMap(({ code, data }) => (code === 'peer-aside' ? [data['peer']] : [])));

/** Waits until all peers are live, then makes all of them send the same block that breaks a rule. */
async function bringDoubt(devnet: Devnet, ours: NodeClient, fault: string): Promise<void> {
  await ours.until('all peers live', (client) => client.getStatus().peers.live === 4);
  await devnet.fault('all', { fault, height: devnet.chain.head.height + 1 });
  await devnet.produce(1);
  await ours.until('doubt', inDoubt);
}

describe('all peers send what breaks a rule', () => {
  it.each([
    ['seed', 'invalid-seed'],
    ['signature', 'invalid-signature'],
    ['wrong-signer', 'invalid-signature'],
  ])('%s: no peer stays banned, the page shows why the head stands still, and the client then recovers', async (fault, rule) => {
    const devnet = await devnetOf(`doubt ${fault}`);
    await devnet.produce(5);
    const ours = await clientOf(devnet);
    await ours.until('the head', atHead(devnet));
    const { height } = devnet.chain.head;
    await bringDoubt(devnet, ours, fault);
    await ours.until('all were kept aside', () => asideOf(ours).size === 4);
    const { phase, reason } = ours.client.getStatus();
    expect({ phase, reason }).toEqual({ phase: 'waiting', reason: { code: 'client-in-doubt', data: expect.objectContaining({ rule, height: height + 1 }) } });
    expect(ours.client.getHead().latest.height).toBe(height);
    expect(peersThatAre(ours.client, 'banned')).toEqual([]);
    expect(await createMemoryStore({ network: devnet.network, rows: ours.rows }).bans()).toEqual([]);
    expect(ours.node?.bans()).toEqual([]);
    // A lie would set the score to 0; slow answers cost up to 20.
    expect(Math.min(...devnet.peers.map(({ id }) => ours.client.getPeers().find((peer) => peer.id === id)?.score ?? 50))).toBeGreaterThan(25);
    // The client tried the peers again, and put them aside again.
    await ours.until('tried again', () => ours.log.filter(({ code }) => code === 'peer-aside').length >= 8);
    expect(ours.client.getHead().latest.height).toBe(height);
    expect(ours.client.getStatus().reason?.code).toBe('client-in-doubt');
    await devnet.fault('all', { fault: 'none' });
    await devnet.produce(2);
    await ours.until('the head again', (client) => atHead(devnet)(client) && client.getStatus().consensus === 'established');
    expect(peersThatAre(ours.client, 'banned')).toEqual([]);
    const told = () => ours.notices.flatMap(({ code }) => (/doubt/u.test(code) ? [code] : []));
    for (let block = 0; block < 20 && told().at(-1) !== 'doubt-resolved'; block += 1) {
      await devnet.produce(1);
      await ours.until('the next block', atHead(devnet));
    }
    // On a loaded machine a wrong block can come when the doubt is over, and begin it anew.
    expect([told()[0], told().at(-1)]).toEqual(['client-in-doubt', 'doubt-resolved']);
  });

  it('the doubt holds over a restart, and no peer is banned then', async () => {
    const devnet = await devnetOf('doubt restart');
    await devnet.produce(5);
    const first = await clientOf(devnet);
    await first.until('the head', atHead(devnet));
    await bringDoubt(devnet, first, 'seed');
    const { latest } = first.client.getHead();
    await first.close();
    const second = await clientOf(devnet, first.rows);
    await second.until('doubt', inDoubt);
    expect(second.client.getHead().latest.hash).toBe(latest.hash);
    expect(peersThatAre(second.client, 'banned')).toEqual([]);
    await devnet.fault('all', { fault: 'none' });
    await devnet.produce(2);
    await second.until('the head again', (client) => atHead(devnet)(client) && client.getStatus().consensus === 'established');
    expect(peersThatAre(second.client, 'banned')).toEqual([]);
  });
});
