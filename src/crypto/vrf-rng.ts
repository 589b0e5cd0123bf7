import { blake2b } from './blake2b.ts';
import { CryptoInputError, requireLength } from './crypto-input-error.ts';

/** 2: validator slots of an epoch, 3: proposers of a batch, 4: reward distribution. 1 is the message of the seed itself. */
export type VrfUseCase = 2 | 3 | 4;

/**
 * The random numbers that all nodes derive identically from a seed's entropy: BLAKE2b of use case || counter (64 bits, big endian) ||
 * entropy, with the counter from 0 (Albatross cryptography reference, 3).
 */
export class VrfRng {
  readonly #preimage: Uint8Array;
  readonly #counter: DataView;
  #draws = 0n;

  /** `entropy`: 32 bytes, from `vrfEntropy`. */
  constructor(useCase: VrfUseCase, entropy: Uint8Array) {
    requireLength(entropy, 32, 'entropy');
    this.#preimage = new Uint8Array(41);
    this.#preimage[0] = useCase;
    this.#preimage.set(entropy, 9);
    this.#counter = new DataView(this.#preimage.buffer, 1, 8);
  }

  /** The next draw, uniform below 2^64. */
  nextU64(): bigint {
    return this.#next().getBigUint64(0, false);
  }

  /** Uniform below `n` (1 to 2^32): masks draws to the next power of two until one is below `n`. Takes at least one draw. */
  nextBelow(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) throw new CryptoInputError('out-of-range', `nextBelow: expected 1 to 2^32, got ${n}`);
    // The smallest power of two that is not below n, minus one. n = 1 is separate, because a shift by 32 does not shift at all.
    const mask = n === 1 ? 0 : 0xffff_ffff >>> Math.clz32(n - 1);
    for (;;) {
      // The mask keeps at most the lower half of a draw.
      const draw = (this.#next().getUint32(4, false) & mask) >>> 0;
      if (draw < n) return draw;
    }
  }

  #next(): DataView {
    this.#counter.setBigUint64(0, this.#draws, false);
    this.#draws += 1n;
    return new DataView(blake2b(this.#preimage).buffer);
  }
}
