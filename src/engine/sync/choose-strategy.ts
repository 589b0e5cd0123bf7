import type { SyncConfig } from './sync-config.ts';
import type { StrategyName } from './sync-views.ts';

/** What a strategy is chosen by. */
export interface Situation {
  /** The height that is applied. */
  readonly current: number;
  readonly target: number;
  /** Height of the newest snapshot that a peer offers and that was not refused; undefined: there is none above `current`. */
  readonly snapshot: number | undefined;
  /** Peers that can be asked. */
  readonly peers: number;
}

export type ChooseStrategy = (situation: Situation, config: SyncConfig) => StrategyName;

/**
 * The strategy that fits the gap (HotStuff-2 reference, 7.9): up to the threshold `incremental`; above it `fast`, if a snapshot covers more than
 * half of the gap, else `parallel`. A forced strategy is obeyed, except that `fast` without a snapshot is `parallel`.
 */
export const chooseStrategy: ChooseStrategy = ({ current, target, snapshot }, config) => {
  if (config.defaultStrategy === 'fast') return snapshot === undefined ? 'parallel' : 'fast';
  if (config.defaultStrategy !== 'auto') return config.defaultStrategy;
  const gap = target - current;
  if (gap <= config.strategySwitchThreshold) return 'incremental';
  return snapshot !== undefined && snapshot <= target && snapshot - current > gap / 2 ? 'fast' : 'parallel';
};
