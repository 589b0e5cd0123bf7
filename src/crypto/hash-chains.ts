/**
 * Chains of SHA-512/256, such as the nodes of a trie from a leaf up to the root. `steps-of.ts` loads this file when the first such job comes.
 * @module
 */
import type { HashChainsJob, JobResult } from './jobs.ts';
import { sha512_256 } from './sha512-256.ts';

/** Chains in one job at most: the segments of a proof of the state of Stacks are 65. */
const MAX_CHAINS = 128;
/** Bytes in one job at most: a proof of the state of Stacks has at most 8 MiB on the line, and its nodes are hashed in little more. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The last hash of each chain, one link a step; invalid if a part has another form. */
export function* hashChainSteps({ chains }: HashChainsJob): Generator<void, JobResult> {
  const total = chains.reduce((sum, { links }) => sum + links.reduce((of, { bytes }) => of + bytes.length, 0), 0);
  if (chains.length > MAX_CHAINS || total > MAX_BYTES) return { valid: false, failure: 'signature', decoded: [] };
  const roots: Uint8Array[] = [];
  for (const { start, links } of chains) {
    let running = start;
    for (const { bytes, hole } of links) {
      if (running.length !== 32 || !Number.isSafeInteger(hole) || hole < 0 || hole + 32 > bytes.length) return { valid: false, failure: 'signature', decoded: [] };
      const filled = bytes.slice();
      filled.set(running, hole);
      running = sha512_256(filled);
      yield;
    }
    roots.push(running);
  }
  return { valid: true, decoded: [], roots };
}
