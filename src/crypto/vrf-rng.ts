import { blake2b } from './blake2b.ts';
import { CryptoInputError, requireLength } from './crypto-input-error.ts';

/** 2: validator slots of an epoch, 3: proposers of a batch, 4: reward distribution. 1 is the message of the seed itself. */
export type VrfUseCase = 2 | 3 | 4;

/**
 * The random numbers that all nodes draw alike from a seed's entropy: BLAKE2b of use case || counter (64 bits, big endian) ||
 * entropy, the counter from 0 (Albatross cryptography reference, 3).
 */
export class VrfRng {
  readonly #preimage: Uint8Array;
  #counter = 0n;

  /** `entropy`: 32 bytes, from `vrfEntropy`. */
  constructor(useCase: VrfUseCase, entropy: Uint8Array) {
    requireLength(entropy, 32, 'entropy');
    this.#preimage = new Uint8Array(41);
    this.#preimage[0] = useCase;
    this.#preimage.set(entropy, 9);
  }

  /** The next draw, uniform below 2^64. */
  nextU64(): bigint {
    new DataView(this.#preimage.buffer).setBigUint64(1, this.#counter, false);
    this.#counter += 1n;
    const hash = blake2b(this.#preimage);
    return new DataView(hash.buffer, hash.byteOffset).getBigUint64(0, false);
  }

  /** Uniform below `n` (1 to 2^32): masks draws to the next power of two until one is below. Takes at least one draw. */
  nextBelow(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) throw new CryptoInputError('out-of-range', `nextBelow: expected 1 to 2^32, got ${n}`);
    // The smallest power of two that is not below n, less one.
    const mask = (1n << BigInt(32 - Math.clz32(n - 1))) - 1n;
    for (;;) {
      const draw = Number(this.nextU64() & mask);
      if (draw < n) return draw;
    }
  }
}
