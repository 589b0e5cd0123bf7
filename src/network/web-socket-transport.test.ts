import './node-web-socket.ts';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import type { Server as TcpServer } from 'node:net';
import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { countSockets } from '../../test/support/counted-sockets.ts';
import { identityKey } from './identity-key.ts';
import { createLibp2pNode } from './libp2p-node.ts';
import type { Libp2pNode } from './libp2p-node.ts';
import { lineLimits } from './line-limits.ts';
import type { LineLimits } from './line-limits.ts';
import { systemClock, systemRandom } from '../base/system.ts';

const { made, open } = countSockets();
const closing: (() => void)[] = [];
let node: Libp2pNode;

afterEach(async () => {
  await node?.stop();
  for (const close of closing.splice(0)) close();
});

async function start(limits: Partial<LineLimits> = {}): Promise<void> {
  node = await createLibp2pNode({
    clock: systemClock, privateKey: await identityKey(systemRandom.bytes(32)), listen: [], maxConnections: 100, parallelDials: 8, gater: { denyDialMultiaddr: () => false }, scoredTopics: [],
    messageId: () => systemRandom.bytes(32), limits: { ...lineLimits, ...limits },
  });
  await node.start();
}

/** The error that the work rejects with. */
const failure = (work: Promise<unknown>) => work.then(() => undefined, (error: unknown) => error);

const addressOf = (server: Server | TcpServer) => multiaddr(`/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}/ws`);

/** Accepts connections and sends nothing. `asked` resolves when data arrives. */
async function silentServer(): Promise<{ readonly server: TcpServer; readonly asked: () => Promise<Socket>; readonly ended: Promise<void> }> {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const { promise, resolve } = Promise.withResolvers<Socket>();
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined).on('close', end);
    socket.once('data', () => resolve(socket));
    closing.push(() => socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(() => server.close());
  return { server, asked: () => promise, ended };
}

/** Opens WebSockets and sends nothing on them. */
async function muteServer(): Promise<{ readonly server: Server; readonly heard: Promise<unknown>; readonly ended: Promise<void> }> {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const { promise: heard, resolve: hear } = Promise.withResolvers<unknown>();
  const server = createServer().on('upgrade', (request, socket) => {
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    let bytes = 0;
    // The first frame is noise's; the last one is the close frame.
    socket.on('error', () => undefined).on('end', () => socket.end()).on('close', end).on('data', (data: Buffer) => {
      bytes += data.length;
      hear(bytes);
    });
    closing.push(() => socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closing.push(() => server.close());
  return { server, heard, ended };
}

it('sends a length, and what it is the length of, as one message', async () => {
  await start();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  const message = new Promise<Uint8Array>((resolve) => server.on('connection', (socket) => socket.on('message', resolve)));
  await new Promise((listening) => server.once('listening', listening));
  closing.push(() => server.close(() => undefined));
  const failed = failure(node.dial(multiaddr(`/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}/ws`)));
  const line = '/multistream/1.0.0\n';
  const [length, ...bytes] = await message;
  expect(length).toBe(line.length);
  expect(Buffer.from(bytes).toString().slice(0, length)).toBe(line);
  for (const socket of server.clients) socket.terminate();
  expect(await failed).toBeInstanceOf(Error);
});

describe('issue 11.9: a socket that is given up is closed', () => {
  it('a dial that is aborted while its socket connects', async () => {
    await start();
    const { server, asked, ended } = await silentServer();
    const controller = new AbortController();
    const dial = node.dial(addressOf(server), { signal: controller.signal });
    const failed = failure(dial);
    await asked();
    expect(open()).toBe(1);
    controller.abort();
    expect(await failed).toBeInstanceOf(Error);
    // Not only the client's own state: the other side sees the connection end.
    await ended;
    expect(open()).toBe(0);
  });

  it('a socket that does not open in time', async () => {
    await start({ socket: 50 });
    const { server, ended } = await silentServer();
    await expect(node.dial(addressOf(server), { signal: new AbortController().signal })).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(made).toHaveLength(1);
    expect(open()).toBe(0);
    await ended;
  });

  it('an open socket on which the other side never starts noise: after the time limit, or aborted', async () => {
    await start({ upgrade: { trips: 3, least: 50, most: 50 } });
    const mute = await muteServer();
    await expect(node.dial(addressOf(mute.server), { signal: new AbortController().signal })).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(open()).toBe(0);
    await mute.ended;
    await node.stop();

    await start();
    const second = await muteServer();
    const controller = new AbortController();
    const failed = failure(node.dial(addressOf(second.server), { signal: controller.signal }));
    await second.heard;
    expect(open()).toBe(1);
    controller.abort();
    expect(await failed).toBeInstanceOf(Error);
    await second.ended;
    expect(open()).toBe(0);
  });

  it('dials under way when the node stops', async () => {
    await start();
    const silent = await silentServer();
    const mute = await muteServer();
    const failed = [silent, mute].map(({ server }) => failure(node.dial(addressOf(server))));
    await Promise.all([silent.asked(), mute.heard]);
    expect(open()).toBe(2);
    await node.stop();
    expect(await Promise.all(failed)).toEqual([expect.any(Error), expect.any(Error)]);
    await Promise.all([silent.ended, mute.ended]);
    expect(open()).toBe(0);
  });

  it('a socket that is refused', async () => {
    await start();
    const { server } = await silentServer();
    const address = addressOf(server);
    await new Promise((closed) => server.close(closed));
    expect(await failure(node.dial(address))).toBeInstanceOf(Error);
    expect(open()).toBe(0);
  });
});
