import { BoundedCache } from '../../../../base/bounded-cache.ts';
import type { ChainBlock, LightChain } from '../../chain/light-chain.ts';
import type { ProvenValues } from '../../proofs/account-answer.ts';
import type { KeyNibbles } from '../../wire/trie.ts';

/** Keys whose proven values are kept. */
const MAX_KEYS = 1024;

/** Values with the block whose state root proves them. */
export interface Proven {
  readonly values: ProvenValues;
  readonly block: ChainBlock;
}

/**
 * The proofs that peers gave, for each key the newest one and the newest one on a final block. Nodes prove at their head only, so a block has
 * usually become final after its proof was asked for. A proof counts as long as the chain holds its block: for this batch and the next.
 */
export class KeptProofs {
  readonly #chain: LightChain;
  readonly #newest = new BoundedCache<Proven>(MAX_KEYS);
  readonly #final = new BoundedCache<Proven>(MAX_KEYS);

  constructor(chain: LightChain) {
    this.#chain = chain;
  }

  keep(keys: readonly KeyNibbles[], proven: Proven): void {
    for (const key of keys) {
      const before = this.#newest.get(key);
      if (before && this.isFinal(before)) this.#final.set(key, before);
      this.#newest.set(key, proven);
    }
  }

  /** The newest proof of the key on a final block; undefined: none of this batch or the one before is kept. */
  final(key: KeyNibbles): Proven | undefined {
    return [this.#newest.get(key), this.#final.get(key)].find((proven) => proven && this.isFinal(proven));
  }

  /** Whether the block is on the chain and final. */
  isFinal({ block: { hash, height } }: Proven): boolean {
    return height <= this.#chain.macroHead.height && this.#chain.block(hash)?.mainChain === true;
  }
}
