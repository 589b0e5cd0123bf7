import type { Status } from '../client/types.ts';

/** Nobody can be reached: the device says so, or all dials fail. */
export function isOffline(status: Status | undefined): boolean {
  const code = status?.reason?.code;
  return code === 'offline' || code === 'no-peers';
}
