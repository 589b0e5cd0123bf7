/**
 * The hashes of Moloch: BLAKE3 with 32 bytes, without a key (Moloch reference, 1 and 2). All are returned as 64 lower-case hex digits.
 * @module
 */
import { concatBytes, fromHex, toHex } from '../../../base/bytes.ts';
import { blake3 } from '../../../crypto/blake3.ts';
import { canonicalEventBytes, type EventContent } from '../wire/event.ts';
import { headerSigningBytes, type HeaderContent } from '../wire/header.ts';

/** The root of no events and of no blocks, and the parent of the genesis. */
export const ZERO_HASH = '0'.repeat(64);

export function hashBytes(...parts: readonly Uint8Array[]): string {
  return toHex(blake3(parts.length === 1 ? parts[0]! : concatBytes(...parts)));
}

/** The parent of two nodes of a tree: left, then right, without a tag. */
export function hashPair(left: string, right: string): string {
  return toHex(blake3(fromHex(left + right)));
}

export function blockHash(header: HeaderContent): string {
  return hashBytes(headerSigningBytes(header));
}

export function eventId(event: EventContent): string {
  return hashBytes(canonicalEventBytes(event));
}

/** The commitment to a set of validators: the hash of their keys in order (Moloch reference, 2.7). */
export function validatorsHash(keys: readonly string[]): string {
  return hashBytes(fromHex(keys.join('')));
}
