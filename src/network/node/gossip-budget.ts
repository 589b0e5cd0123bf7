import type { PeerId } from '../../engine/peers/peer-net.ts';
import type { Clock } from '../../base/clock.ts';
import { FixedWindows } from '../rate-window.ts';

/** Length in milliseconds of the window in which the bytes below are counted, for each peer. */
const WINDOW = 600_000;
/** A message counts for at least this many bytes, because it costs us more than its length. */
const MIN_COST = 1024;
/** Bytes that cannot be decoded. If we can read no header of a whole network (a newer version), this is some 600 messages, and a block of 0.2 MB. */
const MAX_UNDECODABLE = 3_000_000;
/** Bytes of messages with extra bytes added. Official nodes read and pass them on, so the peer that sends one to us need not have made it. */
const MAX_PADDED = 8_000_000;
/** Bytes of all kinds. The main network's headers and gossipsub's control messages come to some 2 MB. */
const MAX_READ = 64_000_000;

/** What a peer sent too much of: undecodable messages; known messages with bytes added; messages of any kind. */
export type GossipExcess = 'gossip-garbage' | 'gossip-padded' | 'gossip-flood';

const limits = {
  undecodable: { most: MAX_UNDECODABLE, excess: 'gossip-garbage' },
  padded: { most: MAX_PADDED, excess: 'gossip-padded' },
  read: { most: MAX_READ, excess: 'gossip-flood' },
} as const satisfies Record<string, { readonly most: number; readonly excess: GossipExcess }>;

/** Limits the gossip bytes that each peer may make us process. */
export class GossipBudget {
  readonly #windows: FixedWindows;

  constructor(clock: Clock) {
    this.#windows = new FixedWindows(clock, WINDOW);
  }

  /** Counts the bytes of a peer's message. Returns which limit the peer exceeded, if any. */
  count(peer: PeerId, kind: keyof typeof limits, bytes: number): GossipExcess | undefined {
    const { most, excess } = limits[kind];
    return this.#windows.admit(`${peer} ${kind}`, most, Math.max(bytes, MIN_COST)) ? undefined : excess;
  }
}
