import { MAX_RTC_MESSAGE } from '../../engine/rtc-host.ts';

/** Largest shift of the last seven bits of a varint that is still within the longest message. */
const MAX_SHIFT = 14;

/**
 * Checks the lengths of the messages on one data channel, which are varints before each message. `@libp2p/webrtc` waits for a message of up
 * to 4 MiB and buffers its beginning, on every channel that an unknown peer opens. No honest peer sends messages longer than a data channel
 * allows.
 */
export class MessageGuard {
  /** Bytes of the current message that are still to come. */
  #left = 0;
  #length = 0;
  #shift = 0;

  /** Returns false if a too long message is announced. */
  admits(bytes: Uint8Array): boolean {
    for (let at = 0; at < bytes.length; ) {
      if (this.#left > 0) {
        const part = Math.min(this.#left, bytes.length - at);
        this.#left -= part;
        at += part;
        continue;
      }
      const byte = bytes[at++] as number;
      this.#length += (byte & 0x7f) << this.#shift;
      if ((byte & 0x80) !== 0) {
        this.#shift += 7;
        if (this.#shift > MAX_SHIFT) return false;
        continue;
      }
      if (this.#length > MAX_RTC_MESSAGE) return false;
      [this.#left, this.#length, this.#shift] = [this.#length, 0, 0];
    }
    return true;
  }
}
