import type { Connection } from '@libp2p/interface';
import { publicKeyToProtobuf } from '@libp2p/crypto/keys';
import { multiaddr } from '@multiformats/multiaddr';
import { expect, vi } from 'vitest';
import { DISCOVERY_PROTOCOL } from '../../src/chains/albatross/net/discovery.ts';
import { GENESIS } from '../support/node-fixture.ts';
import type { RawPeer } from '../support/raw-peer-fixture.ts';
import { LENGTH_SIZE, REQRES_PROTOCOL } from '../../src/chains/albatross/net/reqres-frame.ts';
import { parseBrowserAddress } from '../../src/network/browser-addresses.ts';
import { encodePeersMessage, PETREL_PEERS_PROTOCOL } from '../../src/network/petrel/peers-message.ts';
import { PING_PROTOCOL } from '../../src/network/ping.ts';
import type { Attacker } from './attack-world.ts';
import { long, nextTurn, runAttacks, whileOpen, type Attack } from './run-attacks.ts';
import { joined, openingBytes, sendRaw } from './yamux-frames.ts';

vi.mock('../../src/network/libp2p-node.ts', async (original) => (await import('./client-nodes.ts')).notingNodes(original as never));

const id = (n: number) => 100_000 + 2 * n;

/** The first bytes of a message, for each protocol that a client answers and for the protocol negotiation. */
const halves: readonly (readonly [protocol: string | undefined, begun: Uint8Array])[] = [
  [REQRES_PROTOCOL, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 100, 1)],
  [PING_PROTOCOL, Uint8Array.of(1)],
  ['/meshsub/1.1.0', Uint8Array.of(0xc0, 0x84, 0x3d, 1)],
  ['/ipfs/id/1.0.0', new Uint8Array()],
  [undefined, Uint8Array.of(19, 47)],
];

const IDENTIFY = '/ipfs/id/1.0.0';
const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
const field = (number: number, bytes: Uint8Array): Uint8Array => Uint8Array.of((number << 3) | 2, ...varint(bytes.length), ...bytes);

/** The content of ten identify messages: protocols that no peer speaks, and addresses of many peers. */
function identifyMessages(raw: RawPeer): Uint8Array {
  const messages = Array.from({ length: 10 }, (_, part) => {
    const fields = part === 0 ? [field(1, publicKeyToProtobuf(raw.key.publicKey))] : [];
    let size = 0;
    for (let n = 0; size < 7900; n++) {
      const next = n % 2 === 0 ? field(2, multiaddr(`/ip4/203.0.113.${n % 256}/tcp/${1 + part * 1000 + n}/ws`).bytes) : field(3, Buffer.from(`/x/${part}/${n}`));
      size += next.length;
      fields.push(next);
    }
    const body = joined(fields);
    return joined([Uint8Array.from(varint(body.length)), body]);
  });
  return joined(messages);
}

const heard = { genesisHash: GENESIS, services: 0, own: [], others: [] };
const browser = (relay: string, n: number) => parseBrowserAddress(`${relay}/tcp/${1000 + n}/ws/p2p/12D3KooWAzabxK2xhwGQuTUYjbcFT9SZcNvPS1cvj7bPMe2Rh9qF/p2p-circuit/webrtc/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN`)!;
const forged = [
  // A length above every limit.
  Uint8Array.of(0x7f, 0xff, 0xff, 0xff),
  encodePeersMessage({ ...heard, own: [browser('/ip4/198.51.100.1', 0)] }),
  joined([encodePeersMessage(heard).fill(255, 0, 4)]),
  encodePeersMessage({ ...heard, genesisHash: '00'.repeat(32) }),
  // As many entries as allowed, close to the client's own id; the client must not dial other peers because of them.
  encodePeersMessage({ ...heard, others: Array.from({ length: 32 }, (_, n) => browser(n % 2 === 0 ? '/ip4/127.0.0.1' : '/ip4/192.168.0.1', n)) }),
];

/** Acts on the open connection, and then on each one that the client opens next, until there were `size`. */
async function eachConnection({ connections, open }: Attacker, size: number, act: (connection: Connection) => void): Promise<number> {
  const first = connections.length - (open ? 1 : 0);
  for (let index = first; index < first + size; index++) {
    while (connections.length <= index) await nextTurn();
    act(connections[index]!);
    while (connections[index]!.status === 'open') await nextTurn();
  }
  return size;
}

/** Number of requests that the client began to read. */
const dripped = { count: 0 };

const attacks: readonly Attack[] = [
  {
    name: 'half a message on every protocol, and nothing more',
    size: { short: 40, long: 160 },
    act: async ([attacker], size, world) => {
      const done = await whileOpen(attacker!, size, (from, count) => sendRaw(attacker!.open!, joined(Array.from({ length: count }, (_, i) => openingBytes(id(from + i), ...halves[(from + i) % halves.length]!)))), 20);
      // Streams with a time limit end after that limit. Pings and gossip have none; up to four of each may stay.
      const held = (): boolean => world.connectionsTo([attacker!]).some(({ streams }) => streams.length > 24);
      if (long) while (held()) await nextTurn();
      return done;
    },
  },
  {
    name: 'answers that come byte by byte',
    size: { short: 1, long: 6 },
    prepare: async ({ libp2p }) => {
      await libp2p.unhandle(REQRES_PROTOCOL);
      await libp2p.handle(REQRES_PROTOCOL, (stream) => {
        dripped.count++;
        const frame = new Uint8Array(LENGTH_SIZE + 1000);
        new DataView(frame.buffer).setBigUint64(0, 1000n);
        let at = 0;
        const timer = setInterval(() => {
          if (stream.status === 'open' && at < frame.length) stream.send(frame.subarray(at, ++at));
          else clearInterval(timer);
        }, 500);
      }, { maxInboundStreams: 1000 });
    },
    act: async (_, size) => {
      while (dripped.count < size) await nextTurn();
      return dripped.count;
    },
  },
  {
    name: 'no word after the connection stands',
    size: { short: 1, long: 4 },
    silent: true,
    act: ([attacker], size) => eachConnection(attacker!, size, () => undefined),
    ends: ['discovery-timeout'],
  },
  {
    name: 'joined, and gone at once, again and again',
    size: { short: 2, long: 6 },
    act: ([attacker], size) => eachConnection(attacker!, size, (connection) => connection.abort(new Error('gone'))),
  },
  {
    name: 'what identify may say at most, and asked for it without end',
    size: { short: 200, long: 1500 },
    prepare: async (raw) => {
      await raw.libp2p.unhandle(IDENTIFY);
      await raw.libp2p.handle(IDENTIFY, async (stream) => {
        stream.send(identifyMessages(raw));
        await stream.close();
      });
    },
    act: ([attacker], size) => whileOpen(attacker!, size, (from, count) => sendRaw(attacker!.open!, joined(Array.from({ length: count }, (_, i) => openingBytes(id(from + i), IDENTIFY)))), 10),
    verdict: async (_, world) => {
      const known = await world.libp2p.peerStore.all();
      expect(Math.max(...known.map(({ addresses, protocols }) => addresses.length + protocols.length))).toBeLessThanOrEqual(80);
    },
  },
  {
    name: 'streams of the handshake once it is done',
    size: { short: 2, long: 2 },
    act: ([attacker], size) => whileOpen(attacker!, size, (from) => sendRaw(attacker!.open!, openingBytes(id(from), DISCOVERY_PROTOCOL)), 1),
    ends: ['duplicate-discovery-stream'],
  },
  {
    name: 'forged messages of `/petrel/peers/1`, one of each',
    size: { short: forged.length, long: forged.length },
    attackers: forged.length,
    act: async (attackers) => {
      const hit = attackers.map(({ open }) => open!);
      for (const [index, message] of forged.entries()) sendRaw(hit[index]!, openingBytes(id(0), PETREL_PEERS_PROTOCOL, message));
      while (hit.slice(0, -1).some(({ status }) => status === 'open')) await nextTurn();
      return hit.length;
    },
    ends: ['foreign-address', 'malformed-petrel-peers', 'wrong-genesis'],
    verdict: (_, { it }) => {
      expect(it.client.getPeers().filter(({ address }) => address.includes('p2p-circuit'))).toEqual([]);
    },
  },
];

runAttacks('the protocols', attacks);
