import { toHex } from '../../src/base/bytes.ts';
import { sleep } from '../../src/base/clock.ts';
import { CodedError } from '../../src/base/coded-error.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { resolveSettings } from '../../src/engine/settings.ts';
import { FollowClient, type FollowParts } from '../../src/engine/follow/follow-client.ts';
import { followLog } from '../../src/engine/follow/follow-log.ts';
import type { ChainPeer, FollowedChain, Halt, Outcome, PeerHandlers } from '../../src/engine/follow/followed-chain.ts';
import { RequestError } from '../../src/engine/peers/peer-net.ts';
import { DEFAULT_SYNC_CONFIG } from '../../src/engine/sync/default-sync-config.ts';
import type { Item, Tip } from '../../src/engine/sync/sync-chain.ts';
import { PeerFault } from '../../src/engine/sync/sync-peer.ts';
import type { BlockView, ChainClientEvents, HeadView } from '../../src/engine/view.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A block of the scripted chain. `branch`: blocks of different branches have different ids. */
export interface WorldBlock {
  readonly branch: string;
  readonly valid: boolean;
}
export type WorldItem = Item<WorldBlock>;
type Chain = FollowedChain<WorldBlock, Tip>;
type Handlers = PeerHandlers<WorldBlock, Tip>;

const idOf = (branch: string, height: number) => (height === 0 ? '00'.repeat(32) : toHex(sha256(new TextEncoder().encode(`${branch} ${height}`))));

/** A block at this height; its parent is on `parentBranch`, or its own. */
export function worldItem(height: number, { branch = 'a', parentBranch, valid = true }: { readonly branch?: string; readonly parentBranch?: string; readonly valid?: boolean } = {}): WorldItem {
  return { height, id: idOf(branch, height), parent: idOf(parentBranch ?? branch, height - 1), size: 100, block: { branch, valid } };
}

class WorldError extends CodedError {
  override readonly name = 'WorldError';
}

/** A chain of scripted blocks, in memory: every valid block is taken, a later branch replaces what is not final. */
export class WorldChain {
  items: WorldItem[] = [];
  final = 0;
  /** A block that waits, and is taken before the next one, which is not adopted then. */
  late: WorldItem | undefined;
  /** Calls in their order. */
  readonly calls: string[] = [];

  constructor(world: FollowedWorld) {
    this.#world = world;
  }
  readonly #world: FollowedWorld;

  tip(): Tip {
    return { height: this.final, id: this.#idAt(this.final) };
  }

  head(): Tip {
    return { height: this.items.length, id: this.#idAt(this.items.length) };
  }

  push(item: WorldItem): Outcome<WorldBlock> {
    this.calls.push(`push ${item.height}`);
    const { late } = this;
    this.late = undefined;
    if (late) {
      const first = this.push(late);
      const second = this.push(item);
      return second.kind === 'adopted' || first.kind !== 'adopted' ? second : { ...second, earlier: first };
    }
    if (!item.block.valid) return { kind: 'fault', fault: { code: 'bad-block', weight: 'lie', data: { height: item.height } } };
    if (this.#idAt(item.height) === item.id) return { kind: 'known' };
    if (item.height > this.items.length + 1 || item.parent !== this.#idAt(item.height - 1)) return { kind: 'gap', from: Math.min(item.height, this.items.length + 1) };
    if (item.height <= this.final) return { kind: 'halted', height: item.height, evidence: [Uint8Array.of(1), Uint8Array.of(2)] };
    const reverted = this.items.splice(item.height - 1);
    this.items.push(item);
    return { kind: 'adopted', adopted: [item], reverted };
  }

  finalize({ height, id }: Tip): Outcome<WorldBlock> {
    this.calls.push(`final ${height}`);
    if (height <= this.final) return { kind: 'known' };
    if (height > this.items.length) return { kind: 'gap', from: this.items.length + 1 };
    if (this.#idAt(height) !== id) return { kind: 'fault', fault: { code: 'bad-proof', weight: 'offence' } };
    this.final = height;
    return { kind: 'adopted', adopted: [], reverted: [] };
  }

  apply(run: readonly WorldItem[]): void {
    this.calls.push(`apply ${run[0]!.height}-${run.at(-1)!.height}`);
    for (const item of run) {
      if (this.#idAt(item.height) !== item.id) {
        this.items.splice(item.height - 1);
        this.items.push(item);
      }
      this.final = item.height;
    }
  }

  view({ height, id }: Tip): HeadView {
    return { height, hash: id, timestamp: this.#world.clock.now(), trust: 'proven', finality: height <= this.final ? 'final' : 'pending', details: { chain: 'world' } };
  }

  #idAt(height: number): string {
    return height === 0 ? idOf('', 0) : (this.items[height - 1]?.id ?? '');
  }
}

interface Connected {
  readonly peer: ChainPeer<WorldBlock>;
  readonly handlers: Handlers;
}

/** A network of scripted nodes on a virtual clock, and one client. */
export class FollowedWorld {
  readonly clock = new VirtualClock();
  readonly chain = new WorldChain(this);
  /** What every node has. */
  readonly items: WorldItem[] = [];
  final = 0;
  /** Addresses at which nobody answers. */
  readonly down = new Set<string>();
  /** Addresses at which a node breaks a rule before the connection is there. */
  readonly breaks = new Map<string, 'lie' | 'offence'>();
  readonly dials: { readonly address: string; readonly at: number }[] = [];
  readonly requests: string[] = [];
  readonly connected = new Map<string, Connected>();
  readonly told: { [K in keyof ChainClientEvents]: ChainClientEvents[K][] } = { status: [], head: [], peers: [], trust: [], notice: [], log: [] };
  /** What a node claims, if it is not the truth. */
  readonly claims = new Map<string, number>();
  /** Ids that a node proves at a height, if they are not the truth. */
  readonly proves = new Map<string, string>();
  /** Addresses whose nodes answer nothing. */
  readonly silent = new Set<string>();
  /** Changes what a node sends. */
  change: ((address: string, items: readonly WorldItem[]) => readonly WorldItem[]) | undefined;
  halt: Halt | undefined;
  /** What the store has of peers; written by the client. */
  known: NonNullable<Chain['store']['peers']>['known'] = { bans: [], peers: [] };
  /** What the store says after a wipe. */
  wipeOwed: Chain['store']['wipeOwed'];
  readonly store = { wiped: 0, flushed: 0, closed: 0 };
  kind: 'indexeddb' | 'memory' = 'memory';
  /** The id that a node at an address shows, if it is not the usual one. */
  readonly ids = new Map<string, string>();
  /** What the chain was told of the pages' attention. */
  readonly attention: string[] = [];
  client!: FollowClient<WorldBlock, Tip>;

  /** Blocks that every node has from now on. `announce`: also to the client. */
  produce(count: number, { announce = true, final = 0 } = {}): void {
    for (let i = 0; i < count; i++) {
      const item = worldItem(this.items.length + 1);
      this.items.push(item);
      if (announce) this.announce(item);
    }
    this.finalize(Math.max(this.final, final), announce);
  }

  finalize(height: number, announce = true): void {
    if (height === this.final) return;
    this.final = height;
    for (const { handlers, peer } of this.connected.values()) {
      if (announce) handlers.announced({ kind: 'final', proof: { height, id: this.items[height - 1]!.id } });
      handlers.claims(peer.claims);
    }
  }

  announce(item: WorldItem, addresses = [...this.connected.keys()]): void {
    for (const address of addresses) this.connected.get(address)?.handlers.announced({ kind: 'block', item });
  }

  start(seeds: readonly string[], changes: Partial<FollowParts<WorldBlock, Tip>> = {}): FollowClient<WorldBlock, Tip> {
    const { log, events, started } = followLog(this.clock, 500);
    for (const name of ['status', 'head', 'peers', 'trust', 'notice', 'log'] as const) events.on(name, (event) => (this.told[name] as unknown[]).push(event));
    const random = { next: () => 0.5, bytes: (length: number) => new Uint8Array(length) };
    this.client = new FollowClient<WorldBlock, Tip>({
      chain: this.#followed(), seeds, log, events, random, clock: this.clock, blockTime: undefined, refusal: (address) => (address.startsWith('/bad') ? 'not-a-socket-address' : undefined),
      sync: { ...DEFAULT_SYNC_CONFIG, maxBehindBlocks: 8 }, settings: resolveSettings({ network: { minPeers: 2 } }), ...changes,
    });
    started();
    this.client.start();
    return this.client;
  }

  established = () => this.clock.untilTrue(() => this.client.getStatus().consensus === 'established', 120_000);
  atHead = () => this.clock.untilTrue(() => this.client.getHead().latest.height === this.items.length, 120_000);

  #followed(): Chain {
    const { chain, store } = this;
    const known = () => this.known;
    const owed = () => this.wipeOwed;
    const kind = () => this.kind;
    const trust = { level: 'proven', anchor: { kind: 'genesis', height: 0, hash: idOf('', 0), witnesses: [], fewWitnesses: false }, onlyNames: false, checked: { milliseconds: 0 }, proof: undefined } as const;
    const block = (key: number | string): BlockView | undefined => {
      const item = chain.items.find(({ height, id }) => height === key || id === key);
      return item && { ...chain.view(item), place: 'chain', linkedFrom: undefined, parentHash: item.parent, bytes: new Uint8Array(1) };
    };
    return {
      network: { name: 'world', genesisHash: idOf('', 0), genesisHeight: 0, development: true, details: { chain: 'world' } },
      tip: () => chain.tip(),
      head: () => chain.head(),
      view: (tip) => chain.view(tip),
      trust: () => trust,
      halted: () => this.halt,
      push: async (item) => chain.push(item),
      finalize: async (proof) => chain.finalize(proof),
      block: async (key) => block(key),
      fetchBlock: async (key, peers) => (peers.length > 0 && key === 999 ? { ...chain.view({ height: 999, id: idOf('a', 999) }), place: 'chain', linkedFrom: 1_000, parentHash: '', bytes: new Uint8Array(0) } : undefined),
      questions: { howMany: async (args) => args.length },
      attention: ({ mode }) => void this.attention.push(`${mode}, ${this.connected.size} connected`),
      connect: (address, handlers, { signal }) => this.#connect(address, handlers, signal),
      checkStructure: ({ block: { valid } }) => (valid ? undefined : { code: 'bad-block', weight: 'lie' }),
      checkLink: (parent, item) => (parent.id === item.parent ? undefined : { code: 'bad-link', weight: 'lie' }),
      checkSignatures: async () => undefined,
      checkFinality: () => undefined,
      apply: async (run) => void chain.apply(run),
      checkState: async () => true,
      snapshots: undefined,
      decodeItem: ([height = 0]) => {
        if (height === 0) throw new WorldError('bad-bytes', 'no block');
        return worldItem(height);
      },
      store: {
        get kind() {
          return kind();
        },
        bytes: 7,
        chunks: { load: async () => new Map(), put: async () => undefined, clear: async () => undefined },
        peers: {
          get known() {
            return known();
          },
          keepBans: async (bans) => void (this.known = { ...this.known, bans }),
          keepPeers: async (peers) => void (this.known = { ...this.known, peers }),
        },
        get wipeOwed() {
          return owed();
        },
        wipe: async () => {
          store.wiped++;
          this.known = { bans: [], peers: [] };
          chain.items = [];
          chain.final = 0;
        },
        flush: async () => void store.flushed++,
        close: async () => void store.closed++,
      },
      exportSnapshot: () => Uint8Array.of(chain.items.length),
      importSnapshot: async ([height = 0]) => {
        if (height === 0) throw new WorldError('damaged', 'no snapshot');
        if (height === 255) return { kind: 'halted', height: 3, evidence: [Uint8Array.of(1), Uint8Array.of(2)] };
        const adopted = Array.from({ length: height - chain.items.length }, (_, index) => worldItem(chain.items.length + index + 1));
        chain.items.push(...adopted);
        chain.final = height;
        return { kind: 'adopted', adopted, reverted: [] };
      },
    };
  }

  async #connect(address: string, handlers: Handlers, signal: AbortSignal): Promise<ChainPeer<WorldBlock>> {
    this.dials.push({ address, at: this.clock.monotonic() });
    await sleep(this.clock, 20, signal);
    const weight = this.breaks.get(address);
    if (weight) throw new PeerFault('bad-hello', weight, { height: 5 });
    if (this.down.has(address)) throw new WorldError('refused', 'nobody is there');
    let open = true;
    const close = () => {
      if (!open) return;
      open = false;
      this.connected.delete(address);
      handlers.closed(undefined);
    };
    const answer = async (request: string) => {
      this.requests.push(`${address} ${request}`);
      await sleep(this.clock, this.silent.has(address) ? 20_000 : 30);
      if (!open) throw new RequestError('disconnected', 'closed');
    };
    const claims = () => ({ height: this.claims.get(address) ?? this.final, earliest: 0, snapshot: undefined });
    const peer: ChainPeer<WorldBlock> = {
      // A node may name another spelling of the address that was dialled.
      id: this.ids.get(address) ?? `id-${address}`, address: address.replace('/dns/', '/dns4/'), transport: 'ws', latency: 30, received: 0, close,
      get claims() {
        return claims();
      },
      getBlocks: async (from, count) => {
        await answer(`blocks ${from} ${count}`);
        const items = this.items.slice(from - 1, from - 1 + count);
        if (items.length === 0) throw new RequestError('refused', 'beyond the tip');
        return { value: this.change?.(address, items) ?? items, size: 100 * items.length };
      },
      proveTarget: async (atLeast) => {
        await answer(`prove ${atLeast}`);
        if (this.final < atLeast) throw new RequestError('refused', `the newest proof is for ${this.final}`, { height: this.final, atLeast });
        return { height: this.final, id: this.proves.get(address) ?? (this.final === 0 ? idOf('', 0) : this.items[this.final - 1]!.id), proven: true };
      },
      getManifest: async () => Promise.reject(new RequestError('refused', 'none')),
      getChunk: async () => Promise.reject(new RequestError('refused', 'none')),
    };
    this.connected.set(address, { peer, handlers });
    return peer;
  }

  /** Ends the connection of a node. */
  drop(address: string): void {
    this.connected.get(address)?.peer.close();
  }
}
