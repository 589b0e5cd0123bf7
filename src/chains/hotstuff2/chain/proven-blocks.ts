import type { Hash } from '../../../base/hash.ts';
import type { Place } from './set-terms.ts';

/** Proofs that are kept; the oldest goes. Each peer of a sync proves one block at a time, and some more for snapshots. */
const MAX_PROVEN = 64;

interface Proven extends Place {
  readonly proof: Uint8Array;
}

/** The finality proofs that were verified lately, by the hash of the final block. */
export class ProvenBlocks {
  readonly #proofs = new Map<Hash, Proven>();

  /**
   * Returns the proof of another block of the same height by the same set: only a third of faulty validators can make both. Of two sets that proofs
   * announce above our chain, one may have handed over already: our own final blocks show which.
   */
  add(id: Hash, { height, view, validators }: Place, proof: Uint8Array): Uint8Array | undefined {
    const [, other] = [...this.#proofs].find(([hash, it]) => it.height === height && it.validators === validators && hash !== id) ?? [];
    this.#proofs.set(id, { height, view, validators, proof });
    if (this.#proofs.size > MAX_PROVEN) this.#proofs.delete(this.#proofs.keys().next().value!);
    return other?.proof;
  }

  proofOf(id: Hash): Uint8Array | undefined {
    return this.#proofs.get(id)?.proof;
  }

  clear(): void {
    this.#proofs.clear();
  }
}
