import type { Clock } from '../../base/clock.ts';
import { STAGES } from './sync-chain.ts';
import type { Stage } from './sync-chain.ts';
import type { HeightSample, SyncMonitorView } from './sync-views.ts';

/** Samples in a list; the oldest are dropped. A plot is a thousand pixels wide. */
const MOST_SAMPLES = 1_000;
/** Latencies kept of one peer. */
const MOST_LATENCIES = 100;
/** Peers and kinds of errors that are kept; the oldest are dropped. */
const MOST_NAMES = 256;

interface PeerSamples {
  bytes: number;
  usefulBytes: number;
  readonly latencies: number[];
  failures: number;
}

/** Keeps what was measured, if it is switched on. */
export class SyncMonitor {
  readonly #on: boolean;
  readonly #clock: Clock;
  readonly #downloads: HeightSample[] = [];
  readonly #validations: HeightSample[] = [];
  readonly #applications: HeightSample[] = [];
  readonly #stages: Record<Stage, number> = { structure: 0, link: 0, signature: 0, finality: 0, state: 0 };
  readonly #peers = new Map<string, PeerSamples>();
  readonly #errors = new Map<string, number>();
  #bytes = 0;
  #usefulBytes = 0;
  #coordination = 0;
  #elapsed = 0;
  #runningSince: number | undefined;

  constructor(on: boolean, clock: Clock) {
    this.#on = on;
    this.#clock = clock;
  }

  /** A run that ends at `height` took `milliseconds` from the request to its last byte. */
  download(height: number, blocks: number, milliseconds: number): void {
    if (this.#on) push(this.#downloads, { height, milliseconds: milliseconds / blocks }, MOST_SAMPLES);
  }

  /** Time of a stage for a run. Signatures are the validation of a run, state is its application. */
  stage(stage: Stage, milliseconds: number, height: number, blocks: number): void {
    if (!this.#on) return;
    this.#stages[stage] += milliseconds;
    const list = stage === 'state' ? this.#applications : stage === 'signature' ? this.#validations : undefined;
    if (list) push(list, { height, milliseconds: milliseconds / blocks }, MOST_SAMPLES);
  }

  /** An answer of a peer. */
  bandwidth(peer: string, bytes: number, latency: number): void {
    if (!this.#on) return;
    this.#bytes += bytes;
    const samples = this.#peer(peer);
    samples.bytes += bytes;
    push(samples.latencies, latency, MOST_LATENCIES);
  }

  /** Bytes of a peer's answer that were applied. */
  useful(peer: string, bytes: number): void {
    if (!this.#on) return;
    this.#usefulBytes += bytes;
    this.#peer(peer).usefulBytes += bytes;
  }

  failure(peer: string): void {
    if (this.#on) this.#peer(peer).failures += 1;
  }

  error(code: string): void {
    if (!this.#on) return;
    bound(this.#errors, code);
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
  }

  /** Runs a part of the scheduler, and counts its time. */
  coordinate<T>(work: () => T): T {
    const began = this.#clock.monotonic();
    try {
      return work();
    } finally {
      if (this.#on) this.#coordination += this.#clock.monotonic() - began;
    }
  }

  started(): void {
    if (this.#on) this.#runningSince ??= this.#clock.monotonic();
  }

  stopped(): void {
    if (this.#runningSince !== undefined) this.#elapsed += this.#clock.monotonic() - this.#runningSince;
    this.#runningSince = undefined;
  }

  view(): SyncMonitorView {
    const running = this.#runningSince === undefined ? 0 : this.#clock.monotonic() - this.#runningSince;
    return {
      downloads: this.#downloads.slice(),
      validations: this.#validations.slice(),
      applications: this.#applications.slice(),
      stages: Object.fromEntries(STAGES.map((stage) => [stage, this.#stages[stage]])) as Record<Stage, number>,
      peers: Object.fromEntries(Array.from(this.#peers, ([id, samples]) => [id, { ...samples, latencies: samples.latencies.slice() }])),
      errors: Object.fromEntries(this.#errors),
      bytes: this.#bytes,
      usefulBytes: this.#usefulBytes,
      coordination: this.#coordination,
      elapsed: this.#elapsed + running,
    };
  }

  #peer(id: string): PeerSamples {
    const known = this.#peers.get(id);
    if (known) return known;
    bound(this.#peers, id);
    const samples = { bytes: 0, usefulBytes: 0, latencies: [], failures: 0 };
    this.#peers.set(id, samples);
    return samples;
  }
}

function push<T>(list: T[], value: T, most: number): void {
  list.push(value);
  if (list.length > most) list.shift();
}

function bound(map: Map<string, unknown>, name: string): void {
  if (map.size < MOST_NAMES || map.has(name)) return;
  const [oldest] = map.keys();
  map.delete(oldest!);
}
