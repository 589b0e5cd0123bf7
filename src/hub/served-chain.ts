import type { ElectionArchive } from '../albatross/chain/election-archive.ts';
import type { ChainBlock, LightChain } from '../albatross/chain/light-chain.ts';
import type { Policy } from '../albatross/chain/policy.ts';
import type { ServedBlock, ServedChain } from '../albatross/sync/serve.ts';
import type { Hash } from '../albatross/wire/types.ts';

type OwnChain = Pick<LightChain, 'policy' | 'head' | 'macroHead' | 'electionHead' | 'block' | 'blockAt' | 'undecided' | 'keys' | 'genesis'>;

/**
 * The light chain as other Petrel clients are told of it: what is verified, and nothing else. It has holes: below the batch before the last
 * macro block there are only election blocks, as far back as the archive reaches unbroken. While validator lists are in dispute, nothing
 * pending is shown.
 */
export class OwnServedChain implements ServedChain {
  readonly #chain: OwnChain;
  readonly #archive: Pick<ElectionArchive, 'below' | 'get' | 'revision'>;
  #row: { readonly election: Hash; readonly revision: number; readonly hashes: ReadonlyMap<number, Hash> } | undefined;

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
    const hash = this.#elections().get(height);
    return hash === undefined ? undefined : this.#archived(height, hash);
  }

  byHash(hash: Hash): ServedBlock | undefined {
    const held = this.#chain.block(hash);
    if (held) return this.#shown(held);
    for (const [height, known] of this.#elections()) if (known === hash) return this.#archived(height, hash);
    return undefined;
  }

  onMain({ height, hash }: ServedBlock): boolean {
    const held = this.#chain.blockAt(height);
    return held ? held.hash === hash : this.#elections().get(height) === hash;
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

  #elections(): ReadonlyMap<number, Hash> {
    const { electionHead } = this.#chain;
    const { revision } = this.#archive;
    if (this.#row?.election !== electionHead.hash || this.#row.revision !== revision) {
      this.#row = { election: electionHead.hash, revision, hashes: this.#archive.below(electionHead.block) };
    }
    return this.#row.hashes;
  }
}
