// Tests: `src/chains/albatross/proof-file/verify-proof-file.test.ts`.
import type { Hash } from '../../../base/hash.ts';
import type { Verify } from '../../../crypto/jobs.ts';
import { blockKind } from '../chain/block-kind.ts';
import { loadGenesis } from '../chain/genesis.ts';
import { blockHash } from '../chain/hashes.ts';
import { KeyRing } from '../chain/key-ring.ts';
import type { NetworkParameters } from '../chain/network.ts';
import { policyOf } from '../chain/policy-of.ts';
import type { Policy } from '../chain/policy.ts';
import { electionOnTrustRules } from '../chain/rules/election-on-trust.ts';
import { intrinsicRules } from '../chain/rules/intrinsic.ts';
import { justificationRules } from '../chain/rules/justification.ts';
import { macroSuccessorRules } from '../chain/rules/macro-successor.ts';
import { firstBrokenCheck, runJobs } from '../chain/rules/run-rules.ts';
import { judgeZkProof } from '../chain/rules/zk-proof.ts';
import type { Block, MacroBlock, MacroHeader, TendermintProof } from '../wire/types.ts';
import type { FiledAnchor, FiledStep } from './proof-file.ts';
import { ProofFileError } from './proof-file-error.ts';

/** A file is verified at any time, on any clock: what two thirds of the slots signed was not too early. */
const ANY_TIME = Number.MAX_SAFE_INTEGER;

export interface StepsOptions {
  readonly network: NetworkParameters;
  readonly verify: Verify;
  readonly signal?: AbortSignal | undefined;
}

/** A block that follows from the file's anchor. */
export interface Reached<B extends Block = Block> {
  readonly block: B;
  readonly hash: Hash;
}

/**
 * Goes from a file's anchor from block to block. Each block is signed by the validators that the block before elects, or is named by
 * the block before by its hash. So what follows is as trustworthy as the anchor, and final: an anchor is a macro block, a signed block too, and
 * a named block is below the one that names it.
 *
 * By its hash a block's roots are covered, those of a version 1 skip block too: two thirds of the slots signed a macro block above it.
 * Addresses and signing keys in a version 1 election block are not covered (Albatross block reference, 2.2), and are not used here.
 */
export class StepVerifier {
  readonly #options: StepsOptions;
  readonly #policy: Policy;
  readonly #keys = new KeyRing(undefined, undefined);

  constructor(options: StepsOptions) {
    this.#options = options;
    this.#policy = policyOf(options.network);
  }

  /** Whether a named anchor deserves trust is left to the caller. Throws `ProofFileError`. */
  async anchor(filed: FiledAnchor): Promise<Reached<MacroBlock>> {
    const { network, verify, signal } = this.#options;
    if (filed.type === 'genesis') return { block: loadGenesis(network), hash: network.genesisHash };
    const block = macro(filed.header);
    const hash = blockHash(block);
    if (filed.type === 'named') {
      if (hash !== filed.hash) throw new ProofFileError('wrong-anchor', { expected: filed.hash, came: hash });
      const genesis = { block: loadGenesis(network), hash: network.genesisHash };
      const rule = firstBrokenCheck([...intrinsicRules, ...electionOnTrustRules], { ...this.#context(block, hash), macroHead: genesis });
      if (rule) throw new ProofFileError('refused-block', { rule, height: block.header.blockNumber });
      return { block, hash };
    }
    const message = { blockNumber: block.header.blockNumber, proof: filed.proof };
    const reason = await judgeZkProof({ message, block, network, now: ANY_TIME }, verify, signal);
    if (reason) throw new ProofFileError('wrong-zk-proof', { reason });
    return { block, hash };
  }

  /** The block of the step. Throws `ProofFileError`. */
  async step(from: Reached, filed: FiledStep): Promise<Reached> {
    const block: Block = filed.type === 'micro' ? { type: 'micro', header: filed.header, justification: undefined, body: undefined } : macro(filed.header, filed.type === 'signed' ? filed.justification : undefined);
    const hash = blockHash(block);
    const rule = filed.type === 'signed' ? await this.#signed(from, block, hash) : this.#named(from, block, hash);
    if (rule) throw new ProofFileError('refused-block', { rule, height: block.header.blockNumber });
    return { block, hash };
  }

  /** The rule that the block breaks as a macro block by the validators that `from` elects. */
  async #signed({ block: election, hash: electionHash }: Reached, block: Block, hash: Hash): Promise<string | undefined> {
    const { verify, signal } = this.#options;
    if (election.type !== 'macro' || election.header.validators === undefined) throw new ProofFileError('unlinked-block', { height: block.header.blockNumber });
    const { validators } = election.header;
    const context = { ...this.#context(block, hash), macroHead: { block: election, hash: electionHash }, validators, decodedKey: this.#keys.lookup };
    const rules = [...intrinsicRules, ...macroSuccessorRules, ...justificationRules];
    const broken = firstBrokenCheck(rules, context);
    if (broken) return broken;
    const { code, decoded } = await runJobs(rules, context, verify, signal);
    this.#keys.add(decoded);
    return code;
  }

  /** The rule that the block breaks by itself. Throws if `from` does not name it. */
  #named({ block: from }: Reached, block: Block, hash: Hash): string | undefined {
    const height = block.header.blockNumber;
    const isParent = from.header.parentHash === hash && height === from.header.blockNumber - 1;
    if (!isParent && !(from.type === 'macro' && this.#namesElection(from.header, height, hash))) throw new ProofFileError('unlinked-block', { height });
    return firstBrokenCheck(intrinsicRules, this.#context(block, hash));
  }

  #namesElection({ blockNumber, parentElectionHash, interlink = [] }: MacroHeader, height: number, hash: Hash): boolean {
    if (height >= blockNumber || !this.#policy.isElection(height)) return false;
    return parentElectionHash === hash ? height === this.#policy.electionBlockBefore(blockNumber) : interlink.includes(hash);
  }

  #context(block: Block, hash: Hash) {
    return { block, hash, kind: blockKind(block), network: this.#options.network, policy: this.#policy, now: ANY_TIME };
  }
}

function macro(header: MacroHeader, justification?: TendermintProof): MacroBlock {
  return { type: 'macro', header, justification, body: undefined };
}
