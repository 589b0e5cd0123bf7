import { blockHash, emptyDiffRoot, emptyMicroBodyRoot, macroVoteHash } from '../src/chains/albatross/chain/hashes.ts';
import { bitSetOf } from '../src/chains/albatross/wire/bit-set.ts';
import { concatBytes, toHex } from '../src/base/bytes.ts';
import type { BitSet, Block, MacroBlock, MacroHeader, MicroBlock, MicroHeader, MultiSignature, Validator } from '../src/chains/albatross/wire/types.ts';
import { blake2s } from '../src/crypto/blake2s.ts';
import { blsPublicKey } from '../src/crypto/bls-signing.ts';
import { signVrfSeed, vrfEntropy } from '../src/crypto/vrf.ts';
import type { Random } from '../src/base/random.ts';
import type { DevBlock } from './dev-block.ts';
import type { DevChain } from './chain.ts';
import { ALL_SLOTS, multiSign, NO_BITS, proposerOf, signMacro, signMicro, signSkip } from './make-block.ts';
import { R as GROUP_ORDER } from '../src/crypto/mnt6/constants.ts';
import { deriveValidator, secretBytes, SLOTS, type DevValidator } from './validators.ts';

/** Inputs of a fault. */
export interface FaultContext {
  /** The honest chain. It may not have the honest form of the faulty block yet. */
  readonly chain: DevChain;
  /** The parent of the faulty block; unknown for the election blocks of a made-up history. */
  readonly parent: DevBlock | undefined;
  /** Validators active at the block's height. */
  readonly validators: readonly DevValidator[];
  /** Keys that no election block names. */
  readonly attacker: DevValidator;
  readonly random: Random;
  /** Unix milliseconds. */
  readonly now: number;
}

/** A block that takes the place at `height` in the peer's view. Its own block number may differ, which can be the fault. */
export interface Faulty {
  readonly height: number;
  readonly block: Block;
}

/** One way in which a block can be wrong. Everything else in it is right, signatures included. */
export interface BlockFault {
  /** The kinds of honest blocks that it can be made from. */
  readonly on: readonly DevBlock['kind'][];
  /** Description of the fault for people. */
  readonly says: string;
  /** Returns an empty list where the fault is not possible. */
  make(block: Block, context: FaultContext): readonly Faulty[];
}

const ANY = ['micro', 'checkpoint', 'election'] as const;
const MICRO = ['micro'] as const;
const MACRO = ['checkpoint', 'election'] as const;
const CHECKPOINT = ['checkpoint'] as const;
const ELECTION = ['election'] as const;

export function faultFits(fault: BlockFault, block: DevBlock): boolean {
  return fault.on.includes(block.kind);
}

/** The same bytes with one bit flipped. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = copy[at]! ^ 1;
  return copy;
}

type AnyPatch = Partial<MicroHeader>;

function proposer(block: Block, { parent, chain, validators }: FaultContext): DevValidator {
  const offset = block.type === 'macro' ? block.header.round : block.header.blockNumber;
  const disabled = (chain.at(chain.policy.macroBlockBefore(block.header.blockNumber))?.block as MacroBlock | undefined)?.header.nextBatchInitialPunishedSet ?? NO_BITS;
  return proposerOf({ parentSeed: parent?.block.header.seed ?? block.header.seed, offset, disabled, validators });
}

/** The block with changed header fields, signed anew by the rightful proposer and validators. */
function resigned(block: Block, patch: AnyPatch, context: FaultContext): Block {
  if (block.type === 'macro') return signMacro({ ...block.header, ...patch }, context.validators);
  return signMicro({ ...block.header, ...patch }, proposer(block, context));
}

function one(make: (block: Block, context: FaultContext) => Block): BlockFault['make'] {
  return (block, context) => [{ height: block.header.blockNumber, block: make(block, context) }];
}

/** A fault in header fields, with new signatures. */
function field(on: BlockFault['on'], says: string, patch: (block: Block, context: FaultContext) => AnyPatch): BlockFault {
  return { on, says, make: one((block, context) => resigned(block, patch(block, context), context)) };
}

/** A fault in fields that only macro headers have, with new signatures. */
function macroField(on: BlockFault['on'], says: string, patch: (header: MacroHeader, context: FaultContext) => Partial<MacroHeader>): BlockFault {
  return { on, says, make: one((block, context) => (block.type === 'macro' ? signMacro({ ...block.header, ...patch(block.header, context) }, context.validators) : block)) };
}

/** A fault in the justification of a macro block, whose hash stays the honest one. */
function proof(says: string, change: (block: MacroBlock, context: FaultContext) => MacroBlock['justification']): BlockFault {
  return { on: MACRO, says, make: one((block, context) => (block.type === 'macro' ? { ...block, justification: change(block, context) } : block)) };
}

/** A fault of a skip block, made in place of a micro block. */
function skip(says: string, make: (header: MicroHeader, context: FaultContext) => MicroBlock): BlockFault {
  return { on: MICRO, says, make: one((block, context) => (block.type === 'micro' ? make(skipHeader(block.header, context), context) : block)) };
}

function skipHeader(header: MicroHeader, { parent, chain }: FaultContext): MicroHeader {
  const base = parent?.block.header ?? header;
  // A skip block has no transactions. Without any, its roots are those of the micro block too.
  const emptied = header.bodyRoot === emptyMicroBodyRoot ? header : { ...header, bodyRoot: emptyMicroBodyRoot, diffRoot: emptyDiffRoot, stateRoot: base.stateRoot, historyRoot: base.historyRoot };
  return { ...emptied, seed: base.seed, timestamp: base.timestamp + chain.network.minProducerTimeout, extraData: new Uint8Array(0) };
}

function withProof(block: MicroBlock, change: (proof: MultiSignature) => MultiSignature): MicroBlock {
  return block.justification?.type === 'skip' ? { ...block, justification: { type: 'skip', proof: change(block.justification.proof) } } : block;
}

function validatorList(says: string, change: (validators: readonly Validator[], context: FaultContext) => readonly Validator[] | undefined): BlockFault {
  return macroField(ELECTION, says, (header, context) => ({ validators: change(header.validators ?? [], context) }));
}

function withFirstKey(validators: readonly Validator[], votingKey: Uint8Array): readonly Validator[] {
  return validators.map((validator, i) => (i === 0 ? { ...validator, votingKey } : validator));
}

function withLastEnd(validators: readonly Validator[], end: number): readonly Validator[] {
  return validators.map((validator, i) => (i === validators.length - 1 ? { ...validator, slots: { start: validator.slots.start, end } } : validator));
}

function slotsBelow(count: number): BitSet {
  return bitSetOf(Array.from({ length: count }, (_, slot) => slot));
}

/** A 285-byte voting key with x = (first, 0, 0) and the given flags. Albatross cryptography reference, section 5. */
function rawKey(first: number, flags: number): Uint8Array {
  const key = new Uint8Array(285);
  key[0] = first;
  key[284] = flags;
  return key;
}

/** 32 bytes that are no Ed25519 point. About half of all y values have none. */
function noPoint(): Uint8Array {
  const bytes = new Uint8Array(32);
  do bytes[0] = bytes[0]! + 1;
  while (vrfEntropy(concatBytes(bytes, new Uint8Array(64))));
  return bytes;
}

/** The compressed G1 point at infinity. */
const INFINITY_SIGNATURE = (() => {
  const bytes = new Uint8Array(95);
  bytes[94] = 0x40;
  return bytes;
})();

/** Slots that must sign. Albatross block reference, section 3. */
const TWO_F_PLUS_ONE = 342;

/** Two validators with opposite voting keys: the aggregate key of all slots is the point at infinity. */
function oppositePair(attacker: DevValidator): readonly DevValidator[] {
  const other = GROUP_ORDER - attacker.votingSecret;
  const second = deriveValidator('opposite', 'pair', { start: SLOTS / 2, end: SLOTS });
  return [
    { ...attacker, validator: { ...attacker.validator, slots: { start: 0, end: SLOTS / 2 } } },
    { ...second, votingSecret: other, validator: { ...second.validator, votingKey: blsPublicKey(secretBytes(other)) } },
  ];
}

/**
 * All faults that the devnet can put into one block, by the rule each breaks. The numbers in the comments are sections of the
 * Albatross block reference. A peer with such a fault serves the faulty block in place of the honest one; the other peers stay
 * honest.
 */
export const BLOCK_FAULTS: Readonly<Record<string, BlockFault>> = {
  // 5.1 intrinsic
  'block-type': { on: ANY, says: 'a macro block at a micro height, or the other way round', make: one(otherType) },
  'network-id': field(ANY, "another network's id", (block) => ({ network: block.header.network === 6 ? 5 : 6 })),
  version: field(ANY, 'an unknown block version (99)', () => ({ version: 99 })),
  'version-zero': field(ANY, 'block version 0', () => ({ version: 0 })),
  'timestamp-future': field(ANY, 'a timestamp 11 minutes ahead', (_, { now, chain }) => ({ timestamp: Math.floor(now) + chain.network.timestampMaxDrift + 60_000 })),
  'extra-data': field(ANY, '33 bytes of extra data', () => ({ extraData: new Uint8Array(33).fill(1) })),
  'validators-missing': validatorList('an election block without validators', () => undefined),
  'validators-empty': validatorList('an empty validator list', () => []),
  'validators-slots': validatorList('bands that make 511 slots', (validators) => withLastEnd(validators, SLOTS - 1)),
  'validators-gap': validatorList('a gap between bands, 512 slots in all', (validators) =>
    validators.map((validator, i) => (i === validators.length - 1 ? { ...validator, slots: { start: validator.slots.start + 1, end: validator.slots.end + 1 } } : validator)),
  ),
  'validators-key': validatorList('a voting key that is no curve point', (validators) => withFirstKey(validators, new Uint8Array(285).fill(0xee))),
  'validators-subgroup': validatorList('a voting key outside the prime-order subgroup', (validators) => withFirstKey(validators, rawKey(1, 0x80))),
  'validators-infinity': validatorList('the point at infinity as voting key', (validators) => withFirstKey(validators, rawKey(0, 0x40))),
  'validators-present': macroField(CHECKPOINT, 'a checkpoint with validators', (_, { validators }) => ({ validators: validators.map(({ validator }) => validator) })),
  'punished-set': macroField(MACRO, 'a punished slot 512', () => ({ nextBatchInitialPunishedSet: bitSetOf([SLOTS]) })),
  interlink: macroField(ELECTION, 'an election block without interlink', () => ({ interlink: undefined })),
  'interlink-present': macroField(CHECKPOINT, 'a checkpoint with an interlink', () => ({ interlink: [] })),

  // 5.2 direct successor
  number: field(MICRO, 'a height that does not follow the parent', (block, { chain }) => {
    const next = block.header.blockNumber + 1;
    return { blockNumber: chain.policy.isMacro(next) ? next + 1 : next };
  }),
  parent: field(ANY, 'a parent nobody knows', (_, { random }) => ({ parentHash: toHex(random.bytes(32)) })),
  'timestamp-past': field(ANY, "a timestamp before the parent's", (block, { parent }) => ({ timestamp: (parent?.block.header.timestamp ?? block.header.timestamp) - 1 })),
  'version-step': field(ANY, 'another known version where none may begin (election blocks: a lower one)', (block) => ({
    version: block.header.version > 1 || (block.type === 'macro' && block.header.validators) ? block.header.version - 1 : block.header.version + 1,
  })),

  // 5.3 macro successor
  'parent-election': macroField(MACRO, 'another parent election hash', (_, { random }) => ({ parentElectionHash: toHex(random.bytes(32)) })),
  'macro-jump': macroField(ELECTION, 'an election block of a later epoch in its place', (header, { chain }) => ({ blockNumber: header.blockNumber + chain.policy.blocksPerEpoch })),

  // 5.4 proposer
  seed: field(ANY, 'one wrong bit in the VRF seed', (block) => ({ seed: flipped(block.header.seed, 40) })),
  'seed-key': field(ANY, "a VRF seed made with another's key", (block, { attacker, parent, random }) => ({
    seed: signVrfSeed(attacker.signingSecret, parent?.block.header.seed ?? block.header.seed, block.header.blockNumber, random.bytes(64)),
  })),
  'seed-point': field(ANY, 'a VRF seed whose point does not decompress', (block) => ({ seed: concatBytes(noPoint(), block.header.seed.slice(32)) })),
  signature: { on: MICRO, says: 'one wrong bit in the signature', make: one((block) => (block.type === 'micro' && block.justification?.type === 'micro' ? { ...block, justification: { type: 'micro', signature: flipped(block.justification.signature, 40) } } : block)) },
  'wrong-signer': { on: MICRO, says: "signed with another's key", make: one((block, { attacker }) => (block.type === 'micro' ? signMicro(block.header, attacker) : block)) },
  'missing-justification': { on: ANY, says: 'no justification at all (in replies; gossip cannot carry it)', make: one((block) => ({ ...block, justification: undefined })) },

  // 5.5 macro justification
  justification: proof('one wrong bit in the aggregate signature', ({ justification }) => justification && { ...justification, sig: { ...justification.sig, signature: flipped(justification.sig.signature, 40) } }),
  'too-few-signers': proof('341 signers, validly signed', ({ header }, { validators }) => signMacro(header, validators, slotsBelow(TWO_F_PLUS_ONE - 1)).justification),
  'signer-512': proof('all slots, validly signed, and a signer 512', ({ header }, { validators }) => {
    const valid = signMacro(header, validators).justification!;
    return { ...valid, sig: { ...valid.sig, signers: bitSetOf(Array.from({ length: SLOTS + 1 }, (_, slot) => slot)) } };
  }),
  'infinity-signature': proof('the point at infinity as aggregate signature', ({ justification }) => justification && { ...justification, sig: { ...justification.sig, signature: INFINITY_SIGNATURE } }),
  'other-signers': proof("signed by another's key", ({ header }, { attacker }) => signMacro(header, [attacker]).justification),
  'vote-round': proof('another round than the one signed', ({ justification }) => justification && { ...justification, round: justification.round + 1 }),
  'vote-order': proof('round and height swapped in the signed message', ({ header }, { validators }) => ({
    round: header.round,
    sig: multiSign(swappedVote(header), validators),
  })),
  'vote-version': proof('signed over the hash of another block version', ({ header }, { validators }) => {
    const swapped = { ...header, version: header.version >= 2 ? 1 : 2 };
    return { round: header.round, sig: multiSign(vote(swapped, header.round, header.blockNumber), validators) };
  }),
  'infinity-key': { on: CHECKPOINT, says: 'the newest election block elects two opposite voting keys; the checkpoint is signed by both: an aggregate key at infinity', make: infinityKey },

  // 5.6 skip block
  skip: skip('no fault of form: a valid skip block in place of the micro block', (header, { validators }) => signSkip(header, validators)),
  'skip-proof': skip('one wrong bit in the proof', (header, { validators }) => withProof(signSkip(header, validators), (sig) => ({ ...sig, signature: flipped(sig.signature, 40) }))),
  'skip-timestamp': skip('3999 ms after the parent', (header, { validators }) => signSkip({ ...header, timestamp: header.timestamp - 1 }, validators)),
  'skip-seed': skip("a seed that is not the parent's", (header, context) =>
    signSkip({ ...header, seed: signVrfSeed(context.attacker.signingSecret, header.seed, header.blockNumber, context.random.bytes(64)) }, context.validators),
  ),
  'skip-extra-data': skip('one byte of extra data', (header, { validators }) => signSkip({ ...header, extraData: new Uint8Array(1) }, validators)),
  'skip-too-few-signers': skip('341 signers', (header, { validators }) => signSkip(header, validators, slotsBelow(TWO_F_PLUS_ONE - 1))),
  'skip-signer-512': skip('all slots and a signer 512', (header, { validators }) =>
    withProof(signSkip(header, validators), (sig) => ({ ...sig, signers: bitSetOf(Array.from({ length: SLOTS + 1 }, (_, slot) => slot)) })),
  ),
  'skip-other-signers': skip("signed by another's key", (header, { attacker }) => signSkip(header, [attacker])),
  'skip-message': skip("the other version's message signed", (header, { validators }) => {
    const block = signSkip({ ...header, version: header.version >= 2 ? 1 : 2 }, validators);
    return { ...block, header };
  }),
  'skip-moved': skip('a valid proof moved to another state root (version 1 proofs do not cover it)', (header, { validators, random }) => ({ ...signSkip(header, validators), header: { ...header, stateRoot: toHex(random.bytes(32)) } })),
};

function otherType(block: Block, context: FaultContext): Block {
  const { header } = block;
  if (block.type === 'macro') {
    const { network, version, blockNumber, timestamp, parentHash, seed, extraData, stateRoot, bodyRoot, diffRoot, historyRoot } = header;
    return signMicro({ network, version, blockNumber, timestamp, parentHash, seed, extraData, stateRoot, bodyRoot, diffRoot, historyRoot }, proposer(block, context));
  }
  const election = context.chain.electionHead;
  return signMacro({ ...header, round: 0, parentElectionHash: election.hash, interlink: undefined, validators: undefined, nextBatchInitialPunishedSet: NO_BITS }, context.validators);
}

function vote(header: MacroHeader, first: number, second: number): Uint8Array {
  const numbers = new DataView(new ArrayBuffer(8));
  numbers.setUint32(0, first);
  numbers.setUint32(4, second);
  return blake2s(concatBytes(Uint8Array.of(4, header.network), new Uint8Array(numbers.buffer), Uint8Array.of(1), macroVoteHash(header)));
}

function swappedVote(header: MacroHeader): Uint8Array {
  return vote(header, header.blockNumber, header.round);
}

function infinityKey(block: Block, { chain, attacker }: FaultContext): readonly Faulty[] {
  const pair = oppositePair(attacker);
  const election = chain.electionHead;
  if (block.type !== 'macro' || election.block.type !== 'macro') return [];
  // The elected validators of the genesis block are fixed.
  if (election.height === chain.policy.genesisNumber) return [];
  const elected: MacroHeader = { ...election.block.header, validators: pair.map(({ validator }) => validator) };
  const replaced = signMacro(elected, chain.validatorsAt(election.height));
  const header = { ...block.header, parentElectionHash: blockHash(replaced) };
  const checkpoint: MacroBlock = { type: 'macro', header, body: undefined, justification: { round: header.round, sig: { signature: INFINITY_SIGNATURE, signers: ALL_SLOTS } } };
  return [
    { height: election.height, block: replaced },
    { height: header.blockNumber, block: checkpoint },
  ];
}
