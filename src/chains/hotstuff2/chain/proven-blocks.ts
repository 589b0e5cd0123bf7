import type { Hash } from '../../../base/hash.ts';

/** Proofs that are kept; the oldest goes. Each peer of a sync proves one block at a time, and some more for snapshots. */
const MAX_PROVEN = 64;

interface Proven {
  readonly height: number;
  readonly proof: Uint8Array;
}

/** The finality proofs that were verified lately, by the hash of the final block. */
export class ProvenBlocks {
  readonly #proofs = new Map<Hash, Proven>();

  /** Returns the proof of another block of the same height: only a third of faulty validators can make both. */
  add(id: Hash, height: number, proof: Uint8Array): Uint8Array | undefined {
    const [, other] = [...this.#proofs].find(([hash, it]) => it.height === height && hash !== id) ?? [];
    this.#proofs.set(id, { height, proof });
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
