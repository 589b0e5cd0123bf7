import '../../../network/node-web-socket.ts';
import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, describe, expect, it } from 'vitest';
import { countSockets } from '../../../../test/support/counted-sockets.ts';
import { Lines } from '../../../../test/support/lines.ts';
import type { Clock } from '../../../base/clock.ts';
import { ping } from '../../../network/ping.ts';
import { PetrelPeers } from '../../../network/petrel/petrel-peers.ts';
import { systemClock, systemRandom } from '../../../base/system.ts';
import { addressOf, fastTimers, GENESIS, joined, nextEvent, startNode, stopAll, subscribed } from '../../../../test/support/node-fixture.ts';
import { startRawPeer, stopRawPeers } from '../../../../test/support/raw-peer-fixture.ts';
import { RequestClient } from './request-client.ts';

const lines = new Lines();
const { open } = countSockets();

afterEach(async () => {
  await stopAll();
  await stopRawPeers();
  lines.close();
});

/** Counts the timers that have neither run nor been cancelled. */
function countingClock(clock: Clock = systemClock): Clock & { readonly waiting: () => number } {
  const timers = new Set<object>();
  return {
    ...clock,
    waiting: () => timers.size,
    after: (ms, callback) => {
      const timer = {};
      timers.add(timer);
      const cancel = clock.after(ms, () => {
        timers.delete(timer);
        callback();
      });
      return () => {
        timers.delete(timer);
        cancel();
      };
    },
  };
}

const codeOf = (work: Promise<unknown>) => work.then(() => 'done', (error: { code?: string }) => error.code);

describe('issue 11.9: everything that is given up is closed', () => {
  it('a live link that goes silent: its socket, its requests, and all timers', async () => {
    const server = await startNode();
    server.handle('head', async () => 'stall');
    const line = await lines.to(addressOf(server));
    const clock = countingClock();
    const client = await startNode({ clock, listen: [], services: 0, seeds: [line.address] });
    await joined(client, server);
    const asked = [1, 2, 3].map(() => codeOf(client.request(server.peerId, 'head', {})));
    await nextEvent(server.events, 'request');
    line.freeze();
    expect(open()).toBe(1);
    const left = nextEvent(client.events, 'left');
    expect(await client.checkLinks(100)).toBe(1);
    expect((await left).reason).toBe('no-ping');
    expect(await Promise.all(asked)).toEqual(['disconnected', 'disconnected', 'disconnected']);
    await client.stop();
    expect(open()).toBe(0);
    expect(clock.waiting()).toBe(0);
  });

  it('a connection on which discovery gets no answer', async () => {
    const raw = await startRawPeer(['/ip4/127.0.0.1/tcp/0/ws']);
    const clock = countingClock(fastTimers(20));
    const client = await startNode({ clock, listen: [], services: 0, seeds: [raw.libp2p.getMultiaddrs()[0]!.toString()] });
    expect((await nextEvent(client.events, 'down')).code).toBe('discovery-timeout');
    expect(open()).toBe(0);
    await client.stop();
    expect(clock.waiting()).toBe(0);
  });

  it.each(['dialling', 'connected', 'joined'] as const)('everything, when the node stops while it is %s', async (state) => {
    const server = await startNode();
    const line = await lines.to(addressOf(server));
    const clock = countingClock();
    if (state === 'dialling') line.freeze();
    const client = await startNode({ clock, listen: [], services: 0, seeds: [line.address], topics: ['t'] });
    if (state === 'connected') await nextEvent(client.events, 'connection-open');
    if (state === 'joined') await joined(client, server);
    await client.stop();
    expect(open()).toBe(0);
    expect(clock.waiting()).toBe(0);
  });

  it('streams of requests, pings and exchanges that are not answered in time', async () => {
    const server = await startNode();
    server.handle('head', async () => 'stall');
    const line = await lines.to(addressOf(server));
    const raw = await startRawPeer();
    raw.libp2p.services.pubsub.subscribe('t');
    const connection = await raw.libp2p.dial(multiaddr(line.address));
    const streams = () => connection.streams.filter(({ protocol, direction }) => direction === 'outbound' && (protocol === '' || /reqres|ping|petrel/.test(protocol))).length;
    const until = async (count: number) => {
      while (streams() !== count) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    // Protocols that libp2p starts by itself are already negotiated.
    await subscribed(server, { peerId: raw.id } as typeof server, 't');
    await until(0);
    const client = new RequestClient(systemClock);
    const ask = (timeout: number) => client.request(server.peerId, () => connection, 'head', {}, { timeout });
    const request = nextEvent(server.events, 'request');
    const asked = codeOf(ask(3000));
    await request;
    expect(streams()).toBe(1);
    expect(await asked).toBe('timeout');
    expect(streams()).toBe(0);

    line.freeze();
    const controller = new AbortController();
    const given = [codeOf(ask(200)), codeOf(ping(connection, controller.signal))];
    const peers = new PetrelPeers({
      clock: fastTimers(100), random: systemRandom, genesisHash: GENESIS, ownId: raw.id, services: () => 0, own: () => [], reachable: () => true, said: () => undefined, browsers: () => undefined, failed: () => undefined,
    });
    const events = new EventTarget();
    await peers.attach({ handle: async () => undefined, addEventListener: events.addEventListener.bind(events) } as never);
    events.dispatchEvent(new CustomEvent('peer:identify', { detail: { connection, protocols: ['/petrel/peers/1'] } }));
    expect(streams()).toBe(3);
    controller.abort(Object.assign(new Error('given up'), { code: 'given up' }));
    expect(await Promise.all(given)).toEqual(['timeout', 'given up']);
    await until(0);
    peers.stop();
    expect(connection.status).toBe('open');
  });
});
