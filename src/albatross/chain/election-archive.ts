import { macroBlock } from '../wire/blocks.ts';
import { decode, encode } from '../wire/postcard/codec.ts';
import type { Hash, MacroBlock } from '../wire/types.ts';

/** Bytes kept: some 20 kB a block, more than a thousand epochs. At the bound the oldest blocks go. */
const MAX_BYTES = 24_000_000;

/** An election block as it is kept: postcard of all but its body, and what says where it belongs. */
export interface ArchivedBlock {
  readonly height: number;
  /** Hash of the election block before it. */
  readonly parent: Hash;
  readonly bytes: Uint8Array;
}

/**
 * Whole election blocks that were verified, so that a client can show others the way that it went: the light chain needs only the newest one's
 * validators. Kept as bytes, which take less room.
 */
export class ElectionArchive {
  readonly #blocks = new Map<Hash, ArchivedBlock>();
  readonly #maxBytes: number;
  readonly #onChange: (hash: Hash) => void;
  #size = 0;
  /** Changes whenever something else is held. */
  revision = 0;

  /** `onChange` is told of every block that was added, replaced or let go. */
  constructor({ maxBytes = MAX_BYTES, onChange = () => undefined }: { readonly maxBytes?: number | undefined; readonly onChange?: (hash: Hash) => void } = {}) {
    this.#maxBytes = maxBytes;
    this.#onChange = onChange;
  }

  get hashes(): readonly Hash[] {
    return [...this.#blocks.keys()];
  }

  /** A copy with another validator list takes the place of the first. */
  add(hash: Hash, block: MacroBlock): void {
    this.put(hash, { height: block.header.blockNumber, parent: block.header.parentElectionHash, bytes: encode(macroBlock, { ...block, body: undefined }) });
  }

  /** As `add`, for one that an archive gave. */
  put(hash: Hash, archived: ArchivedBlock): void {
    if (archived.bytes.length > this.#maxBytes) return;
    this.#remove(hash);
    this.#blocks.set(hash, archived);
    this.#size += archived.bytes.length;
    this.revision += 1;
    while (this.#size > this.#maxBytes) this.remove(this.#oldest());
    if (this.#blocks.has(hash)) this.#onChange(hash);
  }

  remove(hash: Hash): void {
    this.#remove(hash);
    this.#onChange(hash);
  }

  archived(hash: Hash): ArchivedBlock | undefined {
    return this.#blocks.get(hash);
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
    if (this.#blocks.delete(hash)) this.revision += 1;
  }
}
