import type { PeerView } from '../../../engine/view.ts';
import type { SyncPeerState } from '../sync/sync-events.ts';
import type { PicoState } from '../sync/pico-peer.ts';
import type { BannedPeer } from '../../../engine/peers/peer-book.ts';
import type { AlbatrossNodeEvents } from '../net/node-types.ts';
import type { NodePeer } from '../../../engine/peers/peer-net.ts';

/** What network, sync and peer book know about the peers at one moment. */
export interface PeerSources {
  readonly joined: readonly NodePeer[];
  readonly sync: readonly SyncPeerState[];
  readonly bans: readonly BannedPeer[];
  readonly addresses: AddressBook;
  score(peer: string): number;
}

/** Number of addresses remembered for the outcome of their dials. */
const MAX_ADDRESSES = 64;

interface AddressEntry {
  readonly state: 'connecting' | 'down';
  readonly id: string | undefined;
  readonly reason: PeerView['reason'];
}

/** Outcomes of dialled addresses, and the last address of each banned peer. Bounded: the oldest entry is dropped. */
export class AddressBook {
  readonly #dialled = new Map<string, AddressEntry>();
  readonly #banned = new Map<string, string>();

  dialing(event: AlbatrossNodeEvents['dialing']): void {
    this.#put(event.address, { state: 'connecting', id: undefined, reason: undefined });
  }

  down({ address, id, code, retryAt }: Omit<AlbatrossNodeEvents['down'], 'dial'>): void {
    // A dial that was no longer needed says nothing about the address.
    if (code === 'surplus') this.#dialled.delete(address);
    else this.#put(address, { state: 'down', id, reason: { code, data: { retryAt } } });
  }

  joined(peer: NodePeer): void {
    this.#dialled.delete(peer.address);
  }

  banned(peer: string, address: string): void {
    this.#banned.set(peer, address);
    trim(this.#banned);
  }

  addressOf(peer: string): string | undefined {
    return this.#banned.get(peer);
  }

  entries(): readonly (AddressEntry & { readonly address: string })[] {
    return Array.from(this.#dialled, ([address, entry]) => ({ address, ...entry }));
  }

  #put(address: string, entry: AddressEntry): void {
    this.#dialled.delete(address);
    this.#dialled.set(address, entry);
    trim(this.#dialled);
  }
}

function trim(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) {
    if (map.size <= MAX_ADDRESSES) break;
    map.delete(oldest);
  }
}

const states: Readonly<Record<PicoState, PeerView['state']>> = {
  asking: 'connected', witness: 'connected', live: 'live', ahead: 'ahead', outdated: 'outdated', incompatible: 'incompatible',
  conflicting: 'connected', aside: 'aside', banned: 'banned', gone: 'down',
};

/** One list of all peers for display: joined ones first, then banned ones, then addresses that are being dialled or wait. */
export function peerViews({ joined, sync, bans, addresses, score }: PeerSources): readonly PeerView[] {
  const inSync = new Map(sync.map((peer) => [peer.id, peer]));
  const banned = new Map(bans.map((ban) => [ban.peer, ban]));
  const views: PeerView[] = [];
  for (const { id, address, transport, kind, latency, received } of joined) {
    if (banned.has(id)) continue;
    const state = inSync.get(id);
    views.push({ id, address, transport, kind, latency, received, score: score(id), height: state?.height, state: state ? states[state.state] : 'connected', reason: state?.reason });
  }
  for (const [id, { code, evidence }] of banned) {
    const connected = joined.find((peer) => peer.id === id);
    const address = connected?.address ?? addresses.addressOf(id) ?? '';
    const height = inSync.get(id)?.height;
    views.push({ id, address, ...whatIsAt(address, connected), state: 'banned', height, latency: undefined, received: connected?.received ?? 0, score: score(id), reason: { code, data: evidence } });
  }
  const shown = new Set(views.map((view) => view.address));
  for (const { address, state, id = '', reason } of addresses.entries()) {
    if (shown.has(address)) continue;
    views.push({ id, address, ...whatIsAt(address), state, height: undefined, latency: undefined, received: 0, score: id ? score(id) : 50, reason });
  }
  return views;
}

/** Transport and kind of the peer that is, or was, at an address: a browser is a Petrel client. */
function whatIsAt(address: string, connected?: NodePeer): Pick<PeerView, 'transport' | 'kind'> {
  if (/\/webrtc(\/|$)/.test(address)) return { transport: 'webrtc', kind: 'petrel' };
  return { transport: address.includes('/wss') || address.includes('/tls') ? 'wss' : 'ws', kind: connected?.kind ?? 'node' };
}
