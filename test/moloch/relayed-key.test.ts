import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { socketUrlOf } from '../../src/network/framed/web-socket-url.ts';
import { molochWorld } from '../support/moloch-world.ts';

/** Nothing binds the handshake of a node to the connection: who relays it has the node's key, and then says what he wants. */

const world = molochWorld();
let relay: WebSocketServer | undefined;
afterEach(() => {
  for (const socket of relay?.clients ?? []) socket.terminate();
  relay?.close(() => undefined);
});

/** Passes on all frames of a node. A liar sends some of its own from the client's fourth frame on; one that withholds passes on none from the thirteenth on. Its address. */
async function startRelay(seed: string, does: 'lie' | 'withhold'): Promise<string> {
  relay = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'moloch-ext.1' });
  relay.on('connection', (socket) => {
    const node = new WebSocket(socketUrlOf(seed)!.url, ['moloch-ext.1']);
    const open = new Promise<void>((resolve) => void node.on('open', () => resolve()));
    let frames = 0;
    socket.on('message', async (frame) => {
      await open;
      if (does === 'lie' || frames < 12) node.send(frame as Buffer);
      frames += 1;
      if (does === 'lie' && frames >= 4) socket.send(Buffer.alloc(40, 7));
    });
    node.on('message', (frame) => socket.send(frame as Buffer));
    node.on('close', () => socket.close());
    socket.on('close', () => node.close());
  });
  await new Promise<void>((resolve) => void relay!.once('listening', () => resolve()));
  return `/ip4/127.0.0.1/tcp/${(relay.address() as AddressInfo).port}/ws`;
}

it('a liar who relays the handshake of an honest node gets himself banned, and not the node', async () => {
  const net = await world.start({ blocks: 60 });
  const [honest] = net.network.seeds;
  const seed = await startRelay(honest!, 'lie');
  const follower = await world.follow({ network: { seeds: [seed] } });
  await follower.until(() => expect(follower.banned.map(({ address }) => address)).toEqual([seed]));
  await follower.client.ask('addSyncPeer', [honest]);
  await follower.until(() => expect(follower.client.getPeers().find(({ address }) => address === honest)?.state).toBe('live'));
  expect(follower.banned.map(({ address }) => address)).toEqual([seed]);
  await world.reached(follower, 60);
});

it('a relay that is connected first and withholds what the node says does not keep the node out', async () => {
  const net = await world.start({ blocks: 60 });
  const [honest] = net.network.seeds;
  const seed = await startRelay(honest!, 'withhold');
  const follower = await world.follow({ network: { seeds: [seed] } });
  await follower.until(() => expect(follower.client.getPeers().find(({ address }) => address === seed)?.state).not.toBe('connecting'));
  await follower.client.ask('addSyncPeer', [honest]);
  await follower.until(() => expect(follower.client.getPeers().find(({ address }) => address === honest)?.state).toBe('live'));
  expect(follower.client.getPeers().map(({ address }) => address).toSorted()).toEqual([seed, honest!].toSorted());
  await world.reached(follower, 60);
});
