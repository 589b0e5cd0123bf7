import type { Head, TrustRecord } from '../client/types.ts';
import { albatrossHead } from './albatross.ts';

/** What a head can rest on without having been checked. */
export type Assumption = 'everything' | 'witnesses' | 'storage' | 'names' | 'release' | 'genesis' | 'validators' | 'set-up' | 'signing-keys' | 'skip-roots';

/**
 * What is still assumed about the head at this level, the weakest point first. The newest block can rest on more assumptions than the final
 * blocks.
 */
export function assumptionsOf({ level, anchor, onlyNames }: Pick<TrustRecord, 'level' | 'anchor' | 'onlyNames'>, { latest, final }: { readonly [K in 'latest' | 'final']: Pick<Head[K], 'trust' | 'details'> }): readonly Assumption[] {
  const keys: readonly Assumption[] = latest.trust === final.trust || latest.details.chain !== 'albatross' ? [] : [albatrossHead(latest)?.type === 'skip' ? 'skip-roots' : 'signing-keys'];
  switch (level) {
    case 'claimed':
      return ['everything'];
    case 'witnessed':
      return [anchor.unchecked && anchor.kind !== 'witnesses' ? 'storage' : 'witnesses', ...(onlyNames ? (['names'] as const) : []), ...keys, 'validators'];
    case 'pinned':
      return ['release', ...keys, 'validators'];
    case 'proven':
      return ['genesis', ...(anchor.proof ? (['set-up'] as const) : []), ...keys, 'validators'];
  }
}
