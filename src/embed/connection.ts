import type { Status } from '../client/types.ts';

/** Whether the client follows the chain. */
export function isLive(status: Status | undefined): boolean {
  return status?.consensus === 'established';
}

/** The state of the connection as the frame shows it. `failed`: the client could not be started, or has ended. */
export type Connection = 'live' | 'connecting' | 'offline' | 'paused' | 'failed';

/** Reasons for which no peer is reached. */
const alone: ReadonlySet<string> = new Set(['offline', 'no-seeds', 'seeds-no-websocket', 'seeds-insecure', 'seeds-need-name', 'seeds-other-network', 'seeds-other-identity', 'peers-refuse', 'peers-banned', 'no-peers']);

export function connectionOf(status: Status | undefined): Connection {
  if (isLive(status)) return 'live';
  const code = status?.reason?.code;
  if (status?.phase === 'failed' || status?.phase === 'stopped') return 'failed';
  return code === 'asleep' ? 'paused' : code !== undefined && alone.has(code) ? 'offline' : 'connecting';
}
