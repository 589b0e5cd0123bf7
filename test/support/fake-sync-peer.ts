import type { Clock } from '../../src/base/clock.ts';
import { sleep } from '../../src/base/clock.ts';
import type { Random } from '../../src/base/random.ts';
import { RequestError } from '../../src/engine/peers/peer-net.ts';
import type { Item, Target } from '../../src/engine/sync/sync-chain.ts';
import { PeerFault } from '../../src/engine/sync/sync-peer.ts';
import type { AskOptions, PeerClaims, Sized, SyncPeer } from '../../src/engine/sync/sync-peer.ts';
import { BLOCK_SIZE } from './fake-sync-chain.ts';
import type { FakeBlock, FakeHistory } from './fake-sync-chain.ts';

export interface FakePeerScript {
  /** Milliseconds to each answer. Default 50. */
  readonly latency?: number;
  /** Bytes a second on its line, which answers share. Default 10 MB/s. */
  readonly rate?: number;
  /** Share of its requests that fail. */
  readonly failing?: number;
  /** Forges the block at this height, or the last one of each answer. */
  readonly forge?: { readonly height: number | 'last'; readonly what: 'certificate' | 'state' | 'structure' | 'link' };
  /** `range`: sends blocks other than those asked for. `endless`: its answer never ends. `unfinal`: proves a target with a forged proof. */
  readonly lie?: 'range' | 'endless' | 'unfinal' | 'chunk' | 'manifest';
  /** What it claims beyond what it has. */
  readonly boast?: number;
  /** Blocks up to this height; default: all of the history, and those to come. */
  readonly height?: number;
  readonly earliest?: number;
  /** Heights that it does not have. */
  readonly gap?: { readonly from: number; readonly to: number };
  /** Blocks that it serves before it dies: it is silent from then on. */
  readonly dies?: number;
  readonly snapshot?: { readonly height: number; readonly chunks: number };
}

/** A peer that does what its script says. */
export class FakeSyncPeer implements SyncPeer<FakeBlock> {
  readonly id: string;
  readonly address: string;
  readonly #history: FakeHistory;
  readonly #clock: Clock;
  readonly #random: Random;
  script: FakePeerScript;
  /** Cut off from the client: requests get no answer. */
  cut = false;
  /** Requests for blocks in their order. */
  readonly asked: { readonly from: number; readonly count: number; readonly at: number }[] = [];
  readonly chunksAsked: number[] = [];
  /** Blocks and bytes that it sent. */
  served = 0;
  bytes = 0;
  #lineFree = 0;

  constructor(id: string, history: FakeHistory, clock: Clock, random: Random, script: FakePeerScript = {}) {
    this.id = id;
    this.address = `/fake/${id}`;
    this.#history = history;
    this.#clock = clock;
    this.#random = random;
    this.script = script;
  }

  get #height(): number {
    return Math.min(this.script.height ?? Infinity, this.#history.tip.height);
  }

  get claims(): PeerClaims {
    return { height: this.#height + (this.script.boast ?? 0), earliest: this.script.earliest ?? 0, snapshot: this.script.snapshot?.height };
  }

  async getBlocks(from: number, count: number, { signal }: AskOptions): Promise<Sized<readonly Item<FakeBlock>[]>> {
    this.asked.push({ from, count, at: this.#clock.monotonic() });
    const { gap, forge, lie, dies } = this.script;
    if (lie === 'endless') return this.#silence(signal);
    const to = Math.min(from + count - 1, this.#height, gap && gap.from > from ? gap.from - 1 : Infinity);
    if (to < from || (gap && from >= gap.from && from <= gap.to)) {
      await this.#wait(0, signal);
      throw new RequestError('refused', 'does not have it');
    }
    const shift = lie === 'range' ? 1 : 0;
    const value = this.#history.blocks.slice(from + shift, to + 1 + shift).map((item) => (forge && item.height === (forge.height === 'last' ? to : forge.height) ? this.#history.forged(item.height, forge.what) : item));
    const size = value.length * BLOCK_SIZE;
    await this.#wait(size, signal);
    this.served += value.length;
    if (dies !== undefined && this.served >= dies) this.cut = true;
    return { value, size };
  }

  async proveTarget(_atLeast: number, { signal }: AskOptions): Promise<Target> {
    await this.#wait(100, signal);
    if (this.script.lie === 'unfinal') throw new PeerFault('bad-proof', 'lie', { height: this.#height });
    const { height, id } = this.#history.blocks[this.#height]!;
    return { height, id, proven: true };
  }

  async getManifest(height: number | undefined, { signal }: AskOptions): Promise<Sized<Uint8Array>> {
    const value = this.#snapshot(height).manifest;
    await this.#wait(value.length, signal);
    return { value: this.script.lie === 'manifest' ? Buffer.from(value.toString().replace(/"root":"../u, '"root":"zz')) : value, size: value.length };
  }

  async getChunk(height: number, index: number, { signal }: AskOptions): Promise<Sized<Uint8Array>> {
    this.chunksAsked.push(index);
    const value = this.#snapshot(height).chunks[index]!;
    await this.#wait(value.length, signal);
    return { value: this.script.lie === 'chunk' ? value.map((byte) => byte ^ 1) : value, size: value.length };
  }

  #snapshot(height: number | undefined): { readonly manifest: Buffer; readonly chunks: readonly Uint8Array[] } {
    const { snapshot } = this.script;
    if (!snapshot || (height !== undefined && height !== snapshot.height)) throw new RequestError('refused', 'no such snapshot');
    const { manifest, chunks } = this.#history.snapshot(snapshot.height, snapshot.chunks);
    return { manifest: Buffer.from(manifest), chunks };
  }

  /** The time of an answer: latency, and its turn on the line. */
  async #wait(bytes: number, signal: AbortSignal): Promise<void> {
    if (this.cut) await this.#silence(signal);
    const { latency = 50, rate = 10_000_000, failing = 0 } = this.script;
    const now = this.#clock.monotonic();
    this.#lineFree = Math.max(this.#lineFree, now) + (bytes * 1000) / rate;
    await sleep(this.#clock, latency + this.#lineFree - now, signal);
    if (this.cut) await this.#silence(signal);
    if (this.#random.next() < failing) throw new RequestError('timeout', 'fails by script');
    this.bytes += bytes;
  }

  #silence(signal: AbortSignal): Promise<never> {
    return new Promise((_resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }
}
