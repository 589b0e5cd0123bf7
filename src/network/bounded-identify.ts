import { identify } from '@libp2p/identify';
import type { Identify } from '@libp2p/identify';
import type { PeerData, PeerStore } from '@libp2p/interface';

/** Maximum number of a peer's protocols that are kept; a node that speaks all existing ones has about twenty. */
const MAX_PROTOCOLS = 64;

type Components = Parameters<ReturnType<typeof identify>>[0];

/** Keeps only the parts of identify that are used here: addresses to dial are learned elsewhere, and versions are not used. */
function kept({ publicKey, protocols }: PeerData): PeerData {
  return { ...(publicKey && { publicKey }), ...(protocols && { protocols: protocols.slice(0, MAX_PROTOCOLS) }) };
}

function bounded(store: PeerStore): PeerStore {
  return new Proxy(store, {
    get(target, name) {
      if (name === 'patch' || name === 'merge') return (peer: Parameters<PeerStore['patch']>[0], data: PeerData) => target[name](peer, kept(data));
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/**
 * libp2p's identify, with a bound. The original keeps ten messages of 8 KiB of each peer. That costs more than memory: the record of a peer
 * is read and rewritten with every stream opened on its connection, and with thousands of addresses that blocks everything else.
 */
export function boundedIdentify(options: { /** Milliseconds for a peer's answer. */ readonly timeout: number }): (components: Components) => Identify {
  const create = identify({ timeout: options.timeout });
  return (components) => {
    const peerStore = bounded(components.peerStore);
    return create(new Proxy(components, { get: (target, name) => (name === 'peerStore' ? peerStore : (Reflect.get(target, name) as unknown)) }));
  };
}
