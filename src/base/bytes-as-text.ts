import { toHex } from './bytes.ts';

/** Bytes as a person reads them: the text, if they are UTF-8 without control characters; else hex digits after 0x. */
export function bytesAsText(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!/\p{Cc}/u.test(text)) return text;
  } catch {
    // No text.
  }
  return `0x${toHex(bytes)}`;
}
