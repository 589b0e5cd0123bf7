import { blsSignWeighted } from '../../src/crypto/bls.ts';
import { signEd25519 } from '../../src/crypto/ed25519.ts';
import { signVrfSeed } from '../../src/crypto/vrf.ts';
import { blockKind } from '../../src/chains/albatross/chain/block-kind.ts';
import { emptyDiffRoot, emptyHistoryRoot, emptyMacroBodyRoot, emptyMicroBodyRoot, blockHash, interlinkOf, microHeaderHash, skipBlockSigHash, voteSigHash } from '../../src/chains/albatross/chain/hashes.ts';
import { loadGenesis } from '../../src/chains/albatross/chain/network-parameters.ts';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import { policyOf } from '../../src/chains/albatross/chain/policy-of.ts';
import { bitSetCount, bitSetOf } from '../../src/chains/albatross/wire/bit-set.ts';
import { fromHex } from '../../src/base/bytes.ts';
import type { BitSet, Block, MacroBlock, MacroHeader, MicroBlock, MicroHeader, MultiSignature } from '../../src/chains/albatross/wire/types.ts';
import type { Hash } from '../../src/base/hash.ts';

/** Public Ed25519 seed of unit-albatross's one validator. Albatross block reference, section 9. */
const unitSigningSecret = fromHex('041580cc67e66e9e08b68fd9e4c9deb68737168fbe7488de2638c2e906c2f5ad');
/** Its BLS secret, 95 bytes; also public. */
const unitVotingSecret = fromHex(
  '99237809f3b37bd0878854d2b5b66e4cc00ba1a1d64377c374f2b6d1bf3dec7835bfae3e7ab89b6d331b3ef7d1e9a06a7f6967bf00edf9e0bcfe34b58bd1260e96406e09156e4c190ff8f69a9ce1183b4289383e6d798fd5104a3800fabd00',
);
const unitPolicy = policyOf(unitAlbatross);

/** A block, with the values that the next block needs. */
export interface Link<B extends Block = Block> {
  readonly block: B;
  readonly hash: Hash;
  readonly height: number;
  /** The newest election block up to and including this one. */
  readonly election: { readonly block: MacroBlock; readonly hash: Hash };
}

interface Signing {
  /** Slots that sign; default: all 512. */
  readonly signers?: BitSet;
  /** The justification's round. */
  readonly round?: number;
  /** Changes the random part of the seed. */
  readonly salt?: number;
  readonly signingSecret?: Uint8Array;
}

/** Slots 0 to `count` - 1. */
export const firstSlots = (count: number): BitSet => bitSetOf(Array.from({ length: count }, (_, slot) => slot));

/** The aggregate signature of the unit validator over a message hash, for these slots. */
export function unitAggregate(sigHash: Uint8Array, signers: BitSet = firstSlots(512)): MultiSignature {
  return { signature: blsSignWeighted(unitVotingSecret, sigHash, Math.min(512, Math.max(1, bitSetCount(signers)))), signers };
}

const genesisBlock = loadGenesis(unitAlbatross);
export const genesisLink: Link<MacroBlock> = {
  block: genesisBlock,
  hash: unitAlbatross.genesisHash,
  height: 200,
  election: { block: genesisBlock, hash: unitAlbatross.genesisHash },
};

/** The link for a block on top of `parent`. */
export function linkOf<B extends Block>(block: B, parent: Link): Link<B> {
  const hash = blockHash(block);
  const election = block.type === 'macro' && blockKind(block) === 'election' ? { block: block as MacroBlock, hash } : parent.election;
  return { block, hash, height: block.header.blockNumber, election };
}

function seedAfter(parent: Link, { salt = 0, signingSecret = unitSigningSecret }: Signing): Uint8Array {
  return signVrfSeed(signingSecret, parent.block.header.seed, parent.height + 1, new Uint8Array(64).fill(salt));
}

function commonHeader(parent: Link) {
  const { header } = parent.block;
  return {
    network: header.network,
    version: header.version,
    blockNumber: parent.height + 1,
    timestamp: header.timestamp + 1000,
    parentHash: parent.hash,
    extraData: new Uint8Array(0),
    stateRoot: header.stateRoot,
    diffRoot: emptyDiffRoot,
    historyRoot: emptyHistoryRoot,
  };
}

/** A micro block on top of `parent`. `change` is applied before signing, so that the signature is valid. */
export function makeMicro(parent: Link, change: Partial<MicroHeader> = {}, signing: Signing = {}): Link<MicroBlock> {
  const header: MicroHeader = { ...commonHeader(parent), seed: seedAfter(parent, signing), bodyRoot: emptyMicroBodyRoot, ...change };
  const signature = signEd25519(signing.signingSecret ?? unitSigningSecret, microHeaderHash(header));
  return linkOf({ type: 'micro', header, justification: { type: 'micro', signature }, body: undefined }, parent);
}

/** A skip block on top of `parent`. `change` is applied before signing. */
export function makeSkip(parent: Link, change: Partial<MicroHeader> = {}, signing: Signing = {}): Link<MicroBlock> {
  const { header: before } = parent.block;
  const header: MicroHeader = { ...commonHeader(parent), timestamp: before.timestamp + 4000, seed: before.seed, bodyRoot: emptyMicroBodyRoot, ...change };
  const proof = unitAggregate(skipBlockSigHash(header) ?? new Uint8Array(32), signing.signers);
  return linkOf({ type: 'micro', header, justification: { type: 'skip', proof }, body: undefined }, parent);
}

/** A checkpoint or election block on top of `parent`, depending on its height. `change` is applied before signing. */
export function makeMacro(parent: Link, change: Partial<MacroHeader> = {}, signing: Signing = {}): Link<MacroBlock> {
  const { block, hash } = parent.election;
  const isElection = unitPolicy.isElection(change.blockNumber ?? parent.height + 1);
  const header: MacroHeader = {
    ...commonHeader(parent),
    round: 0,
    parentElectionHash: hash,
    interlink: isElection ? interlinkOf(block.header, hash, unitPolicy) : undefined,
    seed: seedAfter(parent, signing),
    bodyRoot: emptyMacroBodyRoot,
    validators: isElection ? genesisBlock.header.validators : undefined,
    nextBatchInitialPunishedSet: { words: [] },
    ...change,
  };
  const round = signing.round ?? 0;
  return linkOf({ type: 'macro', header, body: undefined, justification: { round, sig: unitAggregate(voteSigHash(header, round), signing.signers) } }, parent);
}

/** The blocks after `parent` up to `height`, each micro or macro as its height requires. */
export function makeChain(parent: Link, height: number): Link[] {
  const links: Link[] = [];
  for (let last = parent; last.height < height; last = links.at(-1)!) links.push(unitPolicy.isMacro(last.height + 1) ? makeMacro(last) : makeMicro(last));
  return links;
}

/** The time in most tests, in unix milliseconds: a day after unit-albatross's genesis. */
export const testNow = genesisBlock.header.timestamp + 86_400_000;
