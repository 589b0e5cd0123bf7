/** Converts plain values with byte arrays to text that any engine can read. */

export function toText(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (each instanceof Uint8Array ? { base64: btoa(Array.from(each, (byte) => String.fromCharCode(byte)).join('')) } : each));
}

export function fromText(text: string): unknown {
  return JSON.parse(text, (_, each: { base64?: string } | null) =>
    typeof each === 'object' && each?.base64 !== undefined ? Uint8Array.from(atob(each.base64), (character) => character.charCodeAt(0)) : each,
  );
}
