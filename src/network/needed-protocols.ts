import type { Libp2p, Peer, PeerId, PeerStore } from '@libp2p/interface';

/** Internals of `libp2p` 3.3.11 that are not in its types. Guarded by the test beside this file. */
interface Internals {
  readonly components: { readonly peerId: PeerId; readonly peerStore: PeerStore; readonly registrar: { getTopologies(protocol: string): readonly unknown[] } };
}

/**
 * Keeps only those protocols of other peers that a topology waits for, which are gossipsub's. libp2p adds the protocol of every stream to
 * the record of its peer: it reads, decodes, changes and encodes the record with each stream, and nothing reads the other protocols. Call
 * it before the node starts.
 */
export function keepNeededProtocols(node: Libp2p): void {
  const { peerId, peerStore, registrar } = (node as unknown as Internals).components;
  const merge = peerStore.merge.bind(peerStore);
  const isNeeded = (protocol: string) => registrar.getTopologies(protocol).length > 0;
  peerStore.merge = async (id, data, options) => {
    const { protocols, ...others } = data;
    const unused = protocols !== undefined && Object.keys(others).length === 0 && !protocols.some(isNeeded) && !peerId.equals(id);
    return unused ? nothingKept(id) : merge(id, data, options);
  };
}

/** The answer that libp2p expects, and does not read. */
function nothingKept(id: PeerId): Peer {
  return { id, addresses: [], protocols: [], metadata: new Map(), tags: new Map() };
}
