import { WebSocket } from 'ws';
import { decodeSyncAnswer, type SyncAnswer, type SyncAnswerFrame } from '../../src/chains/hotstuff2/wire/sync-answers.ts';
import { SYNC_SUBPROTOCOL } from '../../src/chains/hotstuff2/wire/sync-limits.ts';
import { encodeSyncRequest, type SyncRequest } from '../../src/chains/hotstuff2/wire/sync-requests.ts';

/** A client for tests that sends whatever it is told to, right or wrong. */
export class RawClient {
  readonly #socket: WebSocket;
  readonly frames: Uint8Array[] = [];
  readonly closed: Promise<number>;
  #woken: () => void = () => undefined;

  constructor(address: string, protocols: string | string[] = SYNC_SUBPROTOCOL) {
    const port = Number(address.split('/')[4]);
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}`, protocols);
    this.#socket.on('error', () => undefined);
    this.#socket.on('message', (data) => {
      this.frames.push(new Uint8Array(data));
      this.#woken();
    });
    this.closed = new Promise((resolve) => this.#socket.on('close', (code) => {
      resolve(code);
      this.#woken();
    }));
  }

  async opened(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.on('open', resolve);
      this.#socket.on('error', reject);
    });
    return this;
  }

  send(bytes: Uint8Array | string): void {
    this.#socket.send(bytes);
  }

  request(id: number, request: SyncRequest): void {
    this.send(encodeSyncRequest(id, request));
  }

  /** The frame with this index, when it has come. */
  async frame(index: number): Promise<SyncAnswerFrame> {
    while (this.frames.length <= index) await new Promise<void>((resolve) => (this.#woken = resolve));
    return decodeSyncAnswer(this.frames[index]!);
  }

  /** Sends a request and resolves with the next frame. */
  async ask(id: number, request: SyncRequest): Promise<SyncAnswer> {
    const index = this.frames.length;
    this.request(id, request);
    return (await this.frame(index)).answer;
  }

  close(): void {
    this.#socket.terminate();
  }
}
