import { decodeFrame, encodeFrame, FRAME_HEADER, malformed } from './channel-frames.ts';
import type { ChannelFrame } from './channel-frames.ts';
import { DataChannel } from './data-channel.ts';
import type { ChannelCarrier } from './data-channel.ts';
import { RtcError } from '../../engine/rtc-host.ts';
import type { RtcChannel, RtcErrorCode } from '../../engine/rtc-host.ts';

/**
 * Bytes of data frames that may be under way before the other hub has taken them. With more it would have to buffer them, or drop the link.
 */
const WINDOW = 1_048_576;

/** Bytes after which we confirm that data was taken. */
const TAKEN_STEP = WINDOW / 4;

/** Channels that the other side may have open at once; each holds a few kilobytes, and what a protocol reads. */
const MAX_REMOTE_CHANNELS = 256;

export interface ChannelsOptions {
  /** Whether our channel numbers are the even ones; the other side uses the others. */
  readonly even: boolean;
  /** The other side has opened a channel. */
  readonly onChannel: (channel: DataChannel) => void;
  /** Called once, when the real channel has ended. */
  readonly onEnd: (code: RtcErrorCode) => void;
}

/**
 * The data channels of a peer connection. One real channel carries them all; the page handed that channel to its pump when it was made
 * (`docs/decisions.md`). Channels take turns, message by message; nothing waits for a page.
 */
export class Channels implements ChannelCarrier {
  readonly #options: ChannelsOptions;
  readonly #channels = new Map<number, DataChannel>();
  /** Channels with something to send, in the order of their turns. */
  readonly #turns = new Set<DataChannel>();
  #real: RtcChannel | undefined;
  #full = false;
  #unconfirmed = 0;
  #taken = 0;
  #nextId: number;
  #lastRemoteId = -1;
  #over = false;

  constructor(options: ChannelsOptions) {
    this.#options = options;
    this.#nextId = options.even ? 0 : 1;
  }

  /** Opens a channel from our side; it may be opened before the real channel exists. */
  open(label: string): DataChannel {
    if (this.#over) throw new RtcError('closed');
    const id = this.#nextId;
    this.#nextId += 2;
    const channel = new DataChannel(this, id, label, this.#real ? 'open' : 'connecting');
    this.#channels.set(id, channel);
    if (this.#real) this.#say({ kind: 'open', id, label });
    return channel;
  }

  /** The real channel is open. */
  carry(real: RtcChannel): void {
    this.#real = real;
    for (const { id, label } of this.#channels.values()) this.#say({ kind: 'open', id, label });
    for (const channel of Array.from(this.#channels.values())) channel.opened();
    real.listen({
      message: (bytes) => this.#onMessage(bytes),
      drain: () => {
        this.#full = false;
        this.#sendOn();
      },
      closed: (code) => this.end(code),
    });
    // A channel may have been closed already.
    this.#sendOn();
  }

  moveOn(channel: DataChannel): void {
    this.#turns.add(channel);
    this.#sendOn();
  }

  /** Ends all channels, and the real one. */
  end(code: RtcErrorCode): void {
    if (this.#over) return;
    this.#over = true;
    this.#real?.close();
    this.#turns.clear();
    for (const channel of Array.from(this.#channels.values())) channel.ended();
    this.#channels.clear();
    this.#options.onEnd(code);
  }

  #sendOn(): void {
    while (this.#real && !this.#over && !this.#full && this.#unconfirmed < WINDOW) {
      const [channel] = this.#turns;
      if (!channel) return;
      this.#turns.delete(channel);
      const bytes = channel.next();
      if (bytes) {
        this.#unconfirmed += FRAME_HEADER + bytes.length;
        this.#say({ kind: 'data', id: channel.id, bytes });
        // There may be more data, or an end to send.
        this.#turns.add(channel);
      } else if (channel.readyState === 'closing') {
        this.#say({ kind: 'close', id: channel.id });
        this.#channels.delete(channel.id);
        // A caller of `close` may add its listener only after `close` returns, so emit the event later.
        queueMicrotask(() => channel.ended());
      }
    }
  }

  /** Frames other than data are sent even when the channel is full. */
  #say(frame: ChannelFrame): void {
    if (this.#real?.send(encodeFrame(frame)) === false) this.#full = true;
  }

  #onMessage(message: Uint8Array): void {
    if (this.#over) return;
    try {
      this.#take(decodeFrame(message));
    } catch (error) {
      this.end(error instanceof RtcError ? error.code : 'failed');
    }
  }

  /** Throws `RtcError` `malformed`. */
  #take(frame: ChannelFrame): void {
    switch (frame.kind) {
      case 'open':
        return this.#onOpen(frame.id, frame.label);
      case 'data': {
        // If we have closed this channel, the other side may not know it yet; ignore the data.
        if (this.#channels.get(frame.id)?.received(frame.bytes) === false) throw malformed('too long a message');
        this.#taken += FRAME_HEADER + frame.bytes.length;
        if (this.#taken >= TAKEN_STEP && !this.#over) {
          this.#say({ kind: 'taken', bytes: this.#taken });
          this.#taken = 0;
        }
        return;
      }
      case 'close': {
        const channel = this.#channels.get(frame.id);
        this.#channels.delete(frame.id);
        if (!channel) return;
        this.#turns.delete(channel);
        return channel.ended();
      }
      case 'taken':
        if (frame.bytes > this.#unconfirmed) throw malformed('more was taken than sent');
        this.#unconfirmed -= frame.bytes;
        return this.#sendOn();
    }
  }

  #onOpen(id: number, label: string): void {
    const theirs = (id % 2 === 0) !== this.#options.even;
    if (!theirs || id <= this.#lastRemoteId) throw malformed(`a channel of number ${id}`);
    this.#lastRemoteId = id;
    const open = Array.from(this.#channels.keys()).filter((each) => (each % 2 === 0) !== this.#options.even).length;
    if (open >= MAX_REMOTE_CHANNELS) return this.#say({ kind: 'close', id });
    const channel = new DataChannel(this, id, label, 'open');
    this.#channels.set(id, channel);
    this.#options.onChannel(channel);
  }
}
