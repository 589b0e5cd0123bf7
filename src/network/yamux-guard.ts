import type { Clock } from '../base/clock.ts';
import { CodedError } from '../base/coded-error.ts';

/** Bytes of the header of every frame (hashicorp/yamux, spec.md). */
const HEADER_SIZE = 12;
const TYPE_DATA = 0;
const TYPE_PING = 2;
const FLAG_SYN = 1;

/**
 * Bytes that one stream may have under way to us, and so the limit for one frame. js-libp2p's 16 MiB are meant for lines that carry more
 * than our largest answer in a moment.
 */
export const MAX_WINDOW = 1_048_576;
/** Milliseconds in which opened streams, pings and other frames are counted. */
const WINDOW = 10_000;
/** Streams that the other side may open in that time, whatever becomes of them: all kinds of requests at their rate limits are 1480. */
const MAX_OPENED = 2000;
/** Pings of the muxer in that time: each is answered. Nodes send one in ten seconds or more. */
const MAX_PINGS = 64;
/**
 * Frames in that time that bring no bytes to a stream: window updates, ends, and frames of unknown streams. All kinds of requests at their
 * rate limits come to some 8000.
 */
const MAX_OTHERS = 20_000;
/**
 * After this many frames of a stream, their mean size must reach `MIN_MEAN`: every piece that waits to be read costs some hundred bytes of
 * overhead.
 */
const FRAMES_BEFORE_MEAN = 4096;
const MIN_MEAN = 8;
/** Frames passed on in one piece: each costs some 65 microseconds until its reader has it. */
const PIECE = 128;
/** Bytes on all streams that have not agreed on a protocol, plus `FRAME_COST` for each frame. Their readers wait for up to 4 MiB each. */
const MAX_UNDECIDED = 2_097_152;
const FRAME_COST = 256;

/** Faults of a muxer's other side that no honest peer commits. */
export type YamuxErrorCode = 'frame-too-long' | 'too-many-streams' | 'too-many-pings' | 'too-many-frames' | 'tiny-frames' | 'too-much-undecided';

export class YamuxError extends CodedError<YamuxErrorCode> {
  override readonly name = 'YamuxError';
}

/** A stream as the guard sees it: `protocol` is empty until one is agreed on. */
export interface GuardedStream {
  readonly protocol: string;
}

interface Counts {
  frames: number;
  bytes: number;
}

/**
 * Checks the frames of one connection before yamux does. yamux buffers a frame until it is complete, whatever length it announces, and
 * checks its window only then. It also answers every ping and every stream above its limit. None of that is bounded.
 */
export class YamuxGuard {
  readonly #clock: Clock;
  readonly #streams: () => readonly (GuardedStream & { readonly streamId: number })[];
  readonly #counts = new WeakMap<GuardedStream, Counts>();
  #windowStart: number;
  #opened = 0;
  #pings = 0;
  #others = 0;
  #undecided = 0;
  /** The beginning of an incomplete frame, and how much of it has come; its size is known once its header is complete. */
  #partial = new Uint8Array(HEADER_SIZE);
  #held = 0;
  #size = HEADER_SIZE;

  constructor(clock: Clock, streams: () => readonly (GuardedStream & { readonly streamId: number })[]) {
    this.#clock = clock;
    this.#streams = streams;
    this.#windowStart = clock.monotonic();
  }

  /**
   * Splits the input into pieces of whole frames, each with a limited number of frames; the rest is kept. Throws `YamuxError`: the
   * connection must be closed.
   */
  *take(bytes: Uint8Array): Generator<Uint8Array> {
    let at = 0;
    while (this.#held > 0 && at < bytes.length) {
      const part = bytes.subarray(at, at + this.#size - this.#held);
      this.#partial.set(part, this.#held);
      this.#held += part.length;
      at += part.length;
      if (this.#held < this.#size) break;
      if (this.#size === HEADER_SIZE) this.#keep(this.#partial, this.#look(this.#partial, 0));
      if (this.#held < this.#size) continue;
      const frame = this.#partial;
      this.#keep(new Uint8Array(), HEADER_SIZE);
      yield frame;
    }
    if (this.#held > 0) return;
    let start = at;
    let size = HEADER_SIZE;
    for (let frames = 1; bytes.length - at >= HEADER_SIZE; frames += 1) {
      size = this.#look(bytes, at);
      if (bytes.length - at < size) break;
      at += size;
      size = HEADER_SIZE;
      if (frames % PIECE !== 0) continue;
      yield bytes.subarray(start, at);
      start = at;
    }
    if (at > start) yield bytes.subarray(start, at);
    this.#keep(bytes.subarray(at), size);
  }

  #keep(begun: Uint8Array, size: number): void {
    this.#partial = new Uint8Array(size);
    this.#partial.set(begun);
    this.#held = begun.length;
    this.#size = size;
  }

  /** The size in bytes of the frame that begins there, after checking its header. */
  #look(bytes: Uint8Array, at: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEADER_SIZE);
    const type = view.getUint8(1);
    const opens = (view.getUint16(2) & FLAG_SYN) !== 0;
    const length = view.getUint32(8);
    if (opens) this.#count(type === TYPE_PING ? 'ping' : 'stream');
    if (type === TYPE_DATA && length > MAX_WINDOW) throw new YamuxError('frame-too-long', `a frame of ${length} bytes`);
    if (type !== TYPE_DATA || !this.#weigh(view.getUint32(4), length)) this.#count('other');
    return HEADER_SIZE + (type === TYPE_DATA ? length : 0);
  }

  #count(what: 'ping' | 'stream' | 'other'): void {
    const now = this.#clock.monotonic();
    if (now - this.#windowStart >= WINDOW) {
      this.#windowStart = now;
      this.#opened = 0;
      this.#pings = 0;
      this.#others = 0;
    }
    if (what === 'other' && ++this.#others > MAX_OTHERS) throw new YamuxError('too-many-frames', `more than ${MAX_OTHERS} frames without data within ${WINDOW} ms`);
    if (what === 'ping' && ++this.#pings > MAX_PINGS) throw new YamuxError('too-many-pings', `more than ${MAX_PINGS} pings within ${WINDOW} ms`);
    if (what === 'stream' && ++this.#opened > MAX_OPENED) throw new YamuxError('too-many-streams', `more than ${MAX_OPENED} streams within ${WINDOW} ms`);
  }

  /** Returns false if the frame belongs to no open stream. */
  #weigh(id: number, length: number): boolean {
    const streams = this.#streams();
    const stream = streams.find(({ streamId }) => streamId === id);
    if (!stream) return false;
    const counts = this.#counts.get(stream) ?? { frames: 0, bytes: 0 };
    this.#counts.set(stream, counts);
    counts.frames++;
    counts.bytes += length;
    if (counts.frames >= FRAMES_BEFORE_MEAN && counts.bytes < counts.frames * MIN_MEAN) throw new YamuxError('tiny-frames', `${counts.frames} frames with ${counts.bytes} bytes`);
    if (stream.protocol !== '') return true;
    this.#undecided += length + FRAME_COST;
    if (this.#undecided <= MAX_UNDECIDED) return true;
    // Most of those streams have agreed on a protocol since, or are gone; so count again.
    this.#undecided = streams.reduce((sum, each) => {
      const { frames, bytes } = (each.protocol === '' && this.#counts.get(each)) || { frames: 0, bytes: 0 };
      return sum + bytes + frames * FRAME_COST;
    }, 0);
    if (this.#undecided > MAX_UNDECIDED) throw new YamuxError('too-much-undecided', `more than ${MAX_UNDECIDED} bytes on streams without protocol`);
    return true;
  }
}
