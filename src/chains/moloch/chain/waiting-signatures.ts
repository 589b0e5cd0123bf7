// Tests: `src/chains/moloch/chain/block-tree.test.ts`.
import type { FinalitySignature } from '../wire/trusted-header.ts';

/** Hashes with signatures and no block, at most. The one with the fewest signers is dropped, the oldest first: votes of it count for nothing. */
const MAX_HASHES = 64;

/** Signatures over the hashes of blocks that have not come. They cover the hash alone: what is said of a height beside them is nobody's word, and is not kept. */
export class WaitingSignatures {
  readonly #waiting = new Map<string, Map<string, FinalitySignature>>();

  /** Returns how many different validators have signed. */
  add(hash: string, signatures: readonly FinalitySignature[]): number {
    const kept = this.#waiting.get(hash) ?? new Map<string, FinalitySignature>();
    for (const signature of signatures) kept.set(signature.key, signature);
    this.#waiting.delete(hash);
    this.#waiting.set(hash, kept);
    if (this.#waiting.size > MAX_HASHES) this.#dropLeast();
    return kept.size;
  }

  #dropLeast(): void {
    const [least] = [...this.#waiting].toSorted(([, a], [, b]) => a.size - b.size);
    if (least) this.#waiting.delete(least[0]);
  }

  /** The signatures over a block that has come. */
  take(hash: string): readonly FinalitySignature[] {
    const found = this.#waiting.get(hash);
    this.#waiting.delete(hash);
    return found ? [...found.values()] : [];
  }
}
