import type { Connection, Stream } from '@libp2p/interface';
import { afterEach, expect, it, vi } from 'vitest';
import { encodeFrame, FLAG, FRAME, joined, openingBytes, protocolLines, sendRaw } from '../../test/attacks/yamux-frames.ts';
import './node-web-socket.ts';
import { socketText } from './addresses.ts';
import { addressOf, nextEvent, startNode, stopAll } from '../../test/support/node-fixture.ts';
import { PING_PROTOCOL } from './ping.ts';
import { StreamReader } from './stream-reader.ts';
import { rawJoin, startRawPeer, stopRawPeers } from '../../test/support/raw-peer-fixture.ts';

afterEach(async () => {
  await stopAll();
  await stopRawPeers();
});

it("a breach of the muxer's protocol closes the connection, and is reported as the reason (issue 11.12)", async () => {
  const server = await startNode();
  const raw = await startRawPeer();
  const { connection } = await rawJoin(raw, addressOf(server));
  const closed = nextEvent(server.events, 'connection-close');
  // The frame's bytes have not arrived yet.
  sendRaw(connection, encodeFrame({ type: FRAME.data, flag: FLAG.syn, stream: 10_001, length: 0xffff_ffff }));
  expect(await closed).toMatchObject({ peer: raw.id, code: 'frame-too-long' });
});

/** The layers below the streams of a connection: the noise encryption, and the socket. */
interface Below {
  readonly muxer: { readonly maConn: { readonly handshake: { encrypt(bytes: Uint8Array): { subarray(): Uint8Array } }; readonly stream: { readonly websocket: { send(bytes: Uint8Array): void } } } };
}

async function attacked(): Promise<{ readonly below: Below['muxer']['maConn']; readonly connection: Connection; readonly closed: Promise<unknown>; readonly id: string }> {
  const server = await startNode();
  const raw = await startRawPeer();
  const { connection } = await rawJoin(raw, addressOf(server));
  return { below: (connection as unknown as Below).muxer.maConn, connection, closed: nextEvent(server.events, 'connection-close'), id: raw.id };
}

it('issue 11: endless protocol proposals, all of which js-libp2p answers in one task, close the connection', async () => {
  const { connection, closed, id } = await attacked();
  sendRaw(connection, openingBytes(10_001, '/nobody/0', protocolLines('/nobody/1', 1000)));
  expect(await closed).toMatchObject({ peer: id, code: 'too-many-proposals' });
});

it('issue 11: so do proposals before the encryption', async () => {
  const server = await startNode();
  const { host, port } = socketText(addressOf(server))!;
  const socket = new WebSocket(`ws://${host}:${port}`);
  const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
  socket.addEventListener('open', () => socket.send(protocolLines('x', 1000) as Uint8Array<ArrayBuffer>));
  expect(await closed).toBeDefined();
});

it('issue 11: empty encrypted frames, which no muxer sees, close the connection', async () => {
  const { below, closed, id } = await attacked();
  const frames = Array.from({ length: 16_400 }, () => {
    const sealed = below.handshake.encrypt(new Uint8Array()).subarray();
    return Uint8Array.of(sealed.length >> 8, sealed.length & 0xff, ...sealed);
  });
  below.stream.websocket.send(joined(frames));
  expect(await closed).toMatchObject({ peer: id, code: 'tiny-frames' });
});

it('issue 11: invalid frames close the connection', async () => {
  const { below, closed, id } = await attacked();
  below.stream.websocket.send(new Uint8Array(100));
  expect(await closed).toMatchObject({ peer: id, code: 'tiny-frames' });
});

it('issue 11: a WebSocket message that would take seconds to decrypt closes the connection', async () => {
  const { below, closed, id } = await attacked();
  below.stream.websocket.send(new Uint8Array(1_048_577));
  expect(await closed).toMatchObject({ peer: id });
});

it('does not report every frame that it has read', async () => {
  const server = await startNode();
  const raw = await startRawPeer();
  const { connection } = await rawJoin(raw, addressOf(server));
  const stream = await connection.newStream(PING_PROTOCOL);
  const told = vi.spyOn(stream as unknown as { handleWindowUpdate(frame: unknown): void }, 'handleWindowUpdate');
  const reader = new StreamReader(stream, 32);
  for (let i = 0; i < 20; i++) {
    stream.send(new Uint8Array(32));
    await reader.read(32);
  }
  expect(told.mock.calls.length).toBeLessThan(2);
  await stream.close();
});

it('a connection that closes while a stream is opened ends the stream, and throws nowhere', async () => {
  const { connection, below } = await attacked();
  const { muxer } = connection as unknown as { readonly muxer: { createStream(): Promise<Stream> } };
  const uncaught = vi.fn<(error: unknown) => void>();
  process.prependOnceListener('uncaughtException', uncaught);
  const opening = muxer.createStream();
  (below as unknown as { abort(reason: Error): void }).abort(new Error('gone'));
  const stream = await opening;
  await vi.waitFor(() => expect(['aborted', 'reset', 'closed']).toContain(stream.status));
  process.off('uncaughtException', uncaught);
  expect(uncaught).not.toHaveBeenCalled();
});
