import { Emitter } from '../../src/base/emitter.ts';
import { sleep } from '../../src/base/clock.ts';
import { RequestError } from '../../src/engine/peers/peer-net.ts';
import type { BannedPeer } from '../../src/engine/peers/peer-book.ts';
import type { GossipVerdict, PeerId, PeerReport } from '../../src/engine/peers/peer-net.ts';
import type { AskedOptions, SyncNet, SyncPeer } from '../../src/chains/albatross/sync/net.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../../src/chains/albatross/wire/requests.ts';
import { decodeGossip, encodeGossip, headerMessageOf, isPadded } from '../../src/chains/albatross/wire/gossip.ts';
import { concatBytes } from '../../src/base/bytes.ts';
import type { BlockHeaderMessage } from '../../src/chains/albatross/wire/types.ts';
import type { FakeBlock } from '../support/fake-chain.ts';
import type { FakePeer } from '../support/fake-net.ts';
import type { Chance } from './chance.ts';
import type { SimClock } from './sim-clock.ts';

/** Quality of the lines. Shares from 0 to 1, times in milliseconds. */
export interface Conditions {
  readonly latency: number;
  /** Maximum random delay that is added to each message, so that messages can overtake each other. */
  readonly jitter: number;
  readonly loss: number;
  readonly duplicates: number;
}

export interface NetListener {
  /** Called with each event, for the trace. */
  readonly note: (line: string) => void;
  /** Called when an answer reached the client. */
  readonly onAnswer: (peer: FakePeer, kind: RequestKind, answer: unknown) => void;
  /** Called when an announcement reached the client. */
  readonly onAnnounced: (peer: FakePeer, block: FakeBlock) => void;
  readonly onReport: (peer: PeerId, report: PeerReport) => void;
}

/** Maximum number of announcements under way. It limits a flood before the machine's memory does. */
const maxUnderWay = 2000;

/**
 * The network of one client under bad conditions. Requests and announcements are delayed, lost, duplicated and reordered; cut peers
 * stay connected but receive nothing. A dropped peer comes back after a while, unless it is banned.
 */
export class SimNet implements SyncNet {
  readonly #clock: SimClock;
  readonly #chance: Chance;
  readonly #conditions: Conditions;
  readonly #listener: NetListener;
  readonly #events = new Emitter<{ joined: SyncPeer; left: SyncPeer }>();
  readonly #peers = new Map<PeerId, FakePeer>();
  readonly #banned = new Map<PeerId, { readonly ban: BannedPeer; readonly peer: FakePeer | undefined }>();
  /** Peers cut off by a partition. */
  readonly cut = new Set<PeerId>();
  readonly #recent = new Map<PeerId, number[]>();
  #announce: ((from: PeerId, message: BlockHeaderMessage) => Promise<GossipVerdict>) | undefined;
  #underWay = 0;
  #closed = false;
  requests = 0;
  /** The most requests that one peer got within ten seconds. */
  busiest = 0;

  constructor(clock: SimClock, chance: Chance, conditions: Conditions, listener: NetListener) {
    this.#clock = clock;
    this.#chance = chance;
    this.#conditions = conditions;
    this.#listener = listener;
  }

  peers(): readonly SyncPeer[] {
    return Array.from(this.#peers.values());
  }

  on(name: 'joined' | 'left', listener: (peer: SyncPeer) => void): () => void {
    return this.#events.on(name, listener);
  }

  onAnnouncement(listener: (from: PeerId, message: BlockHeaderMessage) => Promise<GossipVerdict>): () => void {
    this.#announce = listener;
    return () => (this.#announce = undefined);
  }

  async request<K extends RequestKind>(id: PeerId, kind: K, body: RequestBody<K>, options: AskedOptions = {}): Promise<ResponseBody<K>> {
    const { signal, timeout = 10_000, onSent } = options;
    onSent?.();
    const peer = this.#peers.get(id);
    if (!peer) throw new RequestError('disconnected', `${id} is not connected`);
    this.#count(id);
    const begun = this.#clock.monotonic();
    const there = this.#delay(peer) / 2;
    const back = this.#delay(peer) / 2;
    const lost = this.#chance.happens(this.#conditions.loss);
    const silent = async (): Promise<never> => {
      await sleep(this.#clock, Math.max(0, timeout - (this.#clock.monotonic() - begun)), signal);
      throw new RequestError(this.#peers.get(id) === peer ? 'timeout' : 'disconnected', `${id} did not answer`);
    };
    if (lost || this.cut.has(id) || there + back >= timeout) return silent();
    await sleep(this.#clock, there, signal);
    const answer = peer.answer(kind, body);
    if (answer === 'stall') return silent();
    await sleep(this.#clock, back, signal);
    if (this.#peers.get(id) !== peer) throw new RequestError('disconnected', `${id} has left`);
    if (this.cut.has(id)) return silent();
    if (typeof answer === 'object' && answer !== null && 'fail' in answer) {
      this.#listener.note(`answer ${id} ${kind} ${answer.fail}`);
      throw new RequestError(answer.fail, `${id} failed`);
    }
    this.#listener.note(`answer ${id} ${kind} ${summary(answer)}`);
    this.#listener.onAnswer(peer, kind, answer);
    return answer as ResponseBody<K>;
  }

  report(peer: PeerId, report: PeerReport): void {
    this.#listener.onReport(peer, report);
    if (report.kind !== 'lie') return;
    const ban = { ...report, peer, at: this.#clock.now(), until: Infinity };
    this.#banned.set(peer, { ban, peer: this.#peers.get(peer) ?? this.#banned.get(peer)?.peer });
    this.leave(peer);
  }

  pardon(id: PeerId, code: string): void {
    const { ban, peer } = this.#banned.get(id) ?? {};
    if (ban?.code !== code) return;
    this.#listener.note(`pardoned ${id}`);
    this.#banned.delete(id);
    if (peer) this.#clock.after(this.#chance.below(2000), () => this.join(peer));
  }

  disconnect(peer: PeerId, reason: string): void {
    this.#listener.note(`dropped ${peer} ${reason}`);
    const known = this.#peers.get(peer);
    this.leave(peer);
    if (known) this.#clock.after(3000 + this.#chance.below(12_000), () => this.join(known));
  }

  // The methods that the world calls

  join(peer: FakePeer): void {
    if (this.#closed || this.#banned.has(peer.id) || this.#peers.has(peer.id)) return;
    this.#listener.note(`joined ${peer.id}`);
    this.#peers.set(peer.id, peer);
    this.#events.emit('joined', peer);
  }

  leave(id: PeerId): void {
    const peer = this.#peers.get(id);
    if (!this.#peers.delete(id)) return;
    this.#listener.note(`left ${id}`);
    this.#events.emit('left', peer!);
  }

  /** The bans in force. */
  get bans(): readonly BannedPeer[] {
    return Array.from(this.#banned.values(), ({ ban }) => ban);
  }

  connected(id: PeerId): boolean {
    return this.#peers.has(id);
  }

  /** From now on no peer joins and no message arrives. */
  close(): void {
    this.#closed = true;
  }

  /** `from` sends a block by gossip; it arrives later, or gets lost. The client's decoder must refuse a message with `padding`. */
  announce(from: FakePeer, block: FakeBlock, padding?: Uint8Array): void {
    const message = headerMessageOf(block.block);
    if (!message || !this.#peers.has(from.id)) return;
    const times = this.#chance.happens(this.#conditions.loss) ? 0 : this.#chance.happens(this.#conditions.duplicates) ? 2 : 1;
    for (let copy = 0; copy < times && this.#underWay < maxUnderWay; copy += 1) {
      this.#underWay += 1;
      this.#clock.after(this.#delay(from) / 2, () => {
        this.#underWay -= 1;
        if (this.#closed || !this.#announce || !this.#peers.has(from.id) || this.cut.has(from.id)) return;
        if (padding && !this.#reads(from, message, padding)) return;
        this.#listener.note(`announced ${from.id} ${block.height} ${block.hash.slice(0, 8)}`);
        this.#listener.onAnnounced(from, block);
        void this.#announce(from.id, message).then((verdict) => this.#listener.note(`verdict ${from.id} ${block.hash.slice(0, 8)} ${verdict}`));
      });
    }
  }

  /** Whether the client's decoder reads the message with the appended bytes. */
  #reads(from: FakePeer, message: BlockHeaderMessage, padding: Uint8Array): boolean {
    const bytes = concatBytes(encodeGossip('block-header', message), padding);
    try {
      decodeGossip('block-header', bytes);
      return true;
    } catch {
      const padded = isPadded('block-header', bytes);
      this.#listener.note(`refused ${from.id} ${padded ? 'padded' : 'undecodable'}`);
      this.report(from.id, { kind: 'useless', code: padded ? 'gossip-padded' : 'gossip-garbage' });
      return false;
    }
  }

  #delay(peer: FakePeer): number {
    return (peer.latency ?? this.#conditions.latency) + this.#chance.next() * this.#conditions.jitter;
  }

  #count(id: PeerId): void {
    this.requests += 1;
    const now = this.#clock.monotonic();
    const times = (this.#recent.get(id) ?? []).filter((time) => time > now - 10_000);
    times.push(now);
    this.#recent.set(id, times);
    this.busiest = Math.max(this.busiest, times.length);
  }
}

function summary(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null) return String(answer);
  if ('blockHash' in answer) return String(answer.blockHash).slice(0, 8);
  return 'ok' in answer ? (answer.ok ? 'ok' : String((answer as { error?: unknown }).error)) : 'other';
}
