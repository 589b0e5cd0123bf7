import { MAX_REMEMBERED } from '../engine/peers/remembered-peers.ts';
import type { RememberedPeer } from '../engine/peers/remembered-peers.ts';

/** Maximum characters of a text: a host name has at most 253, peer ids have 52. */
const MAX_TEXT = 320;

/** JSON in UTF-8. */
export function encodePeers(peers: readonly RememberedPeer[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(peers.slice(0, MAX_REMEMBERED)));
}

/** The peers of the row, each field checked; invalid items are skipped. */
export function decodePeers(bytes: Uint8Array): readonly RememberedPeer[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return [];
  }
  return Array.isArray(value) ? value.slice(0, MAX_REMEMBERED).flatMap((item: unknown) => peerOf(item) ?? []) : [];
}

function peerOf(value: unknown): RememberedPeer | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { address, peer, network, at } = value as Readonly<Record<string, unknown>>;
  return isText(address) && isText(peer) && isText(network) && typeof at === 'number' && Number.isFinite(at) && at >= 0 ? { address, peer, network, at } : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT;
}
