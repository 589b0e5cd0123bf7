import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { SyncAnswer } from '../../src/chains/hotstuff2/wire/sync-answers.ts';
import { MAX_FRAME_TO_SERVER, SYNC_SUBPROTOCOL } from '../../src/chains/hotstuff2/wire/sync-limits.ts';
import type { SyncRequest } from '../../src/chains/hotstuff2/wire/sync-requests.ts';
import { ClientConnection } from './client-connection.ts';
import type { ServeFault } from './serve-faults.ts';
import type { ServedChain } from './served-chain.ts';
import type { World } from './world.ts';

/** Clients of one replica; a further one is closed. */
const MAX_CLIENTS = 256;
const NO_ROOM = 1013;
const WRONG_PROTOCOL = 1002;

/** What a replica was asked by a client. Clients are numbered in the order in which they connected, over all replicas. */
export interface SeenRequest {
  readonly replica: number;
  readonly client: number;
  readonly request: SyncRequest;
  readonly bytes: number;
}

export interface ServerEvents {
  nextClient(): number;
  connected(replica: number, client: number): void;
  disconnected(replica: number, client: number): void;
  seen(request: SeenRequest): void;
  refused(replica: number, client: number, code: number): void;
}

/** The WebSocket server of one replica, on loopback, speaking `hs2-sync/1`. */
export class ReplicaServer {
  readonly #replica: number;
  readonly #chain: ServedChain;
  readonly #world: World;
  readonly #events: ServerEvents;
  readonly #deflate: boolean;
  readonly #clients = new Set<ClientConnection>();
  #server: WebSocketServer | undefined;
  #port: number;
  #fault: ServeFault | undefined;
  slowness = 2000;
  heldAbove = 0;

  /** @param port 0: a free one, and the same again after a restart. */
  constructor(replica: number, port: number, { chain, world, events, deflate }: { readonly chain: ServedChain; readonly world: World; readonly events: ServerEvents; readonly deflate: boolean }) {
    this.#replica = replica;
    this.#port = port;
    this.#chain = chain;
    this.#world = world;
    this.#events = events;
    this.#deflate = deflate;
  }

  /** Known after the first start. */
  get address(): string {
    return `/ip4/127.0.0.1/tcp/${this.#port}/ws`;
  }

  get clients(): number {
    return this.#clients.size;
  }

  get fault(): ServeFault | undefined {
    return this.#fault;
  }

  set fault(fault: ServeFault | undefined) {
    this.#fault = fault;
    for (const client of this.#clients) client.release();
  }

  async start(): Promise<void> {
    if (this.#server) return;
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: this.#port,
      maxPayload: MAX_FRAME_TO_SERVER,
      perMessageDeflate: this.#deflate,
      handleProtocols: (protocols) => (protocols.has(SYNC_SUBPROTOCOL) ? SYNC_SUBPROTOCOL : false),
    });
    this.#server = server;
    await new Promise((resolve, reject) => {
      server.once('listening', resolve);
      server.once('error', reject);
    });
    this.#port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      if (socket.protocol !== SYNC_SUBPROTOCOL) return socket.close(WRONG_PROTOCOL, SYNC_SUBPROTOCOL);
      if (this.#clients.size >= MAX_CLIENTS) return socket.close(NO_ROOM, 'no room');
      const client = this.#events.nextClient();
      const connection = new ClientConnection(socket, {
        chain: this.#chain,
        world: this.#world,
        fault: () => this.#fault,
        slowness: () => this.slowness,
        heldAbove: () => this.heldAbove,
        seen: (request, bytes) => this.#events.seen({ replica: this.#replica, client, request, bytes }),
        refused: (code) => this.#events.refused(this.#replica, client, code),
      });
      this.#clients.add(connection);
      this.#events.connected(this.#replica, client);
      socket.on('close', () => {
        this.#clients.delete(connection);
        this.#events.disconnected(this.#replica, client);
      });
    });
  }

  push(kind: 'certified' | 'final', answer: () => SyncAnswer): void {
    if (this.#clients.size === 0) return;
    const made = answer();
    for (const client of this.#clients) client.push(kind, made);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    for (const socket of server.clients) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
  }
}
