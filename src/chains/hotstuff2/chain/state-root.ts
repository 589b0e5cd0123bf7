/**
 * The root of the state: SHA-256("HS2S" | entry count(8) | tree(entries)), entries sorted by key (HotStuff-2 reference, 3).
 * @module
 */
import { toHex } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { sha256 } from '../../../crypto/sha256.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { encodeStateEntry } from '../wire/state-entry.ts';
import type { StateEntry } from '../wire/state-entry.ts';
import { treeRoot } from './tree.ts';

/** Of entries in ascending order of their keys. */
export function stateRoot(entries: readonly StateEntry[]): Hash {
  return stateRootOf(entries.length, treeRoot(entries.map(encodeStateEntry)));
}

/** From the number of entries and the root of their tree (32 bytes). */
export function stateRootOf(count: number, tree: Uint8Array): Hash {
  return toHex(sha256(new ByteWriter(44).ascii('HS2S').u64(count).bytes(tree).done()));
}
