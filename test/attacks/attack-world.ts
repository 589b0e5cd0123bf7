import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Connection } from '@libp2p/interface';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import type { VerificationJob } from '../../src/crypto/jobs.ts';
import { runJob } from '../../src/crypto/run-job.ts';
import { rawHandshake, startRawPeer, stopRawPeers, type RawPeer } from '../support/raw-peer-fixture.ts';
import type { AlbatrossNodeEvents } from '../../src/chains/albatross/net/node-types.ts';
import type { Libp2pNode } from '../../src/network/libp2p-node.ts';
import { decodeRequest, encodeResponse, encodeResponseError, type RequestBody } from '../../src/chains/albatross/wire/requests.ts';
import { serve, SERVED_KINDS, type ServedKind } from '../../devnet/serve.ts';
import { serveRaw } from '../support/raw-reqres.ts';
import { type NodeClient, type NodeClientOptions, startNodeClient } from '../support/node-client.ts';
import { closeWithNobodyExpelled } from '../support/nobody-expelled.ts';
import type { Figures } from './figures.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Garbage collections before memory counts as kept. On a loaded machine closed sockets and finalizers release theirs only after many turns. */
const MOST_COLLECTIONS = 100;

/** Bytes of heap and buffers in use after garbage collections, with event loop turns between. Collects until it is at most `enough`, or until nothing helps. */
async function bytesInUse(enough = Number.POSITIVE_INFINITY): Promise<number> {
  for (let i = 1; ; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    if ((i >= 3 && heapUsed + arrayBuffers <= enough) || i === MOST_COLLECTIONS) return heapUsed + arrayBuffers;
  }
}

export interface CountingSocket {
  readonly bytesRead: number;
  readonly bytesWritten: number;
  pause(): unknown;
}

/** A part of libp2p that its types do not declare: the socket below the encryption. */
interface WithSocket {
  readonly maConn: { readonly websocket?: { readonly _socket?: CountingSocket } };
}

/** One attacker, with the connections that the client opened to it. */
export interface Attacker {
  readonly raw: RawPeer;
  readonly address: string;
  /** Resolves with the next connection that the client opens. */
  nextConnection(): Promise<Connection>;
  /** All connections that the client has opened. */
  readonly connections: readonly Connection[];
  /** The sockets of all connections, including closed ones. */
  readonly sockets: readonly CountingSocket[];
  /** The newest connection, if it is open. */
  readonly open: Connection | undefined;
}

export interface AttackWorldOptions {
  readonly attackers: number;
  /** True for an attacker that does not answer the client's handshake. */
  readonly silent?: (index: number) => boolean;
  readonly client?: Partial<NodeClientOptions> | undefined;
  /** Addresses that the client dials before all others. */
  readonly firstSeeds?: readonly string[];
  readonly onDown?: (event: AlbatrossNodeEvents['down']) => void;
  /** Called for every attacker before the client starts. */
  readonly prepare?: (attacker: RawPeer, index: number, devnet: Devnet) => Promise<void> | void;
}

/** Three honest peers, some attackers, and a complete light client that dials all of them. Blocks are made by command. */
export class AttackWorld {
  readonly devnet: Devnet;
  readonly attackers: readonly Attacker[];
  readonly jobs = new Map<VerificationJob['kind'], number>();
  #client: NodeClient | undefined;
  #before = 0;
  readonly #left: { readonly id: string; readonly reason: string }[] = [];
  #turn = { last: 0, longest: 0, timer: undefined as NodeJS.Timeout | undefined };
  readonly #nodes: () => readonly Libp2pNode[];

  private constructor(devnet: Devnet, attackers: readonly Attacker[], nodes: () => readonly Libp2pNode[]) {
    this.devnet = devnet;
    this.attackers = attackers;
    this.#nodes = nodes;
  }

  static async open({ attackers: count, silent = () => false, client, firstSeeds = [], onDown, prepare }: AttackWorldOptions, nodes: () => readonly Libp2pNode[]): Promise<AttackWorld> {
    const devnet = await createDevnet({ port: 0, blockTime: 0, seed: 'attacks', peers: 3, zkp: 'none' });
    const attackers: Attacker[] = [];
    for (let i = 0; i < count; i++) {
      const raw = await startRawPeer(['/ip4/127.0.0.1/tcp/0/ws']);
      await serveHonestly(raw, devnet);
      await prepare?.(raw, i, devnet);
      attackers.push(attackerOf(raw, silent(i)));
    }
    const world = new AttackWorld(devnet, attackers, nodes);
    const all = 3 + count + firstSeeds.length;
    const { network } = devnet;
    world.#client = await startNodeClient({
      network: { ...network, seeds: [...firstSeeds, ...network.seeds, ...attackers.map(({ address }) => address)] },
      ...client,
      tamper: (node) => {
        node.events.on('connection-close', ({ peer, code }) => world.#left.push({ id: peer, reason: code }));
        if (onDown) node.events.on('down', onDown);
      },
      settings: { desiredPeers: all, maxPeers: 2 * all, ...client?.settings },
      runJob: (job) => {
        world.jobs.set(job.kind, (world.jobs.get(job.kind) ?? 0) + 1);
        return (client?.runJob ?? runJob)(job);
      },
    });
    await world.#honestAreLive();
    await world.follow(1);
    return world;
  }

  get it(): NodeClient {
    return this.#client as NodeClient;
  }

  /** The client's own libp2p node. */
  get libp2p(): Libp2pNode {
    return this.#nodes().find(({ peerId }) => peerId.toString() === this.it.node?.peerId) as Libp2pNode;
  }

  /** The client's connections to these attackers. */
  connectionsTo(attackers: readonly Attacker[]): readonly Connection[] {
    const ids = new Set(attackers.map(({ raw }) => raw.id));
    return this.libp2p.getConnections().filter(({ remotePeer }) => ids.has(remotePeer.toString()));
  }

  /**
   * Makes blocks one by one, and waits after each until the client has followed it. With `lag`, the client's head may be up to
   * `lag` blocks lower, on any branch.
   */
  async follow(blocks: number, lag = 0): Promise<void> {
    const { chain } = this.devnet;
    for (let i = 0; i < blocks; i++) {
      await this.devnet.produce(1);
      const { height, hash } = chain.head;
      await this.it.until(`head ${height} (${lag})`, (client) => {
        const { latest } = client.getHead();
        return lag === 0 ? latest.hash === hash : latest.height >= height - lag;
      });
    }
  }

  /** Starts to measure heap and event loop turns. */
  async begin(): Promise<void> {
    this.#before = await bytesInUse();
    this.jobs.clear();
    this.#left.length = 0;
    this.#turn.longest = 0;
    this.#turn.last = performance.now();
    this.#turn.timer = setInterval(() => {
      const now = performance.now();
      this.#turn.longest = Math.max(this.#turn.longest, now - this.#turn.last - 20);
      this.#turn.last = now;
    }, 20);
  }

  /** Why the client has closed connections to these attackers since `begin`, in alphabetical order. */
  reasons(attackers: readonly Attacker[]): readonly string[] {
    const ids = new Set(attackers.map(({ raw }) => raw.id));
    return Array.from(new Set(this.#left.flatMap(({ id, reason }) => (ids.has(id) ? [reason] : [])))).toSorted();
  }

  /** Also later a peer that answers late is asked again, and is not live meanwhile. */
  async #honestAreLive(): Promise<void> {
    await this.it.until('the honest peers are live', (it) => it.getStatus().consensus === 'established' && this.devnet.peers.every(({ id }) => it.getPeers().some((peer) => peer.id === id && peer.state === 'live')));
  }

  /** The figures of these attackers' attack, taken while their connections are still open. `allowed`: bytes that the client may hold because of it. */
  async end(attack: string, attackers: readonly Attacker[], acts: number, of: number, allowed: number): Promise<Figures> {
    clearInterval(this.#turn.timer);
    await this.#honestAreLive();
    const connections = this.connectionsTo(attackers);
    const streams = connections.reduce((sum, connection) => sum + connection.streams.length, 0);
    const heap = (await bytesInUse(this.#before + allowed - 1)) - this.#before;
    const peers = this.it.client.getPeers();
    const ids = new Set(attackers.map(({ raw }) => raw.id));
    const all = new Set(this.attackers.map(({ raw }) => raw.id));
    const total = (count: 'bytesRead' | 'bytesWritten') => attackers.reduce((sum, { sockets }) => sum + sockets.reduce((part, socket) => part + socket[count], 0), 0);
    return {
      attack, acts, of,
      network: this.devnet.chain.head.height,
      client: this.it.client.getHead().latest.height,
      received: total('bytesWritten'),
      sent: total('bytesRead'),
      heap, streams,
      connections: connections.length,
      jobs: Array.from(this.jobs.values()).reduce((sum, count) => sum + count, 0),
      banned: peers.filter(({ id, state }) => state === 'banned' && ids.has(id)).length,
      wronged: peers.filter(({ id, state }) => state === 'banned' && !all.has(id)).length,
      live: peers.filter(({ id, state }) => state === 'live' && !all.has(id)).length,
      reasons: this.reasons(attackers),
      longestTurn: Math.round(this.#turn.longest),
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#turn.timer);
    await this.#client?.close();
    await stopRawPeers();
    await closeWithNobodyExpelled(this.devnet, { signed: true });
  }
}

/** Answers as an honest peer does, so that the client does not drop the attacker as useless before the attack. */
function serveHonestly(raw: RawPeer, devnet: Devnet): Promise<void> {
  return serveRaw(raw, (payload) => {
    const request = decodeRequest(payload);
    if (!('kind' in request) || !(SERVED_KINDS as readonly string[]).includes(request.kind)) return encodeResponseError('no-receiver');
    const kind = request.kind as ServedKind;
    return encodeResponse(kind, serve(devnet.chain, kind, request.body as RequestBody<ServedKind>));
  });
}

function attackerOf(raw: RawPeer, silent: boolean): Attacker {
  const connections: Connection[] = [];
  const sockets: CountingSocket[] = [];
  const waiting: ((connection: Connection) => void)[] = [];
  const address = raw.libp2p.getMultiaddrs()[0]!.decapsulate('/p2p').toString();
  raw.libp2p.addEventListener('connection:open', ({ detail }) => {
    if (detail.direction !== 'inbound') return;
    // oxlint-disable-next-line no-underscore-dangle -- the name that ws gives it
    const socket = (detail as unknown as WithSocket).maConn.websocket?._socket;
    if (socket) sockets.push(socket);
    const arrived = () => {
      connections.push(detail);
      for (const resolve of waiting.splice(0)) resolve(detail);
    };
    // This fails if the attack ends the connection first.
    if (silent) arrived();
    else rawHandshake(raw, detail, address).then(arrived, () => undefined);
  });
  return {
    raw, address, connections, sockets,
    get open() {
      return connections.findLast(({ status }) => status === 'open');
    },
    nextConnection: () => {
      const open = connections.findLast(({ status }) => status === 'open');
      return open ? Promise.resolve(open) : new Promise((resolve) => waiting.push(resolve));
    },
  };
}
