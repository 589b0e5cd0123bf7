import { MAX_FRAME_DATA } from './channel-frames.ts';
import { HandlerTarget } from './handler-target.ts';
import { MessageGuard } from './message-guard.ts';

/** Moves a channel's bytes. */
export interface ChannelCarrier {
  /** The channel has something to send, or its end must be sent. */
  moveOn(channel: DataChannel): void;
}

/**
 * Stands in for an `RTCDataChannel` in `@libp2p/webrtc`: one of many that share the one real channel of a peer connection (`channels.ts`).
 * Reliable, in order, binary. Events: `open`, `message` (of an `ArrayBuffer`), `bufferedamountlow`, `close`.
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

  /** Copies the bytes and queues them. Throws when the channel is not open, or if they do not fit in a frame. */
  send(data: Uint8Array): void {
    if (this.readyState !== 'open') throw new DOMException(`the channel is ${this.readyState}`, 'InvalidStateError');
    if (data.length > MAX_FRAME_DATA) throw new TypeError(`a message of ${data.length} bytes`);
    this.#queue.push(data.slice());
    this.#queued += data.length;
    this.#carrier.moveOn(this);
  }

  /** Closes the channel after everything queued before was sent. */
  close(): void {
    if (this.readyState === 'closing' || this.readyState === 'closed') return;
    this.readyState = 'closing';
    this.#carrier.moveOn(this);
  }

  /** Called by the carrier: returns the next message to send. */
  next(): Uint8Array<ArrayBuffer> | undefined {
    const bytes = this.#queue.shift();
    if (bytes === undefined) return undefined;
    const before = this.#queued;
    this.#queued -= bytes.length;
    if (before > this.bufferedAmountLowThreshold) this.#mayBeLow();
    return bytes;
  }

  /** Called by the carrier: the peer connection is open. */
  opened(): void {
    if (this.readyState !== 'connecting') return;
    this.readyState = 'open';
    this.emit(new Event('open'));
  }

  /** Called by the carrier: bytes have come. Returns false if no honest client would send them. */
  received(bytes: Uint8Array<ArrayBuffer>): boolean {
    if (!this.#guard.admits(bytes)) return false;
    if (this.readyState === 'open') this.emit(new MessageEvent('message', { data: bytes.buffer }));
    return true;
  }

  /** Called by the carrier: the channel has ended. */
  ended(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.#queue.length = 0;
    this.#queued = 0;
    this.emit(new Event('close'));
  }

  /** Emitted later, never within `send`, as in a browser. */
  #mayBeLow(): void {
    if (this.#asksWhetherLow) return;
    this.#asksWhetherLow = true;
    queueMicrotask(() => {
      this.#asksWhetherLow = false;
      if (this.readyState === 'open' && this.#queued <= this.bufferedAmountLowThreshold) this.emit(new Event('bufferedamountlow'));
    });
  }
}
