import { afterEach, describe, expect, it } from 'vitest';
import { nextEvent, startNode, stopAll } from '../test/support/node-fixture.ts';
import { MemoryRtc } from '../src/network/webrtc/memory-rtc.ts';
import { createDevnet, type Devnet } from './devnet.ts';

let devnet: Devnet | undefined;
afterEach(async () => {
  await stopAll();
  await devnet?.close();
});

describe('the relay of a devnet', () => {
  it('runs without any peer, and reports requests with their sender', async () => {
    devnet = await createDevnet({ peers: 0, port: 0, relay: 0, blockTime: 0, seed: 'relay' });
    expect(devnet.eventsOf('started')[0]).toMatchObject({ peers: [], relay: devnet.relay });
    expect(devnet.info()).toMatchObject({ peers: [], relay: { running: true, address: expect.stringMatching(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/ws\/p2p\/12D3/) } });
    expect(await devnet.produce(2)).toHaveLength(2);
    const rtc = new MemoryRtc();
    const relays = [devnet.relay!.address];
    const node = await startNode({ listen: [], services: 0, relays, rtc: rtc.host() });
    if (node.browserAddresses.length === 0) await nextEvent(node.events, 'browser-addresses');
    await devnet.waitFor('relay-reservation', ({ remote }) => remote === node.peerId);
    const caller = await startNode({ listen: [], services: 0, relays, rtc: rtc.host(), seeds: node.browserAddresses });
    await nextEvent(caller.events, 'joined');
    await devnet.waitFor('relay-connection', ({ from, to }) => from === caller.peerId && to === node.peerId);
  });

  it('keeps its identity and address after a stop and a new start', async () => {
    devnet = await createDevnet({ peers: 1, port: 0, relay: 0, blockTime: 0, seed: 'relay again' });
    const { address, id } = devnet.relay!;
    await devnet.stopRelay();
    expect(devnet.relay).toMatchObject({ address, running: false });
    await devnet.startRelay();
    expect(devnet.relay).toMatchObject({ address, running: true });
    expect(devnet.eventsOf('relay-stopped').concat(devnet.eventsOf('relay-started') as never)).toEqual([{ event: 'relay-stopped', id }, { event: 'relay-started', id }]);
  });

  it('does not run unless it is requested', async () => {
    devnet = await createDevnet({ peers: 1, port: 0, blockTime: 0, seed: 'no relay' });
    expect(devnet.relay).toBeUndefined();
    expect(devnet.eventsOf('started')[0]).not.toHaveProperty('relay');
    await expect(devnet.stopRelay()).rejects.toMatchObject({ code: 'unknown-peer' });
  });
});
