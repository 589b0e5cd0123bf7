import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDevnet, type CreateDevnetOptions, type Devnet } from '../../devnet/devnet.ts';
import { HEADER_KINDS, serveHeaders, withoutBody } from '../../src/chains/albatross/serve/serve.ts';
import { services } from '../../src/chains/albatross/wire/services.ts';
import type { ChainClient } from '../../src/engine/driver.ts';
import { createAlbatrossNode } from '../../src/chains/albatross/net/node.ts';
import type { AlbatrossNode } from '../../src/chains/albatross/net/node-types.ts';
import { systemClock, systemRandom } from '../../src/base/system.ts';
import { type NodeClient, type NodeClientOptions, startNodeClient } from '../support/node-client.ts';

/** Clients and networks that each test opened; closed after it, last opened first. */
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).toReversed()) await item.close();
});

async function devnetOf(options: CreateDevnetOptions = {}): Promise<Devnet> {
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'sharing-tests', zkp: 'none', ...options });
  open.push(devnet);
  return devnet;
}

async function clientOf(options: NodeClientOptions): Promise<NodeClient> {
  const client = await startNodeClient(options);
  open.push(client);
  return client;
}

/** A client that other clients can dial, which a client in a browser cannot offer. */
function serverOf(devnet: Devnet, options: Partial<NodeClientOptions> = {}): Promise<NodeClient> {
  return clientOf({ network: devnet.network, node: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] }, ...options, settings: { prove: true, ...options.settings } });
}

/** A client whose only peer is that client. */
async function followerOf(devnet: Devnet, server: NodeClient, options: Partial<NodeClientOptions> = {}): Promise<NodeClient> {
  await server.until('listening', () => (server.node?.addresses.length ?? 0) > 0);
  return clientOf({ network: { ...devnet.network, seeds: [] }, ...options, settings: { seeds: [server.node!.addresses[0]!], minPeers: 1, prove: true, ...options.settings } });
}

/** A node of the network that joined the client: a history node, or a light node if `services` is 0. */
async function nodeBeside(devnet: Devnet, server: NodeClient, offered = 27): Promise<AlbatrossNode> {
  await server.until('listening', () => (server.node?.addresses.length ?? 0) > 0);
  const node = await createAlbatrossNode({ genesisHash: devnet.network.genesisHash, seeds: server.node!.addresses, services: offered, requiredServices: 0, clock: systemClock, random: systemRandom });
  open.push({ close: () => node.stop() });
  for (const kind of HEADER_KINDS) node.handle(kind, (body) => Promise.resolve(serveHeaders(devnet.chain, kind, body, withoutBody)));
  const joined = new Promise<number>((resolve) => node.events.on('joined', (peer) => resolve(peer.services)));
  await node.start();
  // To nodes, a Petrel client looks like a light node without services.
  expect(await joined).toBe(0);
  return node;
}

const established = (client: ChainClient) => client.getStatus().consensus === 'established';
const at = (devnet: Devnet) => (client: ChainClient) => client.getHead().latest.hash === devnet.chain.head.hash;
const proven = (client: ChainClient) => client.getTrust().level === 'proven' && client.getHead().latest.height > 200;

describe('a client that knows only another Petrel client', () => {
  it('verifies everything from genesis with blocks from that client, and follows the head', async () => {
    const devnet = await devnetOf({ epochs: 5 });
    await devnet.produce(40);
    const server = await serverOf(devnet);
    await server.until('proven', proven);
    await server.until('established', (it) => established(it) && at(devnet)(it));
    const uploaded = server.client.getStatus().sharing.uploaded;
    expect(uploaded).toBe(0);

    const follower = await followerOf(devnet, server);
    await follower.until('proven at the head', (it) => proven(it) && established(it) && at(devnet)(it));
    expect(follower.client.getTrust()).toMatchObject({ level: 'proven', anchor: { kind: 'genesis', witnesses: [] }, checked: { electionBlocks: 5 } });
    expect(follower.notices.map(({ code }) => code)).toEqual(['no-witnesses']);
    for (let i = 0; i < 35; i++) {
      await devnet.produce(1);
      await follower.until(`head ${devnet.chain.head.height}`, at(devnet));
    }
    expect(server.client.getStatus().sharing.uploaded).toBeGreaterThan(10_000);
    // The network saw only one of the two: one client without services.
    expect(devnet.log.flatMap((event) => (event.event === 'joined' ? [[event.remote, event.services]] : []))).toEqual(devnet.peers.map(() => [server.node!.peerId, 0]));
    expect([...server.notices, ...follower.notices].filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('uses the zero-knowledge proof that the other client verified in place of the election chain', async () => {
    const devnet = await devnetOf({ epochs: 6, zkp: 'fresh' });
    const server = await serverOf(devnet);
    await server.until('proven', proven);
    expect(server.client.getTrust()).toMatchObject({ checked: { proofs: 1, electionBlocks: 0 } });
    const follower = await followerOf(devnet, server);
    await follower.until('proven at the head', (it) => proven(it) && established(it) && at(devnet)(it));
    expect(follower.client.getTrust()).toMatchObject({ level: 'proven', checked: { proofs: 1, electionBlocks: 0 } });
    await devnet.produce(1);
    await follower.until('the next head', at(devnet));
  });

  it('follows block by block when no peer announces headers to either of them', async () => {
    const devnet = await devnetOf();
    await devnet.produce(27);
    const server = await serverOf(devnet, { sync: { headRoundInterval: 300 } });
    await server.until('established', (it) => established(it) && at(devnet)(it));
    const follower = await followerOf(devnet, server, { sync: { headRoundInterval: 300 } });
    await follower.until('established', (it) => established(it) && at(devnet)(it));
    devnet.withhold(true);
    for (let i = 0; i < 8; i++) {
      await devnet.produce(1);
      await follower.until(`head ${devnet.chain.head.height}`, at(devnet));
    }
    expect(follower.client.getHead().final.height).toBe(232);
  });

  it('takes nothing from a client that cannot show the way from genesis, but follows its own head with it', async () => {
    const devnet = await devnetOf({ epochs: 3 });
    const first = await serverOf(devnet);
    await first.until('proven', (it) => proven(it) && established(it));
    const old = await followerOf(devnet, first);
    await old.until('proven', (it) => proven(it) && established(it));
    await old.close();
    // This client trusts witnesses, and has only newer blocks.
    const server = await serverOf(devnet, { settings: { prove: false } });
    await server.until('established', established);
    expect(server.client.getTrust().level).toBe('witnessed');
    const follower = await followerOf(devnet, server);
    await follower.until('given up', (it) => it.getLog().some(({ code, data }) => code === 'peer-dropped' && data['reason'] === 'nothing-to-give'));
    expect(follower.client.getHead().latest.height).toBe(200);
    await devnet.produce(40);
    const again = await followerOf(devnet, server, { rows: old.rows });
    await again.until('at the head', (it) => established(it) && at(devnet)(it));
    expect(again.client.getTrust().level).toBe('proven');
    // A loaded machine answers the server's first round so late that two witnesses have to do.
    expect([...server.notices, ...follower.notices, ...again.notices].filter(({ level, code }) => level !== 'info' && code !== 'few-witnesses')).toEqual([]);
  });
});

describe('the service of a client', () => {
  it('gives nodes of the network what an official light node gives, within a separate budget', async () => {
    const devnet = await devnetOf({ epochs: 1 });
    await devnet.produce(40);
    const server = await serverOf(devnet);
    const node = await nodeBeside(devnet, server);
    const ask = node.request.bind(node, server.node!.peerId);
    await server.until('established', (it) => established(it) && at(devnet)(it));
    const { head, macroHead, electionHead } = devnet.chain;
    expect(await ask('head', {})).toEqual({ blockNumber: head.height, blockHash: head.hash, macroHash: macroHead.hash, electionHash: electionHead.hash });
    expect(await ask('block', { hash: head.hash, includeBody: false })).toEqual({ ok: true, value: { ...head.block, body: undefined } });
    expect(await ask('block', { hash: head.hash, includeBody: true })).toEqual({ ok: false, error: 'TargetHashNotFound' });
    expect(await ask('block', { hash: 'ab'.repeat(32), includeBody: false })).toEqual({ ok: false, error: 'TargetHashNotFound' });
    expect(await ask('macro-chain', { locators: [electionHead.hash], maxEpochs: 9 })).toEqual({ ok: true, value: { epochs: [], checkpoint: { blockNumber: macroHead.height, hash: macroHead.hash } } });
    const missing = await node.request(server.node!.peerId, 'missing-blocks', { targetHash: head.hash, includeBody: false, locators: [macroHead.hash], direction: 'forward' });
    expect(missing.ok && missing.value.blocks.map(({ header }) => header.blockNumber)).toEqual(Array.from({ length: head.height - macroHead.height }, (_, i) => macroHead.height + 1 + i));
    // As an official light node of 2.x does, it answers no proof requests.
    await expect(ask('zkp', { blockNumber: 0, requestElectionBlock: true })).rejects.toMatchObject({ code: 'no-receiver' });
    const { uploaded, toNodes } = server.client.getStatus().sharing;
    expect(uploaded).toBe(0);
    expect(toNodes.bytes).toBeGreaterThan(3_000);
    expect(server.client.getPeers().find(({ id }) => id === node.peerId)).toMatchObject({ kind: 'node' });
  });

  it('gives only the genesis block until its trust anchor is settled', async () => {
    const devnet = await devnetOf({ epochs: 1 });
    // The client's only peer is the node that asks, which serves nothing.
    const server = await serverOf(devnet, { settings: { seeds: ['/ip4/127.0.0.1/tcp/1/ws'] } });
    const node = await nodeBeside(devnet, server, 0);
    const { genesisHash } = devnet.network;
    const genesis = devnet.chain.at(200)!.block;
    expect(await node.request(server.node!.peerId, 'head', {})).toEqual({ blockNumber: 200, blockHash: genesisHash, macroHash: genesisHash, electionHash: genesisHash });
    expect(await node.request(server.node!.peerId, 'block', { hash: genesisHash, includeBody: false })).toEqual({ ok: true, value: { ...genesis, body: undefined } });
    expect(await node.request(server.node!.peerId, 'macro-chain', { locators: [genesisHash], maxEpochs: 9 })).toEqual({ ok: true, value: { epochs: [], checkpoint: undefined } });
  });

  it('gives only the head while a page asks to save data', async () => {
    const devnet = await devnetOf();
    await devnet.produce(5);
    const server = await serverOf(devnet, { settings: { uploadCap: 0 } });
    const node = await nodeBeside(devnet, server);
    await server.until('established', (it) => established(it) && at(devnet)(it));
    const { hash, height } = devnet.chain.head;
    // A cap of 0 applies to other Petrel clients.
    expect(await node.request(server.node!.peerId, 'block', { hash, includeBody: false })).toMatchObject({ ok: true });
    server.client.setAttention({ mode: 'full', online: true, saveData: true });
    // The answer is no network error, because some network errors make a node close the connection.
    expect(await node.request(server.node!.peerId, 'block', { hash, includeBody: false })).toEqual({ ok: false, error: 'Other' });
    expect(await node.request(server.node!.peerId, 'head', {})).toMatchObject({ blockNumber: height, blockHash: hash });
  });

  it('gives one node no more than its share, so that others get theirs', async () => {
    const devnet = await devnetOf();
    await devnet.produce(31);
    const server = await serverOf(devnet);
    const [greedy, other] = [await nodeBeside(devnet, server, 0), await nodeBeside(devnet, server, 0)];
    await server.until('established', (it) => established(it) && at(devnet)(it));
    const { hash } = devnet.chain.head;
    const ask = (node: AlbatrossNode) => node.request(server.node!.peerId, 'missing-blocks', { targetHash: hash, includeBody: false, locators: [devnet.network.genesisHash], direction: 'forward' });
    let answers = 0;
    // Within a node's rate limit for 10 s.
    while (answers < 200 && (await ask(greedy)).ok) answers++;
    expect(answers).toBeGreaterThan(50);
    expect(answers).toBeLessThan(200);
    expect(await ask(other)).toMatchObject({ ok: true });
    expect(await greedy.request(server.node!.peerId, 'head', {})).toMatchObject({ blockHash: hash });
    expect(server.client.getStatus().sharing.toNodes.bytes).toBeLessThan(2_000_000);
  });

  it('gives other clients nothing with a cap of 0, or when a page asks to save data', async () => {
    const devnet = await devnetOf();
    await devnet.produce(5);
    const servers = [await serverOf(devnet, { settings: { uploadCap: 0 } }), await serverOf(devnet)] as const;
    for (const server of servers) await server.until('established', established);
    servers[1].client.setAttention({ mode: 'low', online: true, saveData: true });
    for (const server of servers) {
      const follower = await followerOf(devnet, server);
      await follower.until('joined', (it) => it.getPeers().some(({ kind }) => kind === 'petrel'));
      await devnet.produce(2);
      await server.until('at the head', at(devnet));
      expect(follower.node!.peers()).toMatchObject([{ kind: 'petrel', services: 0 }]);
      expect(follower.client.getHead().latest.height).toBe(200);
      expect(server.client.getStatus().sharing.uploaded).toBe(0);
    }
    // Both followers are told when that changes.
    const told = vi.fn<(services: number) => void>();
    const follower = await followerOf(devnet, servers[1]);
    await follower.until('joined', () => (follower.node?.peers() ?? []).length > 0);
    follower.node!.events.on('changed', ({ services }) => told(services));
    servers[1].client.setAttention({ mode: 'full', online: true, saveData: false });
    await follower.until('at the head', at(devnet));
    expect(told.mock.calls).toEqual([[services.headers]]);
  });

  it('ends at the cap', async () => {
    const devnet = await devnetOf();
    await devnet.produce(30);
    const server = await serverOf(devnet, { settings: { uploadCap: 14_000 } });
    await server.until('at the head', (it) => established(it) && at(devnet)(it));
    const follower = await followerOf(devnet, server);
    await follower.until('refused', () => (follower.node?.peers() ?? []).some(({ kind, services: offered }) => kind === 'petrel' && offered === 0));
    const { uploaded, uploadCap } = server.client.getStatus().sharing;
    expect(uploadCap).toBe(14_000);
    expect(uploaded).toBeGreaterThan(7_000);
    expect(uploaded).toBeLessThanOrEqual(14_000);
  });
});
