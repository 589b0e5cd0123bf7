/**
 * Requests for proofs of accounts, transactions and election blocks, and for receipts, which are not proven. Nodes with the matching
 * services answer them. Albatross network reference, 3.3 to 3.6; proofs reference, 1.
 * Tests: `src/chains/albatross/wire/exchange.test.ts`.
 * @module
 */
import { block, macroBlock } from './blocks.ts';
import type { Exchange } from './exchange.ts';
import { historyTreeProof } from './history.ts';
import type { HistoryTreeProof } from './history.ts';
import { fixed, hash32, option, result, struct, u16, u32, vec } from '../../../base/postcard/codec.ts';
import type { Answer } from '../../../base/postcard/codec.ts';
import { proofRefusals } from './proof-refusal.ts';
import type { ProofRefusal } from './proof-refusal.ts';
import { keyNibbles, MAX_TRIE_KEYS, trieProof } from './trie.ts';
import type { KeyNibbles, TrieProof } from './trie.ts';
import type { Block, MacroBlock } from './types.ts';
import type { Hash } from '../../../base/hash.ts';

/** Hashes that fit into a request. Nodes of 2.x refuse 500. */
const MAX_HASHES = 640;
/** Nodes send at most this many at once. */
const MAX_RECEIPTS = 500;
/** Heights in a request; each takes three bytes or more on any network that is some weeks old. */
const MAX_HEIGHTS = 6826;
/** Election blocks in an answer of 10 MiB, each with an interlink and at least one validator. */
const MAX_HOPS = 16_384;

export interface TransactionsProofRequest {
  readonly hashes: readonly Hash[];
  /** The block whose history root the proof must lead to; undefined: the node chooses it, for the first hash alone. */
  readonly blockNumber: number | undefined;
}
export interface TransactionsProof {
  readonly proof: HistoryTreeProof;
  /** Without body. The proof leads to its history root. */
  readonly block: Block;
}
export interface ReceiptsRequest {
  /** 20 bytes. */
  readonly address: Uint8Array;
  /** Undefined: 500. */
  readonly max: number | undefined;
  /** Only transactions older than this one. */
  readonly startAt: Hash | undefined;
}
export interface Receipts {
  /** Newest first. */
  readonly receipts: readonly { readonly transactionHash: Hash; readonly blockNumber: number }[];
}
export interface TrieProofRequest {
  readonly keys: readonly KeyNibbles[];
}
export interface TrieProofAnswer {
  readonly proof: TrieProof;
  /** The node's head when it answered. The proof leads to its state root. */
  readonly blockHash: Hash;
}
export interface BlocksProofRequest {
  /** Height of the election block that the requester holds. */
  readonly electionHead: number;
  /** Heights of election blocks. */
  readonly blocks: readonly number[];
}
export interface BlocksProof {
  /** The election blocks between head and targets whose interlinks lead from one to the next; empty if the head's own interlink leads there. */
  readonly proof: { readonly proof: readonly MacroBlock[] };
}

interface ProofExchanges {
  readonly 'transactions-proof': Exchange<TransactionsProofRequest, Answer<TransactionsProof, ProofRefusal>>;
  readonly receipts: Exchange<ReceiptsRequest, Receipts>;
  readonly 'trie-proof': Exchange<TrieProofRequest, Answer<TrieProofAnswer, ProofRefusal>>;
  readonly 'blocks-proof': Exchange<BlocksProofRequest, Answer<BlocksProof, ProofRefusal>>;
}

/**
 * The version whose error indices are used: `1.0` is the reference implementation of October 2024 (1.0.0-rc), which made the recorded
 * answers in the test vectors; which 1.x release first had the other indices is not known. Everything else is the same in both. Albatross
 * network reference, 3.5.
 */
export type ErrorEra = '1.0' | '2.x';

const tooManyTransactions = [['TooManyTransactionsProvided', 0]] as const;
const trieErrors = [['EmptyKeys', 0], ['TooManyKeys', 0], ['DuplicateKeys', 0]] as const;
const tooManyBlocks = [['TooManyBlocks', 0]] as const;

function exchangesOf(era: ErrorEra): ProofExchanges {
  const recent = era === '2.x';
  return {
    'transactions-proof': {
      typeId: 213,
      perWindow: 1000,
      request: struct<TransactionsProofRequest>({ hashes: vec(hash32, MAX_HASHES), blockNumber: option(u32) }),
      response: result(
        struct<TransactionsProof>({ proof: historyTreeProof, block }),
        proofRefusals([
          ['NoTransactionsProvided', 0],
          ...(recent ? tooManyTransactions : []),
          // The requested height and the head's height.
          ['RequestedTxnProofFromFuture', 2],
          ['RequestedTxnProofFromFinalizedEpoch', 1],
          ['RequestedTxnProofFromFinalizedBatch', 1],
          ['BlockNotFound', recent ? 1 : 0],
          ['CouldntProveInclusion', 0],
          ['TransactionNotFound', 0],
          ['Other', 0],
        ]),
      ),
    },
    receipts: {
      typeId: 214,
      perWindow: 20,
      request: struct<ReceiptsRequest>({ address: fixed(20), max: option(u16), startAt: option(hash32) }),
      response: struct<Receipts>({ receipts: vec(struct<Receipts['receipts'][number]>({ transactionHash: hash32, blockNumber: u32 }), MAX_RECEIPTS) }),
    },
    'trie-proof': {
      typeId: 215,
      perWindow: 50,
      request: struct<TrieProofRequest>({ keys: vec(keyNibbles, MAX_TRIE_KEYS) }),
      response: result(
        struct<TrieProofAnswer>({ proof: trieProof, blockHash: hash32 }),
        proofRefusals([['IncompleteTrie', 0], ...(recent ? trieErrors : []), ['Other', 0]]),
      ),
    },
    'blocks-proof': {
      typeId: 216,
      perWindow: 50,
      request: struct<BlocksProofRequest>({ electionHead: u32, blocks: vec(u32, MAX_HEIGHTS) }),
      response: result(
        struct<BlocksProof>({ proof: struct<BlocksProof['proof']>({ proof: vec(macroBlock, MAX_HOPS) }) }),
        proofRefusals([['BadBlockNumber', 1], ...(recent ? tooManyBlocks : []), ['Other', 0]]),
      ),
    },
  };
}

/** By era; the questions are the same in both. */
export const proofRequests: { readonly [E in ErrorEra]: ProofExchanges } = { '1.0': exchangesOf('1.0'), '2.x': exchangesOf('2.x') };
