import { Emitter } from '../../src/base/emitter.ts';
import { sleep } from '../../src/base/clock.ts';
import type { Random } from '../../src/base/random.ts';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import { policyOf } from '../../src/chains/albatross/chain/policy-of.ts';
import { RequestError } from '../../src/engine/peers/peer-net.ts';
import type { BannedPeer } from '../../src/engine/peers/peer-book.ts';
import type { GossipVerdict, PeerId, PeerReport, RequestErrorCode } from '../../src/engine/peers/peer-net.ts';
import type { AskedOptions, SyncNet, SyncPeer } from '../../src/chains/albatross/sync/net.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../../src/chains/albatross/wire/requests.ts';
import { headerMessageOf } from '../../src/chains/albatross/wire/gossip.ts';
import { services as serviceBits } from '../../src/chains/albatross/wire/services.ts';
import type { BlockHeaderMessage } from '../../src/chains/albatross/wire/types.ts';
import type { Hash } from '../../src/base/hash.ts';
import type { FakeBlock, FakeChain } from './fake-chain.ts';
import type { VirtualClock } from './virtual-clock.ts';

const policy = policyOf(unitAlbatross);

/** Repeatable random numbers (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, bytes: (length) => Uint8Array.from({ length }, () => Math.floor(next() * 256)) };
}

/** Replaces an honest answer. `stall`: the peer never answers. `fail`: the request fails with this code. */
export type Twist<K extends RequestKind> = (body: RequestBody<K>, honest: () => ResponseBody<K>) => ResponseBody<K> | 'stall' | { readonly fail: RequestErrorCode };

export interface FakePeerOptions {
  readonly services?: number;
  readonly subnet?: string;
  /** Default: true, a node of the network. False: another Petrel client. */
  readonly witness?: boolean;
  /** Milliseconds until an answer arrives. Default: random, around 50. */
  readonly latency?: number;
  readonly twists?: { readonly [K in RequestKind]?: Twist<K> };
}

/** A peer of the fake network, honest except for its twists. */
export class FakePeer implements SyncPeer {
  readonly id: PeerId;
  readonly services: number;
  readonly subnet: string;
  readonly witness: boolean;
  readonly latency: number | undefined;
  chain: FakeChain;
  twists: { [K in RequestKind]?: Twist<K> };

  constructor(id: PeerId, chain: FakeChain, { witness = true, services = witness ? 9 : serviceBits.headers, subnet = id, latency, twists = {} }: FakePeerOptions = {}) {
    this.id = id;
    this.chain = chain;
    this.services = services;
    this.subnet = subnet;
    this.witness = witness;
    this.latency = latency;
    this.twists = { ...twists };
  }

  /** Its answer, with its twists applied. */
  answer<K extends RequestKind>(kind: K, body: RequestBody<K>): ReturnType<Twist<K>> {
    const honest = () => this.#honest(kind, body);
    const twist = this.twists[kind] as Twist<K> | undefined;
    return twist ? twist(body, honest) : honest();
  }

  #honest<K extends RequestKind>(kind: K, body: RequestBody<K>): ResponseBody<K> {
    switch (kind) {
      case 'head':
        return this.#head() as ResponseBody<K>;
      case 'block':
        return this.#block(body as RequestBody<'block'>) as ResponseBody<K>;
      case 'macro-chain':
        return this.#macroChain(body as RequestBody<'macro-chain'>) as ResponseBody<K>;
      case 'missing-blocks':
        return this.#missingBlocks(body as RequestBody<'missing-blocks'>) as ResponseBody<K>;
      default:
        throw new RequestError('no-receiver', kind);
    }
  }

  #head(): ResponseBody<'head'> {
    const { head, macroHead, electionHead } = this.chain;
    return { blockNumber: head.height, blockHash: head.hash, macroHash: macroHead.hash, electionHash: electionHead.hash };
  }

  #block({ hash }: RequestBody<'block'>): ResponseBody<'block'> {
    const found = this.chain.byHash(hash);
    return found ? { ok: true, value: found.block } : { ok: false, error: 'TargetHashNotFound' };
  }

  #macroChain({ locators, maxEpochs }: RequestBody<'macro-chain'>): ResponseBody<'macro-chain'> {
    const start = locators.map((hash) => this.chain.byHash(hash)).find((block) => block !== undefined && policy.isMacro(block.height));
    if (!start) return { ok: false, error: 'UnknownLocators' };
    const { macroHead, electionHead } = this.chain;
    const epochs: Hash[] = [];
    for (let height = policy.electionBlockAfter(start.height); height <= electionHead.height && epochs.length < maxEpochs; height += policy.blocksPerEpoch) epochs.push(this.chain.at(height).hash);
    const complete = epochs.length === 0 ? start.height >= electionHead.height : epochs.at(-1) === electionHead.hash;
    const checkpoint = complete && macroHead.height > electionHead.height && macroHead.height > start.height ? { blockNumber: macroHead.height, hash: macroHead.hash } : undefined;
    return { ok: true, value: { epochs, checkpoint } };
  }

  #missingBlocks({ targetHash, locators }: RequestBody<'missing-blocks'>): ResponseBody<'missing-blocks'> {
    const target = this.chain.byHash(targetHash);
    if (!target) return { ok: false, error: 'TargetHashNotFound' };
    const start = locators.map((hash) => this.chain.byHash(hash)).find((block) => block !== undefined);
    if (!start) return { ok: false, error: 'UnknownLocators' };
    const end = Math.min(target.height, policy.macroBlockAfter(start.height));
    const blocks = [];
    for (let height = start.height + 1; height <= end; height += 1) blocks.push(this.chain.at(height).block);
    return { ok: true, value: { blocks } };
  }
}

interface AskedRequest {
  readonly at: number;
  readonly peer: PeerId;
  readonly kind: RequestKind;
  readonly body: RequestBody<RequestKind>;
}

/** The network of one client in virtual time, which records everything. A peer that is reported for a lie is removed for good. */
export class FakeNet implements SyncNet {
  readonly requests: AskedRequest[] = [];
  readonly reports: (PeerReport & { readonly peer: PeerId })[] = [];
  readonly pardoned: PeerId[] = [];
  readonly dropped: { readonly peer: PeerId; readonly reason: string }[] = [];
  readonly verdicts: { readonly peer: PeerId; readonly hash: Hash; readonly verdict: GossipVerdict }[] = [];
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #peers = new Map<PeerId, FakePeer>();
  #banned = new Map<PeerId, FakePeer | undefined>();
  /** Each ban as the peer book keeps it. */
  #bannedFor = new Map<PeerId, BannedPeer>();
  readonly #events = new Emitter<{ joined: SyncPeer; left: SyncPeer }>();
  #announce: ((from: PeerId, message: BlockHeaderMessage) => Promise<GossipVerdict>) | undefined;
  /** Number of unanswered requests, now and at most. */
  running = 0;
  mostRunning = 0;

  /** `before`: bans of that network are still in force. */
  constructor(clock: VirtualClock, seed = 1, before?: FakeNet) {
    this.#clock = clock;
    this.#random = seededRandom(seed);
    if (!before) return;
    this.#banned = new Map(before.#banned);
    this.#bannedFor = new Map(before.#bannedFor);
  }

  get bans(): readonly BannedPeer[] {
    return Array.from(this.#bannedFor.values());
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
    this.requests.push({ at: this.#clock.monotonic(), peer: id, kind, body });
    const peer = this.#peers.get(id);
    if (!peer) throw new RequestError('disconnected', `${id} is not connected`);
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      const latency = peer.latency ?? 20 + this.#random.next() * 60;
      await sleep(this.#clock, Math.min(latency, timeout), signal);
      if (this.#peers.get(id) !== peer) throw new RequestError('disconnected', `${id} has left`);
      const answer = latency > timeout ? 'stall' : peer.answer(kind, body);
      if (answer === 'stall') {
        await sleep(this.#clock, Math.max(0, timeout - latency), signal);
        throw new RequestError('timeout', `${id} did not answer`);
      }
      if (typeof answer === 'object' && answer !== null && 'fail' in answer) throw new RequestError(answer.fail, `${id} failed`);
      return answer as ResponseBody<K>;
    } finally {
      this.running -= 1;
    }
  }

  report(peer: PeerId, report: PeerReport): void {
    this.reports.push({ peer, ...report });
    if (report.kind !== 'lie') return;
    this.#banned.set(peer, this.#peers.get(peer) ?? this.#banned.get(peer));
    this.#bannedFor.set(peer, { ...report, peer, at: this.#clock.now(), until: Infinity });
    this.leave(peer);
  }

  /** Lifts a ban with this code. A peer that was connected when it was banned reconnects at once. */
  pardon(id: PeerId, code: string): void {
    if (this.#bannedFor.get(id)?.code !== code) return;
    this.pardoned.push(id);
    const peer = this.#banned.get(id);
    this.#banned.delete(id);
    this.#bannedFor.delete(id);
    if (peer) queueMicrotask(() => this.join(peer));
  }

  disconnect(peer: PeerId, reason: string): void {
    this.dropped.push({ peer, reason });
    this.leave(peer);
  }

  // The methods that the test calls

  join(...peers: readonly FakePeer[]): void {
    for (const peer of peers) {
      if (this.#banned.has(peer.id)) continue;
      this.#peers.set(peer.id, peer);
      this.#events.emit('joined', peer);
    }
  }

  leave(id: PeerId): void {
    const peer = this.#peers.get(id);
    if (this.#peers.delete(id)) this.#events.emit('left', peer!);
  }

  /** `from` sends a block by gossip, which arrives at once. */
  async announce(from: FakePeer, { block, hash }: FakeBlock): Promise<GossipVerdict | undefined> {
    const message = headerMessageOf(block);
    if (!message || !this.#peers.has(from.id)) return undefined;
    const verdict = await this.#announce?.(from.id, message);
    if (verdict) this.verdicts.push({ peer: from.id, hash, verdict });
    return verdict;
  }

  /** The lies reported, as `peer code`. */
  get lies(): string[] {
    return this.reports.flatMap((report) => (report.kind === 'lie' ? [`${report.peer} ${report.code}`] : []));
  }

  /** The banned peers. */
  get banned(): PeerId[] {
    return Array.from(this.#banned.keys()).toSorted();
  }

  /** The requests of one kind. */
  asked<K extends RequestKind>(kind: K): { readonly at: number; readonly peer: PeerId; readonly body: RequestBody<K> }[] {
    return this.requests.filter((request) => request.kind === kind) as never;
  }
}
