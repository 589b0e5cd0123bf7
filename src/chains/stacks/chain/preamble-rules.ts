import type { Preamble } from '../wire/frame.ts';

/** What this side knows when a frame comes in. */
export interface PreambleContext {
  readonly networkId: number;
  /** Its top byte must be the peer's; its lowest byte is the epoch, and a peer may not be of an older one. */
  readonly peerVersion: number;
  /** Bitcoin blocks between a height and the stable one (7 on the main network). */
  readonly confirmations: number;
  /** The burn hash at a height, where it is known: 64 hex digits. */
  readonly burnHashAt: (height: number) => string | undefined;
}

export type PreambleFault = 'network' | 'peer-version' | 'stale-epoch' | 'stable-height' | 'stable-hash';

/** The rules of a receiver for the preamble of a frame (Stacks reference, 6); undefined: it holds. */
export function checkPreamble(preamble: Preamble, context: PreambleContext): PreambleFault | undefined {
  if (preamble.networkId !== context.networkId) return 'network';
  if (preamble.peerVersion >>> 24 !== context.peerVersion >>> 24) return 'peer-version';
  if ((preamble.peerVersion & 0xff) < (context.peerVersion & 0xff)) return 'stale-epoch';
  if (preamble.stableHeight + context.confirmations !== preamble.burnHeight) return 'stable-height';
  const known = context.burnHashAt(preamble.stableHeight);
  return known !== undefined && known !== preamble.stableHash ? 'stable-hash' : undefined;
}
