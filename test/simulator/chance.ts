import type { Random } from '../../src/base/random.ts';
import { seededRandom } from '../support/fake-net.ts';

/** The seed's chance with a few words for what a world draws. */
export class Chance implements Random {
  readonly #random: Random;

  /** `stream` keeps the draws of one part of a world apart from those of the others. */
  constructor(seed: number, stream: number) {
    this.#random = seededRandom((Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) >>> 0);
    // Neighbouring seeds begin alike; a few steps on they no longer do.
    for (let step = 0; step < 8; step += 1) this.#random.next();
  }

  next(): number {
    return this.#random.next();
  }

  bytes(length: number): Uint8Array {
    return this.#random.bytes(length);
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** `from` and `to` included. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  happens(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}
