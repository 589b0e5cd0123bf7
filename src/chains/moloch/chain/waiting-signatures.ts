// Tests: `src/chains/moloch/chain/block-tree.test.ts`.
import type { FinalitySignature } from '../wire/trusted-header.ts';

/** Hashes with signatures and no block, at most. The oldest one is dropped: votes of it count for nothing. */
const MAX_HASHES = 64;

interface Waiting {
  /** As the sender said: it is not signed. */
  readonly height: number;
  readonly signatures: Map<string, FinalitySignature>;
}

/** Signatures over the hashes of blocks that have not come. */
export class WaitingSignatures {
  readonly #waiting = new Map<string, Waiting>();

  /** Returns how many different validators have signed. Another height than at first starts anew. */
  add(hash: string, height: number, signatures: readonly FinalitySignature[]): number {
    const before = this.#waiting.get(hash);
    const kept = before?.height === height ? before : { height, signatures: new Map<string, FinalitySignature>() };
    for (const signature of signatures) kept.signatures.set(signature.key, signature);
    this.#waiting.delete(hash);
    this.#waiting.set(hash, kept);
    if (this.#waiting.size > MAX_HASHES) this.#dropOldest();
    return kept.signatures.size;
  }

  #dropOldest(): void {
    for (const oldest of this.#waiting.keys()) {
      this.#waiting.delete(oldest);
      return;
    }
  }

  /** The signatures over a block that has come. They cover its hash, so a wrong height that was told with them does not matter. */
  take(hash: string): readonly FinalitySignature[] {
    const found = this.#waiting.get(hash);
    this.#waiting.delete(hash);
    return found ? [...found.signatures.values()] : [];
  }
}
