import { blake2b } from '../../../crypto/blake2b.ts';
import { blake2s } from '../../../crypto/blake2s.ts';
import { keyTreeRoot } from '../../../crypto/key-tree.ts';
import type { SlotKeys } from '../../../crypto/key-tree.ts';
import { vrfEntropy } from '../../../crypto/vrf.ts';
import { bitSet, macroBody, microBody, microHeader } from '../wire/blocks.ts';
import { concatBytes, fromHex, toHex } from '../../../base/bytes.ts';
import { bytes, encode, hash32, option, u32, vec } from '../../../base/postcard/codec.ts';
import type { Block, MacroBody, MacroHeader, MicroBody, MicroHeader, Validator } from '../wire/types.ts';
import type { Hash } from '../../../base/hash.ts';
import type { Policy } from './policy.ts';

/** 32-byte BLAKE2b or BLAKE2s. */
export type HashFunction = (bytes: Uint8Array) => Uint8Array;

/** From this block version on macro hashes cover the diff root and the whole validator records. Albatross version 2 reference, section 1. */
const boundVersion = 2;

/** First byte of signed messages. Albatross block reference, 5.6; version 2 reference, section 4. */
const prefixes = { skip: 0x01, preCommit: 0x04, boundSkip: 0x07 };

const interlinkCodec = option(vec(hash32, 0xffff));
const extraDataCodec = bytes(0xffff);

/** blake2b(00): the diff root when nothing changed. Albatross block reference, 2.4. */
export const emptyDiffRoot: Hash = toHex(blake2b(Uint8Array.of(0)));
/** blake2b(u64be 0): the history root of an epoch without history. */
export const emptyHistoryRoot: Hash = toHex(blake2b(new Uint8Array(8)));
/** The body root of a micro block without transactions and equivocation proofs. */
export const emptyMicroBodyRoot: Hash = microBodyRoot({ equivocationProofs: [], transactions: [] });
/** The body root of a macro block without rewards. */
export const emptyMacroBodyRoot: Hash = macroBodyRoot({ transactions: [] });

/** blake2s(postcard(body)), the header's `bodyRoot`. Albatross block reference, 2.4. */
export function microBodyRoot(body: MicroBody): Hash {
  return toHex(blake2s(encode(microBody, body)));
}

/** blake2s(blake2s(postcard(transactions))), the header's `bodyRoot`. Albatross block reference, 2.4. */
export function macroBodyRoot(body: MacroBody): Hash {
  return toHex(blake2s(blake2s(encode(macroBody, body))));
}

/** blake2b of the header's postcard form, in every version: 32 bytes. The proposer signs the same hash. Albatross block reference, 2.1. */
export function microHeaderHash(header: MicroHeader): Uint8Array {
  return blake2b(encode(microHeader, header));
}

/**
 * The 32-byte hash of a macro header: with BLAKE2b (the default) the block hash, with BLAKE2s what validators vote on. `validatorsRoot`
 * avoids computing it twice. The rule follows the header's own version. Albatross block reference, 2.2; version 2 reference, section 1.
 */
export function macroHeaderHash(
  header: MacroHeader,
  options?: { readonly hash?: HashFunction | undefined; readonly validatorsRoot?: Uint8Array | undefined },
): Uint8Array {
  const hash = options?.hash ?? blake2b;
  const root = header.validators && (options?.validatorsRoot ?? validatorsRoot(header.version, header.validators));
  // Always BLAKE2s, whatever the outer hash is.
  const payloadRoot = blake2s(concatBytes(root ?? Uint8Array.of(0), blake2s(encode(bitSet, header.nextBatchInitialPunishedSet)), fromHex(header.bodyRoot)));
  return hash(
    concatBytes(
      Uint8Array.of(header.network),
      bigEndian(header.version, 2),
      bigEndian(header.blockNumber, 4),
      bigEndian(header.round, 4),
      bigEndian(header.timestamp, 8),
      fromHex(header.parentHash),
      fromHex(header.parentElectionHash),
      hash(encode(interlinkCodec, header.interlink)),
      header.seed,
      hash(encode(extraDataCodec, header.extraData)),
      fromHex(header.stateRoot),
      payloadRoot,
      fromHex(header.historyRoot),
      header.version >= boundVersion ? fromHex(header.diffRoot) : new Uint8Array(0),
    ),
  );
}

/**
 * The 32 bytes by which a header commits to its validators. Version 1: a BLAKE2s tree over the voting keys alone, so addresses, signing
 * keys and slot bands are not bound. From version 2: BLAKE2s over the whole records. Never fails: any decodable list has a root. Albatross
 * block reference, 2.2; version 2 reference, section 2.
 */
export function validatorsRoot(version: number, validators: readonly Validator[]): Uint8Array {
  const kind = version >= boundVersion ? 'records' : 'keys';
  const known = roots.get(validators) ?? {};
  const root = known[kind] ?? (kind === 'records' ? blake2s(concatBytes(...validators.flatMap(validatorRecord))) : keyTreeRoot(slotKeys(validators)));
  roots.set(validators, { ...known, [kind]: root });
  return root;
}

/** The input of a `key-roots` job: the voting keys in the order of the list, with the number of slots of each. */
export function slotKeys(validators: readonly Validator[]): SlotKeys[] {
  return validators.map(({ votingKey, slots }) => ({ compressed: votingKey, slots: slots.end - slots.start }));
}

/** Takes over the version 1 root of a list (32 bytes) that a `key-roots` job computed from its `slotKeys`. The list must not change. */
export function rememberKeyRoot(validators: readonly Validator[], root: Uint8Array): void {
  roots.set(validators, { ...roots.get(validators), keys: root });
}

/** Drops the root that was taken over for this header's list, and everything computed with it. */
export function forgetKeyRoot(header: MacroHeader): void {
  if (header.validators) roots.delete(header.validators);
  hashes.delete(header);
}

/** Cached because a block is hashed for its own hash, for the vote and during the rules, and the key tree takes 146 kB of BLAKE2s. */
const roots = new WeakMap<readonly Validator[], { readonly records?: Uint8Array; readonly keys?: Uint8Array }>();

/** 341 bytes; the signing key comes before the voting key here, unlike on the wire. */
function validatorRecord({ address, signingKey, votingKey, slots }: Validator): Uint8Array[] {
  return [address, signingKey, votingKey, bigEndian(slots.start, 2), bigEndian(slots.end, 2)];
}

/** The block's hash as lower-case hex; it does not cover justification and body. Computed once for each header, which must not change. */
export function blockHash(block: Block): Hash {
  const known = hashes.get(block.header);
  if (known !== undefined) return known;
  const hash = toHex(block.type === 'macro' ? macroHeaderHash(block.header) : microHeaderHash(block.header));
  hashes.set(block.header, hash);
  return hash;
}

/** Undefined: it could be decoded, but it has no valid hash. */
export function hashOrUndefined(block: Block): Hash | undefined {
  try {
    return blockHash(block);
  } catch {
    return undefined;
  }
}

/** Cached because a block is hashed on arrival and again by the chain; a header can have megabytes, and its sender chooses the size. */
const hashes = new WeakMap<Block['header'], Hash>();

/** The 32-byte BLAKE2s hash of a macro header, which validators sign (and the zero-knowledge proof names). */
export function macroVoteHash(header: MacroHeader, options?: { readonly validatorsRoot?: Uint8Array | undefined }): Uint8Array {
  return macroHeaderHash(header, { ...options, hash: blake2s });
}

/**
 * The 32-byte message hash of a pre-commit vote for the header in `round` (the justification's round, not the header's): round first,
 * then height. Albatross block reference, 5.5.
 */
export function voteSigHash(header: MacroHeader, round: number): Uint8Array {
  const vote = Uint8Array.of(prefixes.preCommit, header.network);
  // The 1 means that a hash follows; a vote for no block ends in a 0.
  return blake2s(concatBytes(vote, bigEndian(round, 4), bigEndian(header.blockNumber, 4), Uint8Array.of(1), macroVoteHash(header)));
}

/**
 * The 32-byte message hash that a skip block's proof signs; undefined when the V part of its seed is not a point.
 * Version 1 binds network, height and entropy only; from version 2 the state root too. Albatross block reference, 5.6; version 2 reference, section 4.
 */
export function skipBlockSigHash(header: MicroHeader): Uint8Array | undefined {
  const entropy = vrfEntropy(header.seed);
  if (!entropy) return undefined;
  const bound = header.version >= boundVersion;
  return blake2s(
    concatBytes(
      Uint8Array.of(bound ? prefixes.boundSkip : prefixes.skip, header.network),
      encode(u32, header.blockNumber),
      entropy,
      bound ? fromHex(header.stateRoot) : new Uint8Array(0),
    ),
  );
}

/**
 * The interlink of the election block after `election`, whose hash is `hash`: entry i is the newest earlier election block whose epoch is
 * divisible by 2^(i+1). Genesis is never an entry. Light clients do not check it. Albatross block reference, 2.6.
 */
export function interlinkOf(election: MacroHeader, hash: Hash, policy: Policy): Hash[] {
  const interlink = [...(election.interlink ?? [])];
  const epoch = policy.epochAt(election.blockNumber);
  let zeros = 0;
  if (epoch > 0) while (epoch % 2 ** (zeros + 1) === 0) zeros += 1;
  for (let i = 0; i < zeros; i += 1) interlink[i] = hash;
  return interlink;
}

function bigEndian(value: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = value;
  // Division, not shifts: timestamps have more than 32 bits.
  for (let i = length - 1; i >= 0; i -= 1) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}
