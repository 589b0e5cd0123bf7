import { proofHref } from '../route.ts';

/** Characters. A QR code of the size that readers still take holds some 2300. */
const MAX_LINK = 2200;

/** A link that opens the page of proof files with these bytes, or undefined if they are too many for a QR code. The part after `#` is sent to no server. */
export function proofLink(bytes: Uint8Array, page: string): string | undefined {
  const link = `${page}${proofHref}/${btoa(String.fromCharCode(...bytes.subarray(0, MAX_LINK))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '')}`;
  return bytes.length < MAX_LINK && link.length <= MAX_LINK ? link : undefined;
}

/** The file in the part of an address after `#`; undefined if there is none. */
export function linkedFile(hash: string): File | undefined {
  const data = hash.startsWith(`${proofHref}/`) ? hash.slice(proofHref.length + 1) : undefined;
  if (data === undefined) return undefined;
  try {
    return new File([Uint8Array.from(atob(data.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))], 'link.petrel');
  } catch {
    // No base64: the page says that this is no proof.
    return new File([data], 'link.petrel');
  }
}
