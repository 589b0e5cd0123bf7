import type { JobResult, Verify } from '../../src/crypto/jobs.ts';
import { sameValidators } from '../../src/albatross/chain/same-validators.ts';
import { equalBytes } from '../../src/albatross/wire/bytes.ts';
import { block as blockCodec } from '../../src/albatross/wire/blocks.ts';
import { encode } from '../../src/albatross/wire/postcard/codec.ts';
import type { Block, Hash } from '../../src/albatross/wire/types.ts';
import { fakeVerify } from '../support/fake-chain.ts';
import type { FakeBlock, FakeChain } from '../support/fake-chain.ts';

/** What the network's validators really signed, kept by the world and never shown to the client. */
export class Truth {
  readonly #signed = new Map<Hash, FakeBlock>();

  add(block: FakeBlock): void {
    this.#signed.set(block.hash, block);
  }

  addChain(chain: FakeChain, from: number): void {
    for (let height = from; height <= chain.head.height; height += 1) this.add(chain.at(height));
  }

  has(hash: Hash): boolean {
    return this.#signed.has(hash);
  }

  /**
   * What is not true of a block: `unsigned`: no validator signed a block of this hash; `list`: its validator list is another one than the
   * true block's; `justification`: its signatures are not the true ones.
   */
  fault(hash: Hash, block: Block): 'unsigned' | 'list' | 'justification' | undefined {
    const signed = this.#signed.get(hash);
    if (!signed) return 'unsigned';
    const { block: true_ } = signed;
    if (block.type === 'macro' && true_.type === 'macro' && !sameValidators(block.header.validators, true_.header.validators)) return 'list';
    return equalBytes(encode(blockCodec, { ...block, body: undefined } as Block), encode(blockCodec, true_)) ? undefined : 'justification';
  }
}

/** The verifier of the simulated client: as `fakeVerify`, and an aggregate carries the key of who signed it, so that only its owner can. */
export const simVerify: Verify = async (job, options) => {
  const result = await fakeVerify(job, options);
  if (job.kind !== 'multi-signature' || !result.valid) return result;
  const bad: JobResult = { valid: false, failure: 'multi-signature', decoded: [] };
  const tag = job.signature.slice(32, 64);
  return job.signers.every(({ compressed }) => equalBytes(compressed.slice(0, 32), tag)) ? result : bad;
};
