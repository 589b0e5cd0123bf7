import type { NodePeer, PeerId } from '../../../engine/peers/peer-net.ts';

/** WebSocket peers that are kept when peers are dropped: links to browsers end when the tab at either end closes. */
const KEPT_SOCKETS = 2;

/**
 * The order in which peers are kept when some must go: peers in live sync first, and each kind in the order of `ranked`, best first. But two
 * WebSocket peers come before all others, so that they are kept.
 */
export function keptFirst(peers: readonly Pick<NodePeer, 'id' | 'transport'>[], ranked: readonly PeerId[], live: ReadonlySet<PeerId>): readonly PeerId[] {
  const sockets = new Set(peers.flatMap(({ id, transport }) => (transport === 'webrtc' ? [] : [id])));
  const order = [...ranked.filter((id) => live.has(id)), ...ranked.filter((id) => !live.has(id))];
  const first = order.filter((id) => sockets.has(id)).slice(0, KEPT_SOCKETS);
  return [...first, ...order.filter((id) => !first.includes(id))];
}
