import { afterEach, beforeAll, expect, it } from 'vitest';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import { socketText, subnetOf } from '../../src/network/addresses.ts';
import { loadPublicSuffixes } from '../../src/network/registrable-domain.ts';
import { FakeChain } from '../support/fake-chain.ts';
import { FakePeer } from '../support/fake-net.ts';
import { SyncWorld } from '../support/sync-world.ts';

beforeAll(loadPublicSuffixes);

let world: SyncWorld;
afterEach(async () => {
  await world.end();
});

/** Makes one peer at each address. */
const at = (chain: FakeChain, name: string, addresses: readonly string[]) => addresses.map((address, index) => new FakePeer(`${name}${index}`, chain, { subnet: subnetOf(socketText(address), `${name}${index}`) }));
const names = (count: number) => Array.from({ length: count }, (_, index) => `/dns4/h${index}.test/tcp/443/wss`);
/** Makes the peers serve only the newest of their election blocks, because no honest validator signed the others. */
const hiding = (peers: readonly FakePeer[]) => {
  for (const { twists } of peers) twists['macro-chain'] = () => ({ ok: true, value: { epochs: [], checkpoint: undefined } });
  return peers;
};

it.each([
  ['one name', ['/dns4/evil.example/tcp/443/wss'], 1000, names(5), 600],
  ['one name of three nodes', ['443', '444', '445'].map((port) => `/dns4/evil.example/tcp/${port}/wss`), 1000, names(6), 600],
  ['one address', ['/ip4/1.2.3.4/tcp/80/ws'], 1000, names(5), 600],
  ['two addresses', ['/ip4/1.2.3.4/tcp/80/ws', '/ip4/1.2.4.4/tcp/80/ws'], 1000, ['/ip4/5.2.3.4/tcp/80/ws', '/ip4/5.2.3.5/tcp/80/ws', '/ip4/5.6.4.4/tcp/80/ws'], 600],
  ['one address, epochs behind', ['/ip4/1.2.3.4/tcp/80/ws'], 400, names(5), 1000],
] as const)('issue 11.1: a forged election block epochs away from the true one is not adopted: %s', async (_, liars, forged, honest, height) => {
  world = await new SyncWorld({ prove: true }).start();
  const chain = new FakeChain().growTo(height);
  world.net.join(...at(chain, 'h', honest), ...hiding(at(new FakeChain(9).growTo(forged), 'liar', liars)));
  await world.established();
  expect(world.notices).toEqual(['witnesses-disagree']);
  expect(world.sync.anchor.kind).toBe('genesis');
  expect(world.chain.head.hash).toBe(chain.head.hash);
});

it('issue 11.1: the client does not trust a lone peer with a height that time does not allow, and does not blame the peer', async () => {
  // The test begins 100 000 s after genesis. With one block per hour, that is time for 27 blocks.
  const high = new FakeChain().growTo(456);
  world = await new SyncWorld({ network: { ...unitAlbatross, blockSeparationTime: 3_600_000 } }).start();
  world.net.join(...world.peers(1, high));
  await world.clock.advance(10_000);
  expect(world.notices).toEqual(['witnesses-disagree']);
  expect(world.sync.anchor.kind).toBe('genesis');
  expect(world.net.lies).toEqual([]);
  expect(world.chain.head.hash).toBe(high.head.hash);
});

it.each([
  ['its IPv4 address, its IPv6 address and its name', ['/ip4/198.51.100.7/tcp/8443/ws', '/ip6/2a01:4f8:1:2::7/tcp/8443/ws', '/dns4/evil.example/tcp/443/wss'], 'few-witnesses'],
  ['networks of a tunnel broker', ['aaaa', 'bbbb', 'cccc'].map((net) => `/ip6/2001:470:${net}::1/tcp/8443/ws`), 'witnesses-only-names'],
  ['networks of several tunnel brokers', ['2001:470', '2a01:4f8', '2a00:1098'].map((net) => `/ip6/${net}::1/tcp/8443/ws`), 'witnesses-only-names'],
  ['gateways to its IPv4 address', ['2a00:1098:2c::c633:6407', '2a01:4f8:c2c:123f:64:5:c633:6407', '2a00:1098:2b::1:c633:6407'].map((ip) => `/ip6/${ip}/tcp/8443/ws`), 'witnesses-only-names'],
] as const)('issue 11.1: one machine does not count as three witnesses by %s', async (_, addresses, notice) => {
  world = await new SyncWorld({}).start();
  world.net.join(...at(new FakeChain(9).growTo(600), 'liar', addresses));
  await world.clock.advance(6000);
  expect(world.sync.anchor).toMatchObject({ kind: 'witnesses', fewWitnesses: true });
  expect(world.notices).toEqual([notice]);
});
