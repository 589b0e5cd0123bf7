import { BLOCK_LENGTH } from './counter.ts';

export interface ToyPeerHandlers {
  readonly opened: () => void;
  readonly block: (bytes: Uint8Array) => void;
  readonly closed: () => void;
}

/** Bytes. A message holds at most a thousand blocks; a peer that sends more is closed. */
const MAX_MESSAGE = 1_000 * BLOCK_LENGTH;

/** A connection to a node of the toy chain. The node sends blocks, one after the other in a message; we send the value from which we want them. */
export class ToyPeer {
  readonly #socket: WebSocket;
  open = false;
  /** The highest value that it has sent. */
  value: number | undefined;
  received = 0;

  constructor(address: string, handlers: ToyPeerHandlers) {
    this.#socket = new WebSocket(address);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.addEventListener('open', () => {
      this.open = true;
      handlers.opened();
    });
    this.#socket.addEventListener('close', () => {
      this.open = false;
      handlers.closed();
    });
    this.#socket.addEventListener('message', ({ data }) => {
      const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(0);
      this.received += bytes.length;
      if (bytes.length === 0 || bytes.length > MAX_MESSAGE) return this.close();
      for (let at = 0; at < bytes.length; at += BLOCK_LENGTH) {
        const block = bytes.subarray(at, at + BLOCK_LENGTH);
        if (block.length === BLOCK_LENGTH) this.value = Math.max(this.value ?? 0, new DataView(bytes.buffer, at).getUint32(0));
        handlers.block(block);
      }
    });
  }

  /** Asks for all blocks from this value on. */
  ask(from: number): void {
    if (this.open) this.#socket.send(JSON.stringify({ from }));
  }

  close(): void {
    this.#socket.close();
  }
}
