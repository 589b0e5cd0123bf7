import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Clock } from '../../src/base/clock.ts';
import type { Random } from '../../src/base/random.ts';
import { NonceMemory } from '../../src/chains/moloch/net/nonce-memory.ts';
import type { Provider } from '../../src/chains/moloch/net/provider.ts';
import { MAX_BODY, type MolochMessage } from '../../src/chains/moloch/wire/frame.ts';
import type { FinalitySignature } from '../../src/chains/moloch/wire/trusted-header.ts';
import { FrameConnection } from '../../src/network/framed/frame-connection.ts';
import { signaturesOf, type DevBlock } from './dev-block.ts';
import type { ConsensusNode, DevConsensus } from './dev-consensus.ts';
import type { DevKey } from './dev-key.ts';
import type { NodeFaults } from './moloch-faults.ts';
import { nodeProvider, withOtherEvents, type NodeView } from './node-provider.ts';
import type { RequestLog } from './request-log.ts';
import { ServedClient } from './served-client.ts';
import { ServerGreeting } from './server-greeting.ts';

/** Clients of one node; a further one is refused as too many (Moloch reference, 2.11). */
const MAX_CLIENTS = 100;
/** Bytes that may wait for a client that reads slowly: a few of the largest frames. */
const MAX_BUFFERED = 4 * MAX_BODY;
/** Milliseconds that a node with the fault `wrong-clock` is ahead. */
const WRONG_CLOCK = 120_000;
/** Blocks that a node with the fault `stale-status` hides. */
const STALE = 10;

export interface MolochNodeOptions {
  readonly consensus: DevConsensus;
  readonly self: ConsensusNode;
  readonly key: DevKey;
  readonly chainId: string;
  readonly chunkSize: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: RequestLog;
  /** Counts the connections to all nodes. */
  readonly nextConnection: () => number;
}

/** A node of the local network: a WebSocket server on loopback, and what it tells its clients. */
export class MolochNode {
  readonly faults: NodeFaults = new Map();
  readonly #options: MolochNodeOptions;
  readonly #provider: Provider;
  readonly #nonces: NonceMemory;
  readonly #clients = new Set<ServedClient>();
  /** The nonce of the first greeting, for the fault `replayed-nonce`. */
  #firstNonce: Uint8Array | undefined;
  #other: readonly DevBlock[] = [];
  #server: WebSocketServer | undefined;
  #port: number;

  /** @param port 0: a free one, which is kept when the node is stopped and started. */
  constructor(options: MolochNodeOptions, port: number) {
    const { consensus, chainId, chunkSize, clock } = options;
    this.#options = options;
    this.#port = port;
    this.#nonces = new NonceMemory(clock);
    this.#provider = nodeProvider({ view: () => this.view, faults: this.faults, chainId, chunkSize, validators: consensus.validators.map(({ key }) => key) });
  }

  /** A multiaddress. */
  get address(): string {
    return `/ip4/127.0.0.1/tcp/${this.#port}/ws`;
  }

  get key(): string {
    return this.#options.key.key;
  }

  /** Connections whose handshake is done. */
  get clients(): number {
    return Array.from(this.#clients).filter(({ key }) => key !== undefined).length;
  }

  /** What it tells to be the chain. */
  get view(): NodeView {
    const { self, consensus } = this.#options;
    const height = this.faults.get('fork')?.height;
    if (height === undefined || self.chain.length <= height) return self;
    if (this.#other[height - 1] !== self.chain[height - 1]) this.#other = [];
    this.#other = consensus.equivocate(self.chain, height, this.#other);
    return { chain: this.#other, final: this.#other.length - 1 };
  }

  async listen(): Promise<void> {
    const handleProtocols = (offered: Set<string>) => ['moloch-ext.1', 'moloch.1'].find((protocol) => offered.has(protocol)) ?? false;
    const server = new WebSocketServer({ host: '127.0.0.1', port: this.#port, maxPayload: MAX_BODY + 4, handleProtocols });
    await new Promise((resolve) => server.once('listening', resolve));
    this.#port = (server.address() as AddressInfo).port;
    // A socket of `ws` has what a connection uses of a browser's.
    server.on('connection', (socket) => this.#accept(socket as unknown as WebSocket));
    this.#server = server;
  }

  /** Says Goodbye to its clients and listens no longer. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    for (const client of Array.from(this.#clients)) client.close('Shutdown');
    // Closing a server waits for its sockets, and a client may be slow to close.
    for (const socket of server.clients) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
  }

  /** Ends all connections as the network would: without a word. */
  cut(): void {
    for (const socket of this.#server?.clients ?? []) socket.terminate();
  }

  /** Sends it to every client. */
  tell(message: MolochMessage): void {
    for (const client of this.#clients) if (client.extended || (message.kind !== 'Finalized' && message.kind !== 'ExtStatus')) client.tell(message);
  }

  onBlock(block: DevBlock): void {
    const told = this.#told(block);
    const bad = this.faults.get('bad-events-root')?.height === told.height;
    this.tell({ kind: 'NewBlock', block: bad ? withOtherEvents(told, this.view.chain) : told.block });
  }

  onVote(block: DevBlock, { key, signature }: FinalitySignature): void {
    const told = this.#told(block);
    const said = { kind: 'Vote' as const, hash: told.hash, height: told.height, voter: key, signature: told.votes.get(key) ?? signature };
    for (let i = 0; i < (this.faults.has('duplicate-votes') ? 2 : 1); i += 1) this.tell(said);
  }

  onFinal(block: DevBlock): void {
    const told = this.#told(block);
    const signatures = signaturesOf(told);
    this.tell({ kind: 'Finalized', hash: told.hash, height: told.height, signatures: this.faults.has('duplicate-votes') ? signatures.map(() => signatures[0]!) : signatures });
  }

  /** The status of kind 76. */
  status(): MolochMessage {
    const { height, hash, mmrRoot } = this.#said();
    return { kind: 'ExtStatus', height, head: hash, mmrRoot, peers: this.#clients.size, syncing: false, time: this.#saidTime() };
  }

  /** The block that it tells in place of this one: the same, unless it tells another chain. */
  #told(block: DevBlock): DevBlock {
    return this.view.chain[block.height] ?? block;
  }

  /** The head that it says it has. */
  #said() {
    const { chain } = this.view;
    const stale = this.faults.has('stale-status') ? STALE : 0;
    const head = chain[Math.max(0, chain.length - 1 - stale)]!;
    return { height: head.height, hash: head.hash, mmrRoot: head.block.header.mmrRoot };
  }

  #saidTime(): number {
    return this.#options.clock.now() + (this.faults.has('wrong-clock') ? WRONG_CLOCK : 0);
  }

  #accept(socket: WebSocket): void {
    const { consensus, self, key, chainId, clock, random, log, nextConnection } = this.#options;
    const connection = new FrameConnection(socket, clock, { received: MAX_BODY + 4, sent: MAX_BODY + 4, buffered: MAX_BUFFERED });
    const number = nextConnection();
    const { height, hash } = this.#said();
    const greeting = new ServerGreeting({
      extended: connection.protocol === 'moloch-ext.1',
      key,
      chainId,
      genesis: consensus.genesis.hash,
      head: { height, hash },
      now: () => clock.now(),
      saidTime: () => this.#saidTime(),
      nonce: this.#nonce(random),
      takeNonce: (nonce) => this.#nonces.take(nonce),
      isConnected: (other) => Array.from(this.#clients).some((client) => client.key === other),
    });
    const client: ServedClient = new ServedClient({
      connection,
      clock,
      greeting,
      provider: this.#provider,
      faults: this.faults,
      status: () => this.status(),
      plainStatus: () => {
        const said = this.#said();
        return { kind: 'Status', height: said.height, head: said.hash, peers: this.#clients.size, syncing: false, time: this.#saidTime() };
      },
      onMessage: (message) => log.add(self.index, number, client.key ?? '', message),
      onClosed: () => this.#clients.delete(client),
    });
    this.#clients.add(client);
    if (this.#clients.size > MAX_CLIENTS) client.close('TooMany');
  }

  #nonce(random: Random): Uint8Array {
    const nonce = random.bytes(32);
    this.#firstNonce ??= nonce;
    return this.faults.has('replayed-nonce') ? this.#firstNonce : nonce;
  }
}
