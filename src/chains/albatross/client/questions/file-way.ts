// Tests: `src/chains/albatross/client/questions/proof-file-questions.test.ts`.
import type { Hash } from '../../../../base/hash.ts';
import { QuestionError } from '../../../../engine/questions.ts';
import { loadGenesis } from '../../chain/genesis.ts';
import { blockHash } from '../../chain/hashes.ts';
import type { LightChain } from '../../chain/light-chain.ts';
import type { FiledAnchor, FiledStep } from '../../proof-file/proof-file.ts';
import { interlinkHops } from '../../proofs/interlink-hops.ts';
import type { ServedProof } from '../../serve/serve.ts';
import type { Block, MacroBlock, MacroHeader } from '../../wire/types.ts';
import type { FoundBlock } from '../block-finder.ts';

/** Election blocks of a file from its first block to our newest one, some 20 kB each. With more the file would be too large, so it names our newest one. */
const MAX_ELECTIONS = 256;

export interface FileWayOptions {
  readonly chain: LightChain;
  /** A verified election block of our chain, with its justification if that was verified too. */
  readonly election: (hash: Hash) => MacroBlock | undefined;
  /** The newest verified zero-knowledge proof on our chain. */
  readonly zkProof: () => ServedProof | undefined;
  /** Finds a block of the chain by its height, and links it to the verified ones. */
  readonly find: (height: number, signal: AbortSignal | undefined) => Promise<FoundBlock | undefined>;
}

/** A verified way to an election block of our chain. */
interface Start {
  readonly anchor: FiledAnchor;
  readonly steps: readonly Extract<FiledStep, { readonly type: 'signed' }>[];
}

/** The way of a proof file to the block that its statement stands on. */
export interface Way extends Start {
  /** The election block where `steps` lead. All up to here was verified before. */
  readonly election: MacroHeader;
  /** From there on, to the block. */
  readonly rest: readonly FiledStep[];
}

/** Finds ways for proof files: up to an election block, and from there to any final block. */
export class FileWay {
  readonly #options: FileWayOptions;

  constructor(options: FileWayOptions) {
    this.#options = options;
  }

  /** To the final block at a height. Throws `QuestionError` `no-answer`: a block on the way is nowhere to be found. */
  async to(height: number, signal: AbortSignal | undefined): Promise<Way> {
    const { policy } = this.#options.chain;
    const isElection = policy.isElection(height);
    // From an election block above it goes down to a block of its last batch, from the one before up to a signed checkpoint and down.
    const isUnderElection = !policy.isMacro(height) && policy.isElection(policy.macroBlockAfter(height));
    const target = isElection ? height : isUnderElection ? policy.electionBlockAfter(height) : policy.electionBlockBefore(height);
    const { anchor, steps } = this.#start();
    const first = anchor.type === 'genesis' ? this.#genesis : anchor.header;
    const upTo = steps.filter(({ header }) => header.blockNumber <= target);
    const election = upTo.at(-1)?.header ?? first;
    const rest: FiledStep[] = [];
    for (const at of this.#electionsBelow(election.blockNumber, target)) rest.push(named(await this.#found(at, signal)));
    if (!isElection) rest.push(...(await this.#inEpoch(height, isUnderElection, signal)));
    return { anchor, steps: upTo, election, rest };
  }

  /** From the election block before the height, or from the one that ends the batch. */
  async #inEpoch(height: number, isUnderElection: boolean, signal: AbortSignal | undefined): Promise<readonly FiledStep[]> {
    const { policy } = this.#options.chain;
    const macro = policy.isMacro(height) ? height : policy.macroBlockAfter(height);
    const down: FiledStep[] = [];
    // Upwards: a search keeps the blocks of the batch that it found.
    for (let at = height; at < macro; at += 1) down.unshift(named(await this.#found(at, signal)));
    return isUnderElection ? down : [signed(await this.#found(macro, signal)), ...down];
  }

  /**
   * To our newest election block: from the genesis block or a zero-knowledge proof if all blocks in between are held with their justifications, else
   * from the pinned block, else the file names our newest one.
   */
  #start(): Start {
    const { chain, election, zkProof } = this.#options;
    const { genesisHash, pinnedElection } = chain.network;
    const newest = chain.electionHead.block;
    const proof = zkProof();
    const proven = proof?.block && blockHash(proof.block);
    const steps: Extract<FiledStep, { readonly type: 'signed' }>[] = [];
    let weaker: Start | undefined;
    for (let block: MacroBlock | undefined = newest; block; block = election(block.header.parentElectionHash)) {
      const { header } = block;
      const hash = blockHash(block);
      if (hash === genesisHash) return { anchor: { type: 'genesis' }, steps };
      if (hash === proven && proof?.message.proof) return { anchor: { type: 'zk-proof', header, proof: proof.message.proof }, steps };
      if (hash === pinnedElection?.hash) weaker = { anchor: { type: 'named', header, hash }, steps: [...steps] };
      const justification = block.justification ?? election(hash)?.justification;
      if (!justification || steps.length === MAX_ELECTIONS) break;
      steps.unshift({ type: 'signed', header, justification });
      // The archive does not have the genesis block.
      if (header.parentElectionHash === genesisHash) return { anchor: { type: 'genesis' }, steps };
    }
    return weaker ?? { anchor: { type: 'named', header: newest.header, hash: blockHash(newest) }, steps: [] };
  }

  get #genesis(): MacroHeader {
    return loadGenesis(this.#options.chain.network).header;
  }

  /** The heights on the way down from one election block to another, which is the last of them; none if both are one. */
  #electionsBelow(from: number, to: number): readonly number[] {
    const { policy } = this.#options.chain;
    if (from === to) return [];
    // No interlink names the genesis block: the first election block does.
    const named = Math.max(to, policy.electionBlockOf(1));
    const heights = named === from ? [] : [...interlinkHops(from, named, policy), named];
    return named === to ? heights : [...heights, to];
  }

  async #found(height: number, signal: AbortSignal | undefined): Promise<Block> {
    const found = await this.#options.find(height, signal);
    if (found?.place !== 'chain' || !found.whole) throw new QuestionError('no-answer', { asked: 1, reason: 'block-not-found' });
    return found.block;
  }
}

function signed(block: Block): FiledStep {
  if (block.type !== 'macro' || !block.justification) throw new QuestionError('no-answer', { asked: 1, reason: 'no-justification' });
  return { type: 'signed', header: block.header, justification: block.justification };
}

function named(block: Block): FiledStep {
  return block.type === 'macro' ? { type: 'macro', header: block.header } : { type: 'micro', header: block.header };
}
