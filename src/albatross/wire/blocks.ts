import { MAX_BIT_SET_WORDS } from './bit-set.ts';
import { bytes, coin, constant, fixed, hash32, option, struct, u16, u32, u64, u64big, u8, union, vec } from './postcard/codec.ts';
import { executedTransaction } from './transactions.ts';
import type {
  BitSet, Block, BlockBody, BlockBodyMessage, BlockHeaderMessage, EquivocationProof, MacroBlock, MacroBody, MacroHeader, MicroBlock, MicroBody, MicroHeader,
  MicroJustification, MultiSignature, RewardTransaction, TendermintProof, Validator,
} from './types.ts';

/** Hashes. The protocol's own assumption for size limits: epoch numbers have at most 32 bits (Albatross block reference, section 1). */
const MAX_INTERLINK = 32;
/** Validators own at least one of the 512 slots each; rewards go to as many. */
const MAX_VALIDATORS = 512;
/** Bytes. A valid block has at most 32; up to here a longer one is read, so that the rule that refuses it can say so. */
const MAX_EXTRA_DATA = 255;
/** Proofs in a micro body of at most 100000 bytes: the smallest proof takes 219. */
const MAX_EQUIVOCATION_PROOFS = 456;
/** Transactions in a micro body of at most 100000 bytes: the smallest takes 69. */
const MAX_TRANSACTIONS = 1449;

const address = fixed(20);
const vrfSeed = fixed(96);
/** Ed25519. */
const signature = fixed(64);
/** Compressed MNT6-753 G1. */
const blsSignature = fixed(95);
const extraData = bytes(MAX_EXTRA_DATA);

/** Word count, then each 64-bit word as a varint, lowest bits first; the list is kept as it came. */
export const bitSet = struct<BitSet>({ words: vec(u64big, MAX_BIT_SET_WORDS) });

/** 339 bytes and more: the range of slots is two varints. */
export const validator = struct<Validator>({
  address,
  votingKey: fixed(285),
  signingKey: fixed(32),
  slots: struct<Validator['slots']>({ start: u16, end: u16 }),
});

/** The 11 fields of a micro header. The block's hash is over exactly these bytes. */
export const microHeader = struct<MicroHeader>({
  network: u8,
  version: u16,
  blockNumber: u32,
  timestamp: u64,
  parentHash: hash32,
  seed: vrfSeed,
  extraData,
  stateRoot: hash32,
  bodyRoot: hash32,
  diffRoot: hash32,
  historyRoot: hash32,
});

/** The 16 fields of a macro header. Its hash is over another, fixed-width form. */
export const macroHeader = struct<MacroHeader>({
  network: u8,
  version: u16,
  blockNumber: u32,
  round: u32,
  timestamp: u64,
  parentHash: hash32,
  parentElectionHash: hash32,
  interlink: option(vec(hash32, MAX_INTERLINK)),
  seed: vrfSeed,
  extraData,
  stateRoot: hash32,
  bodyRoot: hash32,
  diffRoot: hash32,
  historyRoot: hash32,
  validators: option(vec(validator, MAX_VALIDATORS)),
  nextBatchInitialPunishedSet: bitSet,
});

/** 95 bytes, then the bit set of the slots that signed. */
export const multiSignature = struct<MultiSignature>({ signature: blsSignature, signers: bitSet });

/** The round, then the aggregate. */
export const tendermintProof = struct<TendermintProof>({ round: u32, sig: multiSignature });

/** 0 the proposer's signature, 1 the proof of a skip block. */
export const microJustification = union<MicroJustification>({
  micro: struct<Extract<MicroJustification, { type: 'micro' }>>({ type: constant('micro'), signature }),
  skip: struct<Extract<MicroJustification, { type: 'skip' }>>({ type: constant('skip'), proof: multiSignature }),
});

/** 48 bytes. */
export const rewardTransaction = struct<RewardTransaction>({ validatorAddress: address, recipient: address, value: coin });

export const macroBody = struct<MacroBody>({ transactions: vec(rewardTransaction, MAX_VALIDATORS) });

type ForkProof = Extract<EquivocationProof, { type: 'fork' }>;
type DoubleProposalProof = Extract<EquivocationProof, { type: 'double-proposal' }>;
type DoubleVoteProof = Extract<EquivocationProof, { type: 'double-vote' }>;

/** 0 fork, 1 double proposal, 2 double vote. The step of a vote is one raw byte: 2 propose, 3 prevote, 4 precommit. */
export const equivocationProof = union<EquivocationProof>({
  fork: struct<ForkProof>({
    type: constant('fork'), validator: address, header1: microHeader, header2: microHeader, signature1: signature, signature2: signature,
  }),
  'double-proposal': struct<DoubleProposalProof>({
    type: constant('double-proposal'), validator: address, header1: macroHeader, header2: macroHeader, signature1: signature, signature2: signature,
  }),
  'double-vote': struct<DoubleVoteProof>({
    type: constant('double-vote'),
    validator: address,
    vote: struct<DoubleVoteProof['vote']>({ network: u8, blockNumber: u32, round: u32, step: u8 }),
    hash1: option(hash32),
    hash2: option(hash32),
    signature1: blsSignature,
    signature2: blsSignature,
    signers1: bitSet,
    signers2: bitSet,
  }),
});

export const microBody = struct<MicroBody>({
  equivocationProofs: vec(equivocationProof, MAX_EQUIVOCATION_PROOFS),
  transactions: vec(executedTransaction, MAX_TRANSACTIONS),
});

/** Body before justification: the other way round than in a micro block. Without the tag that `block` writes first. */
export const macroBlock = struct<MacroBlock>({ type: constant('macro'), header: macroHeader, body: option(macroBody), justification: option(tendermintProof) });

/** Justification before body. Without the tag that `block` writes first. */
export const microBlock = struct<MicroBlock>({
  type: constant('micro'), header: microHeader, justification: option(microJustification), body: option(microBody),
});

/** 0 macro, 1 micro. */
export const block = union<Block>({ macro: macroBlock, micro: microBlock });

/** 0 macro, 1 micro; then header and justification, which is not optional here. */
export const blockHeaderMessage = union<BlockHeaderMessage>({
  macro: struct<Extract<BlockHeaderMessage, { type: 'macro' }>>({ type: constant('macro'), header: macroHeader, justification: tendermintProof }),
  micro: struct<Extract<BlockHeaderMessage, { type: 'micro' }>>({ type: constant('micro'), header: microHeader, justification: microJustification }),
});

/** 0 micro, 1 macro: the opposite order of `block`. */
const blockBody = union<BlockBody>({
  micro: struct<Extract<BlockBody, { type: 'micro' }>>({ type: constant('micro'), body: microBody }),
  macro: struct<Extract<BlockBody, { type: 'macro' }>>({ type: constant('macro'), body: macroBody }),
});

export const blockBodyMessage = struct<BlockBodyMessage>({ headerHash: hash32, body: blockBody });
