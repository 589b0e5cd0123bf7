import { afterEach, describe, expect, it } from 'vitest';
import { DevRelay } from '../../../devnet/relay.ts';
import type { DevnetEvent } from '../../../devnet/events.ts';
import { fastTimers, nextEvent, startNode, stopAll, subscribed } from '../albatross/node-fixture.ts';
import type { AlbatrossNode, AlbatrossNodeOptions } from '../albatross/node.ts';
import { systemClock } from '../system.ts';
import { MemoryRtc } from './memory-rtc.ts';
import type { MemoryRtcHost } from './memory-rtc.ts';

const relays: DevRelay[] = [];
afterEach(async () => {
  await stopAll();
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
});

async function startRelay(): Promise<{ readonly relay: DevRelay; readonly seen: DevnetEvent[] }> {
  const seen: DevnetEvent[] = [];
  const relay = new DevRelay({ seed: `relay-${Math.random()}`, port: 0, emit: (event) => seen.push(event) });
  relays.push(relay);
  await relay.start();
  return { relay, seen };
}

/** A client with a place at the relay, reached by its own address. */
async function startBrowser(relay: DevRelay, rtc: MemoryRtcHost, options: Partial<AlbatrossNodeOptions> = {}): Promise<{ readonly node: AlbatrossNode; readonly address: string }> {
  const node = await startNode({ listen: [], services: 0, relays: [relay.info.address], rtc, ...options });
  return { node, address: await reachable(node) };
}

async function reachable(node: AlbatrossNode): Promise<string> {
  const [address] = node.browserAddresses.length > 0 ? node.browserAddresses : await nextEvent(node.events, 'browser-addresses', (addresses) => addresses.length > 0);
  return address as string;
}

describe('two browsers and a relay', () => {
  it('link by WebRTC as peers of the other kind; the relay is no peer, and carries nothing afterwards', async () => {
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

    // Gossip and requests go over the link, in pieces of what the channel takes.
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

  it('a link outlives its relay; the reservation comes back with it', async () => {
    const { relay } = await startRelay();
    const rtc = new MemoryRtc();
    const first = await startBrowser(relay, rtc.host(), { clock: fastTimers(20) });
    const second = await startBrowser(relay, rtc.host(), { seeds: [first.address] });
    await nextEvent(second.node.events, 'joined');
    const gone = nextEvent(first.node.events, 'browser-addresses', (addresses) => addresses.length === 0);
    await relay.stop();
    await gone;
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

  it('says in the contacts it gives the network nothing of them', async () => {
    const { relay } = await startRelay();
    const rtc = new MemoryRtc();
    const first = await startBrowser(relay, rtc.host());
    const server = await startNode();
    const { node } = await startBrowser(relay, rtc.host(), { seeds: [first.address, server.addresses[0] as string] });
    await nextEvent(node.events, 'joined', ({ kind }) => kind === 'petrel');
    if (server.peers().length === 0) await nextEvent(server.events, 'joined');
    expect(node.addresses).toEqual([]);
    expect(first.node.addresses).toEqual([]);
    // Somebody who asks the server for contacts is told of nobody: neither has an address that is for the network.
    const asker = await startNode({ listen: [], services: 0, requiredServices: 0, seeds: [server.addresses[0] as string] });
    let contacts = 0;
    asker.events.on('contacts', ({ size }) => (contacts = size));
    await nextEvent(asker.events, 'joined');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(contacts).toBeLessThanOrEqual(1);
  });

  it('a budget that is used up, and a page that does not answer, are coded ends of a dial', async () => {
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

  it('a caller who is not there any more is the end of a dial', async () => {
    const { relay } = await startRelay();
    const rtc = new MemoryRtc();
    const gone = await startBrowser(relay, rtc.host());
    await gone.node.stop();
    const caller = await startNode({ listen: [], services: 0, seeds: [gone.address], rtc: rtc.host() });
    expect((await nextEvent(caller.events, 'down')).code).toBe('dial-failed');
  });
});
