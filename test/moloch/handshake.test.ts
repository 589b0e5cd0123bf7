import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { keyOf, type DevKey } from '../../devnet/moloch/dev-key.ts';
import { MolochNet } from '../../devnet/moloch/moloch-net.ts';
import { makeNodeKey } from '../../src/chains/moloch/net/node-key.ts';
import { ackTranscript, authTranscript, plainAckText, plainHelloText } from '../../src/chains/moloch/net/transcripts.ts';
import { decodeFrame, encodeBody, encodeFrame, type MolochMessage } from '../../src/chains/moloch/wire/frame.ts';
import { openFrames, type FrameClose, type FrameConnection } from '../../src/network/framed/frame-connection.ts';
import { socketUrlOf } from '../../src/network/framed/web-socket-url.ts';
import { systemClock } from '../../src/base/system.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { MolochTestClient } from '../support/moloch-client.ts';

type Kind<K extends MolochMessage['kind']> = Extract<MolochMessage, { readonly kind: K }>;
const EXT = 'moloch-ext.1';
const PLAIN = 'moloch.1';
const VERSION = { major: 1, minor: 0, patch: 0 };
const clock = new ManualClock(1_800_000_000_000);
let net: MolochNet;

beforeAll(async () => {
  net = await MolochNet.start({ blocks: 3, clock });
});
afterAll(() => net.close());

/** A connection that sends what a test wants, and notes what comes. */
class RawClient {
  readonly came: MolochMessage[] = [];
  closed: FrameClose | undefined;
  private readonly connection: FrameConnection;
  readonly key: DevKey;

  private constructor(connection: FrameConnection, key: DevKey) {
    this.connection = connection;
    this.key = key;
    connection.listen({ onFrame: (frame) => void this.came.push(decodeFrame(frame, { extended: true })), onClose: (close) => (this.closed = close) });
  }

  static async open(protocol: string, key: DevKey): Promise<RawClient> {
    const limits = { received: 1e6, sent: 1e6, buffered: 1e6 };
    const options = { clock: systemClock, protocols: [protocol], limits, timeout: 5000, signal: new AbortController().signal };
    return new RawClient(await openFrames(socketUrlOf(net.network.seeds[0]!)!.url, options), key);
  }

  send(message: MolochMessage): void {
    this.connection.send(encodeFrame(message));
  }

  sendBytes(bytes: Uint8Array): void {
    this.connection.send(bytes);
  }

  async next(count = 1): Promise<MolochMessage> {
    await vi.waitUntil(() => this.came.length >= count);
    return this.came[count - 1]!;
  }

  /** The Goodbye that the node says. */
  async goodbye(): Promise<unknown> {
    await vi.waitUntil(() => this.closed !== undefined);
    const { reason, text } = this.came.at(-1) as Kind<'Goodbye'>;
    return { reason, text };
  }

  close(): void {
    this.connection.close();
  }
}

let keys = 0;
let clients: RawClient[] = [];
afterEach(() => {
  for (const client of clients) client.close();
  clients = [];
});

async function raw(protocol = EXT, key = keyOf('raw', 'user', (keys += 1))) {
  const client = await RawClient.open(protocol, key);
  clients.push(client);
  return client;
}

function extHello(key: string, change: Partial<Kind<'ExtHello'>> = {}): Kind<'ExtHello'> {
  const nonce = crypto.getRandomValues(new Uint8Array(32));
  return { kind: 'ExtHello', id: 9n, version: VERSION, chainId: net.network.chainId, key, nonce, genesis: net.network.genesisHash, height: 0, head: net.network.genesisHash, time: clock.now(), ...change };
}

function plainHello(key: DevKey, change: Partial<Kind<'Hello'>> = {}): Kind<'Hello'> {
  const fields = { kind: 'Hello' as const, id: 9n, version: VERSION, chainId: net.network.chainId, key: key.key, height: 0, head: net.network.genesisHash, time: clock.now(), ...change };
  return { ...fields, signature: change.signature ?? key.sign(plainHelloText(fields)) };
}

/** Sends hello and auth as they should be. */
async function greet(client: RawClient): Promise<void> {
  const hello = extHello(client.key.key);
  client.send(hello);
  const ack = (await client.next()) as Kind<'ExtHelloAck'>;
  client.send({ kind: 'ExtAuth', requestId: ack.requestId, signature: client.key.sign(authTranscript(encodeBody(hello), encodeBody(ack))) });
}

describe('6.1: a node refuses a client', () => {
  it.each<[string, Partial<Kind<'ExtHello'>>, string, string]>([
    ['of version 2.0.0', { version: { major: 2, minor: 0, patch: 0 } }, 'Protocol', 'version'],
    ['of another chain', { chainId: 'other' }, 'Chain', 'chain'],
    ['of another genesis', { genesis: 'ab'.repeat(32) }, 'Chain', 'genesis'],
    ['whose clock is 60.001 s behind', { time: 1_800_000_000_000 - 60_001 }, 'Timeout', 'clock'],
  ])('%s', async (_, change, reason, text) => {
    const client = await raw();
    client.send(extHello(client.key.key, change));
    expect(await client.goodbye()).toEqual({ reason, text });
  });

  it.each<[string, Partial<Kind<'Hello'>>, string, string]>([
    ['of version 2.0.0', { version: { major: 2, minor: 0, patch: 0 } }, 'Protocol', 'version'],
    ['of another chain', { chainId: 'other' }, 'Chain', 'chain'],
    ['whose clock is 60.001 s ahead', { time: 1_800_000_000_000 + 60_001 }, 'Timeout', 'clock'],
    ['with a wrong signature', { signature: new Uint8Array(64) }, 'Misbehaviour', 'signature'],
  ])('of the plain profile %s', async (_, change, reason, text) => {
    const client = await raw(PLAIN);
    client.send(plainHello(client.key, change));
    expect(await client.goodbye()).toEqual({ reason, text });
  });

  it('that reflects its key', async () => {
    const client = await raw();
    client.send(extHello(net.nodes[0]!.key));
    expect(await client.goodbye()).toEqual({ reason: 'Misbehaviour', text: 'reflected' });
  });

  it('that uses a nonce again, within ten minutes', async () => {
    const hello = extHello(keyOf('raw', 'user', 1).key);
    for (const expected of ['ExtHelloAck', 'Goodbye']) {
      const client = await raw();
      client.send(hello);
      expect((await client.next()).kind).toBe(expected);
    }
    expect(await clients[1]!.goodbye()).toEqual({ reason: 'Misbehaviour', text: 'replay' });
  });

  it('that cannot sign for its key, or signs another transcript', async () => {
    const [client, other] = [await raw(), await raw()];
    client.send(extHello(client.key.key));
    const ack = (await client.next()) as Kind<'ExtHelloAck'>;
    client.send({ kind: 'ExtAuth', requestId: ack.requestId, signature: client.key.sign(authTranscript(encodeBody(extHello(client.key.key)), encodeBody(ack))) });
    expect(await client.goodbye()).toEqual({ reason: 'Misbehaviour', text: 'signature' });
    other.send({ kind: 'ExtAuth', requestId: 9n, signature: new Uint8Array(64) });
    expect(await other.goodbye()).toEqual({ reason: 'Protocol', text: 'message' });
  });

  it('that begins with another message, with no message, or with a kind of the other profile', async () => {
    const [first, second, third] = [await raw(), await raw(), await raw(PLAIN)];
    first.send({ kind: 'GetBlocks', id: 1n, start: 0, count: 1 });
    second.sendBytes(new Uint8Array([0, 0, 0, 9, 1]));
    third.send(extHello(third.key.key));
    for (const client of [first, second, third]) expect(await client.goodbye()).toEqual({ reason: 'Protocol', text: 'message' });
  });

  it('that says nothing for 5 s', async () => {
    const [silent, half] = [await raw(), await raw()];
    half.send(extHello(half.key.key));
    await half.next();
    clock.advance(5000);
    for (const client of [silent, half]) expect(await client.goodbye()).toEqual({ reason: 'Timeout', text: 'silence' });
  });

  it('whose key is connected, but not one that only names that key', async () => {
    const first = await raw();
    await greet(first);
    await vi.waitFor(() => expect(net.nodes[0]!.clients).toBe(1));
    const second = await raw(EXT, first.key);
    await greet(second);
    expect(await second.goodbye()).toEqual({ reason: 'Duplicate', text: 'duplicate' });
    expect(first.closed).toBeUndefined();
  });

  it('never for version 1.9.0, and answers with a signature over both greetings', async () => {
    const client = await raw();
    const hello = extHello(client.key.key, { version: { major: 1, minor: 9, patch: 0 } });
    client.send(hello);
    const ack = (await client.next()) as Kind<'ExtHelloAck'>;
    expect(ack).toMatchObject({ kind: 'ExtHelloAck', requestId: 9n, height: 3, head: net.chain[3]!.hash, key: net.nodes[0]!.key });
    expect(ack.signature).toEqual(keyOf('moloch-test', 'node', 0).sign(ackTranscript(encodeBody(hello), encodeBody(ack))));
  });
});

describe('a node ends a session', () => {
  it.each<[string, (client: RawClient) => void, string]>([
    ['after three frames of an unknown kind', (client) => [1, 2, 3].forEach(() => client.sendBytes(new Uint8Array([0, 0, 0, 4, 99, 0, 0, 0]))), 'three offences'],
    ['after three answers that it did not ask for', (client) => [1, 2, 3].forEach(() => client.send({ kind: 'Blocks', requestId: 1n, blocks: [], more: false })), 'three offences'],
    ['after three requests over the limit', (client) => [0, 101, 0].forEach((count) => client.send({ kind: 'GetTrustedHeaders', id: 1n, start: 1, count })), 'three offences'],
    ['with more than 8 requests in flight', (client) => Array.from({ length: 9 }, (_, i) => client.send({ kind: 'GetBlocks', id: BigInt(i), start: 1, count: 1 })), 'more than 8 requests in flight'],
  ])('%s', async (_, send, text) => {
    net.fault(0, 'slow', { delay: 1000 });
    const client = await raw();
    await greet(client);
    await vi.waitFor(() => expect(net.nodes[0]!.clients).toBe(1));
    send(client);
    expect(await client.goodbye()).toEqual({ reason: 'Misbehaviour', text });
    net.fault(0, 'none');
  });
});

describe('6.1: a client refuses a node', () => {
  const key = keyOf('scripted', 'node', 0);
  let server: WebSocketServer;
  let script: (hello: MolochMessage) => MolochMessage | undefined;
  let heard: MolochMessage[];
  let client: MolochTestClient;
  let protocol: string;
  const address = () => `/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}/ws`;

  beforeEach(async () => {
    heard = [];
    protocol = EXT;
    client = new MolochTestClient(net.network, {}, clock);
    server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => protocol });
    await new Promise((resolve) => server.once('listening', resolve));
    server.on('connection', (socket) =>
      socket.on('message', (data) => {
        heard.push(decodeFrame(new Uint8Array(data), { extended: true }));
        const answer = heard.length === 1 ? script(heard[0]!) : undefined;
        if (answer !== undefined) socket.send(encodeFrame(answer));
      }),
    );
  });
  afterEach(async () => {
    for (const socket of server.clients) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  /** An ack with some fields changed before it is signed, and some after. */
  function ack(hello: MolochMessage, before: Partial<Kind<'ExtHelloAck'>> = {}, after: Partial<Kind<'ExtHelloAck'>> = {}): MolochMessage {
    const { id } = hello as Kind<'ExtHello'>;
    const nonce = crypto.getRandomValues(new Uint8Array(32));
    const fields = { requestId: id, version: VERSION, chainId: net.network.chainId, key: key.key, nonce, genesis: net.network.genesisHash, height: 3, head: net.chain[3]!.hash, time: clock.now() };
    const unsigned = { kind: 'ExtHelloAck' as const, ...fields, ...before, signature: new Uint8Array(64) };
    return { ...unsigned, signature: key.sign(ackTranscript(encodeBody(hello), encodeBody(unsigned))), ...after };
  }

  const goodbye = () => vi.waitFor(() => expect(heard.at(-1)?.kind).toBe('Goodbye')).then(() => heard.at(-1));

  it.each<[string, Partial<Kind<'ExtHelloAck'>>, Partial<Kind<'ExtHelloAck'>>, string, string]>([
    ['of version 2.0.0', { version: { major: 2, minor: 0, patch: 0 } }, {}, 'other-version', 'Protocol'],
    ['of another chain', { chainId: 'other' }, {}, 'other-network', 'Chain'],
    ['of another genesis', { genesis: 'ab'.repeat(32) }, {}, 'other-network', 'Chain'],
    ['whose clock is 60.001 s off', { time: 1_700_000_000_000 }, {}, 'clock', 'Timeout'],
    ['whose head hash was altered', {}, { head: 'ab'.repeat(32) }, 'bad-signature', 'Misbehaviour'],
    ['whose height was altered', {}, { height: 4 }, 'bad-signature', 'Misbehaviour'],
    ['that names the key of another', { key: makeNodeKey(new Uint8Array(32).fill(5)).key }, {}, 'bad-signature', 'Misbehaviour'],
    ['that answers another request', { requestId: 77n }, {}, 'protocol', 'Protocol'],
  ])('%s', async (_, before, after, code, reason) => {
    script = (hello) => ack(hello, before, after);
    await expect(client.connect(address())).rejects.toMatchObject({ name: 'HandshakeError', code });
    expect(await goodbye()).toMatchObject({ kind: 'Goodbye', reason });
  });

  it('that reflects its key or its nonce', async () => {
    script = (hello) => ack(hello, { key: client.context.own.key });
    await expect(client.connect(address())).rejects.toMatchObject({ code: 'reflected' });
    expect(await goodbye()).toMatchObject({ reason: 'Misbehaviour', text: 'reflected' });
    heard = [];
    script = (hello) => ack(hello, { nonce: (hello as Kind<'ExtHello'>).nonce });
    await expect(client.connect(address())).rejects.toMatchObject({ code: 'reflected' });
  });

  it('that uses a nonce again within ten minutes, as the fault of the local network does', async () => {
    net.fault(1, 'replayed-nonce');
    const first = await client.connect(net.network.seeds[1]!);
    first.close();
    await vi.waitFor(() => expect(net.nodes[1]!.clients).toBe(0));
    await expect(client.connect(net.network.seeds[1]!)).rejects.toMatchObject({ code: 'replay' });
    clock.advance(600_000);
    const later = await client.connect(net.network.seeds[1]!);
    later.close();
    net.fault(1, 'none');
    net.fault(2, 'wrong-clock');
    await expect(client.connect(net.network.seeds[2]!)).rejects.toMatchObject({ code: 'clock' });
    net.fault(2, 'none');
  });

  it('whose key it is connected to, or who does not answer for 5 s', async () => {
    const session = await client.connect(net.network.seeds[0]!);
    await expect(client.connect(net.network.seeds[0]!)).rejects.toMatchObject({ code: 'duplicate' });
    session.close();
    await vi.waitFor(() => expect(client.closed).toEqual(['requested']));
    script = () => undefined;
    const silent = client.connect(address());
    silent.catch(() => undefined);
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    clock.advance(5000);
    await expect(silent).rejects.toMatchObject({ code: 'timeout' });
    expect(await goodbye()).toMatchObject({ reason: 'Timeout', text: 'silence' });
  });

  it.each<[Kind<'Goodbye'>['reason'], string | undefined, string]>([
    ['Chain', 'chain', 'other-network'],
    ['Protocol', 'version', 'other-version'],
    ['Timeout', 'clock', 'clock'],
    ['TooMany', undefined, 'refused'],
  ])('and says why a node refused it: %s %s', async (reason, text, code) => {
    script = () => ({ kind: 'Goodbye', reason, text });
    await expect(client.connect(address())).rejects.toMatchObject({ name: 'HandshakeError', code });
  });

  it('of the plain profile with a wrong signature, and accepts one with a right one', async () => {
    protocol = PLAIN;
    const plain = (hello: MolochMessage, signature?: Uint8Array): MolochMessage => {
      const fields = { requestId: (hello as Kind<'Hello'>).id, version: { major: 1, minor: 9, patch: 0 }, chainId: net.network.chainId, key: key.key, height: 3, head: net.chain[3]!.hash, time: clock.now() };
      return { kind: 'HelloAck', ...fields, signature: signature ?? key.sign(plainAckText(fields)) };
    };
    script = (hello) => plain(hello, new Uint8Array(64));
    await expect(client.connect(address())).rejects.toMatchObject({ code: 'bad-signature' });
    await goodbye();
    heard = [];
    script = (hello) => plain(hello);
    const session = await client.connect(address());
    expect(session).toMatchObject({ id: address(), extended: false, transport: 'ws', claims: { height: 3 } });
    session.close();
  });

  it('at an address that it may not dial, or where nobody is', async () => {
    for (const seed of ['/ip4/10.0.0.1/tcp/80/ws', '/ip4/127.0.0.1/tcp/80', 'ws://x']) await expect(client.connect(seed)).rejects.toMatchObject({ name: 'HandshakeError', code: 'refused' });
    await expect(client.connect('/ip4/127.0.0.1/tcp/1/ws')).rejects.toMatchObject({ code: 'refused' });
  });
});
