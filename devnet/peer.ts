import { createAlbatrossNode } from '../src/chains/albatross/net/node.ts';
import type { AlbatrossNode } from '../src/chains/albatross/net/node-types.ts';
import { CLOSE_PATIENCE } from '../src/chains/albatross/net/request-client.ts';
import type { RequestMeta } from '../src/chains/albatross/net/request-server.ts';
import { systemClock } from '../src/base/system.ts';
import { CLOSING_GRACE } from '../src/network/node/link-keeper.ts';
import { blockHeaderMessage } from '../src/chains/albatross/wire/blocks.ts';
import type { SignedPeerContact } from '../src/chains/albatross/wire/discovery.ts';
import { addressSubscriptionTopic, decodeGossip, encodeGossip, headerMessageOf } from '../src/chains/albatross/wire/gossip.ts';
import { zkProof, type RequestBody, type ResponseBody } from '../src/chains/albatross/wire/requests.ts';
import { serveZkp } from '../src/chains/albatross/serve/serve.ts';
import { DecodeError, encode } from '../src/base/postcard/codec.ts';
import { transactionFlags } from '../src/chains/albatross/transactions/account-type.ts';
import { transactionHash } from '../src/chains/albatross/transactions/transaction-hash.ts';
import { services } from '../src/chains/albatross/wire/services.ts';
import type { Transaction } from '../src/chains/albatross/wire/types.ts';
import type { NetworkParameters } from '../src/chains/albatross/chain/network.ts';
import type { DevBlock } from './dev-block.ts';
import type { DevnetEvent, PeerInfo } from './events.ts';
import { EXPELLED_FOR } from './expelled-for.ts';
import { GossipLimit } from './gossip-limit.ts';
import type { Mempool } from './ledger/mempool.ts';
import { Subscriptions } from './ledger/subscriptions.ts';
import type { PeerAnswer } from './peer-fault.ts';
import { PEER_FAULTS } from './peer-faults.ts';
import type { PeerView } from './peer-view.ts';
import type { ProvenBlock } from './prover.ts';
import { seededRandom } from './seeded-random.ts';
import { serve, SERVED_KINDS, type AskedKind } from './serve.ts';
import { Syncer } from './syncer.ts';

/**
 * Blocks, proofs of accounts, and transactions by address: what a light client needs from its peers. The official client asks for
 * transactions by address only where those from before genesis are offered too; these networks have none.
 */
export const DEVNET_SERVICES = services.fullBlocks | services.accountsProof | services.transactionIndex | services.preGenesisTransactions;

/** Milliseconds within which a client must answer a ping or a request. Albatross network reference, 1.6 and 3.1. */
const DISCOVERY_PATIENCE = 3000;
const PING_PATIENCE = 20_000;
const ANSWER_PATIENCE = 10_000;

const TOPIC = 'block-header';
/** A node must subscribe to the transaction topics, or a web client cannot send transactions. Interop reference, section 7. */
const TOPICS = [TOPIC, 'regular-transaction', 'control-transaction'] as const;
/** Topic that only nodes of 1.x know. */
const ZKP_TOPIC = 'zk-proof';
type HeardTopic = (typeof TOPICS)[number] | typeof ZKP_TOPIC;

export interface DevPeerOptions {
  readonly index: number;
  readonly network: NetworkParameters;
  /** Seed of the devnet. The identity follows from the seed and the index. */
  readonly seed: string;
  /** The port to listen on. With 0 the peer takes a free port, and keeps it for later starts. */
  readonly port: number;
  /** See `DevnetOptions`. */
  readonly patience: number;
  /** See `CreateDevnetOptions`. */
  readonly rateWindow?: number | undefined;
  readonly view: PeerView;
  /** Shared by all peers, as if they had passed every transaction on at once. */
  readonly mempool: Mempool;
  readonly emit: (event: DevnetEvent) => void;
}

/** One node of the devnet. After a stop and a new start it has the same identity and address, but its rate limits start afresh. */
export class DevPeer {
  readonly index: number;
  readonly view: PeerView;
  readonly #options: DevPeerOptions;
  /** Faults by name. The height limits a fault to requests for the block there. */
  readonly #faults = new Map<string, number | undefined>();
  #syncer: Syncer | undefined;
  #turn: Promise<void> = Promise.resolve();
  #node: AlbatrossNode | undefined;
  #port: number;
  #id = '';
  /** Clients that subscribed to zero-knowledge proofs. */
  readonly #awaitProofs = new Set<string>();
  readonly #subscriptions = new Subscriptions();

  constructor(options: DevPeerOptions) {
    this.#options = options;
    this.index = options.index;
    this.view = options.view;
    this.#port = options.port;
  }

  get id(): string {
    return this.#id;
  }

  /** Its signed contact; undefined while it is stopped. */
  async contact(): Promise<SignedPeerContact | undefined> {
    return this.#node?.contact();
  }

  /** Takes in the contacts of the other peers, which it gives to its clients. */
  async learn(contacts: readonly SignedPeerContact[]): Promise<void> {
    for (const contact of contacts) await this.#node?.learn(contact);
  }

  get running(): boolean {
    return this.#node !== undefined;
  }

  /** Address without the peer id. */
  get address(): string {
    return `/ip4/127.0.0.1/tcp/${this.#port}/ws`;
  }

  get info(): PeerInfo {
    return { peer: this.index, id: this.#id, port: this.#port, address: this.address, running: this.running, faults: [...this.#faults.keys(), ...this.view.faults], clients: this.#syncer?.counts ?? { live: 0, incompatible: 0, outdated: 0 } };
  }

  /** Starts and stops run one after the other, in the order of the calls. */
  start(): Promise<void> {
    return this.#inTurn(() => this.#start());
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop());
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #start(): Promise<void> {
    if (this.#node) return;
    const { network, seed, index, patience, rateWindow } = this.#options;
    const topics: readonly HeardTopic[] = this.view.zkpMode !== 'none' ? [...TOPICS, ZKP_TOPIC] : TOPICS;
    const node = await createAlbatrossNode({
      genesisHash: network.genesisHash,
      seeds: [],
      services: DEVNET_SERVICES,
      requiredServices: 0,
      listen: [this.address],
      privateKey: seededRandom(seed, `peer/${index}`).bytes(32),
      // The peers do not connect to each other, so that no peer passes on what another announces.
      desiredPeers: 0,
      maxPeers: 300,
      allowInsecure: true, strict: true,
      discoveryPatience: DISCOVERY_PATIENCE * patience,
      pingPatience: PING_PATIENCE * patience,
      closePatience: CLOSE_PATIENCE * patience,
      closingGrace: CLOSING_GRACE * patience,
      rateWindow, clock: systemClock,
      random: seededRandom(`${seed}/${Date.now()}`, `node/${index}`),
      topics,
    });
    this.#id = node.peerId;
    for (const kind of [...SERVED_KINDS, 'zkp', 'mempool-hashes', 'mempool-transactions'] as const) this.#serve(node, kind);
    const limit = new GossipLimit(systemClock, rateWindow);
    for (const topic of topics) {
      node.onGossip(topic, (from, data) => {
        if (limit.admit(from, topic)) return Promise.resolve(this.#hear(from, topic, data));
        this.#options.emit({ event: 'gossip-dropped', peer: index, from, topic });
        return Promise.resolve('ignore');
      });
    }
    const syncer = this.#syncerOf(node);
    this.#syncer = syncer;
    this.#listen(node, syncer);
    await node.start();
    this.#node = node;
    syncer.start();
    const port = node.addresses.map((address) => /\/tcp\/(\d+)\/ws/.exec(address)?.[1]).find((found) => found !== undefined);
    if (port !== undefined) this.#port = Number(port);
  }

  async #stop(): Promise<void> {
    const node = this.#node;
    this.#node = undefined;
    this.#awaitProofs.clear();
    this.#subscriptions.clear();
    this.#syncer?.stop();
    this.#syncer = undefined;
    await node?.stop();
  }

  /** Checks its clients now, as it does every 60 s. Resolves when all have answered. */
  async look(): Promise<void> {
    await this.#syncer?.look();
  }

  /** Current faults of behaviour. */
  get faults(): ReadonlySet<string> {
    return new Set(this.#faults.keys());
  }

  addFault(name: string, height?: number): void {
    this.#faults.set(name, height);
  }

  clearFaults(): void {
    this.#faults.clear();
    this.view.clear();
  }

  /** Number of clients that receive its announcements. */
  get listeners(): number {
    return this.#node?.subscribers(TOPIC).length ?? 0;
  }

  /** Announces the block, unless the peer is stopped or its view ends before that block. */
  async announce(block: DevBlock, fault?: string): Promise<void> {
    const node = this.#node;
    if (!node || this.view.frozen) return;
    const payloads = this.#payloads(block);
    if (payloads.length === 0) return;
    // An error of a stopping node must not stop the chain.
    const sent = await Promise.all(payloads.map((payload) => node.publish(TOPIC, payload).catch(() => [])));
    const to = [...new Set(sent.flat())];
    if (to.length > 0 || fault !== undefined) this.#options.emit({ event: 'announced', peer: this.index, height: block.height, hash: block.hash, type: block.kind, to, ...(fault === undefined ? {} : { fault }) });
  }

  /** Announces its newest zero-knowledge proof, but only if a client listens, because making a proof takes long. */
  async announceProof(): Promise<void> {
    if (!this.#node || this.view.frozen || this.#awaitProofs.size === 0) return;
    const message = this.#proven()?.message;
    if (!message?.proof) return;
    const to = await this.#node.publish(ZKP_TOPIC, encode(zkProof, message)).catch(() => []);
    if (to.length > 0) this.#options.emit({ event: 'proof-announced', peer: this.index, height: message.blockNumber, to });
  }

  #syncerOf(node: AlbatrossNode): Syncer {
    const { view, index: peer, emit, patience } = this.#options;
    return new Syncer({
      clock: systemClock,
      view,
      chain: view.honest,
      ask: (remote, kind, body) => node.request(remote, kind, body, { timeout: ANSWER_PATIENCE * patience }),
      expel: (remote, reason) => {
        emit({ event: 'expelled', peer, remote, reason });
        void node.disconnect(remote, reason);
      },
      refused: (from, reason, hash) => emit({ event: 'gossip-refused', peer, from, topic: TOPIC, reason, hash }),
      checked: (remote, by, live, height) => emit({ event: 'checked', peer, remote, by, live, ...(height === undefined ? {} : { height }) }),
    });
  }

  /** Turns the node's events into devnet events. */
  #listen({ events }: AlbatrossNode, syncer: Syncer): void {
    const { emit } = this.#options;
    const peer = this.index;
    const waiting = new Map<string, unknown>();
    const open = new Map<string, 'inbound' | 'outbound'>();
    events.on('connection-open', ({ connectionId, peer: remote, direction }) => {
      open.set(connectionId, direction);
      emit({ event: 'connection-open', peer, remote, connection: connectionId, direction });
    });
    events.on('connection-close', ({ connectionId, peer: remote, code }) => {
      const direction = open.get(connectionId);
      if (direction) emit({ event: 'connection-close', peer, remote, connection: connectionId, direction, code });
      open.delete(connectionId);
      if (EXPELLED_FOR.has(code)) emit({ event: 'expelled', peer, remote, reason: code });
    });
    events.on('joined', ({ id, services, address }) => {
      emit({ event: 'joined', peer, remote: id, services, address });
      void syncer.joined(id, services);
    });
    events.on('left', ({ id, reason }) => {
      this.#awaitProofs.delete(id);
      this.#subscriptions.left(id);
      syncer.left(id);
      emit({ event: 'left', peer, remote: id, reason });
    });
    events.on('subscription', ({ peer: remote, topic, subscribed }) => {
      if (topic === ZKP_TOPIC && subscribed) this.#awaitProofs.add(remote);
      else if (topic === ZKP_TOPIC) this.#awaitProofs.delete(remote);
      emit({ event: 'subscription', peer, remote, topic, subscribed });
    });
    events.on('gossip', ({ from, topic, size }) => emit({ event: 'gossip', peer, from, topic, bytes: size }));
    // Handlers report the requests they answer, together with the answer. This code reports the other requests.
    events.on('request', ({ requestId, body }) => waiting.set(requestId, body));
    events.on('request-finished', ({ from, requestId, connectionId, kind, outcome }) => {
      const body = waiting.get(requestId);
      waiting.delete(requestId);
      if (outcome === 'answered' || outcome === 'stalled' || outcome === 'reset') return;
      emit({ event: 'request', peer, from, connection: connectionId, request: requestId, kind, body: plain(body ?? {}), outcome });
    });
  }

  /** Handles a client's gossip message. The peer never passes it on. */
  #hear(from: string, topic: HeardTopic, data: Uint8Array): 'ignore' | 'reject' {
    try {
      if (topic === TOPIC) return this.#syncer?.announced(from, decodeGossip(topic, data)) ?? 'ignore';
      return topic === ZKP_TOPIC ? 'ignore' : this.#hearTransaction(from, topic, decodeGossip(topic, data));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#options.emit({ event: 'gossip-refused', peer: this.index, from, topic, reason: 'malformed' });
      return 'reject';
    }
  }

  #hearTransaction(from: string, topic: 'regular-transaction' | 'control-transaction', transaction: Transaction): 'ignore' | 'reject' {
    const signals = transaction.type === 'extended' && (transaction.flags & transactionFlags.signaling) !== 0;
    const { verdict, outcome } =
      topic === 'control-transaction' && !signals
        ? ({ verdict: 'reject', outcome: 'no-signal' } as const)
        : this.#forgets('transactions')
          ? ({ verdict: 'ignore', outcome: 'forgotten' } as const)
          : this.#options.mempool.add(transaction);
    this.#options.emit({ event: 'transaction', peer: this.index, from, hash: transactionHash(transaction), outcome });
    return verdict === 'reject' ? 'reject' : 'ignore';
  }

  /** Tells its clients about the events of a block that joined the main chain, if they asked to be told. */
  async notify(block: DevBlock): Promise<void> {
    const node = this.#node;
    if (!node || this.view.frozen || this.#forgets('subscriptions')) return;
    for (const { client, message } of this.#subscriptions.notifications(this.view.stateOf(block).entries)) {
      const to = await node.publish(addressSubscriptionTopic(client), encodeGossip('address-subscription', message)).catch(() => []);
      if (to.length > 0) this.#options.emit({ event: 'notified', peer: this.index, to: client, receipts: message.receipts });
    }
  }

  #forgets(what: 'transactions' | 'subscriptions'): boolean {
    return [...this.#faults.keys()].some((name) => PEER_FAULTS[name]?.forgets === what);
  }

  #payloads(block: DevBlock): readonly Uint8Array[] {
    for (const name of this.#faults.keys()) {
      const replaced = PEER_FAULTS[name]?.announce?.(block, { view: this.view, random: this.#random(block.hash) });
      if (replaced) return replaced;
    }
    const message = headerMessageOf(block.block);
    return message ? [encode(blockHeaderMessage, message)] : [];
  }

  #random(label: string): ReturnType<typeof seededRandom> {
    return seededRandom(this.#options.seed, `fault/${this.index}/${label}`);
  }

  #serve<K extends AskedKind>(node: AlbatrossNode, kind: K): void {
    node.handle(kind, async (body, from, meta) => {
      const answer = this.#answer(kind, body, from, meta.requestId);
      this.#report(kind, body, from, meta, answer);
      if (answer === 'stall') return 'stall';
      if ('raw' in answer) return { raw: answer.raw };
      if ('error' in answer) return { raw: answer.error === 'rate-limited' ? Uint8Array.of(1, 4) : Uint8Array.of(1, 1) };
      return answer.body as ResponseBody<K>;
    });
  }

  #answer(kind: AskedKind, body: RequestBody<AskedKind>, from: string, requestId: string): PeerAnswer {
    for (const [name, height] of this.#faults) {
      if (height !== undefined && !(kind === 'block' && this.view.byHash((body as RequestBody<'block'>).hash)?.height === height)) continue;
      const answer = PEER_FAULTS[name]?.answer?.(kind, body, { view: this.view, random: this.#random(requestId) });
      if (answer) return answer;
    }
    if (kind === 'subscribe') return { body: this.#subscriptions.answer(from, body as RequestBody<'subscribe'>) };
    if (kind === 'mempool-hashes') return { body: { hashes: this.#options.mempool.hashes((body as RequestBody<'mempool-hashes'>).transactionType) } };
    if (kind === 'mempool-transactions') return { body: { transactions: (body as RequestBody<'mempool-transactions'>).hashes.flatMap((hash) => this.#options.mempool.get(hash) ?? []) } };
    if (kind !== 'zkp') return { body: serve(this.view, kind, body) };
    const proven = this.#proven();
    return proven ? { body: serveZkp(proven, body as RequestBody<'zkp'>) } : { error: 'no-receiver' };
  }

  /** The peer's zero-knowledge proof, with its faults applied. */
  #proven(): ProvenBlock | undefined {
    const honest = this.view.proven();
    for (const name of this.#faults.keys()) {
      const { prove } = PEER_FAULTS[name] ?? {};
      if (honest && prove) return prove(honest, { view: this.view, random: this.#random('prove') });
    }
    return honest;
  }

  #report(kind: AskedKind, body: unknown, from: string, meta: RequestMeta, answer: PeerAnswer): void {
    const told = { event: 'request', peer: this.index, from, connection: meta.connectionId, request: meta.requestId, kind, body: plain(body) } as const;
    if (answer === 'stall') return this.#options.emit({ ...told, outcome: 'stall' });
    if ('raw' in answer) return this.#options.emit({ ...told, outcome: 'raw bytes' });
    if ('error' in answer) return this.#options.emit({ ...told, outcome: answer.error });
    if ('type' in answer.body) {
      const { body } = answer;
      const blockNumber = body.type === 'proof' ? body.proof.blockNumber : body.blockNumber;
      return this.#options.emit({ ...told, outcome: body.type === 'proof' ? 'ok' : 'outdated', blocks: [blockNumber] });
    }
    type Headed = { readonly header: { readonly blockNumber: number } };
    const response = answer.body as { ok?: boolean; error?: string | { readonly name: string }; value?: { blocks?: readonly Headed[]; block?: Headed } & Partial<Headed> };
    const one = response.value?.block?.header ?? response.value?.header;
    const found = response.value?.blocks ?? (one ? [{ header: one }] : undefined);
    this.#options.emit({
      ...told,
      outcome: response.ok === false ? (typeof response.error === 'string' ? response.error : (response.error?.name ?? 'error')) : 'ok',
      ...(found ? { blocks: found.map(({ header }) => header.blockNumber) } : {}),
    });
  }
}

/** Converts a request's body for JSON: bytes become hex. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, part: unknown) => (part instanceof Uint8Array ? Buffer.from(part).toString('hex') : part))) as unknown;
}
