import { BufferUtils } from './buffer-utils.ts';
import type { SerialBuffer } from './serial-buffer.ts';

/** Secrets that have a form in bytes, as in the official client. */
export abstract class Serializable {
  /** Whether both have the same bytes. */
  equals(other: unknown): boolean {
    return other instanceof Serializable && BufferUtils.equals(this.serialize(), other.serialize());
  }

  /** -1, 0 or 1: shorter ones come first, then the smaller first difference. */
  compare(other: Serializable): number {
    return BufferUtils.compare(this.serialize(), other.serialize());
  }

  /** Into `buffer` at its writing position, else into a new one. */
  abstract serialize(buffer?: SerialBuffer): SerialBuffer;

  /** The bytes as hex, as in the official client: it shows the secret. */
  toString(): string {
    return this.toHex();
  }

  toBase64(): string {
    return BufferUtils.toBase64(this.serialize());
  }

  toHex(): string {
    return BufferUtils.toHex(this.serialize());
  }
}
