import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { RELAY_V2_HOP_CODEC } from '@libp2p/circuit-relay-v2';
import { afterEach, describe, expect, it } from 'vitest';
import { DevRelay } from '../../../devnet/relay.ts';
import { addressOf, GENESIS, nextEvent, startNode, stopAll } from '../../../test/support/node-fixture.ts';
import type { AlbatrossNode, AlbatrossNodeOptions } from '../../chains/albatross/net/node.ts';
import { startRawPeer, stopRawPeers } from '../../../test/support/raw-peer-fixture.ts';
import { systemRandom } from '../../base/system.ts';
import { MemoryRtc } from './memory-rtc.ts';

const relays: DevRelay[] = [];
afterEach(async () => {
  await Promise.all([stopAll(), stopRawPeers()]);
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
});

/** Addresses of browsers that do not exist, claimed to be behind this relay. */
function browsersBehind(relay: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, async () => peerIdFromPrivateKey(await generateKeyPairFromSeed('Ed25519', systemRandom.bytes(32))).toString());
  return Promise.all(ids.map(async (id) => `${relay}/p2p-circuit/webrtc/p2p/${await id}`));
}

/** On loopback the client dials only addresses that the user named, so the test passes the lying peer's reports as seeds. */
const startClient = (options: Partial<AlbatrossNodeOptions>) => startNode({ listen: [], services: 0, rtc: new MemoryRtc().host(), ...options });

/** Resolves with the error codes when all of these addresses have been dialled. */
const allDown = (node: AlbatrossNode, addresses: readonly string[]): Promise<string[]> => Promise.all(addresses.map(async (address) => (await nextEvent(node.events, 'down', (down) => down.address === address)).code));

describe('issue 11: a peer that a liar calls a relay', () => {
  it('gets no reservation request if it is a connected peer, and stays one', async () => {
    const honest = await startNode();
    const browsers = await browsersBehind(`${addressOf(honest)}/p2p/${honest.peerId}`, 3);
    const client = await startClient({ seeds: [addressOf(honest), ...browsers] });
    const left: string[] = [];
    client.events.on('left', ({ id }) => left.push(id));
    if (client.peers().length === 0) await nextEvent(client.events, 'joined');
    // A dial may have begun before the peer joined.
    await allDown(client, browsers);
    expect(await allDown(client, browsers)).toEqual(['rtc-malformed', 'rtc-malformed', 'rtc-malformed']);
    expect([client.peers().map(({ id }) => id), left]).toEqual([[honest.peerId], []]);
  });

  it('is a peer if it is dialled as one at the same time', async () => {
    const raw = await startRawPeer(['/ip4/127.0.0.1/tcp/0/ws']);
    // It makes every client that takes it for a relay wait.
    await raw.libp2p.handle(RELAY_V2_HOP_CODEC, () => undefined);
    const [listening] = raw.libp2p.getMultiaddrs();
    const socket = listening!.toString().replace(/\/p2p\/.*/, '');
    const client = await startClient({ seeds: [socket, ...(await browsersBehind(listening!.toString(), 1))] });
    const refused: string[] = [];
    client.events.on('down', ({ address, code }) => address === socket && refused.push(code));
    const opened = nextEvent(client.events, 'connection-open', ({ address }) => address === socket);
    await Promise.race([opened, nextEvent(client.events, 'down', ({ address }) => address === socket)]);
    expect(refused).toEqual([]);
  });

  it("does not cost the client its reservation if it claims the id of the client's own relay", async () => {
    const relay = new DevRelay({ genesisHash: GENESIS, seed: 'relay', port: 0, emit: () => undefined });
    relays.push(relay);
    await relay.start();
    const logged: string[] = [];
    const browsers = await browsersBehind(`/ip4/127.0.0.1/tcp/1/ws/p2p/${relay.info.id}`, 3);
    const client = await startClient({ seeds: browsers, relays: [relay.info.address], log: ({ code }) => logged.push(code) });
    if (client.browserAddresses.length === 0) await nextEvent(client.events, 'browser-addresses', (addresses) => addresses.length > 0);
    await allDown(client, browsers);
    await allDown(client, browsers);
    expect(logged).not.toContain('relay-lost');
  });
});
