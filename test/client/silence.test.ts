import { afterEach, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import type { Phase } from '../../src/bridge/contract.ts';
import type { ChainClient } from '../../src/engine/driver.ts';
import { systemClock } from '../../src/base/system.ts';
import { type NodeClient, type NodeClientOptions, startNodeClient } from '../support/node-client.ts';

const HOUR = 3_600_000;

/** Clients and networks that each test opened; closed after it, last opened first. */
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).toReversed()) await item.close();
});

async function devnetOf(seed: string): Promise<Devnet> {
  const devnet = await createDevnet({ port: 0, blockTime: 0, seed, peers: 4 });
  open.push(devnet);
  await devnet.produce(5);
  return devnet;
}

async function clientOf(options: NodeClientOptions): Promise<NodeClient> {
  const client = await startNodeClient(options);
  open.push(client);
  return client;
}

/** A device clock that a test can set. */
function deviceClock(wrong: number) {
  const device = { wrong };
  return { device, clock: { ...systemClock, now: () => systemClock.now() + device.wrong } };
}

const reason = (client: ChainClient): string | undefined => client.getStatus().reason?.code;
const liveAt = (devnet: Devnet) => (client: ChainClient): boolean => client.getStatus().phase === 'established' && client.getHead().latest.hash === devnet.chain.head.hash;

/** No peer is banned or put aside, now or earlier. */
function expectNoBlame({ client, log }: NodeClient): void {
  expect(client.getPeers().filter(({ state }) => state === 'banned' || state === 'aside')).toEqual([]);
  expect(log.filter(({ code }) => code === 'peer-banned' || code === 'peer-aside')).toEqual([]);
}

it.each([
  ['behind', -2 * HOUR],
  ['ahead', 2 * HOUR],
] as const)('a clock two hours %s is reported, no peer is blamed, and the client goes on when the clock is right', async (kind, wrong) => {
  const devnet = await devnetOf(`clock ${kind}`);
  const { device, clock } = deviceClock(wrong);
  const ours = await clientOf({ network: devnet.network, clock });
  await ours.until('the clock is named', (client) => reason(client) === `clock-${kind}`);
  const { phase, reason: named } = ours.client.getStatus();
  expect(phase).toBe('waiting');
  // The client knows the time from contacts, to about two minutes.
  expect(Math.abs(Number(named?.data['seconds']) - 7200)).toBeLessThan(200);
  expectNoBlame(ours);
  device.wrong = 0;
  await devnet.produce(1);
  await ours.until('live', liveAt(devnet));
  expectNoBlame(ours);
});

it('a clock that is set back while live is reported, and the report ends when the clock is right again', async () => {
  const devnet = await devnetOf('clock jump');
  const { device, clock } = deviceClock(0);
  const ours = await clientOf({ network: devnet.network, clock });
  await ours.until('live', liveAt(devnet));
  device.wrong = -2 * HOUR;
  await ours.until('the clock is named', (client) => reason(client) === 'clock-behind');
  await devnet.produce(2);
  expect(ours.client.getStatus().phase).toBe('waiting');
  device.wrong = 0;
  await devnet.produce(1);
  await ours.until('live again', liveAt(devnet));
  expectNoBlame(ours);
});

it('a head that is too old is stale from the first moment, and never live', async () => {
  const devnet = await devnetOf('old head');
  // Less than the error at which the client calls a clock wrong.
  const { clock } = deviceClock(50_000);
  const ours = await clientOf({ network: devnet.network, clock, settings: { staleBlocks: 40 } });
  const phases: Phase[] = [];
  ours.client.events.on('status', ({ phase }) => phases.push(phase));
  await ours.until('consensus', (client) => client.getStatus().consensus === 'established');
  expect(ours.client.getStatus()).toMatchObject({ phase: 'stale', reason: { code: 'head-stale' } });
  expect(phases).not.toContain('established');
});

it.each([
  ['/ip4/192.0.2.1/udp/8443/quic-v1', 'seeds-no-websocket'],
  ['/ip4/192.0.2.1/tcp/8443/ws', 'seeds-insecure'],
  ['/ip4/192.0.2.1/tcp/8443/wss', 'seeds-need-name'],
  ['/ip4/127.0.0.1/tcp/9/ws', 'no-peers'],
])('seeds that no dial reaches are reported: %s', async (seed, code) => {
  const ours = await clientOf({ network: unitAlbatross, settings: { seeds: [seed] } });
  await ours.until('the cause', (client) => reason(client) === code);
  expect(ours.client.getHead().known).toBe(false);
});

it('a network without seeds is not called offline', async () => {
  const ours = await clientOf({ network: { ...unitAlbatross, seeds: [] } });
  await ours.until('the cause', (client) => reason(client) === 'no-seeds');
  expect(ours.client.getHead().known).toBe(false);
});
