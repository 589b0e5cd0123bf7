import { ManualClock } from './manual-clock.ts';

/** A manual clock that lets promises settle after each move, for code that awaits between two timers. */
export class SettlingClock extends ManualClock {
  override async advance(ms: number): Promise<void> {
    const end = this.monotonic() + ms;
    for (let left = this.nextIn; left !== undefined && this.monotonic() + left <= end; left = this.nextIn) {
      super.advance(Math.max(0, left));
      await settle();
    }
    super.advance(end - this.monotonic());
    await settle();
  }
}

/** Lets every promise that can settle do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
