import type { Clock } from '../engine/clock.ts';

/** Milliseconds over which uploads are counted. */
export const UPLOAD_WINDOW = 3_600_000;
/** Parts of that time that are counted apart: what was given an hour ago is forgotten part by part. */
const PARTS = 12;

/** How many bytes may be given to others: at most the cap within any hour (to five minutes), however it is spread. */
export class UploadBudget {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly cap: number;
  /** By the number of the part of time. */
  readonly #parts = new Map<number, number>();
  #total = 0;

  /** `cap`: bytes; 0: nothing may be given. */
  constructor(clock: Pick<Clock, 'monotonic'>, cap: number) {
    this.#clock = clock;
    this.cap = cap;
  }

  /** Bytes given since the start. */
  get total(): number {
    return this.#total;
  }

  /** Counts `bytes` that are about to be given. False: they are too many, and are not counted. */
  take(bytes: number): boolean {
    if (bytes > this.left) return false;
    this.#count(bytes);
    return true;
  }

  /** Bytes that may be given now. */
  get left(): number {
    const oldest = this.#part - PARTS;
    let given = 0;
    for (const [part, bytes] of this.#parts) {
      if (part <= oldest) this.#parts.delete(part);
      else given += bytes;
    }
    return Math.max(0, this.cap - given);
  }

  get #part(): number {
    return Math.floor(this.#clock.monotonic() / (UPLOAD_WINDOW / PARTS));
  }

  #count(bytes: number): void {
    this.#parts.set(this.#part, (this.#parts.get(this.#part) ?? 0) + bytes);
    this.#total += bytes;
  }
}
