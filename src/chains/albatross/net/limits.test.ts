import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import type { Connection } from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, describe, expect, it } from 'vitest';
import { addressOf, joined, nextEvent, startClient, startNode, stopAll } from '../../../../test/support/node-fixture.ts';
import { rawHandshake, rawJoin, startRawPeer, stopRawPeers } from '../../../../test/support/raw-peer-fixture.ts';

afterEach(async () => {
  await stopAll();
  await stopRawPeers();
});

/** Two keys, the one with the smaller id first. */
async function orderedKeys(): Promise<readonly [Uint8Array, Uint8Array]> {
  const [one, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const [a, b] = await Promise.all([one, other].map(async (seed) => peerIdFromPrivateKey(await generateKeyPairFromSeed('Ed25519', seed)).toString()));
  return a! < b! ? [one, other] : [other, one];
}

describe('bans', () => {
  it('close the connection with their reason, and still apply when the peer returns', async () => {
    const server = await startNode();
    const raw = await startRawPeer();
    const joining = nextEvent(server.events, 'joined');
    await rawJoin(raw, addressOf(server));
    await joining;
    const left = nextEvent(server.events, 'left');
    server.ban(raw.id, { ms: 60_000, code: 'bad-signature' });
    expect(await left).toMatchObject({ id: raw.id, reason: 'bad-signature' });
    expect(server.isBanned(raw.id)).toMatchObject({ code: 'bad-signature' });
    const opened: string[] = [];
    server.events.on('connection-open', ({ peer }) => opened.push(peer));
    for (let i = 0; i < 3; i++) {
      const attempt = raw.libp2p.dial(multiaddr(addressOf(server))).then((connection) => connection.newStream('/ipfs/ping/1.0.0'));
      await expect(attempt).rejects.toBeInstanceOf(Error);
    }
    expect(opened).toEqual([]);
    // Another peer on the same loopback host is not affected.
    const other = await startClient([server]);
    await joined(other, server);
  });

  it('prevent a dial of a seed', async () => {
    const liar = await startNode();
    const honest = await startNode();
    const client = await startClient([liar, honest]);
    await Promise.all([joined(client, liar), joined(client, honest)]);
    const dialled: string[] = [];
    client.events.on('dialing', ({ address }) => dialled.push(address));
    const down = nextEvent(client.events, 'down', ({ address }) => address === addressOf(liar));
    client.ban(liar.peerId, { ms: 60_000, code: 'bad-seed' });
    expect(await down).toMatchObject({ code: 'bad-seed', id: liar.peerId });
    client.retryNow();
    expect(client.bans().map((ban) => ban.key).sort()).toEqual([addressOf(liar).replace('/ip4/127.0.0.1/tcp/', '127.0.0.1:').replace('/ws', ''), liar.peerId].sort());
    const again = nextEvent(client.events, 'joined', ({ id }) => id === honest.peerId);
    await client.disconnect(honest.peerId, 'test');
    await again;
    expect(dialled).toEqual([addressOf(honest)]);
    expect(client.peers().map(({ id }) => id)).toEqual([honest.peerId]);
    // After a pardon it is dialled at once, and returns.
    const back = nextEvent(client.events, 'joined', ({ id }) => id === liar.peerId);
    client.pardon(liar.peerId);
    expect(client.bans()).toEqual([]);
    await back;
  });
});

describe('connections', () => {
  it('above the maximum number of peers are closed', async () => {
    const server = await startNode({ maxPeers: 2 });
    const codes: string[] = [];
    server.events.on('connection-close', ({ code }) => codes.push(code));
    const [a, b] = [await startClient([server]), await startClient([server])];
    await Promise.all([joined(server, a), joined(server, b)]);
    const refused = nextEvent(server.events, 'connection-close');
    const third = await startClient([server]);
    expect(await refused).toMatchObject({ peer: third.peerId, code: 'too-many-peers' });
    expect(server.peers()).toHaveLength(2);
  });

  it('of two nodes that dial each other end with at least one, and both stay joined', async () => {
    const keys = [1, 2].map((n) => new Uint8Array(32).fill(n));
    const [first, second] = await Promise.all(keys.map((privateKey) => startNode({ privateKey })));
    const addresses = [first!, second!].map(addressOf);
    await stopAll();
    const nodes = await Promise.all(keys.map((privateKey, i) => startNode({ privateKey, listen: [addresses[i]!], seeds: [addresses[1 - i]!] })));
    await Promise.all([joined(nodes[0]!, nodes[1]!), joined(nodes[1]!, nodes[0]!)]);
    expect(nodes.map((node) => node.peers().length)).toEqual([1, 1]);
  });

  it('of two nodes that dialled each other end with the one that the smaller id dialled, even if the other was first', async () => {
    const [lesser, greater] = await orderedKeys();
    const raw = await startRawPeer(['/ip4/127.0.0.1/tcp/0/ws'], lesser);
    const dialled = new Promise<Connection>((resolve) => raw.libp2p.addEventListener('connection:open', ({ detail }) => resolve(detail), { once: true }));
    const node = await startNode({ privateKey: greater, seeds: [raw.libp2p.getMultiaddrs()[0]!.decapsulate('/p2p').toString()] });
    const first = nextEvent(node.events, 'joined');
    await rawHandshake(raw, await dialled, addressOf(node));
    expect(await first).toMatchObject({ id: raw.id, direction: 'outbound' });
    const closed = nextEvent(node.events, 'connection-close');
    const { connection } = await rawJoin(raw, addressOf(node));
    expect(await closed).toMatchObject({ peer: raw.id, code: 'duplicate' });
    expect(node.peers().map(({ id }) => id)).toEqual([raw.id]);
    expect(connection.status).toBe('open');
  });

  it('to the node itself are closed', async () => {
    const node = await startNode();
    const address = addressOf(node);
    await node.stop();
    const alone = await startNode({ listen: [address], seeds: [address] });
    const dialled: string[] = [];
    alone.events.on('dialing', (event) => dialled.push(event.address));
    const client = await startClient([alone]);
    await Promise.all([joined(client, alone), joined(alone, client)]);
    alone.retryNow();
    expect(alone.peers().map(({ id }) => id)).toEqual([client.peerId]);
    expect(dialled).toEqual([]);
  });

  it('are seen as closed by both ends when one of them aborts', async () => {
    const server = await startNode();
    const raw = await startRawPeer();
    const { connection } = await rawJoin(raw, addressOf(server));
    // The socket must close too, not only libp2p's state: the server learns of the end only by the socket.
    const closed = nextEvent(server.events, 'connection-close');
    connection.abort(new Error('gone'));
    expect(await closed).toMatchObject({ peer: raw.id, code: 'remote-closed' });
  });

  it('do not let a broken WebSocket frame crash the process', async () => {
    const server = await startNode();
    const closed = new Promise<void>((resolve) => {
      const socket = new WebSocket(addressOf(server).replace('/ip4/', 'ws://').replace('/tcp/', ':').replace('/ws', ''));
      socket.addEventListener('close', () => resolve());
      socket.addEventListener('open', () => {
        // Written directly to the socket, without the WebSocket: reserved bits set, which no frame may have.
        (Reflect.get(socket, '_socket') as { write(bytes: Uint8Array): void } | undefined)?.write(Uint8Array.of(0xff, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
        socket.send('garbage');
      });
    });
    await closed;
    const client = await startClient([server]);
    await joined(client, server);
    expect(client.peers()).toHaveLength(1);
  });
});
