/**
 * A proof to take away: what is stated, and everything that proves it but the network's parameters. No client, peer or server is needed to
 * verify it, and its source does not matter.
 *
 * Bytes: magic `petrelpf`, format (one byte), genesis hash (32), then postcard of the rest. There is no checksum: hashes and signatures cover
 * what is proven.
 * @module
 */
import { concatBytes, equalBytes } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { bytes, constant, decode, DecodeError, encode, fixed, hash32, struct, union, vec } from '../../../base/postcard/codec.ts';
import { macroHeader, microHeader, tendermintProof } from '../wire/blocks.ts';
import { historyTreeProof } from '../wire/history.ts';
import type { HistoryTreeProof } from '../wire/history.ts';
import { trieProof } from '../wire/trie.ts';
import type { TrieProof } from '../wire/trie.ts';
import type { MacroHeader, MicroHeader, TendermintProof } from '../wire/types.ts';
import { ProofFileError } from './proof-file-error.ts';

/** Bytes. The election blocks of 400 epochs, some 20 kB each, and room for the rest. */
export const MAX_PROOF_FILE = 8_388_608;
/** `petrelpf`. */
const MAGIC = Uint8Array.of(0x70, 0x65, 0x74, 0x72, 0x65, 0x6c, 0x70, 0x66);
/** A release reads all formats up to its own. */
const FORMAT = 1;
/** The steps from the first block to the one that the statement stands on: at most some hundred election blocks, and a batch of micro blocks. */
const MAX_STEPS = 4096;
/** Bytes, as on the wire. A compressed Groth16 proof over MNT6-753 takes 475. */
const MAX_ZK_PROOF = 1024;

/** What is stored under an address (20 bytes) in the accounts trie. */
export interface ValueStatement<T extends string> {
  readonly type: T;
  readonly address: Uint8Array;
  readonly proof: TrieProof;
}

/** What is stated, with the proof that leads to it from the last block. */
export type FiledStatement =
  | ValueStatement<'account'>
  | ValueStatement<'staker'>
  | ValueStatement<'validator'>
  | { readonly type: 'transaction'; readonly hash: Hash; readonly proof: HistoryTreeProof }
  /** That the last block, which has this hash, is on the chain. */
  | { readonly type: 'block'; readonly hash: Hash };

/** The election block that the file begins with. */
export type FiledAnchor =
  /** The network's genesis block. It is not in the file. */
  | { readonly type: 'genesis' }
  /** A block that a zero-knowledge proof links to the genesis block. */
  | { readonly type: 'zk-proof'; readonly header: MacroHeader; readonly proof: Uint8Array }
  /** A block that the reader must trust, by its hash. */
  | { readonly type: 'named'; readonly header: MacroHeader; readonly hash: Hash };

/** How the next block follows from the one before it. */
export type FiledStep =
  /** A macro block above it, signed by the validators that it elects. */
  | { readonly type: 'signed'; readonly header: MacroHeader; readonly justification: TendermintProof }
  /** A block below it that it names: its parent, its parent election block, or one of its interlink. */
  | { readonly type: 'macro'; readonly header: MacroHeader }
  | { readonly type: 'micro'; readonly header: MicroHeader };

export interface ProofFile {
  readonly genesisHash: Hash;
  readonly statement: FiledStatement;
  readonly anchor: FiledAnchor;
  readonly steps: readonly FiledStep[];
}

type Statement<T extends FiledStatement['type']> = Extract<FiledStatement, { type: T }>;
type Anchor<T extends FiledAnchor['type']> = Extract<FiledAnchor, { type: T }>;
type Step<T extends FiledStep['type']> = Extract<FiledStep, { type: T }>;

const address = fixed(20);

/** 0 account, 1 staker, 2 validator, 3 transaction, 4 block. */
const statement = union<FiledStatement>({
  account: struct<Statement<'account'>>({ type: constant('account'), address, proof: trieProof }),
  staker: struct<Statement<'staker'>>({ type: constant('staker'), address, proof: trieProof }),
  validator: struct<Statement<'validator'>>({ type: constant('validator'), address, proof: trieProof }),
  transaction: struct<Statement<'transaction'>>({ type: constant('transaction'), hash: hash32, proof: historyTreeProof }),
  block: struct<Statement<'block'>>({ type: constant('block'), hash: hash32 }),
});

/** 0 genesis, 1 zero-knowledge proof, 2 named. */
const anchor = union<FiledAnchor>({
  genesis: struct<Anchor<'genesis'>>({ type: constant('genesis') }),
  'zk-proof': struct<Anchor<'zk-proof'>>({ type: constant('zk-proof'), header: macroHeader, proof: bytes(MAX_ZK_PROOF) }),
  named: struct<Anchor<'named'>>({ type: constant('named'), header: macroHeader, hash: hash32 }),
});

/** 0 signed, 1 macro, 2 micro. */
const step = union<FiledStep>({
  signed: struct<Step<'signed'>>({ type: constant('signed'), header: macroHeader, justification: tendermintProof }),
  macro: struct<Step<'macro'>>({ type: constant('macro'), header: macroHeader }),
  micro: struct<Step<'micro'>>({ type: constant('micro'), header: microHeader }),
});

/** Everything after the format. */
const formatOne = struct<ProofFile>({ genesisHash: hash32, statement, anchor, steps: vec(step, MAX_STEPS) });

/** Throws `EncodeError` for what has no encoding. */
export function encodeProofFile(file: ProofFile): Uint8Array {
  return concatBytes(MAGIC, Uint8Array.of(FORMAT), encode(formatOne, file));
}

/** The content of the bytes, unverified. Throws `ProofFileError`: `too-large`, `not-a-proof-file`, `newer-format`, `damaged`. */
export function decodeProofFile(file: Uint8Array): ProofFile {
  if (file.length > MAX_PROOF_FILE) throw new ProofFileError('too-large', { bytes: file.length, limit: MAX_PROOF_FILE });
  const format = file[MAGIC.length];
  if (format === undefined || format === 0 || !equalBytes(file.subarray(0, MAGIC.length), MAGIC)) throw new ProofFileError('not-a-proof-file');
  if (format > FORMAT) throw new ProofFileError('newer-format', { format, known: FORMAT });
  const start = MAGIC.length + 1;
  try {
    return decode(formatOne, file.subarray(start));
  } catch (error) {
    if (error instanceof DecodeError) throw new ProofFileError('damaged', { reason: error.code, at: start + error.offset });
    throw error;
  }
}
