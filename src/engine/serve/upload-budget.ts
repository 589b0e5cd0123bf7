import type { Clock } from '../../base/clock.ts';

/** Milliseconds over which uploads are counted. */
export const UPLOAD_WINDOW = 3_600_000;
/** Parts of that time that are counted separately: uploads of an hour ago are forgotten part by part. */
const PARTS = 12;

/** Limits the bytes that may be uploaded to others: at most the cap within any hour (accurate to five minutes), however they are spread. */
export class UploadBudget {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly cap: number;
  /** Bytes by the number of the time part. */
  readonly #parts = new Map<number, number>();
  #total = 0;

  /** `cap` in bytes; 0: nothing may be uploaded. */
  constructor(clock: Pick<Clock, 'monotonic'>, cap: number) {
    this.#clock = clock;
    this.cap = cap;
  }

  /** Bytes uploaded since the start. */
  get total(): number {
    return this.#total;
  }

  /** Counts `bytes` that are about to be uploaded. Returns false if they exceed the budget; then they are not counted. */
  take(bytes: number): boolean {
    if (bytes > this.left) return false;
    this.#count(bytes);
    return true;
  }

  /** Bytes that may be uploaded now. */
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
