import type { Hash } from '../../../../base/hash.ts';
import { QuestionError } from '../../../../engine/questions.ts';
import { blockHash } from '../../chain/hashes.ts';
import type { LightChain } from '../../chain/light-chain.ts';
import type { FiledAnchor, FiledStep } from '../../proof-file/proof-file.ts';
import { interlinkHops } from '../../proofs/interlink-hops.ts';
import type { ServedProof } from '../../serve/serve.ts';
import type { Block, MacroBlock } from '../../wire/types.ts';
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

/** How a file gets to an election block of ours. */
export interface AnchoredWay {
  readonly anchor: FiledAnchor;
  readonly steps: readonly FiledStep[];
}

/** The way of a proof file: to our newest election block, and from there to the block that its statement stands on. */
export class FileWay {
  readonly #options: FileWayOptions;

  constructor(options: FileWayOptions) {
    this.#options = options;
  }

  /**
   * To this election block, our newest one. From the genesis block or a zero-knowledge proof if all blocks in between are held with their
   * justifications, else from the pinned block, else the file names this one.
   */
  toElection(newest: MacroBlock): AnchoredWay {
    const { chain, election, zkProof } = this.#options;
    const proof = zkProof();
    const proven = proof?.block && blockHash(proof.block);
    const pinned = chain.network.pinnedElection?.hash;
    const steps: FiledStep[] = [];
    let weaker: AnchoredWay | undefined;
    for (let block: MacroBlock | undefined = newest; block; block = election(block.header.parentElectionHash)) {
      const { header } = block;
      const hash = blockHash(block);
      if (hash === chain.network.genesisHash) return { anchor: { type: 'genesis' }, steps };
      if (hash === proven && proof?.message.proof) return { anchor: { type: 'zk-proof', header, proof: proof.message.proof }, steps };
      if (hash === pinned) weaker = { anchor: { type: 'named', header, hash }, steps: [...steps] };
      const justification = block.justification ?? election(hash)?.justification;
      if (!justification || steps.length === MAX_ELECTIONS) break;
      steps.unshift({ type: 'signed', header, justification });
      if (header.parentElectionHash === chain.network.genesisHash) return { anchor: { type: 'genesis' }, steps };
    }
    return weaker ?? { anchor: { type: 'named', header: newest.header, hash: blockHash(newest) }, steps: [] };
  }

  /** From this election block, our newest one, to the final block at a height. Throws `QuestionError` `no-answer`: a block on the way is nowhere to be found. */
  async toBlock(newest: MacroBlock, height: number, signal: AbortSignal | undefined): Promise<readonly FiledStep[]> {
    const { policy } = this.#options.chain;
    const from = newest.header.blockNumber;
    const isElection = policy.isElection(height);
    // The election block from which the way goes up, over a signed checkpoint, or down.
    const isUnderElection = policy.isElection(policy.macroBlockAfter(height)) && !policy.isMacro(height);
    const election = isElection ? height : isUnderElection ? policy.electionBlockAfter(height) : policy.electionBlockBefore(height);
    const steps: FiledStep[] = [];
    for (const at of this.#electionsBelow(from, election)) steps.push(named(await this.#found(at, signal)));
    if (isElection) return steps;
    const macro = policy.isMacro(height) ? height : policy.macroBlockAfter(height);
    if (!isUnderElection) steps.push(signed(await this.#found(macro, signal)));
    // From below upwards: a search keeps the blocks of the batch that it found.
    const down: FiledStep[] = [];
    for (let at = height; at < macro; at += 1) down.unshift(named(await this.#found(at, signal)));
    return [...steps, ...down];
  }

  /** The heights on the way down from one election block to another, which is the last of them. */
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
