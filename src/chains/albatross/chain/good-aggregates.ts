import { BoundedCache } from '../../../base/bounded-cache.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import { toHex } from '../../../base/bytes.ts';
import type { Block } from '../wire/types.ts';
import type { Hash } from '../../../base/hash.ts';
import { aggregateOf } from './rules/justification.ts';

/** Aggregates remembered: enough for two batches of mainnet if every block had one. */
const maxGood = 128;

/**
 * Caches aggregate signatures that were found good, by the signed message, the signature and the signers, under the validators of one
 * election block. Anybody can change what the signature does not cover (the roots of a skip block, `diff_root` of a version 1 macro block);
 * such a copy costs no second pairing.
 */
export class GoodAggregates {
  readonly #good = new BoundedCache<true>(maxGood);

  /** A `verify` for this block that uses the cache; `election`: the block that elects its validators. */
  verifierOf(block: Block, election: Hash, verify: Verify): Verify {
    const aggregate = aggregateOf(block);
    if (!aggregate) return verify;
    return async (job, options) => {
      if (job.kind !== 'multi-signature') return verify(job, options);
      const key = [election, toHex(job.sigHash), toHex(aggregate.signature), ...aggregate.signers.words.map((word) => word.toString(16))].join(' ');
      if (this.#good.has(key)) return { valid: true, decoded: [] };
      const result = await verify(job, options);
      if (result.valid) this.#good.set(key, true);
      return result;
    };
  }
}
