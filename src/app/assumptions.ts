import type { Head, TrustRecord } from '../client/types.ts';

/** What a head can rest on without its having been checked. */
export type Assumption = 'everything' | 'witnesses' | 'release' | 'genesis' | 'validators' | 'set-up' | 'signing-keys';

/** What is still assumed of the head at this level, the weakest point first. Of the newest block it can be more than of what is final. */
export function assumptionsOf({ level, anchor }: Pick<TrustRecord, 'level' | 'anchor'>, { latest, final }: { readonly [K in keyof Head]: Pick<Head[K], 'trust'> }): readonly Assumption[] {
  const keys: readonly Assumption[] = latest.trust === final.trust ? [] : ['signing-keys'];
  switch (level) {
    case 'claimed':
      return ['everything'];
    case 'pico':
      return ['witnesses', ...keys, 'validators'];
    case 'pinned':
      return ['release', ...keys, 'validators'];
    case 'proven':
      return ['genesis', ...(anchor.proof ? (['set-up'] as const) : []), ...keys, 'validators'];
  }
}
