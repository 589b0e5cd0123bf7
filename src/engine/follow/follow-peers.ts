// Tests: `src/engine/follow/follow-client.test.ts`.
import type { ClientLog } from '../client-log.ts';
import type { Fault } from '../sync/sync-chain.ts';
import type { PeerView } from '../view.ts';
import type { ChainPeer } from './followed-chain.ts';

/** Offences that ban (HotStuff-2 reference, 4). */
const MAX_OFFENCES = 3;
/** Bans and offenders remembered; at the bound the oldest are forgotten. Identities cost an attacker nothing, so more would not help. */
const MAX_REMEMBERED = 256;

interface Entry<B> {
  readonly peer: ChainPeer<B>;
  /** The address that was dialled; the peer may name another spelling of it. */
  readonly dialled: string;
}

interface Ban {
  readonly id: string;
  readonly address: string;
  readonly transport: PeerView['transport'];
  readonly code: string;
  readonly data: NonNullable<Fault['data']>;
  readonly received: number;
}

export interface FollowPeersOptions {
  readonly log: ClientLog;
  /** A peer was banned; it is no longer in the table, and its connection is being closed. `dialled`: the address that was dialled. */
  readonly onBanned: (id: string, dialled: string) => void;
  readonly onChange: () => void;
}

/** The connected peers, and what they did wrong. Three offences, or one lie, ban a peer for the session: its id and its address. */
export class FollowPeers<B> {
  readonly #options: FollowPeersOptions;
  readonly #peers = new Map<string, Entry<B>>();
  /** Peers that have left, by id: what they sent may still turn out to be a lie. */
  readonly #former = new Map<string, Entry<B>>();
  /** Offences by id. They outlive the connection, so that dialling again does not clear them. */
  readonly #offences = new Map<string, number>();
  /** By the address that was dialled. */
  readonly #bans = new Map<string, Ban>();

  constructor(options: FollowPeersOptions) {
    this.#options = options;
  }

  get all(): readonly ChainPeer<B>[] {
    return Array.from(this.#peers.values(), ({ peer }) => peer);
  }

  get(id: string): ChainPeer<B> | undefined {
    return this.#peers.get(id)?.peer;
  }

  /** The address that was dialled for a connected peer. */
  dialledOf(id: string): string | undefined {
    return this.#peers.get(id)?.dialled;
  }

  /** Whether this address, or a peer with this id, is banned. */
  isBanned(addressOrId: string): boolean {
    return this.#bans.has(addressOrId) || Array.from(this.#bans.values()).some(({ id, address }) => id === addressOrId || address === addressOrId);
  }

  /** Takes a peer in. Its code if it is not taken: `banned`, or `duplicate` for one that is connected already. The caller closes it then. */
  join(peer: ChainPeer<B>, dialled: string): 'banned' | 'duplicate' | undefined {
    if (this.isBanned(peer.id)) return 'banned';
    if (this.#peers.has(peer.id)) return 'duplicate';
    this.#peers.set(peer.id, { peer, dialled });
    this.#former.delete(peer.id);
    this.#options.log.add('peers', 'info', 'peer-joined', { peer: peer.id, address: peer.address });
    this.#options.onChange();
    return undefined;
  }

  /** The connection of a peer has ended. */
  left(id: string, code: string | undefined): void {
    const entry = this.#peers.get(id);
    if (entry === undefined) return;
    this.#peers.delete(id);
    remember(this.#former, id, entry);
    this.#options.log.add('peers', 'info', 'connection-closed', { peer: id, reason: code ?? 'disconnected' });
    this.#options.onChange();
  }

  /** A peer broke a rule, also one that has left. True if it is banned for that. */
  fault(id: string, { code, weight, data = {} }: Fault): boolean {
    const entry = this.#peers.get(id) ?? this.#former.get(id);
    if (entry === undefined || this.isBanned(id)) return false;
    if (weight === 'lie') return this.#ban(entry, code, data);
    const count = (this.#offences.get(id) ?? 0) + 1;
    remember(this.#offences, id, count);
    this.#options.log.add('peers', 'warning', 'peer-offence', { ...data, peer: id, reason: code, count });
    return count >= MAX_OFFENCES && this.#ban(entry, code, { ...data, offences: count });
  }

  /** Closes all connections. */
  closeAll(): void {
    for (const peer of this.all) peer.close();
  }

  /** @param state says how a connected peer stands. */
  views(state: (peer: ChainPeer<B>) => PeerView['state'], dialled: readonly string[]): readonly PeerView[] {
    const connected = this.all.map((peer): PeerView => {
      const offences = this.#offences.get(peer.id) ?? 0;
      const { id, address, transport, claims, latency, received } = peer;
      return { id, address, transport, kind: 'node', state: state(peer), height: claims.height, latency, received, score: Math.round(100 - (100 * offences) / MAX_OFFENCES), reason: undefined };
    });
    const others = Array.from(this.#bans.values(), ({ id, address, transport, code, data, received }): PeerView => ({
      id, address, transport, kind: 'node', state: 'banned', height: undefined, latency: undefined, received, score: 0, reason: { code, data },
    }));
    const connecting = dialled.map((address): PeerView => ({
      id: address, address, transport: transportOf(address), kind: 'node', state: 'connecting', height: undefined, latency: undefined, received: 0, score: 0, reason: undefined,
    }));
    return [...connected, ...connecting, ...others];
  }

  #ban({ peer, dialled }: Entry<B>, code: string, data: NonNullable<Fault['data']>): true {
    const { id, address, transport, received } = peer;
    this.#peers.delete(id);
    remember(this.#bans, dialled, { id, address, transport, code, data, received });
    this.#options.log.notice('peers', 'warning', 'peer-banned', { ...data, peer: id, address, reason: code });
    peer.close(code);
    this.#options.onBanned(id, dialled);
    this.#options.onChange();
    return true;
  }
}

/** The transport of an address that is being dialled. */
function transportOf(address: string): PeerView['transport'] {
  if (/^https?:/u.test(address)) return address.startsWith('https:') ? 'https' : 'http';
  return address.includes('/wss') || address.includes('/tls/') ? 'wss' : 'ws';
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MAX_REMEMBERED) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
