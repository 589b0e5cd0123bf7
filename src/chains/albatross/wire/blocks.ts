import { MAX_BIT_SET_WORDS } from './bit-set.ts';
import { bytes, coin, constant, fixed, hash32, option, struct, u16, u32, u64, u8, union, vec } from '../../../base/postcard/codec.ts';
import { executedTransaction } from './transactions.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { DecodeError, EncodeError } from '../../../base/postcard/errors.ts';
import type {
  BitSet, Block, BlockBody, BlockBodyMessage, BlockHeaderMessage, EquivocationProof, MacroBlock, MacroBody, MacroHeader, MicroBlock, MicroBody, MicroHeader,
  MicroJustification, MultiSignature, RewardTransaction, TendermintProof, Validator,
} from './types.ts';

/** Number of hashes. The protocol itself assumes it for size limits: epoch numbers have at most 32 bits (Albatross block reference, section 1). */
const MAX_INTERLINK = 32;
/** Each validator owns at least one of the 512 slots; there are at most as many rewards. */
const MAX_VALIDATORS = 512;
/** Bytes. A valid block has at most 32. Longer data is decoded up to here, so that the rule that refuses it can report its code. */
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

/** Words of a set, zero words included: more do not fit into a gossip message, by which all blocks are announced. */
const MAX_WORDS = 1_048_576;

/**
 * Word count, then each 64-bit word as a varint, lowest bits first; the list is kept unchanged. Official nodes read any number of words,
 * and treat sets that differ only in trailing zero words as equal: a proposer may have the other validators sign a block whose punished set
 * has many.
 */
export const bitSet: Codec<BitSet> = {
  read: (r) => {
    const start = r.offset;
    const count = r.length(MAX_WORDS, 1);
    const words: bigint[] = [];
    while (words.length < Math.min(count, MAX_BIT_SET_WORDS)) words.push(r.varintBig());
    const zeroWords = count - words.length;
    // Most zero words are single bytes, and there may be a million: skip those quickly.
    for (let i = r.zeros(zeroWords); i < zeroWords; i += 1) if (r.varintBig() !== 0n) throw new DecodeError('length-over-limit', start, `a member above the first ${MAX_BIT_SET_WORDS} words`);
    return zeroWords === 0 ? { words } : { words, zeroWords };
  },
  write: (w, { words, zeroWords = 0 }) => {
    if (words.length > MAX_BIT_SET_WORDS) throw new EncodeError('over-limit', `${words.length} words, at most ${MAX_BIT_SET_WORDS} allowed`);
    w.varint(words.length + zeroWords, Number.MAX_SAFE_INTEGER);
    for (const word of words) w.varintBig(word);
    for (let i = 0; i < zeroWords; i += 1) w.u8(0);
  },
  minSize: 1,
};

/** 512 slots. */
const SIGNER_WORDS = 8;

/**
 * The slots that signed. No hash covers them, so they are kept only in the form that writers use: members below the slot count, and no
 * trailing zero words. Official nodes keep and serve additions by strangers.
 */
const signers: Codec<BitSet> = {
  read: (r) => {
    const start = r.offset;
    const count = r.length(MAX_WORDS, 1);
    const words: bigint[] = [];
    while (words.length < Math.min(count, SIGNER_WORDS)) words.push(r.varintBig());
    const used = words.findLastIndex((word) => word !== 0n) + 1;
    if (r.form === 'one' && used < count) throw new DecodeError('unused-words', start, 'words after those of the signers');
    r.discardVarints(count - words.length);
    return { words: words.slice(0, used) };
  },
  write: bitSet.write,
  minSize: bitSet.minSize,
};

/** 339 bytes and more: the range of slots is two varints. */
export const validator = struct<Validator>({
  address,
  votingKey: fixed(285),
  signingKey: fixed(32),
  slots: struct<Validator['slots']>({ start: u16, end: u16 }),
});

/** The 11 fields of a micro header. The block's hash is over exactly this encoding. */
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
export const multiSignature = struct<MultiSignature>({ signature: blsSignature, signers });

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

/** Body before justification: the opposite of a micro block's order. Without the tag that `block` writes first. */
export const macroBlock = struct<MacroBlock>({ type: constant('macro'), header: macroHeader, body: option(macroBody), justification: option(tendermintProof) });

/** Justification before body. Without the tag that `block` writes first. */
export const microBlock = struct<MicroBlock>({
  type: constant('micro'), header: microHeader, justification: option(microJustification), body: option(microBody),
});

/** 0 macro, 1 micro. */
export const block = union<Block>({ macro: macroBlock, micro: microBlock });

/** The place of a body that was not asked for: it is refused unread. */
const noBody: Codec<undefined> = {
  read: (r) => {
    const start = r.offset;
    if (r.flag('invalid-option')) throw new DecodeError('length-over-limit', start, 'a body that was not asked for');
    return undefined;
  },
  write: (w) => w.u8(0),
  minSize: 1,
};

/** As `block`, but a block with a body fails with `length-over-limit`. */
export const bareBlock = union<Block>({
  macro: struct<MacroBlock>({ type: constant('macro'), header: macroHeader, body: noBody, justification: option(tendermintProof) }),
  micro: struct<MicroBlock>({ type: constant('micro'), header: microHeader, justification: option(microJustification), body: noBody }),
});

/** 0 macro, 1 micro; then header and justification, which is mandatory here. */
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
