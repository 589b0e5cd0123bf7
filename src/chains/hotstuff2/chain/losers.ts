import type { Hash } from '../../../base/hash.ts';
import { encodeFinalityProof } from '../wire/finality-proof.ts';
import type { Hs2Item } from './hs2-block.ts';
import { isTwoChain } from './verify-finality.ts';

/** Certified blocks that lost to a final one and are kept; the oldest goes. A third of the validators has to be away or faulty for even one. */
const MAX_LOSERS = 64;

/** The certified blocks beside our final ones. Two of them in a row of views would be final too: then two final blocks contradict each other. */
export class Losers {
  readonly #blocks = new Map<Hash, Hs2Item>();

  has(id: Hash): boolean {
    return this.#blocks.has(id);
  }

  /** Keeps a block whose certificate is valid. Returns the block that it makes final, which contradicts ours. */
  add(item: Hs2Item): Hs2Item | undefined {
    this.#blocks.set(item.id, item);
    if (this.#blocks.size > MAX_LOSERS) this.#blocks.delete(this.#blocks.keys().next().value!);
    const parent = this.#blocks.get(item.parent);
    return parent && parent.height + 1 === item.height && isTwoChain(parent.block.header, item.block.header) ? parent : undefined;
  }

  /** The bytes of the proof that a certified block and its certified child make. */
  static proofOf(final: Hs2Item, child: Hs2Item): Uint8Array {
    return encodeFinalityProof({ final: { ...final.block, qc: final.block.qc! }, child: { ...child.block, qc: child.block.qc! } });
  }
}
