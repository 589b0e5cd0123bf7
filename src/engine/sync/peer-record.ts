// Tests: `src/engine/sync/sync-peers.test.ts`.
import type { SyncPeerView } from './sync-views.ts';

/** Weight of the newest sample in a moving average: the last ten requests make two thirds of it. */
const NEWEST = 0.1;
/** Weight while there are fewer samples: the plain mean of the first ten. */
const weightOf = (samples: number) => Math.max(NEWEST, 1 / samples);
/** Bytes of an answer that measures bandwidth: three packets on the line. */
const LEAST_FOR_BANDWIDTH = 4_000;
/** Bytes a second that earn full points: 1 MB/s is more than verification takes. */
const FULL_BANDWIDTH = 1_000_000;
/** Milliseconds of latency at which no points are left: two seconds for one question is unusable. */
const NO_POINTS_LATENCY = 2_000;

/** What was measured of one peer: moving averages over its requests. Times are monotonic milliseconds. */
export class PeerRecord {
  #answers = 0;
  #requests = 0;
  /** Answers that the bandwidth was measured by. */
  #measured = 0;
  #bandwidth: number | undefined;
  #latency: number | undefined;
  #reliability = 1;
  #bytes = 0;
  #usefulBytes = 0;
  /** Failures since the last answer. */
  failures = 0;
  /** Of these, silences. */
  silences = 0;
  /** No request before this moment: a failing peer rests. */
  restUntil = 0;
  /** No snapshot of it is asked for before this moment: the last one was too slow. */
  snapshotsRestUntil = 0;
  offences = 0;

  /** An answer of `bytes` that came after `milliseconds`. */
  answered(bytes: number, milliseconds: number): void {
    this.#answers += 1;
    const weight = weightOf(this.#answers);
    const rate = (bytes * 1000) / Math.max(1, milliseconds);
    // A small answer measures the latency of the line, so it counts only if it was faster than known.
    if (bytes >= LEAST_FOR_BANDWIDTH || (this.#bandwidth !== undefined && rate > this.#bandwidth)) {
      this.#measured += 1;
      this.#bandwidth = (this.#bandwidth ?? 0) + weightOf(this.#measured) * (rate - (this.#bandwidth ?? 0));
    }
    this.#latency = this.#latency === undefined ? milliseconds : this.#latency + weight * (milliseconds - this.#latency);
    this.#bytes += bytes;
    this.#counted(1);
    this.failures = 0;
    this.silences = 0;
    this.restUntil = 0;
  }

  failed(silent: boolean): void {
    this.#counted(0);
    this.failures += 1;
    if (silent) this.silences += 1;
  }

  used(bytes: number): void {
    this.#usefulBytes += bytes;
  }

  #counted(good: 0 | 1): void {
    this.#requests += 1;
    this.#reliability += weightOf(this.#requests) * (good - this.#reliability);
  }

  get bandwidth(): number | undefined {
    return this.#bandwidth;
  }

  get latency(): number | undefined {
    return this.#latency;
  }

  get reliability(): number {
    return this.#reliability;
  }

  /** Share of its bytes that were used; 1 before the first. Bytes that still wait for verification count as not used. */
  get useful(): number {
    return this.#bytes === 0 ? 1 : Math.min(1, this.#usefulBytes / this.#bytes);
  }

  /** 0 to 100: reliability 40 points, bandwidth 30 (by its logarithm), latency 20, useful bytes 10; half the points for what is not measured. An offence costs 15. */
  get quality(): number {
    const fast = this.#bandwidth === undefined ? 0.5 : Math.min(1, Math.log1p(this.#bandwidth) / Math.log1p(FULL_BANDWIDTH));
    const near = this.#latency === undefined ? 0.5 : Math.max(0, 1 - this.#latency / NO_POINTS_LATENCY);
    const sure = this.#requests === 0 ? 0.5 : this.#reliability;
    return Math.max(0, Math.round(40 * sure + 30 * fast + 20 * near + 10 * this.useful - 15 * this.offences));
  }

  get numbers(): Pick<SyncPeerView, 'bandwidth' | 'latency' | 'reliability' | 'useful' | 'quality'> {
    return { bandwidth: this.#bandwidth, latency: this.#latency, reliability: this.#reliability, useful: this.useful, quality: this.quality };
  }
}
