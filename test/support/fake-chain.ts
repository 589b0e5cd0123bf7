import { blake2b } from '../../src/crypto/blake2b.ts';
import type { JobResult, Verify } from '../../src/crypto/jobs.ts';
import { keyTreeRoot } from '../../src/crypto/key-tree.ts';
import { blockHash, emptyDiffRoot, emptyHistoryRoot, emptyMacroBodyRoot, emptyMicroBodyRoot, interlinkOf, microHeaderHash, skipBlockSigHash, voteSigHash } from '../../src/chains/albatross/chain/hashes.ts';
import { loadGenesis } from '../../src/chains/albatross/chain/genesis.ts';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import { policyOf } from '../../src/chains/albatross/chain/policy-of.ts';
import { slotCount } from '../../src/chains/albatross/chain/limits.ts';
import { type DrawSlot, validatorAt } from '../../src/chains/albatross/chain/slots.ts';
import { bitSetOf } from '../../src/chains/albatross/wire/bit-set.ts';
import { equalBytes, toHex } from '../../src/base/bytes.ts';
import type { Block, MacroBlock, MacroHeader, MicroBlock, Validator } from '../../src/chains/albatross/wire/types.ts';
import type { Hash } from '../../src/base/hash.ts';

/** A block of a fake chain, with its hash. */
export interface FakeBlock {
  readonly block: Block;
  readonly hash: Hash;
  readonly height: number;
}

const genesis = loadGenesis(unitAlbatross);
const policy = policyOf(unitAlbatross);
const allSlots = bitSetOf(Array.from({ length: 512 }, (_, slot) => slot));

/**
 * Verifies the signatures of fake chains, which need no cryptography. A signature is the signed hash with the signer's key, and so
 * is an aggregate. A seed names its maker's key and ends with a one. A zero-knowledge proof begins with the hash of the block that
 * it proves. Everything else in the blocks is valid.
 */
export const fakeVerify: Verify = async (job, options) => {
  options?.signal?.throwIfAborted();
  const result = (failure?: Extract<JobResult, { valid: false }>['failure']): JobResult => (failure ? { valid: false, failure, decoded: [] } : { valid: true, decoded: [] });
  switch (job.kind) {
    case 'keys':
      return result();
    case 'multi-signature':
      return result(equalBytes(job.signature.slice(0, 32), job.sigHash) ? undefined : 'multi-signature');
    case 'zk-proof':
      return result(equalBytes(job.proof.slice(0, 32), job.finalHash) ? undefined : 'zk-proof');
    case 'justifications': {
      const at = job.items.findIndex(({ signature, sigHash }) => !equalBytes(signature.slice(0, 32), sigHash));
      return at < 0 ? result() : { valid: false, failure: 'multi-signature', at, decoded: [] };
    }
    case 'key-roots':
      return { valid: true, decoded: [], roots: job.lists.map((list) => keyTreeRoot(list)) };
    case 'proposer': {
      if (job.seed[95] !== 1 || !equalBytes(job.seed.slice(64, 95), job.publicKey.slice(0, 31))) return result('seed');
      const { signature } = job;
      const good = !signature || (equalBytes(signature.bytes.slice(0, 32), signature.hash) && equalBytes(signature.bytes.slice(32), job.publicKey));
      return result(good ? undefined : 'signature');
    }
    case 'ed25519-strict':
    case 'bls12-381':
    case 'secp256k1-recover':
    case 'hash-chains':
      return result('signature');
  }
};

function fakeSeed(height: number, salt: number, signingKey: Uint8Array): Uint8Array {
  const seed = genesis.header.seed.slice();
  seed.set(blake2b(Uint8Array.of(salt, height & 255, (height >> 8) & 255, height >> 16)), 32);
  seed.set(signingKey.slice(0, 31), 64);
  seed[95] = 1;
  return seed;
}

function aggregate(hash: Uint8Array, signers: readonly Validator[] = []) {
  const signature = new Uint8Array(95);
  signature.set(hash);
  signature.set(togetherTag(signers.map(({ votingKey }) => votingKey)), 32);
  return { signature, signers: allSlots };
}

/**
 * The tag of an aggregate of these voting keys. It stands for the fact that only their owners together can make the aggregate. 32
 * bytes.
 */
export function togetherTag(votingKeys: readonly Uint8Array[]): Uint8Array {
  return votingKeys.reduce((sum, key) => sum.map((byte, index) => byte ^ key[index]!), new Uint8Array(32));
}

/** The slot draw in fake chains of several validators: not random, and fast. */
export const fakeDraw: DrawSlot = ({ offset }) => (offset * 97) % slotCount;

/** The signers of each epoch, and the version of the blocks. */
export interface FakeEra {
  /** The validators of an epoch. Those of the first epoch are in the genesis block. */
  readonly elect: (epoch: number) => readonly Validator[];
  /** The election block that ends this epoch is the first of version 2. */
  readonly upgrade?: number | undefined;
}

/** The genesis validator has all slots in every epoch, and all blocks have version 1. */
const plainEra: FakeEra = { elect: () => genesis.header.validators! };

/** A micro block with an invalid signature and the same hash. */
export function withBadSignature({ block, ...rest }: FakeBlock): FakeBlock {
  if (block.type === 'macro') return { ...rest, block: { ...block, justification: { round: 0, sig: aggregate(new Uint8Array(32)) } } };
  return { ...rest, block: { ...block, justification: { type: 'micro', signature: new Uint8Array(64) } } };
}

/** An election block with a different signing key and the same (version 1) hash. */
export function withPoisonedValidators({ block, ...rest }: FakeBlock): FakeBlock {
  const macro = block as MacroBlock;
  const validators = macro.header.validators!.map((validator) => ({ ...validator, signingKey: new Uint8Array(32).fill(7) }));
  return { ...rest, block: { ...macro, header: { ...macro.header, validators } } };
}

/** A chain of unit-albatross with fake signatures, from genesis. Chains with different `salt` differ. */
export class FakeChain {
  readonly #blocks: FakeBlock[];
  readonly #byHash = new Map<Hash, FakeBlock>();
  readonly salt: number;
  readonly era: FakeEra;

  constructor(
    salt = 0,
    blocks: readonly FakeBlock[] = [{ block: genesis, hash: unitAlbatross.genesisHash, height: genesis.header.blockNumber }],
    era: FakeEra = plainEra,
  ) {
    this.salt = salt;
    this.era = era;
    this.#blocks = [...blocks];
    for (const block of blocks) this.#byHash.set(block.hash, block);
  }

  get head(): FakeBlock {
    return this.#blocks.at(-1)!;
  }

  get macroHead(): FakeBlock {
    return this.at(policy.lastMacroBlock(this.head.height));
  }

  get electionHead(): FakeBlock {
    return this.at(policy.lastElectionBlock(this.head.height));
  }

  at(height: number): FakeBlock {
    const block = this.#blocks[height - policy.genesisNumber];
    if (!block) throw new RangeError(`no block ${height}`);
    return block;
  }

  /** Finds only blocks of this chain's main branch. */
  byHash(hash: Hash): FakeBlock | undefined {
    return this.#byHash.get(hash);
  }

  /** The signers of the block after the head. */
  get signers(): readonly Validator[] {
    return this.era.elect(policy.epochAt(this.head.height + 1));
  }

  /** A new chain that equals this one up to `height`. */
  fork(height: number, salt: number, era = this.era): FakeChain {
    return new FakeChain(salt, this.#blocks.slice(0, height - policy.genesisNumber + 1), era);
  }

  /** A copy of this chain for a peer that may stay behind. */
  copy(height = this.head.height): FakeChain {
    return this.fork(height, this.salt);
  }

  /** Appends a block made elsewhere. */
  append(block: FakeBlock): void {
    this.#blocks.push(block);
    this.#byHash.set(block.hash, block);
  }

  /** Produces the blocks up to `height`. */
  growTo(height: number): this {
    while (this.head.height < height) this.append(this.#make());
    return this;
  }

  /** Makes the next block without appending it. `change`: fields of macro headers. */
  make(change: Partial<MacroHeader> = {}): FakeBlock {
    return this.#make(change);
  }

  /** Makes a skip block on top of the head without appending it. */
  makeSkip(): FakeBlock {
    const { block: parent, height, hash } = this.head;
    const header = { ...this.#common(), timestamp: parent.header.timestamp + 4000, parentHash: hash, seed: parent.header.seed, bodyRoot: emptyMicroBodyRoot };
    const block: MicroBlock = { type: 'micro', header, justification: { type: 'skip', proof: aggregate(skipBlockSigHash(header)!, this.signers) }, body: undefined };
    return { block, hash: blockHash(block), height: height + 1 };
  }

  /** The proposer at an offset. */
  #proposer(offset: number): Validator {
    return validatorAt(this.signers, fakeDraw({ offset, entropy: new Uint8Array(32), disabled: { words: [] } }))!;
  }

  #common(offset = this.head.height + 1) {
    const { block: parent, height, hash } = this.head;
    const upgrade = this.era.upgrade !== undefined && height + 1 === policy.electionBlockOf(this.era.upgrade);
    return {
      network: parent.header.network,
      version: upgrade ? 2 : parent.header.version,
      blockNumber: height + 1,
      timestamp: parent.header.timestamp + 1000,
      parentHash: hash,
      seed: fakeSeed(height + 1, this.salt, this.#proposer(offset).signingKey),
      extraData: new Uint8Array(0),
      stateRoot: toHex(blake2b(Uint8Array.of(this.salt))),
      diffRoot: emptyDiffRoot,
      historyRoot: emptyHistoryRoot,
    };
  }

  #make(change: Partial<MacroHeader> = {}): FakeBlock {
    const height = this.head.height + 1;
    const { electionHead } = this;
    let block: Block;
    if (policy.isMacro(height)) {
      const election = policy.isElection(height);
      const header: MacroHeader = {
        ...this.#common(0),
        round: 0,
        parentElectionHash: electionHead.hash,
        interlink: election ? interlinkOf((electionHead.block as MacroBlock).header, electionHead.hash, policy) : undefined,
        bodyRoot: emptyMacroBodyRoot,
        validators: election ? this.era.elect(policy.epochAt(height) + 1) : undefined,
        nextBatchInitialPunishedSet: { words: [] },
        ...change,
      };
      block = { type: 'macro', header, body: undefined, justification: { round: 0, sig: aggregate(voteSigHash(header, 0), this.signers) } };
    } else {
      const header = { ...this.#common(), bodyRoot: emptyMicroBodyRoot };
      const signature = new Uint8Array(64);
      signature.set(microHeaderHash(header));
      signature.set(this.#proposer(height).signingKey, 32);
      block = { type: 'micro', header, justification: { type: 'micro', signature }, body: undefined };
    }
    return { block, hash: blockHash(block), height };
  }
}
