import type { Hs2Network } from '../../src/chains/hotstuff2/chain/network.ts';
import type { Scheme } from '../../src/chains/hotstuff2/wire/validator-set.ts';
import { encodeOperation } from '../../src/chains/hotstuff2/wire/payload.ts';
import { blockBytes, type StoredBlock } from './block-store.ts';
import { makeWorld } from './make-world.ts';
import { HotStuff2NetError } from './net-error.ts';
import type { HotStuff2NetEvent } from './net-events.ts';
import { NetLog } from './net-log.ts';
import { Recorder, type Record as NetRecord } from './recorder.ts';
import { Replica } from './replica.ts';
import { ReplicaServer, type SeenRequest } from './replica-server.ts';
import { SERVE_FAULTS, type ServeFault } from './serve-faults.ts';
import { finalityProof, ServedChain } from './served-chain.ts';
import type { World } from './world.ts';

export interface HotStuff2NetOptions {
  readonly replicas: number;
  /** With which all validators sign. BLS takes some 0.1 s of computing a block. */
  readonly scheme: Scheme;
  /** Port of replica 0; replica i takes `port + i`. 0: free ones. */
  readonly port: number;
  /** Milliseconds between blocks. 0: blocks only on command, in a time that moves only then. */
  readonly blockTime: number;
  readonly seed: string;
  readonly snapshotEvery: number;
  /** A power of two. */
  readonly entriesPerChunk: number;
  /** Final blocks that are made before the servers start. */
  readonly history: number;
  /** Whether servers agree to compress frames. */
  readonly deflate: boolean;
  /** Whether what the network makes is kept for `record`. */
  readonly recording: boolean;
  readonly onEvent: ((event: HotStuff2NetEvent) => void) | undefined;
}

export const DEFAULT_NET_OPTIONS: HotStuff2NetOptions = {
  replicas: 4,
  scheme: 'ed25519',
  port: 0,
  blockTime: 0,
  seed: 'petrel',
  snapshotEvery: 50,
  entriesPerChunk: 16,
  history: 0,
  deflate: false,
  recording: false,
  onEvent: undefined,
};

/** Unix milliseconds at which a network that is stepped begins, so that its chain follows from the seed alone. */
const STEPPED_START = 1_700_000_000_000;
/** Milliseconds of the network's time without a new final block after which `produce` gives up: several of the longest timeouts. */
const NO_PROGRESS = 180_000;
/** Milliseconds that a block of the history may take, so that the times of a timed network do not run ahead of the real one. */
const HISTORY_STEP = 20;
/** Milliseconds of computing between two turns of the sockets. */
const SLICE = 20;
/** Milliseconds between two looks at the clock in timed mode, and a jump of the clock that is not made up for. */
const TICK = 20;
const MAX_CATCH_UP = 10_000;

/** Faults that only concern consensus. */
export const CONSENSUS_FAULTS = ['crash', 'equivocating-leader'] as const;
export type NetFault = ServeFault | (typeof CONSENSUS_FAULTS)[number] | 'none';

export interface ProducedBlock {
  readonly height: number;
  readonly view: number;
  readonly hash: string;
}

const short = ({ header: { height, view }, hash }: StoredBlock): ProducedBlock => ({ height, view, hash });
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A local HotStuff-2 network in one process: replicas that agree, each with a server for clients. Close it when done. */
export class HotStuff2Net {
  readonly replicas: readonly Replica[];
  readonly chains: readonly ServedChain[];
  readonly log: NetLog;
  readonly #world: World;
  readonly #servers: readonly ReplicaServer[];
  readonly #recorder: Recorder;
  #clients = 0;
  #limit = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #stepping = false;
  #closed = false;
  #ticker: NodeJS.Timeout | undefined;
  #finalHeight = 0;

  private constructor(options: HotStuff2NetOptions) {
    this.log = new NetLog(options.onEvent);
    const start = options.blockTime > 0 ? Date.now() - options.history * HISTORY_STEP : STEPPED_START;
    this.#world = makeWorld({
      ...options,
      start,
      mayPropose: (height) => height <= this.#limit,
      told: {
        certified: (replica, block) => this.#onCertified(replica, block),
        final: (replica, blocks, child) => this.#onFinal(replica, blocks, child),
        lost: (replica, blocks) => replica === 0 && this.#recorder.lost(blocks),
        timeout: (replica, view) => {
          this.#recorder.timeout(replica);
          this.log.tell({ event: 'timeout', replica, view });
        },
        conflict: (replica, { hash, header: { height, view } }) => this.log.tell({ event: 'conflict', replica, height, view, hash }),
        dropped: (replica, rule) => this.log.tell({ event: 'dropped', replica, rule }),
      },
    });
    this.replicas = Array.from({ length: options.replicas }, (_, i) => new Replica(i, options.replicas, this.#world));
    this.#recorder = new Recorder(this.#world, options.replicas, options.recording);
    this.chains = this.replicas.map((replica) => new ServedChain(replica, this.#world, options));
    const events = {
      nextClient: () => this.#clients++,
      connected: (replica: number, client: number) => this.log.tell({ event: 'client-joined', replica, client }),
      disconnected: (replica: number, client: number) => this.log.tell({ event: 'client-left', replica, client }),
      seen: (request: SeenRequest) => this.log.asked(request),
      refused: (replica: number, client: number, code: number) => this.log.tell({ event: 'refused', replica, client, code }),
    };
    this.#servers = this.chains.map((chain, i) => new ReplicaServer(i, options.port === 0 ? 0 : options.port + i, { chain, world: this.#world, events, deflate: options.deflate }));
  }

  /** Starts replicas and servers; the history is made first. Rejects if a port is in use. */
  static async start(given: Partial<HotStuff2NetOptions> = {}): Promise<HotStuff2Net> {
    const options = { ...DEFAULT_NET_OPTIONS, ...given };
    const net = new HotStuff2Net(options);
    for (const replica of net.replicas) replica.start();
    if (options.history > 0) await net.produce(options.history);
    try {
      for (const server of net.#servers) await server.start();
    } catch (error) {
      await net.close();
      throw error;
    }
    const { name, genesisHash } = net.network;
    net.log.tell({ event: 'started', network: name, genesisHash, seed: options.seed, replicas: net.#servers.map(({ address }, index) => ({ index, address })) });
    if (options.blockTime > 0) net.#tick();
    return net;
  }

  /** The contents of the network file. */
  get network(): Hs2Network {
    return { ...this.#world.network, seeds: this.#servers.map(({ address }) => address) };
  }

  /** What clients asked, in the order of arrival. */
  get requests(): readonly SeenRequest[] {
    return this.log.requests;
  }

  /** The newest final height of any replica. */
  get finalHeight(): number {
    return this.#finalHeight;
  }

  /** Runs the consensus until `n` more blocks are final, however long that takes in the network's time. Throws `HotStuff2NetError` `no-progress`. */
  produce(n: number): Promise<readonly ProducedBlock[]> {
    return this.#inTurn(() => this.#stepUntil(n));
  }

  /** Lets time of the network pass: timeouts happen, and blocks only with `blocks`. */
  pass(ms: number, { blocks = false }: { readonly blocks?: boolean } = {}): Promise<void> {
    return this.#inTurn(async () => {
      const { clock } = this.#world;
      // Without blocks, leaders go on waiting at the height that they have.
      this.#limit = blocks ? Number.POSITIVE_INFINITY : Math.max(...this.replicas.map(({ certifiedTip }) => certifiedTip.header.height));
      if (blocks) this.#releaseDeferred();
      const until = clock.now() + ms;
      await this.#slices(() => clock.step(until));
      clock.moveTo(until);
    });
  }

  /** Takes replica and server down. */
  stop(replica: number): Promise<void> {
    return this.#inTurn(async () => {
      this.#at(replica).stop();
      await this.#servers[replica]!.stop();
      this.log.tell({ event: 'replica-stopped', replica });
    });
  }

  /** Brings a replica back with what it had, at the same address. */
  startReplica(replica: number): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#at(replica).running) this.#at(replica).start();
      await this.#servers[replica]!.start();
      this.log.tell({ event: 'replica-started', replica });
    });
  }

  /** Only replicas of one group hear each other; undefined heals. Clients reach all. */
  partition(groups: readonly (readonly number[])[] | undefined): Promise<void> {
    return this.#inTurn(async () => {
      const all = groups?.flat() ?? [];
      if (new Set(all).size < all.length || all.some((replica) => !this.replicas[replica])) throw new HotStuff2NetError('bad-groups', 'each replica is in one group at most');
      this.#world.bus.partition(groups);
      this.log.tell({ event: 'partition', groups });
    });
  }

  /** A replica has one serving fault at a time; `none` ends all its faults. `ms`: how long `slow` takes. `height`: above which `held` begins. */
  async fault(replica: number, fault: NetFault, { ms, height = 0 }: { readonly ms?: number | undefined; readonly height?: number | undefined } = {}): Promise<void> {
    const server = this.#servers[replica];
    const target = this.#at(replica);
    if (!server || (fault !== 'none' && !CONSENSUS_FAULTS.some((known) => known === fault) && !Object.hasOwn(SERVE_FAULTS, fault))) throw new HotStuff2NetError('unknown-fault', `no fault '${fault}'`);
    if (fault === 'crash') await this.stop(replica);
    else if (fault === 'equivocating-leader') target.equivocates = true;
    else if (fault === 'none') {
      target.equivocates = false;
      server.fault = undefined;
      this.chains[replica]!.frozenAt = undefined;
      if (!target.running) await this.startReplica(replica);
    } else {
      server.heldAbove = height;
      server.fault = fault;
      if (ms !== undefined) server.slowness = ms;
      if (fault === 'stale-status') this.chains[replica]!.frozenAt = this.chains[replica]!.finalHeight;
    }
    this.log.tell({ event: 'fault', replica, fault });
  }

  /** Puts an operation into one of the next blocks. Throws `HotStuff2NetError` `full`. */
  put(key: Uint8Array, value: Uint8Array): void {
    if (!this.#world.mempool.add(encodeOperation({ kind: 'put', key, value }))) throw new HotStuff2NetError('full', 'too many operations wait, or this one is too large');
  }

  /** Makes new keys for all replicas; the next leader announces their set. Returns its hash. Throws `HotStuff2NetError` `bls-hand-over`. */
  handOver(): string {
    // Clients take no BLS set from a hand-over: its keys have no proof of possession (HotStuff-2 reference, 1.2).
    if (this.#world.epochs.scheme === 'bls') throw new HotStuff2NetError('bls-hand-over', 'with BLS the set of validators stays the one of the genesis');
    const { hash } = this.#world.epochs.add();
    this.#world.announced = hash;
    this.log.tell({ event: 'announced', validators: hash });
    return hash;
  }

  info(): { readonly network: string; readonly genesisHash: string; readonly final: number; readonly replicas: readonly Readonly<Record<string, unknown>>[] } {
    const { name, genesisHash } = this.network;
    const replicas = this.replicas.map((replica, index) => {
      const { address, fault, clients } = this.#servers[index]!;
      return { index, address, running: replica.running, view: replica.view, final: replica.store.finalTip.header.height, certified: replica.certifiedTip.header.height, fault, clients };
    });
    return { network: name, genesisHash, final: this.#finalHeight, replicas };
  }

  /** What the network has made, in the form of the vectors. Needs the option `recording`. */
  record(): NetRecord {
    const { store } = this.replicas.toSorted((a, b) => b.store.finalTip.header.height - a.store.finalTip.header.height)[0]!;
    return this.#recorder.record(store.final, store.losers());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#ticker);
    await this.#queue;
    for (const replica of this.replicas) replica.stop();
    for (const server of this.#servers) await server.stop();
  }

  #at(index: number): Replica {
    const replica = this.replicas[index];
    if (!replica) throw new HotStuff2NetError('unknown-replica', `replicas are 0 to ${this.replicas.length - 1}`);
    return replica;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(async () => {
      if (this.#closed) throw new HotStuff2NetError('closed', 'the network is closed');
      this.#stepping = true;
      try {
        return await work();
      } finally {
        this.#stepping = false;
      }
    });
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /**
   * Leaders may propose up to the height that makes the last wanted block final; further ones, one at a time, only while views without a quorum
   * keep it from that. At the end no message is on its way, so that all replicas that hear each other stand at the same height.
   */
  async #stepUntil(n: number): Promise<readonly ProducedBlock[]> {
    const from = this.#finalHeight;
    const target = from + n;
    const { clock } = this.#world;
    const pacing = this.#world.blockTime;
    this.#world.blockTime = 0;
    this.#limit = target + 1;
    this.#releaseDeferred();
    let [height, since] = [from, clock.monotonic()];
    try {
      await this.#slices(() => {
        if (clock.messages > 0) return clock.step();
        if (this.#finalHeight >= target) return false;
        if (this.replicas.some(({ deferred }) => deferred)) {
          this.#limit += 1;
          this.#releaseDeferred();
          return true;
        }
        if (this.#finalHeight > height) [height, since] = [this.#finalHeight, clock.monotonic()];
        if (clock.monotonic() - since > NO_PROGRESS || !clock.step()) throw new HotStuff2NetError('no-progress', `no block became final after ${height}`);
        return true;
      });
    } finally {
      this.#world.blockTime = pacing;
    }
    const longest = this.replicas.find(({ store }) => store.finalTip.header.height === this.#finalHeight)!;
    return longest.store.final.slice(from + 1).map(short);
  }

  #releaseDeferred(): void {
    for (const replica of this.replicas) replica.proposeDeferred();
  }

  /** Calls `step` until it returns false, and lets the sockets have their turns. */
  async #slices(step: () => boolean): Promise<void> {
    let began = performance.now();
    while (step()) {
      if (performance.now() - began < SLICE) continue;
      await nextTurn();
      began = performance.now();
    }
    await nextTurn();
  }

  /** Timed mode: the network's time follows the real one. */
  #tick(): void {
    const { clock } = this.#world;
    if (!this.#stepping) {
      this.#limit = Number.POSITIVE_INFINITY;
      this.#releaseDeferred();
      const now = Date.now();
      if (now - clock.now() > MAX_CATCH_UP) clock.moveTo(now);
      const began = performance.now();
      while (performance.now() - began < SLICE && clock.step(now));
      if (clock.messages === 0) clock.moveTo(now);
    }
    this.#ticker = setTimeout(() => this.#tick(), TICK);
  }

  #onCertified(replica: number, block: StoredBlock): void {
    const { hash, header } = block;
    const noted = this.log.certified(header.view, hash);
    if (noted === 'first') this.log.tell({ event: 'certified', height: header.height, view: header.view, hash });
    if (noted === 'conflict') this.log.tell({ event: 'conflict', replica, height: header.height, view: header.view, hash });
    this.#servers[replica]!.push('certified', () => ({ type: 'new-certified', item: { bytes: blockBytes(block), qc: block.certificate!.bytes } }));
  }

  #onFinal(replica: number, blocks: readonly StoredBlock[], child: StoredBlock): void {
    this.#recorder.final(replica, blocks);
    for (const { hash, header } of blocks) {
      if (header.height <= this.#finalHeight) continue;
      this.#finalHeight = header.height;
      this.log.tell({ event: 'final', height: header.height, view: header.view, hash, validators: header.validators });
    }
    this.#world.mempool.settled(blocks);
    if (this.#world.announced !== undefined && blocks.some(({ header }) => header.validators === this.#world.announced)) this.#world.announced = undefined;
    this.#servers[replica]!.push('final', () => ({ type: 'new-final', proof: finalityProof(blocks.at(-1)!, child) }));
  }
}
