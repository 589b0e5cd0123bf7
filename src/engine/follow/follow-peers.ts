// Tests: `src/engine/follow/follow-network.test.ts`, `src/engine/follow/follow-client.test.ts`.
import type { Clock } from '../../base/clock.ts';
import type { ClientLog } from '../client-log.ts';
import type { KeptBan } from '../peers/peer-book.ts';
import type { Fault } from '../sync/sync-chain.ts';
import type { PeerView } from '../view.ts';
import { BanList, type BannedPeer } from './ban-list.ts';
import { ClaimWatch } from './claim-watch.ts';
import type { ChainPeer } from './followed-chain.ts';

/** Offences that ban (HotStuff-2 reference, 4). */
const MAX_OFFENCES = 3;
/** Offenders and former peers remembered; at the bound the oldest are forgotten. Identities cost an attacker nothing, so more would not help. */
const MAX_REMEMBERED = 256;

interface Entry<B> {
  readonly peer: ChainPeer<B>;
  /** The address that was dialled; the peer may name another spelling of it. */
  readonly dialled: string;
}

export interface FollowPeersOptions {
  readonly clock: Clock;
  readonly log: ClientLog;
  /** Height of our head. */
  readonly head: () => number;
  /** A peer was banned; it is no longer in the table, and its connection is being closed. `dialled`: the address that was dialled. */
  readonly onBanned: (id: string, dialled: string) => void;
  /** The ban of a peer has ended. */
  readonly onPardoned: (id: string) => void;
  readonly onChange: () => void;
}

/** The connected peers, and what they did wrong. Three offences, one lie, or a claim that stays unproven ban a peer for a term: its id and its address. */
export class FollowPeers<B> {
  readonly #options: FollowPeersOptions;
  readonly #peers = new Map<string, Entry<B>>();
  /** Peers that have left, by id: what they sent may still turn out to be a lie. */
  readonly #former = new Map<string, Entry<B>>();
  /** Offences by id. They outlive the connection, so that dialling again does not clear them. */
  readonly #offences = new Map<string, number>();
  readonly #claims: ClaimWatch;
  readonly #bans: BanList;

  constructor(options: FollowPeersOptions) {
    const { clock, onPardoned, onChange } = options;
    this.#options = options;
    this.#claims = new ClaimWatch(clock);
    this.#bans = new BanList({
      clock,
      onEnd: ({ id }) => {
        this.#offences.delete(id);
        onPardoned(id);
        onChange();
      },
    });
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
    return this.#bans.has(addressOrId);
  }

  /** Takes a peer in. Its code if it is not taken: `banned`, or `duplicate` for one that is connected already. The caller closes it then. */
  join(peer: ChainPeer<B>, dialled: string): 'banned' | 'duplicate' | undefined {
    if ([peer.id, dialled].some((name) => this.isBanned(name))) return 'banned';
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
  fault(id: string, fault: Fault): boolean {
    const entry = this.#peers.get(id) ?? this.#former.get(id);
    return entry !== undefined && this.#count(bannedOf(entry), fault);
  }

  /** Whoever answers at an address broke a rule before the connection was there: it counts by the address. True if that is banned. */
  dialFault(address: string, fault: Fault): boolean {
    return this.#count({ id: address, address, dialled: address, received: 0 }, fault);
  }

  /** A peer was asked to prove what it claims. True if it is banned, because it never does. */
  asked(id: string, claimed: number, proven: number): boolean {
    const entry = this.#peers.get(id);
    if (entry === undefined || !this.#claims.asked(id, claimed, proven, this.#options.head())) return false;
    return this.#ban(bannedOf(entry), { code: 'claim-not-proven', weight: 'offence', data: { claimed, proven } });
  }

  /** The bans in the form that is kept over a restart. */
  get keptBans(): readonly KeptBan[] {
    return this.#bans.kept;
  }

  /** Adds the bans of an earlier run, or of another store, and closes the connections that they forbid. */
  restoreBans(bans: readonly KeptBan[]): void {
    this.#bans.restore(bans);
    for (const { peer, dialled } of this.#peers.values()) if ([peer.id, dialled].some((name) => this.isBanned(name))) peer.close('banned');
  }

  /** Forgets all bans, offences and claims. The ids that were banned. */
  forget(): readonly string[] {
    const banned = this.#bans.all.map(({ id }) => id);
    this.#bans.clear();
    this.#offences.clear();
    this.#claims.clear();
    this.#options.onChange();
    return banned;
  }

  /** No ban ends any more. */
  stop(): void {
    this.#bans.stop();
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
      const open = this.#claims.openOf(id, this.#options.head());
      const reason = open && { code: 'claim-not-proven', data: { claimed: open.claimed, proven: open.proven, count: open.count } };
      return { id, address, transport, kind: 'node', state: state(peer), height: claims.height, latency, received, score: Math.round(100 - (100 * offences) / MAX_OFFENCES), reason };
    });
    const others = this.#bans.all.map(({ id, address, dialled: text, code, data, received, until }): PeerView => ({
      id, address, transport: transportOf(text), kind: 'node', state: 'banned', height: undefined, latency: undefined, received, score: 0, reason: { code, data }, bannedUntil: until,
    }));
    const connecting = dialled.map((address): PeerView => ({
      id: address, address, transport: transportOf(address), kind: 'node', state: 'connecting', height: undefined, latency: undefined, received: 0, score: 0, reason: undefined,
    }));
    return [...connected, ...connecting, ...others];
  }

  #count(peer: BannedPeer, { code, weight, data = {} }: Fault): boolean {
    const { id } = peer;
    if (this.isBanned(id)) return false;
    if (weight === 'lie') return this.#ban(peer, { code, weight, data });
    const count = (this.#offences.get(id) ?? 0) + 1;
    remember(this.#offences, id, count);
    this.#options.log.add('peers', 'warning', 'peer-offence', { ...data, peer: id, reason: code, count });
    return count >= MAX_OFFENCES && this.#ban(peer, { code, weight, data: { ...data, offences: count } });
  }

  #ban(banned: BannedPeer, fault: Fault): true {
    const { id, address, dialled } = banned;
    const { code, data } = fault;
    const connected = (this.#peers.get(id) ?? this.#former.get(id))?.peer;
    this.#peers.delete(id);
    this.#bans.add(banned, fault);
    this.#options.log.notice('peers', 'warning', 'peer-banned', { ...data, peer: id, address, reason: code });
    connected?.close(code);
    // Another id at the same address is the same node, or one that it can speak for.
    for (const other of this.#peers.values()) if (other.dialled === dialled) other.peer.close(code);
    this.#options.onBanned(id, dialled);
    this.#options.onChange();
    return true;
  }
}

function bannedOf<B>({ peer: { id, address, received }, dialled }: Entry<B>): BannedPeer {
  return { id, address, dialled, received };
}

/** The transport that a multiaddress or a URL names. */
function transportOf(address: string): PeerView['transport'] {
  const [, scheme] = /^(https?):/.exec(address) ?? [];
  if (scheme === 'http' || scheme === 'https') return scheme;
  return address.includes('/wss') || address.includes('/tls/') || address.startsWith('wss:') ? 'wss' : 'ws';
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
