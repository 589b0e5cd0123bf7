import { vi } from 'vitest';
import { REQRES_PROTOCOL } from '../../src/chains/albatross/net/reqres-frame.ts';
import { DISCOVERY_PROTOCOL } from '../../src/chains/albatross/net/discovery.ts';
import { PETREL_PEERS_PROTOCOL } from '../../src/network/petrel/peers-message.ts';
import { PING_PROTOCOL } from '../../src/network/ping.ts';
import { nextTurn, runAttacks, whileOpen, type Attack } from './run-attacks.ts';
import { encodeFrame, FLAG, FRAME, joined, openingBytes, protocolLines, sendRaw } from './yamux-frames.ts';

vi.mock('../../src/network/libp2p-node.ts', async (original) => (await import('./client-nodes.ts')).notingNodes(original as never));

/** On a connection that the client dialled, the attacker's stream ids are even; its own libp2p node uses the lowest ones. */
const id = (n: number) => 100_000 + 2 * n;
const opening = (n: number) => encodeFrame({ type: FRAME.windowUpdate, flag: FLAG.syn, stream: id(n) });
const many = (from: number, count: number, frame: (n: number) => Uint8Array) => joined(Array.from({ length: count }, (_, i) => frame(from + i)));

/** Every protocol that a client answers, one that it does not answer, and none. */
const protocols = [REQRES_PROTOCOL, PING_PROTOCOL, '/meshsub/1.1.0', '/ipfs/id/1.0.0', PETREL_PEERS_PROTOCOL, '/nimiq/none/0.0.1', undefined];

/** One frame for each rule of yamux, which breaks it. */
const breaches = [
  encodeFrame({ type: FRAME.ping, flag: FLAG.syn, version: 1 }),
  encodeFrame({ type: 9, stream: 2 }),
  encodeFrame({ type: FRAME.windowUpdate, flag: FLAG.syn, stream: 100_001 }),
  encodeFrame({ type: FRAME.data, stream: 0, body: new Uint8Array(4) }),
  encodeFrame({ type: FRAME.ping, flag: FLAG.ack, length: 77 }),
  encodeFrame({ type: FRAME.goAway, length: 0 }),
  encodeFrame({ type: FRAME.goAway, length: 2 }),
  joined([opening(0), encodeFrame({ type: FRAME.data, stream: id(0), body: new Uint8Array(262_145) })]),
];

const attacks: readonly Attack[] = [
  {
    name: 'a frame of 4 GiB, one megabyte after the other',
    size: { short: 32, long: 500 },
    act: async ([attacker], size) => {
      sendRaw(attacker!.open!, encodeFrame({ type: FRAME.data, flag: FLAG.syn, stream: id(0), length: 0xffff_ffff }));
      return whileOpen(attacker!, size, () => sendRaw(attacker!.open!, new Uint8Array(1_000_000)), 1);
    },
    ends: ['frame-too-long'],
  },
  {
    name: 'streams without end that agree on nothing',
    // Limits count in fixed windows, and the attack may fall into several of them.
    size: { short: 10_000, long: 10_000 },
    act: ([attacker], size) => whileOpen(attacker!, size, (from, count) => sendRaw(attacker!.open!, many(from, count, opening))),
    ends: ['too-many-streams'],
  },
  {
    name: 'streams of every protocol, and of none',
    size: { short: 700, long: 10_000 },
    act: ([attacker], size) => whileOpen(attacker!, size, (from, count) => sendRaw(attacker!.open!, many(from, count, (n) => openingBytes(id(n), protocols[n % protocols.length]))), 70),
  },
  {
    name: 'streams of the handshake',
    size: { short: 20, long: 20 },
    act: ([attacker], size) => whileOpen(attacker!, size, (from, count) => sendRaw(attacker!.open!, many(from, count, (n) => openingBytes(id(n), DISCOVERY_PROTOCOL))), 2),
    ends: ['duplicate-discovery-stream'],
  },
  {
    name: 'streams that are reset at once',
    size: { short: 10_000, long: 100_000 },
    act: ([attacker], size) => whileOpen(attacker!, size, (from, count) => sendRaw(attacker!.open!, many(from, count, (n) => joined([opening(n), encodeFrame({ type: FRAME.windowUpdate, flag: FLAG.rst, stream: id(n) })])))),
    ends: ['too-many-streams'],
  },
  {
    name: 'pings of the muxer, with no answer taken off',
    size: { short: 20_000, long: 1_000_000 },
    act: ([attacker], size) => {
      attacker!.sockets.at(-1)!.pause();
      return whileOpen(attacker!, size, (from, count) => sendRaw(attacker!.open!, many(from, count, (n) => encodeFrame({ type: FRAME.ping, flag: FLAG.syn, length: n }))), 5000);
    },
    ends: ['too-many-pings'],
  },
  {
    name: 'windows of 4 GiB on open streams',
    size: { short: 5000, long: 200_000 },
    act: ([attacker], size) => {
      sendRaw(attacker!.open!, many(0, 50, (n) => openingBytes(id(n), REQRES_PROTOCOL)));
      return whileOpen(attacker!, size, (from, count) => sendRaw(attacker!.open!, many(from, count, (n) => encodeFrame({ type: FRAME.windowUpdate, stream: id(n % 50), length: 0xffff_ffff }))));
    },
  },
  {
    name: 'requests whose answers are not taken off',
    size: { short: 1000, long: 20_000 },
    act: ([attacker], size) => {
      attacker!.sockets.at(-1)!.pause();
      // A request for the head, with a varying request number. The client answers each, at least with an error.
      const question = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 3, 0xd5, 0x01, 0);
      return whileOpen(attacker!, size, (from, count) => sendRaw(attacker!.open!, many(from, count, (n) => openingBytes(id(n), REQRES_PROTOCOL, question))), 100);
    },
  },
  {
    name: 'a gossip message that comes byte by byte',
    size: { short: 6000, long: 1_000_000 },
    act: ([attacker], size) => {
      sendRaw(attacker!.open!, openingBytes(id(0), '/meshsub/1.1.0', Uint8Array.of(0xc0, 0x84, 0x3d)));
      return whileOpen(attacker!, size, (from, count) => sendRaw(attacker!.open!, many(from, count, () => encodeFrame({ type: FRAME.data, stream: id(0), body: Uint8Array.of(1) }))));
    },
    ends: ['tiny-frames'],
  },
  {
    name: 'protocols that nobody speaks, one after the other on one stream',
    size: { short: 60, long: 1000 },
    act: ([attacker], size) => {
      const asking = protocolLines('/nimiq/none/0.0.1', 2500);
      sendRaw(attacker!.open!, openingBytes(id(0), '/nimiq/none/0.0.1'));
      return whileOpen(attacker!, size, () => sendRaw(attacker!.open!, encodeFrame({ type: FRAME.data, stream: id(0), body: asking })), 1);
    },
  },
  {
    name: 'what yamux does not allow, one of each',
    size: { short: breaches.length, long: breaches.length },
    attackers: breaches.length,
    act: async (attackers) => {
      const hit = attackers.map(({ open }) => open!);
      for (const [index, breach] of breaches.entries()) sendRaw(hit[index]!, breach);
      while (hit.some(({ status }) => status === 'open')) await nextTurn();
      return hit.length;
    },
  },
];

runAttacks('the muxer', attacks);
