import type { AskOptions } from '../../../engine/sync/sync-peer.ts';
import { openFrames } from '../../../network/framed/frame-connection.ts';
import type { SocketUrl } from '../../../network/framed/web-socket-url.ts';
import { MAX_FRAME_TO_CLIENT, MAX_FRAME_TO_SERVER, MAX_IN_FLIGHT, SYNC_SUBPROTOCOL } from '../wire/sync-limits.ts';
import { SyncSession, type SessionOptions } from './sync-session.ts';

/** Bytes: a server reads at least as many requests as may be in flight. */
const LIMITS = { received: MAX_FRAME_TO_CLIENT, sent: MAX_FRAME_TO_SERVER, buffered: MAX_IN_FLIGHT * MAX_FRAME_TO_SERVER } as const;

/** Dials a node and shakes hands. Rejects with `FrameError`, `SessionError` or the signal's reason. */
export async function connectSession(target: SocketUrl, options: Omit<SessionOptions, 'address' | 'transport'>, { signal }: AskOptions): Promise<SyncSession> {
  const { clock, connectionTimeout } = options;
  const connection = await openFrames(target.url, { clock, protocols: [SYNC_SUBPROTOCOL], limits: LIMITS, timeout: connectionTimeout, signal });
  return SyncSession.open(connection, { ...options, address: target.address, transport: target.transport }, { signal });
}
