import type { Random } from '../../src/base/random.ts';
import { seededRandom } from '../support/fake-net.ts';

/** The seed's random numbers, with helpers for what a world draws. */
export class Chance implements Random {
  readonly #random: Random;

  /** `stream` keeps the draws of one part of a world separate from those of the others. */
  constructor(seed: number, stream: number) {
    this.#random = seededRandom((Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) >>> 0);
    // Neighbouring seeds give similar first numbers; after a few steps they differ.
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

  /** A whole number; `from` and `to` are included. */
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
