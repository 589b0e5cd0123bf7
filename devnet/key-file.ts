import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEYS = 'voting-keys.bin';
const KEY_LENGTH = 285;

function checksum(seed: string, keys: Uint8Array): Buffer {
  return createHash('sha256').update(`${seed}\n`).update(keys).digest();
}

/**
 * The public voting keys (285 bytes each) kept in a data directory, in the order of the pool. They follow from the seed, but
 * deriving them would take longer than the rest of opening a long history. Undefined when the file is missing, damaged, or belongs
 * to another seed.
 */
export function readVotingKeys(dir: string, seed: string): readonly Uint8Array[] | undefined {
  const path = join(dir, KEYS);
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  const keys = bytes.subarray(32);
  if (!checksum(seed, keys).equals(bytes.subarray(0, 32)) || keys.length % KEY_LENGTH !== 0) return undefined;
  return Array.from({ length: keys.length / KEY_LENGTH }, (_, i) => new Uint8Array(keys.subarray(i * KEY_LENGTH, (i + 1) * KEY_LENGTH)));
}

/** Writes a SHA-256 over the seed and the keys, then the keys. */
export function writeVotingKeys(dir: string, seed: string, keys: readonly Uint8Array[]): void {
  const all = Buffer.concat(keys);
  writeFileSync(join(dir, KEYS), Buffer.concat([checksum(seed, all), all]));
}
