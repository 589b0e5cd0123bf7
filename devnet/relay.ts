import '../src/network/node-web-socket.ts';
import { noise } from '@libp2p/noise';
import { yamux } from '@libp2p/yamux';
import { circuitRelayServer } from '@libp2p/circuit-relay-v2';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { identify } from '@libp2p/identify';
import type { Libp2p } from '@libp2p/interface';
import { createLibp2p } from 'libp2p';
import { PetrelPeers } from '../src/network/petrel/petrel-peers.ts';
import { PING_PROTOCOL } from '../src/network/ping.ts';
import { answerPings } from '../src/network/ping-responder.ts';
import { systemClock, systemRandom } from '../src/base/system.ts';
import { webSocketTransport } from '../src/network/web-socket-transport.ts';
import type { DevnetEvent, RelayInfo } from './events.ts';
import { seededRandom } from './seeded-random.ts';

/** Number of reservations. libp2p's default of 15 is meant for a node whose main task is not relaying. */
const MAX_RESERVATIONS = 512;

export interface DevRelayOptions {
  readonly genesisHash: string;
  /** Seed of the devnet. The identity follows from it. */
  readonly seed: string;
  /** With 0 the relay takes a free port, and keeps it for later starts. */
  readonly port: number;
  readonly emit: (event: DevnetEvent) => void;
}

/**
 * A pure relay: circuit relay v2 over a WebSocket, with libp2p's own limits on each relayed connection. It speaks no protocol of
 * the network. With `/petrel/peers/1` it tells each browser that has a reservation about the others. After a stop and a new start
 * it has the same identity and address, but no reservations.
 */
export class DevRelay {
  readonly #options: DevRelayOptions;
  #node: Libp2p | undefined;
  #petrel: PetrelPeers | undefined;
  #port: number;
  #id = '';

  constructor(options: DevRelayOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  get info(): RelayInfo {
    return { id: this.#id, port: this.#port, address: `/ip4/127.0.0.1/tcp/${this.#port}/ws/p2p/${this.#id}`, running: this.#node !== undefined };
  }

  async start(): Promise<void> {
    if (this.#node) return;
    const { genesisHash, seed, emit } = this.#options;
    const key = await generateKeyPairFromSeed('Ed25519', seededRandom(seed, 'relay').bytes(32));
    const node = await createLibp2p({
      start: false,
      privateKey: key,
      addresses: { listen: [`/ip4/127.0.0.1/tcp/${this.#port}/ws`] },
      transports: [webSocketTransport()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionManager: { inboundConnectionThreshold: 1000, reconnectRetries: 0 },
      connectionMonitor: { enabled: false },
      connectionGater: {
        denyInboundRelayReservation: (peer) => {
          emit({ event: 'relay-reservation', remote: peer.toString() });
          return false;
        },
        denyOutboundRelayedConnection: (from, to) => {
          emit({ event: 'relay-connection', from: from.toString(), to: to.toString() });
          return false;
        },
      },
      services: { identify: identify(), relay: circuitRelayServer({ reservations: { maxReservations: MAX_RESERVATIONS }, maxInboundHopStreams: MAX_RESERVATIONS }) },
    });
    this.#id = node.peerId.toString();
    this.#petrel = new PetrelPeers({
      clock: systemClock, random: systemRandom, genesisHash,
      ownId: this.#id,
      services: () => 0,
      own: () => [],
      reachable: () => true,
      said: () => undefined,
      browsers: () => undefined,
      failed: (connection, code) => connection.abort(new Error(code)),
    });
    await this.#petrel.attach(node);
    await node.handle(PING_PROTOCOL, answerPings);
    await node.start();
    this.#node = node;
    const port = node.getMultiaddrs().map((address) => /\/tcp\/(\d+)\/ws/.exec(address.toString())?.[1]).find((found) => found !== undefined);
    if (port !== undefined) this.#port = Number(port);
  }

  async stop(): Promise<void> {
    const node = this.#node;
    this.#node = undefined;
    this.#petrel?.stop();
    await node?.stop();
  }
}
