import type { Phase, Status } from '../bridge/contract.ts';

interface Seen {
  /** Of the sync, once there is one. */
  readonly phase: Phase | undefined;
  /** What the sync says itself that it waits for; more to the point than the time. */
  readonly reason: Status['reason'];
  readonly connected: number;
  /** Dials fail, and none has succeeded since. */
  readonly unreachable: boolean;
  /** The device says so. */
  readonly offline: boolean;
  /** Milliseconds for which the head stands still, if that is too long. */
  readonly stale: number | undefined;
}

/** What of the status is said otherwise than by the sync because nothing moves, and why it does not; empty where all goes well. */
export function standstill({ phase, reason, connected, unreachable, offline, stale }: Seen): Partial<Pick<Status, 'phase' | 'reason'>> {
  if (stale !== undefined && (phase === 'established' || phase === 'live-sync')) return { phase: 'stale', reason: reason ?? { code: 'head-stale', data: { seconds: Math.round(stale / 1000) } } };
  if (connected > 0 || (phase !== 'connecting' && phase !== 'waiting')) return {};
  // Nobody can be reached because they were just pardoned: what keeps the head where it is is the doubt.
  if (reason?.code === 'client-in-doubt' && !offline) return {};
  if (offline) return { reason: { code: 'offline', data: {} } };
  return unreachable ? { reason: { code: 'no-peers', data: {} } } : {};
}
