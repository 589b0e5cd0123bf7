/**
 * Chooses the fastest runner that computes correctly in this engine. Imported only by workers, and lazily, because it brings the
 * WebAssembly module with it.
 * @module
 */
import { mnt6 } from '../mnt6/mnt6.ts';
import { createJobRunner, runJob } from '../run-job.ts';
import type { RunJob } from '../run-job.ts';
import { loadFma } from './load-fma.ts';
import type { FmaRefusal, WebAssemblyLike } from './load-fma.ts';

export interface ChosenRunner {
  readonly backEnd: 'wasm' | 'bigint';
  /** Why BigInt was chosen. */
  readonly refused?: FmaRefusal;
  /** On WebAssembly jobs must not interleave: each runs to its end, or is dropped with `return`, before the next begins. */
  readonly runJob: RunJob;
}

/** Blocks the thread for some 60 ms. Never throws. */
export function chooseRunner(wasm?: WebAssemblyLike): ChosenRunner {
  const { loaded, refused } = loadFma(wasm);
  return loaded ? { backEnd: 'wasm', runJob: createJobRunner(mnt6(loaded.field), { blake2s: loaded.blake2s }) } : { backEnd: 'bigint', refused, runJob };
}
