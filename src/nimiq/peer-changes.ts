import type { PeerView } from '../client/types.ts';
import { plainPeerInfo, type PlainPeerInfo } from './plain-peer-info.ts';

/** A call of a listener of peers, with its arguments in the order of the official client. */
export interface PeerChange {
  readonly peerId: string;
  readonly reason: 'joined' | 'left';
  /** Connected peers after this change. */
  readonly count: number;
  /** Of a peer that joined. */
  readonly info: PlainPeerInfo | undefined;
}

const joined: ReadonlySet<PeerView['state']> = new Set<PeerView['state']>(['connected', 'live', 'outdated', 'behind', 'ahead', 'aside']);

export function isConnected({ state }: PeerView): boolean {
  return joined.has(state);
}

/** What changes from one list of peers to the next. */
export class PeerChanges {
  #connected: ReadonlySet<string>;

  /** @param now the peers that are not told: the official client does not tell a new listener those that are there. */
  constructor(now: readonly PeerView[]) {
    this.#connected = new Set(now.filter(isConnected).map(({ id }) => id));
  }

  next(peers: readonly PeerView[]): readonly PeerChange[] {
    const before = this.#connected;
    const now = new Map(peers.filter(isConnected).map((peer) => [peer.id, peer]));
    this.#connected = new Set(now.keys());
    const left = Array.from(before).filter((id) => !now.has(id));
    const came = Array.from(now.values()).filter(({ id }) => !before.has(id));
    return [
      ...left.map((peerId, i): PeerChange => ({ peerId, reason: 'left', count: before.size - i - 1, info: undefined })),
      ...came.map((peer, i): PeerChange => ({ peerId: peer.id, reason: 'joined', count: before.size - left.length + i + 1, info: plainPeerInfo(peer) })),
    ];
  }
}
