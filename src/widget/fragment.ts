/** Plain values in the fragment of a URL: JSON as base64url, which every browser and every link keeps as it is. */

/** Characters of a value in a fragment: more than any request or answer needs. */
const MAX_FRAGMENT = 65_536;

export function toFragment(value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '');
}

/** The value under a name in a URL's fragment (`#name=…&other=…`); `undefined` if there is none that can be read. */
export function fromFragment(hash: string, name: string): unknown {
  const text = new URLSearchParams(hash.replace(/^#/u, '')).get(name);
  if (text === null || text.length > MAX_FRAGMENT) return undefined;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder(undefined, { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
