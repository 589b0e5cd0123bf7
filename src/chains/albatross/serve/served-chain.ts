import type { ElectionArchive } from '../chain/election-archive.ts';
import type { ChainBlock, LightChain } from '../chain/light-chain.ts';
import type { Policy } from '../chain/policy.ts';
import { type ForWire, type ServedBlock, type ServedChain, withoutBody } from './serve.ts';
import type { Hash } from '../../../base/hash.ts';

type OwnChain = Pick<LightChain, 'policy' | 'head' | 'macroHead' | 'electionHead' | 'block' | 'blockAt' | 'undecided' | 'keys' | 'genesis'>;

/** As `withoutBody`, but blocks with unverified signatures are not sent: a copy with false signatures would count as our lie. */
export function signedOnly({ genesisNumber }: Policy): ForWire {
  return (block, includeBody) => (block.justification || block.header.blockNumber === genesisNumber ? withoutBody(block, includeBody) : undefined);
}

/**
 * The light chain as shown to other Petrel clients: only what is verified. It has gaps: below the batch before the last macro block there
 * are only election blocks, as far back as the archive is contiguous. While validator lists are disputed, no pending block is shown.
 */
export class OwnServedChain implements ServedChain {
  readonly #chain: OwnChain;
  readonly #archive: Pick<ElectionArchive, 'below' | 'get' | 'revision'>;
  #row: { readonly election: Hash; readonly revision: number; readonly hashes: ReadonlyMap<number, Hash>; readonly heights: ReadonlyMap<Hash, number> } | undefined;

  constructor(chain: OwnChain, archive: Pick<ElectionArchive, 'below' | 'get' | 'revision'>) {
    this.#chain = chain;
    this.#archive = archive;
  }

  get policy(): Policy {
    return this.#chain.policy;
  }

  get head(): ChainBlock {
    return this.#disputed ? this.#chain.macroHead : this.#chain.head;
  }

  get macroHead(): ChainBlock {
    return this.#chain.macroHead;
  }

  get electionHead(): ChainBlock {
    return this.#chain.electionHead;
  }

  at(height: number): ServedBlock | undefined {
    const held = this.#chain.blockAt(height);
    if (held) return this.#shown(held);
    const hash = this.#elections().hashes.get(height);
    return hash === undefined ? undefined : this.#archived(height, hash);
  }

  byHash(hash: Hash): ServedBlock | undefined {
    const held = this.#chain.block(hash);
    if (held) return this.#shown(held);
    const height = this.#elections().heights.get(hash);
    return height === undefined ? undefined : this.#archived(height, hash);
  }

  electionHashAt(height: number): Hash | undefined {
    return this.#chain.blockAt(height)?.hash ?? this.#elections().hashes.get(height);
  }

  onMain({ height, hash }: ServedBlock): boolean {
    const held = this.#chain.blockAt(height);
    return held ? held.hash === hash : this.#elections().hashes.get(height) === hash;
  }

  get #disputed(): boolean {
    const { keys, undecided, head } = this.#chain;
    return keys.disputed || (undecided !== undefined && undecided > head.height);
  }

  #shown(block: ChainBlock): ServedBlock | undefined {
    return block.height > this.head.height && this.#disputed ? undefined : block;
  }

  #archived(height: number, hash: Hash): ServedBlock | undefined {
    const block = this.#archive.get(hash);
    return block && { height, hash, kind: 'election', block };
  }

  #elections(): { readonly hashes: ReadonlyMap<number, Hash>; readonly heights: ReadonlyMap<Hash, number> } {
    const { electionHead } = this.#chain;
    const { revision } = this.#archive;
    if (this.#row?.election !== electionHead.hash || this.#row.revision !== revision) {
      const hashes = this.#archive.below(electionHead.block);
      this.#row = { election: electionHead.hash, revision, hashes, heights: new Map(Array.from(hashes, ([height, hash]) => [hash, height])) };
    }
    return this.#row;
  }
}
