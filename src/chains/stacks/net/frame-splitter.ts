/**
 * Cuts a stream of bytes into frames. It keeps no more than one frame (Stacks reference, 6).
 * @module
 */
import { MAX_INVENTORY_BITS, MAX_POX_CYCLES } from '../wire/peer-message.ts';
import { ByteReader } from '../wire/byte-reader.ts';
import { MAX_RELAYERS, PREAMBLE_LENGTH, readPreamble } from '../wire/frame.ts';
import { StacksWireError } from '../wire/wire-error.ts';

/** Bytes of a relayer, and of their count. */
const RELAYER_LENGTH = 42;
const COUNT_LENGTH = 4;
/** Bytes of a handshake at most: address, ports, key, expiry, URL, heartbeat. */
const HANDSHAKE = 16 + 2 + 2 + 33 + 8 + 256 + 4;
/** Bytes of a consensus hash and of the list of databases; a node has some dozens of contracts, with names of up to 150 bytes. */
const DATABASES = 65_536;
/** Bytes of messages that are ignored, such as blocks that a peer pushes; a block has 2 MiB at most. */
const IGNORED = 4 * 1024 * 1024;

const bits = (count: number): number => 2 + 4 + Math.ceil(count / 8);

/** Bytes after the type at most, by type. Whatever is not here is not used by a light client. */
const limits: ReadonlyMap<number, number> = new Map([
  [0, HANDSHAKE], [1, HANDSHAKE], [19, HANDSHAKE + DATABASES],
  [5, 22], [6, 2 * bits(MAX_INVENTORY_BITS)], [7, 22], [8, bits(MAX_POX_CYCLES)],
  [14, 4], [15, 4], [16, 4],
  [26, 20], [27, bits(MAX_INVENTORY_BITS)],
]);

/** Bytes after the type that a message of this type may have. */
export function payloadLimitOf(type: number): number {
  return limits.get(type) ?? IGNORED;
}

export class FrameSplitter {
  /** The front of a frame; the bytes above `#filled` have no meaning. Its own, so that many small pieces cost no more than one large. */
  #buffer: Uint8Array = new Uint8Array(PREAMBLE_LENGTH);
  #filled = 0;
  /** Bytes that the next decision needs. */
  #needed = PREAMBLE_LENGTH;

  /**
   * The frames that these bytes complete, each whole and of a length that its type may have. Throws `StacksWireError`: `length` for a frame that is too long or too
   * short, before its bytes are there. After that the stream cannot be read on.
   */
  push(bytes: Uint8Array): readonly Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const taken = bytes.subarray(at, at + this.#needed - this.#filled);
      this.#append(taken);
      at += taken.length;
      if (this.#filled < this.#needed) break;
      this.#needed = neededOf(this.#buffer.subarray(0, this.#filled));
      if (this.#needed > this.#filled) continue;
      frames.push(this.#buffer.slice(0, this.#filled));
      this.#buffer = new Uint8Array(PREAMBLE_LENGTH);
      this.#filled = 0;
      this.#needed = PREAMBLE_LENGTH;
    }
    return frames;
  }

  /** Whether a frame has begun and is not whole. */
  get isInside(): boolean {
    return this.#filled > 0;
  }

  #append(bytes: Uint8Array): void {
    if (this.#buffer.length < this.#needed) {
      const larger = new Uint8Array(this.#needed);
      larger.set(this.#buffer.subarray(0, this.#filled));
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }
}

/** The bytes that the front of a stream must have: those of a whole frame, or more than there are, as many as it takes to know its type. */
function neededOf(bytes: Uint8Array): number {
  if (bytes.length < PREAMBLE_LENGTH) return PREAMBLE_LENGTH;
  const { payloadLength } = readPreamble(new ByteReader(bytes.subarray(0, PREAMBLE_LENGTH)));
  const typeAt = COUNT_LENGTH + RELAYER_LENGTH * relayersOf(bytes, payloadLength);
  if (bytes.length <= PREAMBLE_LENGTH + typeAt) return PREAMBLE_LENGTH + typeAt + 1;
  const most = typeAt + 1 + payloadLimitOf(bytes[PREAMBLE_LENGTH + typeAt]!);
  if (payloadLength > most) throw new StacksWireError('length', `payload of ${payloadLength} bytes, at most ${most} of this type`);
  return PREAMBLE_LENGTH + payloadLength;
}

/** Of relayers, as many as the frame says; 0 while the count is not there. */
function relayersOf(bytes: Uint8Array, payloadLength: number): number {
  if (bytes.length < PREAMBLE_LENGTH + COUNT_LENGTH) return 0;
  const count = new ByteReader(bytes.subarray(PREAMBLE_LENGTH, PREAMBLE_LENGTH + COUNT_LENGTH)).u32('relayer count');
  if (count > MAX_RELAYERS || COUNT_LENGTH + count * RELAYER_LENGTH + 1 > payloadLength) throw new StacksWireError('length', `${count} relayers in a payload of ${payloadLength} bytes`);
  return count;
}
