import type { Clock } from '../../src/base/clock.ts';
import { systemClock } from '../../src/base/system.ts';

/** The host's clock, which can be stopped: then no limit of time ends, however slow the machine is. */
export class HeldClock implements Clock {
  #stoppedAt: number | undefined;

  stop(): void {
    this.#stoppedAt ??= systemClock.monotonic();
  }

  now(): number {
    return systemClock.now();
  }

  monotonic(): number {
    return this.#stoppedAt ?? systemClock.monotonic();
  }

  after(ms: number, callback: () => void): () => void {
    return systemClock.after(ms, () => {
      if (this.#stoppedAt === undefined) callback();
    });
  }
}
