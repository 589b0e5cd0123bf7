import type { ReasonCode, Status } from '../client/types.ts';

const unreachable: ReadonlySet<ReasonCode | undefined> = new Set<ReasonCode>(['no-seeds', 'seeds-no-websocket', 'seeds-insecure', 'seeds-need-name', 'seeds-other-network', 'seeds-other-identity', 'peers-refuse', 'peers-banned', 'no-peers']);

/**
 * Why no peer is reached: `offline`, the device says that it has no network; `unreachable`, it is online but no peer can be reached.
 * Undefined while peers may be reachable.
 */
export function whyAlone(status: Status | undefined): 'offline' | 'unreachable' | undefined {
  const code = status?.reason?.code;
  return code === 'offline' ? 'offline' : unreachable.has(code) ? 'unreachable' : undefined;
}
