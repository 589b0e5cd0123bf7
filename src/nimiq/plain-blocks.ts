/**
 * Blocks in the official client's form. What our client does not tell of a block is decoded from its bytes. A page that asks for no block
 * does not load this file, nor the codec.
 * @module
 */
import { BoundedCache } from '../base/bounded-cache.ts';
import { toHex } from '../base/bytes.ts';
import { decode } from '../base/postcard/codec.ts';
import { policyWith, type Policy } from '../chains/albatross/chain/policy.ts';
import { block as blockCodec } from '../chains/albatross/wire/blocks.ts';
import type { Block, MacroBlock } from '../chains/albatross/wire/types.ts';
import type { BlockView } from '../client/types.ts';
import { albatrossBlock, albatrossNetwork } from './albatross-details.ts';
import { networkOfId } from './network-id.ts';
import { NimiqError } from './nimiq-error.ts';
import type { Client as NativeClient } from '../client/types.ts';
import type { PlainBlock, PlainBlockCommonFields, PlainSlot } from './plain-block.ts';
import { producerOf } from './producer.ts';

/** A wallet asks for every new head, whose parent was the head before. Some more for branches. */
const KEPT_BLOCKS = 8;

/** A client's blocks in the official form. */
export class PlainBlocks {
  readonly #client: Pick<NativeClient, 'getBlock' | 'getStatus'>;
  /** Decoded blocks by hash. */
  readonly #blocks = new BoundedCache<Block>(KEPT_BLOCKS);
  /** Hashes of macro blocks by height: they are final. */
  readonly #macros = new BoundedCache<string>(KEPT_BLOCKS);
  #policy: Policy | undefined;

  constructor(client: Pick<NativeClient, 'getBlock' | 'getStatus'>) {
    this.#client = client;
  }

  /**
   * A block by its hash or height. It is not found if no verified block leads to it, or if something is missing that its form needs: of a
   * micro block that is its parent and the election block of its epoch.
   * @throws {NimiqError} `not-found`.
   */
  async get(hashOrHeight: string | number): Promise<PlainBlock> {
    const missing = new NimiqError('not-found', `Block not found: ${hashOrHeight}`);
    const view = await this.#client.getBlock(hashOrHeight);
    // Any peer can make up a block that nothing links to.
    if (!view || view.place === 'unlinked') throw missing;
    const block = this.#decoded(view);
    if (!block) throw missing;
    const common = commonFields(view, block);
    if (block.type === 'macro') {
      const { round, parentElectionHash, validators } = block.header;
      return { type: 'macro', ...common, isElectionBlock: validators !== undefined, round, prevElectionHash: parentElectionHash };
    }
    const producer = await this.#producer(block);
    if (!producer) throw missing;
    return { type: 'micro', ...common, producer };
  }

  async #producer({ header }: Block): Promise<PlainSlot | undefined> {
    const policy = await this.#heights();
    const [parent, macro, election] = await Promise.all([
      this.#byHash(header.parentHash),
      this.#macroAt(policy.lastMacroBlock(header.blockNumber)),
      this.#macroAt(policy.lastElectionBlock(header.blockNumber)),
    ]);
    return parent && macro && election && producerOf({ height: header.blockNumber, parentSeed: parent.header.seed, lastMacro: macro.header, election: election.header });
  }

  async #byHash(hash: string): Promise<Block | undefined> {
    const kept = this.#blocks.get(hash);
    if (kept) return kept;
    const view = await this.#client.getBlock(hash);
    return view && view.place !== 'unlinked' ? this.#decoded(view) : undefined;
  }

  async #macroAt(height: number): Promise<MacroBlock | undefined> {
    const hash = this.#macros.get(String(height));
    const kept = hash === undefined ? undefined : this.#blocks.get(hash);
    if (kept?.type === 'macro') return kept;
    const view = await this.#client.getBlock(height);
    const block = view && this.#decoded(view);
    if (block?.type !== 'macro') return undefined;
    if (view) this.#macros.set(String(height), view.hash);
    return block;
  }

  /** Undefined: our client holds only a part of the block. */
  #decoded({ hash, bytes }: BlockView): Block | undefined {
    if (bytes.length === 0) return undefined;
    const block = this.#blocks.get(hash) ?? decode(blockCodec, bytes);
    this.#blocks.set(hash, block);
    return block;
  }

  async #heights(): Promise<Policy> {
    if (this.#policy) return this.#policy;
    const status = await this.#client.getStatus();
    const { blocksPerBatch, batchesPerEpoch } = albatrossNetwork(status);
    this.#policy = policyWith({ genesisNumber: status.network.genesisHeight, blocksPerBatch, batchesPerEpoch });
    return this.#policy;
  }
}

function commonFields(view: BlockView, { header }: Block): PlainBlockCommonFields {
  const { batch, epoch } = albatrossBlock(view);
  return {
    hash: view.hash,
    size: view.bytes.length,
    height: view.height,
    batch,
    epoch,
    timestamp: view.timestamp,
    network: networkOfId(header.network),
    version: header.version,
    prevHash: header.parentHash,
    seed: toHex(header.seed),
    extraData: toHex(header.extraData),
    stateHash: header.stateRoot,
    bodyHash: header.bodyRoot,
    historyHash: header.historyRoot,
  };
}
