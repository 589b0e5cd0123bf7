import type { Verify } from '../../../../crypto/jobs.ts';
import { rememberKeyRoot, slotKeys } from '../../chain/hashes.ts';
import type { MacroBlock, Validator } from '../../wire/types.ts';

/** From this version on the list is hashed directly, which is cheap. Albatross version 2 reference, section 2. */
const cheapVersion = 2;
/** Lists in one job: some 20 kB and some 5 ms each. */
const maxLists = 32;

interface Waiting {
  readonly validators: readonly Validator[];
  readonly background: boolean;
  readonly signal: AbortSignal;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Computes the voting-key trees of version 1 election blocks off this thread. One job runs at a time; lists that arrive meanwhile go into
 * the next job together.
 */
export class KeyRoots {
  readonly #verify: Verify;
  #waiting: Waiting[] = [];
  #running = false;

  constructor(verify: Verify) {
    this.#verify = verify;
  }

  /** Resolves when hashing this block is cheap. Rejects with the signal's reason, or when `verify` does. */
  prepare({ header: { version, validators } }: MacroBlock, background: boolean, signal: AbortSignal): Promise<void> {
    if (!validators || version >= cheapVersion) return Promise.resolve();
    return new Promise((done, fail) => {
      this.#waiting.push({ validators, background, signal, done, fail });
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    // Lists of the same turn go into one job.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxLists).filter(({ signal, fail }) => {
        if (signal.aborted) fail(signal.reason);
        return !signal.aborted;
      });
      if (batch.length === 0) continue;
      try {
        const result = await this.#verify({ kind: 'key-roots', lists: batch.map(({ validators }) => slotKeys(validators)) }, { background: batch.every(({ background }) => background) });
        // A missing or wrong root is recomputed on this thread when the block is hashed.
        const roots = result.valid ? (result.roots ?? []) : [];
        batch.forEach(({ validators, done }, index) => {
          const root = roots[index];
          if (root?.length === 32) rememberKeyRoot(validators, root);
          done();
        });
      } catch (error) {
        for (const { fail } of batch) fail(error);
      }
    }
    this.#running = false;
  }
}
