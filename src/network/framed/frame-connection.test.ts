import '../node-web-socket.ts';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { type FrameClose, type FrameConnection, openFrames } from './frame-connection.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const limits = { received: 100, sent: 50, buffered: 4_000 };
const bytes = (length: number) => new Uint8Array(length).fill(7);

async function setup({ choose = (offered: Set<string>): string | false => offered.values().next().value!, greet = undefined as ((socket: ServerSocket) => void) | undefined } = {}) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: choose });
  const sockets: ServerSocket[] = [];
  const got: number[] = [];
  const closes: [number, string][] = [];
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (data) => got.push(data.length));
    socket.on('close', (code, reason) => closes.push([code, Buffer.from(reason).toString()]));
    greet?.(socket);
  });
  await new Promise((resolve) => server.once('listening', resolve));
  ends.push(() => {
    for (const socket of server.clients) socket.terminate();
    server.close(() => undefined);
  });
  const clock = new ManualClock();
  const open = (signal = new AbortController().signal) =>
    openFrames(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, { clock, protocols: ['two.1', 'one.1'], limits, timeout: 1_000, signal });
  return { sockets, got, closes, clock, open };
}

function heard(connection: FrameConnection) {
  const frames: number[] = [];
  const ended: FrameClose[] = [];
  connection.listen({ onFrame: (frame) => frames.push(frame.length), onClose: (close) => ended.push(close) });
  return { frames, ended };
}

it('carries frames both ways, counts them, and closes with a code and a short text', async () => {
  const { sockets, got, closes, open, clock } = await setup();
  const connection = await open();
  const { frames, ended } = heard(connection);
  expect(connection.protocol).toBe('two.1');
  connection.send(bytes(50));
  connection.send(bytes(0));
  await vi.waitFor(() => expect(got).toEqual([50, 0]));
  sockets[0]!.send(bytes(100));
  await vi.waitFor(() => expect(frames).toEqual([100]));
  expect([connection.sent, connection.received]).toEqual([50, 100]);
  connection.close(4001, 'é'.repeat(200));
  expect(ended).toEqual([{ code: 4001, text: 'é'.repeat(61), by: 'local' }]);
  expect(() => connection.send(bytes(1))).toThrow(expect.objectContaining({ code: 'disconnected' }));
  connection.close();
  await vi.waitFor(() => expect(closes).toEqual([[4001, 'é'.repeat(61)]]));
  expect(ended).toHaveLength(1);
  expect(clock.waiting).toBe(0);
});

it('keeps what comes before somebody listens, up to a bound, also the end', async () => {
  const few = await setup({ greet: (socket) => (socket.send(bytes(3)), socket.close(4000, 'go')) });
  const connection = await few.open();
  await vi.waitFor(() => expect(connection.open).toBe(false));
  const { frames, ended } = heard(connection);
  expect(frames).toEqual([3]);
  await vi.waitFor(() => expect(ended).toEqual([{ code: 4000, text: 'go', by: 'remote' }]));
  const many = await setup({ greet: (socket) => Array.from({ length: 17 }, () => socket.send(bytes(3))) });
  const flooded = await many.open();
  await vi.waitFor(() => expect(flooded.open).toBe(false));
  expect(heard(flooded).ended[0]?.by).toBe('too-many-frames');
});

it.each([
  ['not-binary', 'text'],
  ['frame-too-large', bytes(101)],
] as const)('closes a peer whose frame breaks a limit: %s', async (by, frame) => {
  const { sockets, closes, open } = await setup();
  const { frames, ended } = heard(await open());
  sockets[0]!.send(frame);
  await vi.waitFor(() => expect(ended).toEqual([{ code: 4008, text: '', by }]));
  expect(frames).toEqual([]);
  await vi.waitFor(() => expect(closes[0]?.[0]).toBe(4008));
});

it('does not send more than the limit, nor more than the socket may hold', async () => {
  const { sockets, open } = await setup();
  const connection = await open();
  heard(connection);
  expect(() => connection.send(bytes(51))).toThrow(expect.objectContaining({ code: 'too-large' }));
  sockets[0]!.pause();
  expect(() => {
    for (;;) connection.send(bytes(50));
  }).toThrow(expect.objectContaining({ code: 'buffer-full' }));
  expect(connection.open).toBe(true);
});

it('does not open with another protocol, without an answer in time, or after an abort', async () => {
  // Node refuses a server that chooses nothing by itself; a browser opens the socket.
  const { open } = await setup({ choose: () => false });
  await expect(open()).rejects.toMatchObject({ name: 'FrameError' });
  const silent = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  ends.push(() => silent.close());
  const clock = new ManualClock();
  const dial = (signal: AbortSignal) => openFrames(`ws://127.0.0.1:${(silent.address() as AddressInfo).port}/`, { clock, protocols: ['one.1'], limits, timeout: 1_000, signal });
  const late = dial(new AbortController().signal);
  clock.advance(1_000);
  await expect(late).rejects.toMatchObject({ code: 'timeout' });
  const controller = new AbortController();
  const dropped = dial(controller.signal);
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(dropped).rejects.toBe(reason);
  await expect(dial(controller.signal)).rejects.toBe(reason);
  expect(clock.waiting).toBe(0);
  await expect(openFrames('ws://127.0.0.1:1/', { clock, protocols: ['one.1'], limits, timeout: 1_000, signal: new AbortController().signal })).rejects.toMatchObject({ code: 'refused' });
});

it('pings a silent peer, and closes one that stays silent', async () => {
  const { open, clock, got } = await setup();
  const connection = await open();
  const ended: FrameClose[] = [];
  const ping = () => connection.send(bytes(8));
  connection.listen({ onFrame: () => undefined, onClose: (close) => ended.push(close) }, { pingAfter: 30_000, closeAfter: 60_000, ping });
  clock.advance(30_000);
  await vi.waitFor(() => expect(got).toEqual([8]));
  clock.advance(30_000);
  expect(ended).toEqual([{ code: 1006, text: '', by: 'silent' }]);
  expect(clock.waiting).toBe(0);
});
