/** What a person typed, as a key for the client: hex digits after 0x, else the text in UTF-8. Undefined: what is after 0x is no hex of whole bytes. */
export function readKey(text: string): Uint8Array | string | undefined {
  if (!/^0x/iu.test(text)) return new TextEncoder().encode(text);
  return /^0x(?:[0-9a-f]{2})+$/iu.test(text) ? text.slice(2).toLowerCase() : undefined;
}
