import { concatBytes } from '../../src/base/bytes.ts';
import { hashOf } from '../../src/chains/hotstuff2/chain/hash.ts';
import type { Block } from '../../src/chains/hotstuff2/wire/block.ts';
import type { Header } from '../../src/chains/hotstuff2/wire/header.ts';
import type { Qc } from '../../src/chains/hotstuff2/wire/qc.ts';

export interface Certificate {
  readonly qc: Qc;
  readonly bytes: Uint8Array;
}

/** A block as a replica holds it. */
export interface StoredBlock {
  readonly hash: string;
  readonly header: Header;
  readonly headerBytes: Uint8Array;
  readonly payload: Uint8Array;
  certificate: Certificate | undefined;
}

export function storedBlock({ header, headerBytes, payload }: Block): StoredBlock {
  return { hash: hashOf(headerBytes), header, headerBytes, payload: payload!, certificate: undefined };
}

export function blockBytes({ headerBytes, payload }: StoredBlock): Uint8Array {
  return concatBytes(headerBytes, payload);
}

/** Heights below the final one at which losing blocks are forgotten. */
const KEPT_LOSERS = 64;

/** The blocks of one replica: those that are final by height, and the tree above. */
export class BlockStore {
  readonly #byHash = new Map<string, StoredBlock>();
  readonly final: StoredBlock[];

  constructor(genesis: StoredBlock) {
    this.#byHash.set(genesis.hash, genesis);
    this.final = [genesis];
  }

  get(hash: string): StoredBlock | undefined {
    return this.#byHash.get(hash);
  }

  get finalTip(): StoredBlock {
    return this.final.at(-1)!;
  }

  add(block: StoredBlock): StoredBlock {
    const known = this.#byHash.get(block.hash);
    if (known) return known;
    this.#byHash.set(block.hash, block);
    return block;
  }

  /** Whether `block` is `ancestor` or comes after it. */
  descends(block: StoredBlock, ancestor: StoredBlock): boolean {
    let at: StoredBlock | undefined = block;
    while (at && at.header.height > ancestor.header.height) at = this.get(at.header.parent);
    return at?.hash === ancestor.hash;
  }

  /** The blocks above the final one up to `tip`, ascending. Undefined if `tip` does not descend from the final block. */
  branch(tip: StoredBlock): readonly StoredBlock[] | undefined {
    const blocks: StoredBlock[] = [];
    let at: StoredBlock | undefined = tip;
    while (at && at.header.height > this.finalTip.header.height) {
      blocks.push(at);
      at = this.get(at.header.parent);
    }
    return at?.hash === this.finalTip.hash ? blocks.toReversed() : undefined;
  }

  /** Makes a block and its ancestors final. Returns those that became final, ascending; undefined: a conflict. */
  finalize(block: StoredBlock): readonly StoredBlock[] | undefined {
    const blocks = this.branch(block);
    if (!blocks) return undefined;
    this.final.push(...blocks);
    return blocks;
  }

  /** Blocks up to this height that are not final, and never will be. */
  losers(height = this.finalTip.header.height): readonly StoredBlock[] {
    return Array.from(this.#byHash.values()).filter((block) => block.header.height <= height && this.final[block.header.height] !== block);
  }

  /** Forgets blocks that lost long ago. Returns them. */
  prune(): readonly StoredBlock[] {
    const lost = this.losers(this.finalTip.header.height - KEPT_LOSERS);
    for (const { hash } of lost) this.#byHash.delete(hash);
    return lost;
  }
}
