import { bareMacroBytes } from '../wire/bare-bytes.ts';
import { macroBlock } from '../wire/blocks.ts';
import { decode } from '../../../base/postcard/codec.ts';
import type { Hash } from '../../../base/hash.ts';
import type { MacroBlock } from '../wire/types.ts';

/** Bytes kept: at some 20 kB a block, more than a thousand epochs. At the bound the oldest blocks are dropped. */
const MAX_BYTES = 24_000_000;

/** An election block as it is kept: the postcard bytes of everything but its body, and its place in the chain. */
export interface ArchivedBlock {
  readonly height: number;
  /** Hash of the election block before it. */
  readonly parent: Hash;
  readonly bytes: Uint8Array;
}

/**
 * Whole election blocks that were verified, so that this client can show other clients the way from genesis. The light chain itself needs
 * only the newest one's validators. Kept as bytes, which take less room.
 */
export class ElectionArchive {
  readonly #blocks = new Map<Hash, ArchivedBlock>();
  readonly #maxBytes: number;
  readonly #onChange: (hash: Hash) => void;
  #size = 0;
  /** Changes whenever the content changes. */
  revision = 0;

  /** `onChange` is called with every block that was added, replaced or dropped. */
  constructor({ maxBytes = MAX_BYTES, onChange = () => undefined }: { readonly maxBytes?: number | undefined; readonly onChange?: (hash: Hash) => void } = {}) {
    this.#maxBytes = maxBytes;
    this.#onChange = onChange;
  }

  get hashes(): readonly Hash[] {
    return [...this.#blocks.keys()];
  }

  /** Adds a block, or replaces its earlier copy. A copy without justification keeps the earlier one: all that is kept is verified. */
  add(hash: Hash, block: MacroBlock): void {
    const earlier = block.justification ? undefined : this.get(hash)?.justification;
    this.put(hash, { height: block.header.blockNumber, parent: block.header.parentElectionHash, bytes: bareMacroBytes(earlier ? { ...block, justification: earlier } : block) });
  }

  /** As `add`, for a block in archived form. */
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
    try {
      return kept && decode(macroBlock, kept.bytes);
    } catch {
      // The bytes came from a store and are no valid block.
      return undefined;
    }
  }

  /** The hashes of the contiguous blocks held below an election block, by height, as far back as they reach. */
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
