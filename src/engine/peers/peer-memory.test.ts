import { expect, it } from 'vitest';
import type { RememberedPeer } from './remembered-peers.ts';
import { SettlingClock } from '../../../test/support/settling-clock.ts';
import { PeerMemory } from './peer-memory.ts';
import type { NodePeer } from './peer-net.ts';

function setUp() {
  const clock = new SettlingClock();
  const joined: NodePeer[] = [];
  const live = new Set<string>();
  const saved: (readonly RememberedPeer[])[] = [];
  const memory = new PeerMemory({ clock, joined: () => joined, live: () => [...live], save: (peers) => saved.push(peers) });
  const join = (id: string, fields: Partial<NodePeer> = {}) =>
    joined.push({ id, services: 25, subnet: `net of ${id}`, address: `/dns4/${id}.example/tcp/443/wss`, transport: 'wss', kind: 'node', direction: 'outbound', joinedAt: 0, signedAt: 0, latency: undefined, received: 0, ...fields });
  return { clock, joined, live, saved, memory, join };
}

it('remembers peers that gave verified blocks, and peers that were live at two checks in a row', async () => {
  const { clock, live, saved, memory, join } = setUp();
  for (const id of ['useful', 'steady', 'brief', 'other']) join(id);
  memory.start();
  memory.served('useful');
  live.add('steady').add('brief');
  await clock.advance(60_000);
  expect(memory.peers.map(({ peer }) => peer)).toEqual(['useful']);
  live.delete('brief');
  await clock.advance(60_000);
  expect(memory.peers.map(({ peer }) => peer)).toEqual(['steady', 'useful']);
  expect(saved.at(-1)).toEqual(memory.peers);
  expect(memory.peers[0]).toEqual({ address: '/dns4/steady.example/tcp/443/wss', peer: 'steady', network: 'net of steady', at: clock.now() });
  memory.stop();
  expect(clock.nextIn).toBeUndefined();
});

it('remembers no browsers, no Petrel clients, no peers that dialled the client, and no peers that have left', () => {
  const { saved, memory, join } = setUp();
  join('browser', { transport: 'webrtc', kind: 'petrel' });
  join('petrel', { kind: 'petrel' });
  join('caller', { direction: 'inbound' });
  for (const id of ['browser', 'petrel', 'caller', 'gone']) memory.served(id);
  expect(memory.peers).toEqual([]);
  expect(saved).toEqual([]);
});

it('stores a peer again every ten minutes, however much it gives', async () => {
  const { clock, saved, memory, join } = setUp();
  join('a');
  for (let n = 0; n < 100; n++) memory.served('a');
  expect(saved).toHaveLength(1);
  await clock.advance(600_000);
  memory.served('a');
  expect(saved).toHaveLength(2);
  expect(memory.peers).toEqual([expect.objectContaining({ peer: 'a', at: clock.now() })]);
});

it('drops liars, and all peers after a wipe', () => {
  const { saved, memory, join } = setUp();
  for (const id of ['a', 'b']) {
    join(id);
    memory.served(id);
  }
  memory.drop('a');
  memory.drop('stranger');
  expect(saved).toHaveLength(3);
  expect(saved.at(-1)?.map(({ peer }) => peer)).toEqual(['b']);
  memory.clear();
  expect(memory.peers).toEqual([]);
});

it('peers of one network do not take each other’s place with every block', async () => {
  const { clock, saved, memory, join } = setUp();
  for (const id of ['a', 'b', 'c', 'd']) join(id, { subnet: 'one' });
  for (let i = 0; i < 100; i++) for (const id of ['a', 'b', 'c', 'd']) memory.served(id);
  expect([saved.length, memory.peers.length]).toEqual([4, 2]);
  await clock.advance(600_000);
  for (let i = 0; i < 100; i++) for (const id of ['a', 'b', 'c', 'd']) memory.served(id);
  expect([saved.length, memory.peers.length]).toEqual([8, 2]);
});
