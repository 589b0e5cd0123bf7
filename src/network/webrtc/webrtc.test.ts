import { noise } from '@libp2p/noise';
import { yamux } from '@libp2p/yamux';
import { circuitRelayTransport, RELAY_V2_STOP_CODEC } from '@libp2p/circuit-relay-v2';
import { identify } from '@libp2p/identify';
import type { Libp2p, Stream } from '@libp2p/interface';
import { createLibp2p } from 'libp2p';
import { afterEach, describe, expect, it } from 'vitest';
import { DevRelay } from '../../../devnet/relay.ts';
import type { DevnetEvent } from '../../../devnet/events.ts';
import { unitAlbatross } from '../../chains/albatross/chain/networks/unit-albatross.ts';
import { nextEvent, startNode, stopAll, subscribed } from '../../../test/support/node-fixture.ts';
import type { AlbatrossNode, AlbatrossNodeOptions } from '../../chains/albatross/net/node.ts';
import { parseMultiaddr } from '../addresses.ts';
import { systemClock } from '../../base/system.ts';
import { webSocketTransport } from '../web-socket-transport.ts';
import { MemoryRtc } from './memory-rtc.ts';
import type { MemoryRtcHost } from './memory-rtc.ts';
import { SIGNALLING_PROTOCOL } from './rtc-transport.ts';

const relays: DevRelay[] = [];
const strangers: Libp2p[] = [];
afterEach(async () => {
  await stopAll();
  await Promise.all(strangers.splice(0).map((stranger) => stranger.stop()));
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
});

async function startRelay(): Promise<{ readonly relay: DevRelay; readonly seen: DevnetEvent[] }> {
  const seen: DevnetEvent[] = [];
  const relay = new DevRelay({ genesisHash: unitAlbatross.genesisHash, seed: `relay-${Math.random()}`, port: 0, emit: (event) => seen.push(event) });
  relays.push(relay);
  await relay.start();
  return { relay, seen };
}

/** A client with a reservation at the relay; other browsers reach it by its address there. */
async function startBrowser(relay: DevRelay, rtc: MemoryRtcHost, options: Partial<AlbatrossNodeOptions> = {}): Promise<{ readonly node: AlbatrossNode; readonly address: string }> {
  const node = await startNode({ listen: [], services: 0, relays: [relay.info.address], rtc, ...options });
  return { node, address: await reachable(node) };
}

async function reachable(node: AlbatrossNode): Promise<string> {
  const [address] = node.browserAddresses.length > 0 ? node.browserAddresses : await nextEvent(node.events, 'browser-addresses', (addresses) => addresses.length > 0);
  return address as string;
}

describe('two browsers and a relay', () => {
  it('link by WebRTC as Petrel peers; the relay is no peer, and carries nothing afterwards', async () => {
    const { relay, seen } = await startRelay();
    const rtc = new MemoryRtc();
    const first = await startBrowser(relay, rtc.host(), { topics: ['block-header'] });
    expect(first.address).toBe(`${relay.info.address}/p2p-circuit/webrtc/p2p/${first.node.peerId}`);
    const atFirst = nextEvent(first.node.events, 'joined');
    const second = await startNode({ listen: [], services: 0, seeds: [first.address], relays: [relay.info.address], rtc: rtc.host(), topics: ['block-header'] });
    const [there, here] = await Promise.all([atFirst, nextEvent(second.events, 'joined')]);
    expect(here).toMatchObject({ id: first.node.peerId, transport: 'webrtc', kind: 'petrel', subnet: first.node.peerId, address: first.address, direction: 'outbound' });
    expect(there).toMatchObject({ id: second.peerId, transport: 'webrtc', kind: 'petrel', subnet: second.peerId, direction: 'inbound' });
    expect(there.address).toBe(`${relay.info.address}/p2p-circuit/webrtc/p2p/${second.peerId}`);
    expect(second.peers()).toHaveLength(1);
    expect(seen).toContainEqual({ event: 'relay-connection', from: second.peerId, to: first.node.peerId });

    // Gossip and requests use the link, in pieces that fit the channel.
    second.onGossip('block-header', async () => 'accept');
    await Promise.all([subscribed(first.node, second, 'block-header'), subscribed(second, first.node, 'block-header')]);
    const used = second.relayUse.bytes;
    expect(used).toBeGreaterThan(1_000);
    expect(first.node.relayUse.bytes).toBeGreaterThan(1_000);
    expect(used).toBeLessThan(20_000);
    const got = nextEvent(second.events, 'gossip');
    expect(await first.node.publish('block-header', new Uint8Array(200_000))).toEqual([second.peerId]);
    expect(await got).toMatchObject({ from: first.node.peerId, size: 200_000 });
    expect(second.relayUse.bytes - used).toBeLessThan(2_000);
  });

  it('a link outlives its relay; the reservation returns with the relay', async () => {
    const { relay } = await startRelay();
    const rtc = new MemoryRtc();
    const first = await startBrowser(relay, rtc.host());
    const second = await startBrowser(relay, rtc.host(), { seeds: [first.address] });
    await nextEvent(second.node.events, 'joined');
    // Both must have noticed it, because a closed connection to the relay that is not noticed yet would count as a dead link.
    const gone = [first, second].map(({ node }) => nextEvent(node.events, 'browser-addresses', (addresses) => addresses.length === 0));
    await relay.stop();
    await Promise.all(gone);
    expect(second.node.peers()).toHaveLength(1);
    expect(await second.node.checkLinks(5_000)).toBe(0);
    expect(second.node.peers()).toHaveLength(1);
    await relay.start();
    await expect(reachable(first.node)).resolves.toBe(first.address);
  });

  it('a page that leaves takes its links with it, and the seed is dialled anew', async () => {
    const { relay } = await startRelay();
    const rtc = new MemoryRtc();
    const first = await startBrowser(relay, rtc.host());
    const pages = rtc.host();
    const second = await startBrowser(relay, pages, { seeds: [first.address], clock: { ...systemClock, after: (ms, callback) => systemClock.after(ms > 500 && ms <= 30_000 ? ms / 10 : ms, callback) } });
    await nextEvent(second.node.events, 'joined');
    const left = nextEvent(second.node.events, 'left');
    const again = nextEvent(second.node.events, 'joined');
    pages.leave();
    await left;
    await again;
    expect(pages.counts).toEqual({ open: 1, made: 2, limit: 300 });
  });

  it('contacts for the network contain nothing about them', async () => {
    const { relay } = await startRelay();
    const rtc = new MemoryRtc();
    const first = await startBrowser(relay, rtc.host());
    const server = await startNode();
    const { node } = await startBrowser(relay, rtc.host(), { seeds: [first.address, server.addresses[0] as string] });
    await nextEvent(node.events, 'joined', ({ kind }) => kind === 'petrel');
    if (server.peers().length === 0) await nextEvent(server.events, 'joined');
    expect(node.addresses).toEqual([]);
    expect(first.node.addresses).toEqual([]);
    // A node that asks the server for contacts gets neither browser, because neither has an address on the network.
    const asker = await startNode({ listen: [], services: 0, requiredServices: 0, seeds: [server.addresses[0] as string] });
    let contacts = 0;
    asker.events.on('contacts', ({ size }) => (contacts = size));
    await nextEvent(asker.events, 'joined');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(contacts).toBeLessThanOrEqual(1);
  });

  it('a spent budget, and a page that does not answer, end a dial with a code', async () => {
    const { relay } = await startRelay();
    const rtc = new MemoryRtc();
    const first = await startBrowser(relay, rtc.host());
    const poor = await startNode({ listen: [], services: 0, seeds: [first.address], rtc: rtc.host(0) });
    expect(await nextEvent(poor.events, 'down')).toMatchObject({ address: first.address, id: first.node.peerId, code: 'rtc-budget' });
    const refusing = await startBrowser(relay, rtc.host(0));
    const caller = await startNode({ listen: [], services: 0, seeds: [refusing.address], rtc: rtc.host() });
    expect((await nextEvent(caller.events, 'down')).code).toMatch(/^rtc-/);
    expect(caller.peers()).toEqual([]);
  });

  it('a caller that has left ends its dial', async () => {
    const { relay } = await startRelay();
    const rtc = new MemoryRtc();
    const gone = await startBrowser(relay, rtc.host());
    await gone.node.stop();
    const caller = await startNode({ listen: [], services: 0, seeds: [gone.address], rtc: rtc.host() });
    expect((await nextEvent(caller.events, 'down')).code).toBe('dial-failed');
  });
});

/** A node with only libp2p and none of our code. */
async function startStranger(): Promise<Libp2p> {
  const node = await createLibp2p({
    transports: [webSocketTransport(), circuitRelayTransport()], connectionEncrypters: [noise()], streamMuxers: [yamux()], services: { identify: identify() },
    connectionGater: { denyDialMultiaddr: () => false },
  });
  strangers.push(node);
  return node;
}

/** Calls a browser over its relay; returns the stream for signalling. */
async function call(stranger: Libp2p, address: string): Promise<Stream> {
  const connection = await stranger.dial(parseMultiaddr(address.replace('/webrtc', ''))!);
  return connection.newStream(SIGNALLING_PROTOCOL, { runOnLimitedConnection: true });
}

/** A message of libp2p's signalling with its length: its type, and text. */
function signal(type: 'offer' | 'answer' | 'candidate', data: string): Uint8Array {
  const text = new TextEncoder().encode(data);
  const body = [0x08, ['offer', 'answer', 'candidate'].indexOf(type), 0x12, ...varint(text.length), ...text];
  return Uint8Array.from([...varint(body.length), ...body]);
}

const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)]);

const ended = (stream: Stream) =>
  new Promise<void>((resolve) => {
    stream.addEventListener('close', () => resolve());
    if (stream.status !== 'open') resolve();
  });

describe('hostile browsers and relays', () => {
  it('a caller that sends nonsense, too much or nothing is cut off, and no peer connection is left', async () => {
    const { relay } = await startRelay();
    const pages = new MemoryRtc().host();
    const logged: string[] = [];
    const browser = await startBrowser(relay, pages, {
      clock: { ...systemClock, after: (ms, callback) => systemClock.after(ms === 20_000 ? 500 : ms, callback) },
      log: ({ code, data }) => void (code.startsWith('browser-') && logged.push(`${code} ${String(data['reason'] ?? '')}`)),
    });
    const stranger = await startStranger();
    const description = 'v=0\r\no=- nobody 2 IN IP4 127.0.0.1\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n';
    const sound = description.replace('m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'm=audio 9 UDP/TLS/RTP/SAVPF 111');
    for (const bytes of [Uint8Array.of(3, 9, 9, 9), signal('candidate', '{}'), signal('offer', sound), signal('offer', 'x'.repeat(50_000))]) {
      const stream = await call(stranger, browser.address);
      stream.send(bytes);
      await ended(stream);
    }
    // No page is asked for a connection for a caller that has offered nothing.
    expect(pages.counts.made).toBe(0);
    expect(logged).toEqual(['failed', 'failed', 'malformed', 'malformed'].map((code) => `browser-not-reached rtc-${code}`));
    const silent = await call(stranger, browser.address);
    await ended(silent);
    expect(logged.at(-1)).toBe('browser-not-reached rtc-failed');
    // An offer of a link that leads nowhere. After that, a caller that has called too often gets no more answers.
    const offering = await call(stranger, browser.address);
    offering.send(signal('offer', description));
    await ended(offering);
    expect(pages.counts).toMatchObject({ open: 0, made: 1 });
    await ended(await call(stranger, browser.address));
    await ended(await call(stranger, browser.address));
    expect(logged.at(-1)).toBe('browser-refused ');
    expect(browser.node.peers()).toEqual([]);
  });

  it('bytes through relays are counted, and at the cap no more calls are accepted there', async () => {
    const { relay } = await startRelay();
    const rtc = new MemoryRtc();
    const first = await startBrowser(relay, rtc.host());
    const second = await startNode({ listen: [], services: 0, seeds: [first.address], relayCap: 1_000, rtc: rtc.host() });
    expect((await nextEvent(second.events, 'down')).address).toBe(first.address);
    const again = await nextEvent(second.events, 'down', ({ code }) => code === 'rtc-relay-cap');
    expect(again.id).toBe(first.node.peerId);
    expect(second.relayUse.bytes).toBeLessThan(5_000);
    expect(second.relayUse.cap).toBe(1_000);
  });

  it("only the client's own relays may deliver calls: another node that acts as a relay gets no reservation and no answer", async () => {
    const { relay } = await startRelay();
    const browser = await startBrowser(relay, new MemoryRtc().host());
    // The client is connected to some node of the network, which then opens a `stop` stream on it.
    const stranger = await createLibp2p({ transports: [webSocketTransport()], addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] }, connectionEncrypters: [noise()], streamMuxers: [yamux()], services: { identify: identify() } });
    strangers.push(stranger);
    const other = await startNode({ listen: [], services: 0, seeds: [stranger.getMultiaddrs()[0]!.toString()], relays: [relay.info.address], rtc: new MemoryRtc().host() });
    const connection = await new Promise<ReturnType<Libp2p['getConnections']>[number]>((resolve) => stranger.addEventListener('connection:open', ({ detail }) => resolve(detail)));
    const stream = await connection.newStream(RELAY_V2_STOP_CODEC);
    await ended(stream);
    expect(other.browserAddresses.filter((address) => !address.startsWith(relay.info.address))).toEqual([]);
    expect(browser.node.browserAddresses).toHaveLength(1);
  });

  it('a relay that may not be dialled is not used', async () => {
    const logged: unknown[] = [];
    const node = await startNode({ listen: [], services: 0, relays: ['/ip4/192.0.2.1/tcp/1/ws', 'nonsense'], rtc: new MemoryRtc().host(), log: ({ code, data }) => void (code === 'relay-unusable' && logged.push(data['reason'])) });
    expect(logged).toEqual(['insecure', 'not-a-socket-address']);
    expect(node.browserAddresses).toEqual([]);
  });
});
