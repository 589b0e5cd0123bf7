import { systemClock } from '../../src/base/system.ts';
import { Emitter } from '../../src/base/emitter.ts';
import { ClientLog } from '../../src/engine/client-log.ts';
import type { ChainClient, ClientContext } from '../../src/engine/driver.ts';
import { QuestionError } from '../../src/engine/questions.ts';
import { noSharing } from '../../src/engine/view.ts';
import type { BlockView, ChainClientEvents, ClientStatus, Head, HeadView, PeerView, TrustRecord } from '../../src/engine/view.ts';
import { concatBytes } from '../../src/base/bytes.ts';
import { brokenRule, BLOCK_LENGTH, decodeToyBlock, FINAL_EVERY, genesisOf, type ToyBlock, ToyError, type ToyNetwork } from './counter.ts';
import { toyNetworkView } from './toy-network-view.ts';
import type { ToyStore } from './toy-store.ts';
import { ToyPeer } from './toy-peer.ts';

/** Milliseconds between two dials of the same address. */
const REDIAL = 500;

/** The client of the toy chain: follows the counter at each seed, verifies every block on the hub's thread, and stores the chain. */
export class ToyClient implements ChainClient {
  readonly events = new Emitter<ChainClientEvents>();
  readonly #context: ClientContext<ToyNetwork>;
  readonly #store: ToyStore;
  readonly #log: ClientLog;
  readonly #chain: ToyBlock[];
  readonly #peers = new Map<string, ToyPeer>();
  readonly #banned = new Map<string, string>();
  readonly #timers = new Set<() => void>();
  #pushing: Promise<void> = Promise.resolve();
  #asked = true;
  #closed = false;

  constructor(context: ClientContext<ToyNetwork>, store: ToyStore, stored: readonly ToyBlock[]) {
    this.#context = context;
    this.#store = store;
    this.#chain = [genesisOf(context.network), ...stored];
    this.#log = new ClientLog(systemClock, 100, (entry) => this.events.emit('log', entry), (notice) => this.events.emit('notice', notice));
  }

  start(): void {
    for (const seed of this.#context.network.seeds) this.#dial(seed);
  }

  get #head(): ToyBlock {
    return this.#chain.at(-1)!;
  }

  get #final(): ToyBlock {
    return this.#chain[Math.floor(this.#head.value / FINAL_EVERY) * FINAL_EVERY]!;
  }

  getStatus(): ClientStatus {
    const connected = Array.from(this.#peers.values()).filter(({ open }) => open);
    const live = connected.filter(({ value }) => value !== undefined && value <= this.#head.value).length;
    return {
      network: toyNetworkView(this.#context.network),
      phase: this.#closed ? 'stopped' : live > 0 ? 'established' : connected.length > 0 ? 'catch-up' : 'connecting',
      consensus: live > 0 ? 'established' : 'connecting',
      progress: undefined,
      peers: { connected: connected.length, live, wanted: this.#context.network.seeds.length },
      storage: { kind: this.#store.kind, bytes: (this.#chain.length - 1) * BLOCK_LENGTH, cap: this.#context.settings.storageCap },
      sharing: noSharing,
      reason: undefined,
    };
  }

  getHead(): Head {
    return { known: this.#head.value > 0, latest: this.#view(this.#head), final: this.#view(this.#final) };
  }

  getPeers(): readonly PeerView[] {
    const view = (address: string, state: PeerView['state'], peer?: ToyPeer, code?: string): PeerView => ({
      id: address, address, transport: 'ws', kind: 'node', state, height: peer?.value, latency: undefined, received: peer?.received ?? 0, score: 50, reason: code === undefined ? undefined : { code, data: {} },
    });
    return [
      ...Array.from(this.#peers, ([address, peer]) => view(address, peer.open ? 'live' : 'connecting', peer)),
      ...Array.from(this.#banned, ([address, code]) => view(address, 'banned', undefined, code)),
    ];
  }

  getTrust(): TrustRecord {
    const { genesisHash: hash } = this.#context.network;
    return { level: 'proven', anchor: { kind: 'genesis', height: 0, hash, witnesses: [], fewWitnesses: false }, onlyNames: false, checked: { milliseconds: 0, counterSteps: this.#head.value }, proof: undefined };
  }

  getLog = () => this.#log.entries();

  async getBlock(key: string | number, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<BlockView | undefined> {
    signal?.throwIfAborted();
    const block = typeof key === 'number' ? this.#chain[key] : this.#chain.find(({ id }) => id === key);
    return block && { ...this.#view(block), place: 'chain', linkedFrom: undefined, parentHash: block.parent, bytes: block.bytes };
  }

  async wipe(): Promise<void> {
    await this.#pushing;
    await this.#store.wipe();
    const reverted = this.#chain.splice(1).map((block) => this.#view(block));
    this.events.emit('head', { head: this.getHead(), adopted: [], reverted });
    for (const peer of this.#peers.values()) peer.ask(1);
  }

  exportSnapshot(): Uint8Array {
    return concatBytes(...this.#chain.slice(1).map(({ bytes }) => bytes));
  }

  async ask(question: string): Promise<never> {
    throw new QuestionError('unknown-question', { question });
  }

  async importSnapshot(bytes: Uint8Array): Promise<void> {
    const { network } = this.#context;
    const blocks: ToyBlock[] = [];
    let parent = genesisOf(network);
    for (let at = 0; at < bytes.length; at += BLOCK_LENGTH) {
      const block = decodeToyBlock(bytes.subarray(at, at + BLOCK_LENGTH));
      const code = await brokenRule(network, parent, block);
      if (code) throw new ToyError(code);
      blocks.push(block);
      parent = block;
    }
    for (const block of blocks) await this.#push(block);
  }

  returnToStore(): void {
    this.#log.add('storage', 'info', 'storage-not-yet', { reason: 'toy' });
  }

  setAttention({ mode }: { readonly mode: string }): void {
    this.#asked = mode !== 'none';
    if (this.#asked) for (const peer of this.#peers.values()) peer.ask(this.#head.value + 1);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#timers) cancel();
    for (const peer of this.#peers.values()) peer.close();
    await this.#pushing;
    await this.#store.close();
  }

  #view(block: ToyBlock): HeadView {
    return { height: block.value, hash: block.id, timestamp: block.time, trust: 'proven', finality: block.value <= this.#final.value ? 'final' : 'pending', details: { chain: 'toy' } };
  }

  #dial(address: string): void {
    if (this.#closed || this.#banned.has(address)) return;
    const peer = new ToyPeer(address, {
      opened: () => {
        this.#log.add('peers', 'info', 'peer-joined', { peer: address });
        peer.ask(this.#head.value + 1);
        this.#changed();
      },
      block: (bytes) => {
        this.#pushing = this.#pushing.then(() => this.#received(address, bytes));
      },
      closed: () => {
        this.#peers.delete(address);
        this.#changed();
        const cancel = this.#context.clock.after(REDIAL, () => {
          this.#timers.delete(cancel);
          this.#dial(address);
        });
        this.#timers.add(cancel);
      },
    });
    this.#peers.set(address, peer);
  }

  async #received(address: string, bytes: Uint8Array): Promise<void> {
    if (this.#closed || this.#banned.has(address)) return;
    try {
      const block = decodeToyBlock(bytes);
      if (block.value <= this.#head.value) return;
      if (block.value > this.#head.value + 1) return this.#peers.get(address)?.ask(this.#head.value + 1);
      const code = await brokenRule(this.#context.network, this.#head, block);
      if (code) throw new ToyError(code);
      await this.#push(block);
    } catch (error) {
      const code = error instanceof ToyError ? error.code : 'internal';
      this.#banned.set(address, code);
      this.#log.notice('peers', 'warning', 'peer-banned', { peer: address, reason: code });
      this.#peers.get(address)?.close();
      this.#changed();
    }
  }

  /** Stored, then told: a tab never shows a block that a restart would not know. */
  async #push(block: ToyBlock): Promise<void> {
    if (block.value !== this.#head.value + 1) return;
    await this.#store.append(block).catch(() => this.#log.notice('storage', 'warning', 'commit-failed', { code: 'internal', height: block.value }));
    this.#chain.push(block);
    this.events.emit('head', { head: this.getHead(), adopted: [this.#view(block)], reverted: [] });
    this.events.emit('trust', this.getTrust());
    this.#changed();
  }

  #changed(): void {
    this.events.emit('status', this.getStatus());
    this.events.emit('peers', this.getPeers());
  }
}
