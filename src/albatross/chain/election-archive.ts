import { macroBlock } from '../wire/blocks.ts';
import { decode, encode } from '../wire/postcard/codec.ts';
import type { Hash, MacroBlock } from '../wire/types.ts';

/** Bytes kept: some 20 kB a block, more than a thousand epochs. At the bound the oldest blocks go. */
const MAX_BYTES = 24_000_000;

interface Kept {
  readonly height: number;
  readonly parent: Hash;
  readonly bytes: Uint8Array;
}

/**
 * Whole election blocks that were verified since the client started, so that it can show others the way that it went: the light chain needs
 * only the newest one's validators. Kept as bytes, which take less room, and not over a restart.
 */
export class ElectionArchive {
  readonly #blocks = new Map<Hash, Kept>();
  readonly #maxBytes: number;
  #size = 0;
  /** Changes whenever something else is held. */
  revision = 0;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** A copy with another validator list takes the place of the first. */
  add(hash: Hash, block: MacroBlock): void {
    const bytes = encode(macroBlock, { ...block, body: undefined });
    this.#remove(hash);
    this.#blocks.set(hash, { height: block.header.blockNumber, parent: block.header.parentElectionHash, bytes });
    this.#size += bytes.length;
    this.revision += 1;
    while (this.#size > this.#maxBytes) this.#remove(this.#oldest());
  }

  get(hash: Hash): MacroBlock | undefined {
    const kept = this.#blocks.get(hash);
    return kept && decode(macroBlock, kept.bytes);
  }

  /** The hashes of the unbroken row of blocks held below an election block, by height. Reaches as far back as there are blocks. */
  below({ header }: MacroBlock): Map<number, Hash> {
    const row = new Map<number, Hash>();
    let hash = header.parentElectionHash;
    for (let kept = this.#blocks.get(hash); kept && !row.has(kept.height); kept = this.#blocks.get(hash)) {
      row.set(kept.height, hash);
      hash = kept.parent;
    }
    return row;
  }

  #oldest(): Hash {
    let oldest: readonly [Hash, number] = ['', Number.POSITIVE_INFINITY];
    for (const [hash, { height }] of this.#blocks) if (height < oldest[1]) oldest = [hash, height];
    return oldest[0];
  }

  #remove(hash: Hash): void {
    this.#size -= this.#blocks.get(hash)?.bytes.length ?? 0;
    this.#blocks.delete(hash);
  }
}
