/** A peer that served us well. Kept only on this device, and never sent anywhere. */
export interface RememberedPeer {
  /** Multiaddress that we dialled, in canonical text, without `/p2p`. */
  readonly address: string;
  /** The peer id that was proven at this address. */
  readonly peer: string;
  /** The network that counts as one witness, see `subnetOf`. */
  readonly network: string;
  /** When the peer last served us well, in unix milliseconds. */
  readonly at: number;
}

/** Peers remembered: five times the number wanted. */
export const MAX_REMEMBERED = 32;
/** Peers of one network: a second start must not lead only to one operator's peers. */
const MAX_OF_NETWORK = 2;
/** Two weeks in milliseconds. Older peers are more often gone than reachable, and there is no need to keep their data longer. */
const MAX_AGE = 14 * 86_400_000;

/**
 * The list within its bounds: newest first, each address and each peer once, and nothing too old. A time later than `now` counts as `now`,
 * because the clock was set back.
 */
export function boundedRemembered(peers: readonly RememberedPeer[], now: number): readonly RememberedPeer[] {
  const kept: RememberedPeer[] = [];
  for (const peer of peers.map((each) => ({ ...each, at: Math.min(each.at, now) })).toSorted((a, b) => b.at - a.at)) {
    const known = kept.some(({ address, peer: id }) => address === peer.address || id === peer.peer);
    const ofNetwork = kept.filter(({ network }) => network === peer.network).length;
    if (!known && ofNetwork < MAX_OF_NETWORK && now - peer.at <= MAX_AGE && kept.length < MAX_REMEMBERED) kept.push(peer);
  }
  return kept;
}
