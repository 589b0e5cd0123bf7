import type { Verify } from '../../src/crypto/jobs.ts';
import { sameValidators } from '../../src/chains/albatross/chain/same-validators.ts';
import { equalBytes, toHex } from '../../src/base/bytes.ts';
import { block as blockCodec } from '../../src/chains/albatross/wire/blocks.ts';
import { encode } from '../../src/base/postcard/codec.ts';
import type { Block } from '../../src/chains/albatross/wire/types.ts';
import type { Hash } from '../../src/base/hash.ts';
import { fakeVerify, togetherTag } from '../support/fake-chain.ts';
import type { FakeBlock, FakeChain } from '../support/fake-chain.ts';

/** The blocks that the network's validators really signed. The world keeps them; the client never sees them. */
export class Truth {
  readonly #signed = new Map<Hash, FakeBlock>();
  /** The proofs of skip blocks, keyed by the fields that they cover and the parent. */
  readonly #skips = new Set<string>();

  add(block: FakeBlock): void {
    this.#signed.set(block.hash, block);
    const cover = coverOfSkip(block.block);
    if (cover !== undefined) this.#skips.add(cover);
  }

  addChain(chain: FakeChain, from: number): void {
    for (let height = from; height <= chain.head.height; height += 1) this.add(chain.at(height));
  }

  has(hash: Hash): boolean {
    return this.#signed.has(hash);
  }

  /** A skip block whose covered fields are all true. Anybody can make more such blocks with other roots, and thus with other hashes. */
  isSkipVariant(block: Block): boolean {
    const cover = coverOfSkip(block);
    return cover !== undefined && this.#skips.has(cover);
  }

  /** The signing keys (31 bytes in hex) that made the final blocks from `from` back to the election block before it. */
  provenKeys(from: Hash): ReadonlySet<string> {
    const keys = new Set<string>();
    for (let at = this.#signed.get(from); at; at = this.#signed.get(at.block.header.parentHash)) {
      if (at.block.type === 'macro' && at.block.header.validators) break;
      if (at.block.type === 'micro' && at.block.justification?.type === 'micro') keys.add(makerOf(at.block));
    }
    return keys;
  }

  /**
   * What is untrue in a block. `unsigned`: no validator signed a block of this hash. `list`: its validator list differs from that
   * of the true block. `justification`: its signatures differ from the true ones.
   */
  fault(hash: Hash, block: Block): 'unsigned' | 'list' | 'justification' | undefined {
    const signed = this.#signed.get(hash);
    if (!signed) return 'unsigned';
    const { block: true_ } = signed;
    if (block.type === 'macro' && true_.type === 'macro' && !sameValidators(block.header.validators, true_.header.validators)) return 'list';
    return equalBytes(encode(blockCodec, { ...block, body: undefined } as Block), encode(blockCodec, true_)) ? undefined : 'justification';
  }
}

/** The fields of a skip block that identify it without its roots; undefined for other blocks. */
function coverOfSkip(block: Block): string | undefined {
  if (block.type !== 'micro' || block.justification?.type !== 'skip') return undefined;
  const { blockNumber, parentHash, seed } = block.header;
  return [blockNumber, parentHash, toHex(seed), toHex(block.justification.proof.signature)].join(' ');
}

/** The signing key in a block's seed, without its last byte, in hex. */
export function makerOf({ header }: Block): string {
  return toHex(header.seed.slice(64, 95));
}

/**
 * The verifier of the simulated client: like `fakeVerify`, but an aggregate also contains its signers' keys, so that only they can
 * make it.
 */
export const simVerify: Verify = async (job, options) => {
  const result = await fakeVerify(job, options);
  const isTrue = (signature: Uint8Array, keys: readonly Uint8Array[]) => equalBytes(togetherTag(keys), signature.slice(32, 64));
  if (job.kind === 'multi-signature' && result.valid) {
    return isTrue(job.signature, job.signers.map(({ compressed }) => compressed)) ? result : { valid: false, failure: 'multi-signature', decoded: [] };
  }
  if (job.kind === 'justifications') {
    const at = job.items.findIndex(({ signature, signers }) => !isTrue(signature, signers.map(({ key }) => job.keys[key]!.compressed)));
    if (at >= 0 && (result.valid || at < result.at!)) return { valid: false, failure: 'multi-signature', at, decoded: [] };
  }
  return result;
};
