import { MAX_RTC_MESSAGE } from './rtc-host.ts';

/** Where the last seven bits of a varint begin that can say as much as a message has. */
const MAX_SHIFT = 14;

/**
 * Looks at the lengths of the messages on one data channel, varints before each. `@libp2p/webrtc` waits for a message of up to 4 MiB and keeps what has come
 * of it, on every channel that a stranger opens; nobody sends longer ones than fit a data channel.
 */
export class MessageGuard {
  /** Bytes of the message that are to come. */
  #left = 0;
  #length = 0;
  #shift = 0;

  /** False: too long a message is announced. */
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
