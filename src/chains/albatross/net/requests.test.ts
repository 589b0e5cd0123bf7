import type { Stream } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodeRequest, encodeResponse, MAX_RESPONSE_SIZE, requests } from '../wire/requests.ts';
import { StreamReader } from '../../../network/stream-reader.ts';
import { systemClock, systemRandom } from '../../../base/system.ts';
import { addressOf, GENESIS, joined, nextEvent, startClient, startNode, stillClock, stopAll } from '../../../../test/support/node-fixture.ts';
import type { AlbatrossNode } from './node.ts';
import { rawJoin, startRawPeer, stopRawPeers } from '../../../../test/support/raw-peer-fixture.ts';
import { framed, framedLength, REQRES_PROTOCOL } from './reqres-frame.ts';

afterEach(async () => {
  await stopAll();
  await stopRawPeers();
});

const HEAD = { blockNumber: 200, blockHash: GENESIS, macroHash: GENESIS, electionHash: GENESIS };

async function pair(options: Parameters<typeof startClient>[1] = {}): Promise<{ server: AlbatrossNode; client: AlbatrossNode }> {
  const server = await startNode();
  const client = await startClient([server], options);
  await Promise.all([joined(client, server), joined(server, client)]);
  return { server, client };
}

describe('requests', () => {
  it('are answered in both directions, with latency measured and the server told the sender', async () => {
    const { server, client } = await pair();
    server.handle('head', async () => HEAD);
    client.handle('macro-chain', async ({ locators }) => ({ ok: true, value: { epochs: locators, checkpoint: undefined } }));
    const received = nextEvent(server.events, 'request');
    expect(await client.request(server.peerId, 'head', {})).toEqual(HEAD);
    expect(await received).toMatchObject({ kind: 'head', body: {}, from: client.peerId, requestId: expect.any(String), connectionId: expect.any(String) });
    expect(client.peers()[0]?.latency).toBeGreaterThanOrEqual(0);
    // Four numbers and hashes, after the outer result.
    expect(client.peers()[0]?.received).toBe(encodeResponse('head', HEAD).length);
    expect(await server.request(client.peerId, 'macro-chain', { locators: [GENESIS], maxEpochs: 1 })).toEqual({ ok: true, value: { epochs: [GENESIS], checkpoint: undefined } });
  });

  it('return application errors as answers', async () => {
    const { server, client } = await pair();
    server.handle('block', async () => ({ ok: false, error: 'TargetHashNotFound' }));
    expect(await client.request(server.peerId, 'block', { hash: GENESIS, includeBody: false })).toEqual({ ok: false, error: 'TargetHashNotFound' });
  });

  it('without a handler are answered no-receiver', async () => {
    const { server, client } = await pair();
    await expect(client.request(server.peerId, 'head', {})).rejects.toMatchObject({ name: 'RequestError', code: 'no-receiver' });
  });

  it('time out when the handler stalls, and can be aborted', async () => {
    const { server, client } = await pair();
    server.handle('head', async () => 'stall');
    await expect(client.request(server.peerId, 'head', {}, { timeout: 200 })).rejects.toMatchObject({ code: 'timeout' });
    const controller = new AbortController();
    const reason = new Error('not wanted any more');
    const received = nextEvent(server.events, 'request');
    const request = client.request(server.peerId, 'head', {}, { signal: controller.signal });
    await received;
    controller.abort(reason);
    await expect(request).rejects.toBe(reason);
    await expect(client.request(server.peerId, 'head', {}, { signal: controller.signal })).rejects.toBe(reason);
  });

  it('end with a code for every kind of bad answer', async () => {
    const { server, client } = await pair();
    const huge = new Uint8Array(8);
    new DataView(huge.buffer).setBigUint64(0, BigInt(MAX_RESPONSE_SIZE + 1));
    const answers = [
      [{ raw: Uint8Array.of(0, 1, 2) }, 'malformed'],
      [{ raw: systemRandom.bytes(100).fill(255, 0, 1) }, 'malformed'],
      [{ frame: huge }, 'too-large'],
      [{ frame: new Uint8Array(8).fill(255) }, 'too-large'],
      [{ frame: framed(encodeResponse('head', HEAD)).subarray(0, 40) }, 'malformed'],
      [{ frame: Uint8Array.of(0, 0) }, 'refused'],
      [{ frame: new Uint8Array() }, 'refused'],
      ['reset', 'refused'],
    ] as const;
    for (const [answer, code] of answers) {
      server.handle('head', async () => answer);
      await expect(client.request(server.peerId, 'head', {})).rejects.toMatchObject({ name: 'RequestError', code });
    }
    server.handle('head', async () => Promise.reject(new Error('a bug in the handler')));
    await expect(client.request(server.peerId, 'head', {})).rejects.toMatchObject({ code: 'refused' });
    server.handle('head', async () => ({ raw: encodeResponse('head', HEAD) }));
    expect(await client.request(server.peerId, 'head', {})).toEqual(HEAD);
  });

  it('receive a large answer completely', async () => {
    const { server, client } = await pair();
    const epochs = Array.from({ length: 60_000 }, (_, i) => i.toString(16).padStart(64, '0'));
    server.handle('macro-chain', async () => ({ ok: true, value: { epochs, checkpoint: undefined } }));
    const answer = await client.request(server.peerId, 'macro-chain', { locators: [], maxEpochs: 65_535 });
    expect(answer.ok && answer.value.epochs.length).toBe(60_000);
  });

  it('end with disconnected when the peer leaves, or was never connected', async () => {
    const { server, client } = await pair();
    server.handle('head', async () => 'stall');
    const received = nextEvent(server.events, 'request');
    const request = client.request(server.peerId, 'head', {});
    request.catch(() => undefined);
    await received;
    await server.stop();
    await expect(request).rejects.toMatchObject({ code: 'disconnected' });
    await expect(client.request('nobody', 'head', {})).rejects.toMatchObject({ code: 'disconnected' });
  });

  it("respect the peer's rate limit: a request above it fails at once when it would wait too long", async () => {
    const { server, client } = await pair({ clock: stillClock });
    let answered = 0;
    server.handle('subscribe', async () => {
      answered++;
      return { ok: true, value: undefined };
    });
    const ask = (timeout: number) => client.request(server.peerId, 'subscribe', { operation: 'subscribe', addresses: [] }, { timeout });
    await Promise.all(Array.from({ length: 10 }, () => ask(30_000)));
    expect(answered).toBe(10);
    await expect(ask(1000)).rejects.toMatchObject({ code: 'rate-limited' });
    expect(answered).toBe(10);
  });

  it('over the limit are answered rate-limited by the server, per peer', async () => {
    const server = await startNode({ clock: stillClock });
    server.handle('subscribe', async () => ({ ok: true, value: undefined }));
    const request = framed(encodeRequest('subscribe', { operation: 'subscribe', addresses: [] }));
    for (let peer = 0; peer < 2; peer++) {
      const raw = await startRawPeer();
      const { connection } = await rawJoin(raw, addressOf(server));
      const answers: string[] = [];
      for (let i = 0; i < 12; i++) {
        const stream = await connection.newStream(REQRES_PROTOCOL);
        stream.send(request);
        await stream.close();
        answers.push(await readAnswer(stream));
      }
      expect(answers).toEqual([...Array.from({ length: 10 }, () => '0,0'), '1,4', '1,4']);
    }
  });

  it('are bounded per peer', async () => {
    const { server, client } = await pair();
    server.handle('block', async () => 'stall');
    const controller = new AbortController();
    const all = Array.from({ length: 256 }, () => client.request(server.peerId, 'block', { hash: GENESIS, includeBody: false }, { signal: controller.signal }).catch((error: unknown) => error));
    await expect(client.request(server.peerId, 'block', { hash: GENESIS, includeBody: false })).rejects.toMatchObject({ code: 'busy' });
    controller.abort(new Error('enough'));
    for (const result of await Promise.all(all)) expect(result).toMatchObject({ message: 'enough' });
    server.handle('block', async () => ({ ok: false, error: 'Other' }));
    expect(await client.request(server.peerId, 'block', { hash: GENESIS, includeBody: false })).toEqual({ ok: false, error: 'Other' });
  });
});

describe('the server', () => {
  it('survives garbage, oversize, silence, floods of streams and closing at any moment', async () => {
    // This clock runs fast only for the stream's time limit, and only while the test observes nothing else on it.
    let limit = 60_000;
    const server = await startNode({ clock: { ...systemClock, after: (ms, callback) => systemClock.after(ms === 10_000 ? limit : ms, callback) } });
    server.handle('head', async () => HEAD);
    const outcomes = new Map<string, number>();
    server.events.on('request-finished', ({ outcome }) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1));
    const raw = await startRawPeer();
    const { connection } = await rawJoin(raw, addressOf(server));
    const send = async (bytes: Uint8Array, end: 'close' | 'abort' | 'silent') => {
      const finished = nextEvent(server.events, 'request-finished');
      const stream = await connection.newStream(REQRES_PROTOCOL);
      if (bytes.length > 0) stream.send(bytes);
      if (end === 'close') await stream.close();
      if (end === 'abort') stream.abort(new Error('gone'));
      return (await finished).outcome;
    };
    expect(await send(framed(Uint8Array.of(0x80, 0x80, 0x80)), 'close')).toBe('malformed');
    expect(await send(framed(encodeRequest('block', { hash: GENESIS, includeBody: false }).subarray(0, 20)), 'close')).toBe('malformed');
    expect(await send(new Uint8Array(8).fill(255), 'close')).toBe('too-large');
    expect(await send(framed(new Uint8Array(20_481)), 'close')).toBe('too-large');
    expect(await send(framed(Uint8Array.of(0x9b, 0x0f)), 'close')).toBe('no-receiver');
    expect(await send(new Uint8Array(), 'close')).toBe('gone');
    expect(await send(framed(encodeRequest('head', {})).subarray(0, 9), 'close')).toBe('gone');
    expect(await send(new Uint8Array(5), 'abort')).toBe('gone');
    limit = 200;
    expect(await send(new Uint8Array(5), 'silent')).toBe('gone');
    for (let i = 0; i < 30; i++) await send(systemRandom.bytes(1 + Math.floor(Math.random() * 300)), i % 3 === 0 ? 'abort' : 'close');
    // Many streams on which nothing is sent.
    await Promise.all(Array.from({ length: 200 }, () => connection.newStream(REQRES_PROTOCOL, { maxOutboundStreams: 1000 }).catch(() => undefined)));
    limit = 60_000;
    const stream = await connection.newStream(REQRES_PROTOCOL, { maxOutboundStreams: 1000 });
    stream.send(framed(encodeRequest('head', {})));
    await stream.close();
    expect(await readAnswer(stream)).toMatch(/^0,200,1,79,143/);
    expect(connection.status).toBe('open');
  });

  it('has the rate limits of a 2.x node for what it serves, and counts by kind', async () => {
    const limits = { 'macro-chain': 20, block: 200, 'missing-blocks': 200, head: 50 } as const;
    expect(Object.fromEntries(Object.keys(limits).map((kind) => [kind, requests[kind as keyof typeof limits].perWindow]))).toEqual(limits);
    const server = await startNode({ clock: stillClock });
    server.handle('macro-chain', async () => ({ ok: false, error: 'UnknownLocators' }));
    server.handle('head', async () => HEAD);
    const raw = await startRawPeer();
    const { connection } = await rawJoin(raw, addressOf(server));
    const ask = async (payload: Uint8Array) => {
      const stream = await connection.newStream(REQRES_PROTOCOL);
      stream.send(framed(payload));
      await stream.close();
      return readAnswer(stream);
    };
    const answers: string[] = [];
    for (let i = 0; i < 22; i++) answers.push(await ask(encodeRequest('macro-chain', { locators: [GENESIS], maxEpochs: 1 })));
    expect(answers.slice(0, 20)).not.toContain('1,4');
    expect(answers.slice(20)).toEqual(['1,4', '1,4']);
    expect(await ask(encodeRequest('head', {}))).toMatch(/^0,200/);
  });

  it('gives one peer only a part of its parallel handlers, and survives a handler whose answer does not encode', async () => {
    const server = await startNode();
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    let handled = 0;
    server.handle('head', async () => {
      handled++;
      await gate;
      return HEAD;
    });
    const outcomes: string[] = [];
    server.events.on('request-finished', ({ outcome }) => outcomes.push(outcome));
    const raw = await startRawPeer();
    const { connection } = await rawJoin(raw, addressOf(server));
    const ask = async () => {
      const stream = await connection.newStream(REQRES_PROTOCOL, { maxOutboundStreams: 1000 });
      stream.send(framed(encodeRequest('head', {})));
      await stream.close();
      return readAnswer(stream);
    };
    const all = Array.from({ length: 40 }, ask);
    await vi.waitFor(() => expect(outcomes).toHaveLength(8));
    expect(handled).toBe(32);
    const other = await startRawPeer();
    const joined = await rawJoin(other, addressOf(server));
    const stream = await joined.connection.newStream(REQRES_PROTOCOL);
    stream.send(framed(encodeRequest('head', {})));
    await vi.waitFor(() => expect(handled).toBe(33));
    open();
    expect((await Promise.all(all)).filter((answer) => answer === '1,4')).toHaveLength(8);
    expect(await readAnswer(stream)).toMatch(/^0,200/);
    // The handlers are free again.
    expect(await ask()).toMatch(/^0,200/);
    const failed = nextEvent(server.events, 'request-finished');
    server.handle('head', async () => ({ ...HEAD, blockHash: 'not hex' }));
    await ask().catch(() => undefined);
    expect((await failed).outcome).toBe('handler-failed');
  });

  it('answers a request whose stream was never half-closed', async () => {
    const server = await startNode();
    server.handle('head', async () => HEAD);
    const raw = await startRawPeer();
    const connection = await raw.libp2p.dial(multiaddr(addressOf(server)));
    const stream = await connection.newStream(REQRES_PROTOCOL);
    stream.send(framed(encodeRequest('head', {})));
    expect(await readAnswer(stream)).toMatch(/^0,200/);
  });
});

/** The answer's payload as decimal bytes. */
async function readAnswer(stream: Stream): Promise<string> {
  const reader = new StreamReader(stream, 1_000_000);
  return Array.from(await reader.read(framedLength(await reader.read(8)))).join();
}
