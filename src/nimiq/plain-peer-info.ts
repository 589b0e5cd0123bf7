import type { PeerView } from '../client/types.ts';

export type PlainService = 'full-blocks' | 'history' | 'accounts-proof' | 'accounts-chunk' | 'mempool' | 'transaction-index' | 'validator' | 'pre-genesis-transactions' | 'unknown';

export interface PlainPeerInfo {
  peerId: string;
  /** A multiaddress. */
  address: string;
  type: 'full' | 'history' | 'light';
  services: PlainService[];
}

/** A page is not told what services a node offers, so the list is empty, and no node counts as a history node. */
export function plainPeerInfo({ id, address, kind }: PeerView): PlainPeerInfo {
  return { peerId: id, address, type: kind === 'petrel' ? 'light' : 'full', services: [] };
}
