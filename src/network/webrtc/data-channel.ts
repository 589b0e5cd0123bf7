import { MAX_FRAME_DATA } from './channel-frames.ts';
import { HandlerTarget } from './handler-target.ts';
import { MessageGuard } from './message-guard.ts';

/** Who moves a channel's bytes. */
export interface ChannelCarrier {
  /** There is something to send, or the channel's end is to be said. */
  moveOn(channel: DataChannel): void;
}

/**
 * What `@libp2p/webrtc` takes for an `RTCDataChannel`: one of many that share the one real channel of a peer connection (`channels.ts`). Reliable, in
 * order, binary. Events: `open`, `message` (of an `ArrayBuffer`), `bufferedamountlow`, `close`.
 */
export class DataChannel extends HandlerTarget {
  readonly id: number;
  readonly label: string;
  readonly protocol = '';
  readyState: RTCDataChannelState;
  binaryType = 'arraybuffer';
  bufferedAmountLowThreshold = 0;
  readonly #carrier: ChannelCarrier;
  readonly #guard = new MessageGuard();
  readonly #queue: Uint8Array<ArrayBuffer>[] = [];
  #queued = 0;
  #asksWhetherLow = false;

  constructor(carrier: ChannelCarrier, id: number, label: string, readyState: 'connecting' | 'open') {
    super();
    this.#carrier = carrier;
    this.id = id;
    this.label = label;
    this.readyState = readyState;
  }

  get bufferedAmount(): number {
    return this.#queued;
  }

  /** Takes the bytes as they are, and keeps none of them. Throws when the channel is not open, or for more than a frame holds. */
  send(data: Uint8Array): void {
    if (this.readyState !== 'open') throw new DOMException(`the channel is ${this.readyState}`, 'InvalidStateError');
    if (data.length > MAX_FRAME_DATA) throw new TypeError(`a message of ${data.length} bytes`);
    this.#queue.push(data.slice());
    this.#queued += data.length;
    this.#carrier.moveOn(this);
  }

  /** What was sent before still goes. */
  close(): void {
    if (this.readyState === 'closing' || this.readyState === 'closed') return;
    this.readyState = 'closing';
    this.#carrier.moveOn(this);
  }

  /** The carrier's: the next message to send. */
  next(): Uint8Array<ArrayBuffer> | undefined {
    const bytes = this.#queue.shift();
    if (bytes === undefined) return undefined;
    const before = this.#queued;
    this.#queued -= bytes.length;
    if (before > this.bufferedAmountLowThreshold) this.#mayBeLow();
    return bytes;
  }

  /** The carrier's: the peer connection is there. */
  opened(): void {
    if (this.readyState !== 'connecting') return;
    this.readyState = 'open';
    this.emit(new Event('open'));
  }

  /** The carrier's: bytes have come. False: no honest client sends them. */
  received(bytes: Uint8Array<ArrayBuffer>): boolean {
    if (!this.#guard.admits(bytes)) return false;
    if (this.readyState === 'open') this.emit(new MessageEvent('message', { data: bytes.buffer }));
    return true;
  }

  /** The carrier's: it is over. */
  ended(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.#queue.length = 0;
    this.#queued = 0;
    this.emit(new Event('close'));
  }

  /** As in a browser, never within `send`. */
  #mayBeLow(): void {
    if (this.#asksWhetherLow) return;
    this.#asksWhetherLow = true;
    queueMicrotask(() => {
      this.#asksWhetherLow = false;
      if (this.readyState === 'open' && this.#queued <= this.bufferedAmountLowThreshold) this.emit(new Event('bufferedamountlow'));
    });
  }
}
