import { blake2s } from '../blake2s.ts';
import { ARENA_START } from './field-layout.ts';
import type { FmaExports } from './fma-exports.ts';

/** Address of the message: the scratch space of the field kernel ends well before. */
const MESSAGE = 32_768;
const DIGEST_BYTES = 32;
/** Longer messages (no leaf of a voting-key tree is that long) are hashed in JavaScript. */
const LONGEST = ARENA_START - MESSAGE;
const BLOCK = 64;

/** BLAKE2s-256, computed in the module. */
export function fmaBlake2s(module: FmaExports): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => {
    if (bytes.length > LONGEST) return blake2s(bytes);
    const memory = new Uint8Array(module.memory.buffer);
    memory.set(bytes, MESSAGE);
    // Fill with zeros to the end of the last block; at least one block.
    memory.fill(0, MESSAGE + bytes.length, MESSAGE + Math.max(BLOCK, BLOCK * Math.ceil(bytes.length / BLOCK)));
    const out = MESSAGE - DIGEST_BYTES;
    module.blake2s(out, MESSAGE, bytes.length);
    return memory.slice(out, MESSAGE);
  };
}
