import type { TrustRecord } from '../client/types.ts';

/** What a head can rest on without its having been checked. */
export type Assumption = 'everything' | 'witnesses' | 'release' | 'genesis' | 'validators' | 'set-up';

/** What is still assumed at this level, the weakest point first. */
export function assumptionsOf({ level, anchor }: Pick<TrustRecord, 'level' | 'anchor'>): readonly Assumption[] {
  switch (level) {
    case 'claimed':
      return ['everything'];
    case 'pico':
      return ['witnesses', 'validators'];
    case 'pinned':
      return ['release', 'validators'];
    case 'proven':
      return anchor.proof ? ['genesis', 'set-up', 'validators'] : ['genesis', 'validators'];
  }
}
