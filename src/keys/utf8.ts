const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The bytes of a text in UTF-8. A surrogate without its pair becomes U+FFFD. */
export function fromUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of bytes in UTF-8. What is not UTF-8 becomes U+FFFD; a byte order mark at the start is dropped, as the official client does. */
export function toUtf8(bytes: ArrayBufferView): string {
  // Views of shared memory are refused by the decoder.
  return decoder.decode(new Uint8Array(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
}
