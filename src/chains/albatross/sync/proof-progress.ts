import type { Progress } from '../../../base/progress.ts';
import type { AlbatrossCounts } from '../chain/checked-counts.ts';

/** The state of the verification of the past, in epochs. */
export interface ProofProgress extends Progress<'epochs'> {
  /** `waiting`: no peer has what it needs at the moment. */
  readonly state: 'running' | 'waiting';
  /** The trust level that is reached at its end. */
  readonly toward: 'pinned' | 'proven';
  readonly checked: AlbatrossCounts;
}
