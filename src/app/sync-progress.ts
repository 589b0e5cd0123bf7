import type { Phase, Status } from '../client/types.ts';

/** Progress of the whole sync, from nothing to the newest block. */
export interface SyncProgress {
  /** 0 to 1; never falls. */
  readonly share: number;
  /** Milliseconds; undefined until measured, and when nothing is left or there is no progress. */
  readonly timeLeft: number | undefined;
}

/** The share of the whole that each phase has: most of the work is in the election blocks. */
const parts: Partial<Record<Phase, readonly [from: number, to: number]>> = { starting: [0, 0], connecting: [0, 0.1], 'catch-up': [0.1, 0.85], 'live-sync': [0.85, 1] };

/** A longer time is shown only if the previous one was wrong by this factor, so that the number does not jump. */
const WRONG_BY = 1.5;

/** Undefined if no sync is under way. */
export function followSync(before: SyncProgress | undefined, { phase, progress, reason }: Pick<Status, 'phase' | 'progress'> & Partial<Pick<Status, 'reason'>>): SyncProgress | undefined {
  const part = parts[phase];
  if (!part) return undefined;
  const [from, to] = part;
  const done = progress && progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0;
  const share = Math.max(before?.share ?? 0, from + (to - from) * done);
  // It waits for something of unknown duration.
  const waits = reason !== undefined && reason.code !== 'catching-up';
  if (waits || done === 1) return { share, timeLeft: undefined };
  return { share, timeLeft: steadyTime(before?.timeLeft, phase === 'connecting' ? undefined : progress?.timeLeft) };
}

function steadyTime(told: number | undefined, next: number | undefined): number | undefined {
  if (told === undefined || next === undefined) return told ?? next;
  return next < told || next > told * WRONG_BY ? next : told;
}
