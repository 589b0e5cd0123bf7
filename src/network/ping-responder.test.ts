import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addressOf, startNode, stopAll } from '../../test/support/node-fixture.ts';
import { startRawPeer, stopRawPeers } from '../../test/support/raw-peer-fixture.ts';
import { ping, PING_LENGTH, PING_PROTOCOL } from './ping.ts';
import { StreamReader } from './stream-reader.ts';

afterEach(async () => {
  await stopAll();
  await stopRawPeers();
});

async function pinger() {
  const server = await startNode();
  const raw = await startRawPeer();
  return raw.libp2p.dial(multiaddr(addressOf(server)));
}

describe('the answer to pings', () => {
  it('comes once for each, on one stream or on many', async () => {
    const connection = await pinger();
    for (let i = 0; i < 3; i++) await ping(connection, AbortSignal.timeout(60_000), true);
    const stream = await connection.newStream(PING_PROTOCOL);
    const reader = new StreamReader(stream, 1000);
    for (let i = 0; i < 3; i++) {
      const sent = new Uint8Array(PING_LENGTH).fill(i);
      stream.send(sent);
      expect(await reader.read(PING_LENGTH)).toEqual(sent);
    }
    await stream.close();
    await vi.waitFor(() => expect(stream.status).toBe('closed'));
  });

  it('closes the connection of a peer that keeps sending without reading (issue 11.12)', async () => {
    const connection = await pinger();
    const stream = await connection.newStream(PING_PROTOCOL);
    // libp2p's own responder keeps all of it until its ten seconds are over.
    for (let i = 0; i < 100 && stream.status === 'open'; i++) {
      stream.send(new Uint8Array(100_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.waitFor(() => expect(stream.status).toBe('reset'));
  });
});
