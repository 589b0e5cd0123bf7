import { createPrivateKey, sign } from 'node:crypto';
import { interlinkOf, microHeaderHash, skipBlockSigHash, voteSigHash } from '../src/chains/albatross/chain/hashes.ts';
import type { Policy } from '../src/chains/albatross/chain/policy.ts';
import { proposerSlot } from '../src/chains/albatross/chain/slots.ts';
import { bitSetOf } from '../src/chains/albatross/wire/bit-set.ts';
import { toHex } from '../src/base/bytes.ts';
import type { BitSet, Block, MacroBlock, MacroBody, MacroHeader, MicroBlock, MicroBody, MicroHeader, MultiSignature } from '../src/chains/albatross/wire/types.ts';
import type { Hash } from '../src/base/hash.ts';
import { blsSign } from '../src/crypto/bls-signing.ts';
import { vrfEntropy } from '../src/crypto/vrf.ts';
import { signSeed } from './sign-seed.ts';
import type { BlockContent } from './ledger/ledger.ts';
import { combinedSecret, secretBytes, SLOTS, type DevValidator } from './validators.ts';

export const NO_BITS: BitSet = { words: [] };
/** The signer set in which every slot signs. */
export const ALL_SLOTS: BitSet = bitSetOf(Array.from({ length: SLOTS }, (_, slot) => slot));

// PKCS #8 wrapping of a raw Ed25519 seed. RFC 8410, section 7.
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const signingKeys = new Map<string, ReturnType<typeof createPrivateKey>>();

/** Signs with Node's own Ed25519. Ed25519 is deterministic (RFC 8032), so the bytes are those of any other implementation. */
export function signFast(seed: Uint8Array, message: Uint8Array): Uint8Array {
  const id = toHex(seed);
  let key = signingKeys.get(id);
  if (!key) {
    key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
    if (signingKeys.size > 1000) signingKeys.clear();
    signingKeys.set(id, key);
  }
  return new Uint8Array(sign(null, message, key));
}

/** The validator that may propose the block after `parent`, by the slot rule. Albatross block reference, section 4. */
export function proposerOf(options: {
  readonly parentSeed: Uint8Array;
  /** Block number of a micro block, round of a macro block. */
  readonly offset: number;
  readonly disabled: BitSet;
  readonly validators: readonly DevValidator[];
}): DevValidator {
  const only = options.validators[0];
  // The shuffle of 512 slots would take longer than the rest of making a block; with one validator its result is already known.
  if (only && options.validators.length === 1) return only;
  const entropy = vrfEntropy(options.parentSeed);
  if (!entropy) throw new Error('the parent block has no valid seed');
  const slot = proposerSlot({ entropy, offset: options.offset, disabled: options.disabled });
  const found = options.validators.find(({ validator }) => slot >= validator.slots.start && slot < validator.slots.end);
  if (!found) throw new Error(`no validator owns slot ${slot}`);
  return found;
}

/** Signs a micro header anew. */
export function signMicro(header: MicroHeader, proposer: DevValidator): MicroBlock {
  return { type: 'micro', header, justification: { type: 'micro', signature: signFast(proposer.signingSecret, microHeaderHash(header)) }, body: undefined };
}

/** The aggregate signature of the slots in `signers` over a 32-byte message hash. */
export function multiSign(sigHash: Uint8Array, validators: readonly DevValidator[], signers: BitSet = ALL_SLOTS): MultiSignature {
  return { signature: blsSign(secretBytes(combinedSecret(validators, signers)), sigHash), signers };
}

/** Signs a macro header anew. */
export function signMacro(header: MacroHeader, validators: readonly DevValidator[], signers: BitSet = ALL_SLOTS, round = header.round): MacroBlock {
  return { type: 'macro', header, body: undefined, justification: { round, sig: multiSign(voteSigHash(header, round), validators, signers) } };
}

/** Turns a micro header into a skip block with a valid proof. */
export function signSkip(header: MicroHeader, validators: readonly DevValidator[], signers: BitSet = ALL_SLOTS): MicroBlock {
  const sigHash = skipBlockSigHash(header);
  if (!sigHash) throw new Error('a skip block needs a valid seed');
  return { type: 'micro', header, justification: { type: 'skip', proof: multiSign(sigHash, validators, signers) }, body: undefined };
}

/** What the next block builds on. */
export interface Ground {
  readonly policy: Policy;
  readonly parent: Block;
  readonly parentHash: Hash;
  /** The newest macro block at or before the parent. */
  readonly macroHead: MacroBlock;
  /** The newest election block at or before the parent, and its hash. */
  readonly electionHead: MacroBlock;
  readonly electionHash: Hash;
  /** Validators active for the new block. */
  readonly validators: readonly DevValidator[];
}

/** Values that the maker of a new block may choose. */
export interface Choices {
  readonly height: number;
  readonly timestamp: number;
  readonly version: number;
  readonly random64: Uint8Array;
  /** At most 32 bytes. A skip block has none. */
  readonly extraData: Uint8Array;
  /** Slots that sign a macro or skip block; all by default. */
  readonly signers?: BitSet | undefined;
}

/** The micro block on top of `ground`. */
export function makeMicro(ground: Ground, choices: Choices, content: BlockContent<MicroBody>): MicroBlock {
  const { parent, validators } = ground;
  const proposer = proposerOf({ parentSeed: parent.header.seed, offset: choices.height, disabled: ground.macroHead.header.nextBatchInitialPunishedSet, validators });
  const seed = signSeed(proposer.signingSecret, parent.header.seed, choices.height, choices.random64);
  return { ...signMicro(microHeader(ground, choices, seed, content), proposer), body: content.body };
}

/** The skip block on top of `ground`. It has its parent's seed, and its timestamp is 4000 ms later. */
export function makeSkip(ground: Ground, choices: Choices, content: BlockContent<MicroBody>): MicroBlock {
  return signSkip(microHeader(ground, { ...choices, extraData: new Uint8Array(0) }, ground.parent.header.seed, content), ground.validators, choices.signers);
}

function microHeader({ parent, parentHash }: Ground, choices: Choices, seed: Uint8Array, content: BlockContent<unknown>): MicroHeader {
  return {
    network: parent.header.network,
    version: choices.version,
    blockNumber: choices.height,
    timestamp: choices.timestamp,
    parentHash,
    seed,
    extraData: choices.extraData,
    stateRoot: content.stateRoot,
    bodyRoot: content.bodyRoot,
    diffRoot: content.diffRoot,
    historyRoot: content.historyRoot,
  };
}

/**
 * The macro block on top of `ground`. If `elect` is given, it gets the block's VRF seed and the block becomes an election block.
 * `by`: the proposer, by default from the slot rule.
 */
export function makeMacro(ground: Ground, choices: Choices, content: BlockContent<MacroBody>, elect: ((seed: Uint8Array) => readonly DevValidator[]) | undefined, by?: DevValidator): MacroBlock {
  const { parent, validators, electionHead, electionHash } = ground;
  const proposer = by ?? proposerOf({ parentSeed: parent.header.seed, offset: 0, disabled: ground.macroHead.header.nextBatchInitialPunishedSet, validators });
  const seed = signSeed(proposer.signingSecret, parent.header.seed, choices.height, choices.random64);
  const header: MacroHeader = {
    ...microHeader(ground, choices, seed, content),
    round: 0,
    parentElectionHash: electionHash,
    interlink: elect ? interlinkOf(electionHead.header, electionHash, ground.policy) : undefined,
    validators: elect?.(seed).map(({ validator }) => validator),
    nextBatchInitialPunishedSet: NO_BITS,
  };
  return { ...signMacro(header, validators, choices.signers), body: content.body };
}
