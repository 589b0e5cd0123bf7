import type { Hash } from '../../../../base/hash.ts';
import type { Verify } from '../../../../crypto/jobs.ts';
import { type Answer, type AnswerBlock, QuestionError, type QuestionOptions } from '../../../../engine/questions.ts';
import { reaches } from '../../../../engine/trust.ts';
import { blockHash } from '../../chain/hashes.ts';
import type { ChainBlock } from '../../chain/light-chain.ts';
import { encodeProofFile, type FiledAnchor, type FiledStatement, MAX_PROOF_FILE, type ProofFile } from '../../proof-file/proof-file.ts';
import { ProofFileError } from '../../proof-file/proof-file-error.ts';
import { verifyProofFile } from '../../proof-file/verify-proof-file.ts';
import { accountKey, stakerKey, validatorKey } from '../../proofs/trie-keys.ts';
import { verifyTrieProof } from '../../proofs/verify-trie-proof.ts';
import type { MacroHeader } from '../../wire/types.ts';
import type { FoundBlock } from '../block-finder.ts';
import type { AddressPeers } from './address-peers.ts';
import type { ChainGround } from './chain-ground.ts';
import { FileWay, type FileWayOptions } from './file-way.ts';
import type { HistoryQuestions } from './history-questions.ts';
import { type ProofAsker, UselessAnswer } from './proof-asker.ts';

/** How often a statement is proven again because its block was reverted. */
const MAX_REVERTS = 5;

const keyOf = { account: accountKey, staker: stakerKey, validator: validatorKey };

export interface ProofFileQuestionsOptions extends Omit<FileWayOptions, 'chain' | 'find'> {
  readonly asker: ProofAsker;
  readonly ground: ChainGround;
  readonly peers: AddressPeers;
  readonly history: HistoryQuestions;
  readonly find: (key: Hash | number, signal: AbortSignal | undefined) => Promise<FoundBlock | undefined>;
  readonly verify: Verify;
}

/** A statement with its proof, and the block that it stands on. */
interface Stated {
  readonly statement: FiledStatement;
  readonly ground: Pick<ChainBlock, 'hash' | 'height'>;
}

/**
 * Proofs to take away: the bytes of a proof file (`.petrel`). It stands on a final block, so for what is new it comes after at most a batch. Level and
 * trust in the answer are those of the file for any reader, who may know less than this client: `claimed` if it begins with a block that
 * the file names. Every file was verified before it is given.
 */
export class ProofFileQuestions {
  readonly #options: ProofFileQuestionsOptions;
  readonly #way: FileWay;

  constructor(options: ProofFileQuestionsOptions) {
    this.#options = options;
    const { ground, election, zkProof, find } = options;
    this.#way = new FileWay({ chain: ground.chain, election, zkProof, find });
  }

  /** What is stored under the address (20 bytes) as of a block that a peer proves it at now. */
  value(type: 'account' | 'staker' | 'validator', address: Uint8Array, options: QuestionOptions, signal: AbortSignal | undefined): Promise<Answer<Uint8Array>> {
    const { asker, ground, peers } = this.#options;
    const keys = [keyOf[type](address)];
    const prove = () =>
      asker.ask<'trie-proof', Stated>({
        kind: 'trie-proof',
        body: { keys },
        service: 'accountsProof',
        known: peers.of(keys),
        onAsked: (peer) => peers.note(keys, peer),
        check: async (answer) => {
          if (!answer.ok) throw new UselessAnswer(answer.error.name);
          const { blockHash: hash, proof } = answer.value;
          const block = await ground.block(hash, 'state');
          verifyTrieProof(proof, keys, block.block.header.stateRoot);
          return { statement: { type, address, proof }, ground: block };
        },
        signal,
      });
    return this.#file(prove, options, signal);
  }

  /** A transaction by its hash; its height, where it is known, says which peers can prove it. */
  transaction(hash: Hash, height: number | undefined, options: QuestionOptions, signal: AbortSignal | undefined): Promise<Answer<Uint8Array>> {
    const prove = async (): Promise<Stated> => {
      const { proof, ground } = await this.#options.history.entry(hash, height, signal);
      return { statement: { type: 'transaction', hash, proof }, ground: { hash: ground.hash, height: ground.block.header.blockNumber } };
    };
    return this.#file(prove, options, signal);
  }

  /** That a block is on the chain. */
  block(key: Hash | number, options: QuestionOptions, signal: AbortSignal | undefined): Promise<Answer<Uint8Array>> {
    const prove = async (): Promise<Stated> => {
      const found = await this.#options.find(key, signal);
      if (found?.place !== 'chain') throw new QuestionError('no-answer', { asked: 1, reason: 'block-not-found' });
      return { statement: { type: 'block', hash: found.hash }, ground: { hash: found.hash, height: found.block.header.blockNumber } };
    };
    return this.#file(prove, options, signal);
  }

  async #file(prove: () => Promise<Stated>, options: QuestionOptions, signal: AbortSignal | undefined): Promise<Answer<Uint8Array>> {
    for (let reverts = 0; ; reverts++) {
      const { statement, ground } = await prove();
      if (await this.#options.ground.final(ground, signal)) return this.#made(statement, ground.height, options, signal);
      if (reverts === MAX_REVERTS) throw new QuestionError('no-answer', { asked: reverts, reason: 'reverted' });
    }
  }

  async #made(statement: FiledStatement, height: number, { minLevel }: QuestionOptions, signal: AbortSignal | undefined): Promise<Answer<Uint8Array>> {
    const { ground: { chain } } = this.#options;
    const { genesisHash } = chain.network;
    const { anchor, steps, election, rest } = await this.#way.to(height, signal);
    const block = await this.#verified({ genesisHash, statement, anchor: ownAnchor(election, genesisHash), steps: rest }, signal);
    const bytes = encodeProofFile({ genesisHash, statement, anchor, steps: [...steps, ...rest] });
    if (bytes.length > MAX_PROOF_FILE) throw new QuestionError('no-answer', { asked: 1, reason: 'too-large' });
    const level = anchor.type !== 'named' ? 'proven' : anchor.hash === chain.network.pinnedElection?.hash ? 'pinned' : 'claimed';
    if (minLevel && !reaches(level, minLevel)) throw new QuestionError('level-too-low', { level, wanted: minLevel });
    return { value: bytes, level, finality: 'final', block };
  }

  /** The block that the statement stands on, by the rules that a reader of the file applies. The way to its election block was verified before. */
  async #verified(file: ProofFile, signal: AbortSignal | undefined): Promise<AnswerBlock> {
    const { ground: { chain: { network } }, verify } = this.#options;
    try {
      return (await verifyProofFile(file, { network, verify, signal, minLevel: 'claimed' })).block;
    } catch (error) {
      if (error instanceof ProofFileError) throw new QuestionError('no-answer', { asked: 1, reason: error.code });
      throw error;
    }
  }
}

function ownAnchor(header: MacroHeader, genesisHash: Hash): FiledAnchor {
  const hash = blockHash({ type: 'macro', header, justification: undefined, body: undefined });
  return hash === genesisHash ? { type: 'genesis' } : { type: 'named', header, hash };
}
