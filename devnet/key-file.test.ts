import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readVotingKeys, writeVotingKeys } from './key-file.ts';
import { validatorPool } from './validator-pool.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'devnet-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

it('keeps the voting keys of a pool, which then is the same pool', () => {
  const made = validatorPool('keys', 3);
  expect(readVotingKeys(dir, 'keys')).toBeUndefined();
  writeVotingKeys(dir, 'keys', made.members.map(({ validator }) => validator.votingKey));
  const kept = readVotingKeys(dir, 'keys');
  expect(validatorPool('keys', 3, kept).members).toEqual(made.members);
  // The pool takes the stored keys and makes none.
  expect(validatorPool('keys', 3, kept).members[0]!.validator.votingKey).toBe(kept![0]);
});

it('returns no keys that are damaged or belong to another seed', () => {
  writeVotingKeys(dir, 'keys', [new Uint8Array(285).fill(1), new Uint8Array(285).fill(2)]);
  expect(readVotingKeys(dir, 'keys')).toHaveLength(2);
  expect(readVotingKeys(dir, 'others')).toBeUndefined();
  const path = join(dir, 'voting-keys.bin');
  const bytes = readFileSync(path);
  for (const damaged of [bytes.subarray(0, 400), bytes.subarray(0, 5), Buffer.alloc(0), bytes.map((byte, i) => (i === 99 ? byte ^ 1 : byte))]) {
    writeFileSync(path, damaged);
    expect(readVotingKeys(dir, 'keys')).toBeUndefined();
  }
});
