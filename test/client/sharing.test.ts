import { afterEach, describe, expect, it } from 'vitest';
import { createDevnet, type CreateDevnetOptions, type Devnet } from '../../devnet/devnet.ts';
import type { LightClient } from '../../src/hub/light-client.ts';
import { type NodeClient, type NodeClientOptions, startNodeClient } from '../support/node-client.ts';

/** Closed after each test, last opened first. */
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

/** A client that other clients can dial, which no browser can be. */
function serverOf(devnet: Devnet, options: Partial<NodeClientOptions> = {}): Promise<NodeClient> {
  return clientOf({ network: devnet.network, node: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] }, ...options, settings: { prove: true, ...options.settings } });
}

/** A client that knows nobody but that one. */
async function followerOf(devnet: Devnet, server: NodeClient, options: Partial<NodeClientOptions> = {}): Promise<NodeClient> {
  await server.until('listening', () => (server.node?.addresses.length ?? 0) > 0);
  return clientOf({ network: { ...devnet.network, seeds: [] }, ...options, settings: { seeds: [server.node!.addresses[0]!], minPeers: 1, prove: true, ...options.settings } });
}

const established = (client: LightClient) => client.getStatus().consensus === 'established';
const at = (devnet: Devnet) => (client: LightClient) => client.getHead().latest.hash === devnet.chain.head.hash;
const proven = (client: LightClient) => client.getTrust().level === 'proven' && client.getHead().latest.height > 200;

describe('a client that knows only another Petrel client', () => {
  it('verifies everything from genesis by what that one serves, and follows', async () => {
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
    // All that the network saw of the two: one client without services, whose peers got no answers but `no-receiver`.
    expect(devnet.log.flatMap((event) => (event.event === 'joined' ? [[event.remote, event.services]] : []))).toEqual(devnet.peers.map(() => [server.node!.peerId, 0]));
    expect([...server.notices, ...follower.notices].filter(({ level }) => level !== 'info')).toEqual([]);
  });
});
