import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { concatBytes } from '../../src/base/bytes.ts';
import { decodeToyBlock, FINAL_EVERY, genesisId, signedPart, type ToyBlock, type ToyNetwork } from '../toy-chain/counter.ts';

const GENESIS_TIME = 1_700_000_000_000;

/** Kinds of frames; an answer has the kind of its request plus 128. Then the request's id, 4 bytes big-endian; 0 for what nobody asked. */
export const FRAME = { blocks: 1, prove: 2, status: 3 } as const;
export const ANNOUNCE = 0xa0;

export function frame(kind: number, id: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const head = new Uint8Array(5);
  head[0] = kind;
  new DataView(head.buffer).setUint32(1, id);
  return concatBytes(head, ...parts);
}

export function u32(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setUint32(4 * index, value);
  return bytes;
}

/** The toy chain's network as nodes that speak frames: one authority, and one WebSocket server a node. */
export class FramedNet {
  readonly #key: KeyObject;
  readonly #authority: string;
  readonly #servers: WebSocketServer[] = [];
  readonly blocks: ToyBlock[] = [];
  /** Blocks that clients were sent because they asked, so far. */
  sent = 0;
  /** The node with this index sends every block changed. */
  liar: number | undefined;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    this.#key = privateKey;
    this.#authority = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('hex');
  }

  async start(nodes: number): Promise<ToyNetwork> {
    const seeds: string[] = [];
    for (let node = 0; node < nodes; node++) {
      const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'toy.1' });
      await new Promise((resolve) => server.once('listening', resolve));
      server.on('connection', (socket) => {
        socket.send(this.#status());
        socket.on('message', (data) => this.#answer(node, socket, data));
      });
      this.#servers.push(server);
      seeds.push(`/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}/ws`);
    }
    return { chain: 'toy', name: 'framed-local', authority: this.#authority, genesisHash: genesisId(GENESIS_TIME, this.#authority), genesisTime: GENESIS_TIME, seeds };
  }

  produce(n: number): void {
    for (let i = 0; i < n; i++) {
      const { value, id, time } = this.blocks.at(-1) ?? { value: 0, id: genesisId(GENESIS_TIME, this.#authority), time: GENESIS_TIME };
      const part = signedPart(value + 1, time + 1_000, id);
      const block = decodeToyBlock(concatBytes(part, sign(null, part, this.#key)));
      this.blocks.push(block);
      for (const [node, server] of this.#servers.entries()) {
        for (const client of server.clients) {
          client.send(frame(ANNOUNCE, 0, this.#as(node, block.bytes)));
          client.send(this.#status());
        }
      }
    }
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  #status(): Uint8Array {
    return frame(FRAME.status | 0x80, 0, u32(this.blocks.length));
  }

  #as(node: number, bytes: Uint8Array): Uint8Array {
    if (this.liar !== node) return bytes;
    const changed = bytes.slice();
    changed[changed.length - 1]! ^= 1;
    return changed;
  }

  #answer(node: number, socket: WebSocket, data: Uint8Array): void {
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    const [kind, id] = [view.getUint8(0), view.getUint32(1)];
    if (kind === FRAME.prove) {
      const proof = this.blocks[Math.floor(this.blocks.length / FINAL_EVERY) * FINAL_EVERY - 1];
      return socket.send(frame(kind | 0x80, id, ...(proof ? [this.#as(node, proof.bytes)] : [])));
    }
    const [from, count] = [view.getUint32(5), view.getUint32(9)];
    const blocks = this.blocks.slice(from - 1, from - 1 + count);
    this.sent += blocks.length;
    socket.send(frame(kind | 0x80, id, ...blocks.map(({ bytes }) => this.#as(node, bytes))));
  }
}
