import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { concatBytes } from '../../src/base/bytes.ts';
import { decodeToyBlock, genesisId, signedPart, type ToyBlock, type ToyNetwork } from './counter.ts';

const GENESIS_TIME = 1_700_000_000_000;

/** A local network of the toy chain: one authority, and one WebSocket server a node. It is ours alone; no public network of this chain exists. */
export class ToyNet {
  readonly #key: KeyObject;
  readonly #authority: string;
  readonly #servers: WebSocketServer[] = [];
  readonly blocks: ToyBlock[] = [];
  /** Blocks that clients were sent because they asked, so far. */
  sent = 0;
  /** The node with this index sends every block changed. */
  lie: { readonly node: number; readonly change: (bytes: Uint8Array) => Uint8Array } | undefined;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    this.#key = privateKey;
    this.#authority = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('hex');
  }

  /** Starts `nodes` servers on free ports of loopback. */
  async start(nodes: number): Promise<ToyNetwork> {
    const seeds: string[] = [];
    for (let node = 0; node < nodes; node++) {
      const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
      await new Promise((resolve) => server.once('listening', resolve));
      server.on('connection', (socket) => socket.on('message', (data) => this.#answer(node, socket, String(data))));
      this.#servers.push(server);
      seeds.push(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    }
    return { chain: 'toy', name: 'toy-local', authority: this.#authority, genesisHash: genesisId(GENESIS_TIME, this.#authority), genesisTime: GENESIS_TIME, seeds };
  }

  /** Makes `n` blocks and sends them to every client. */
  produce(n: number): void {
    for (let i = 0; i < n; i++) {
      const { value, id, time } = this.blocks.at(-1) ?? { value: 0, id: genesisId(GENESIS_TIME, this.#authority), time: GENESIS_TIME };
      const part = signedPart(value + 1, time + 1_000, id);
      const block = decodeToyBlock(concatBytes(part, sign(null, part, this.#key)));
      this.blocks.push(block);
      for (const [node, server] of this.#servers.entries()) for (const client of server.clients) client.send(this.#as(node, block.bytes));
    }
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  #as(node: number, bytes: Uint8Array): Uint8Array {
    return this.lie?.node === node ? this.lie.change(bytes.slice()) : bytes;
  }

  #answer(node: number, socket: WebSocket, text: string): void {
    const { from } = JSON.parse(text) as { readonly from: number };
    // At least the head, so that a client knows how far this node is.
    const blocks = this.blocks.slice(Math.min(from, this.blocks.length) - 1, from + 999);
    this.sent += blocks.length;
    if (blocks.length > 0) socket.send(concatBytes(...blocks.map(({ bytes }) => this.#as(node, bytes))));
  }
}
