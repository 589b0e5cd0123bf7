/**
 * A proof to take away: that a key of the state had a value, or was absent, at a final block. One file, verified offline.
 *
 * Bytes, big-endian: "HS2PROOF" 01, chain id(32), key length(2) key, finality proof length(4) finality proof, set count(1) and for each set length(4) set
 * bytes, link count(1) and for each length(4) finality proof, state proof (to the end). The state proof has the form of message 8B; its root is that of the
 * final header. The sets are those that headers in the file name; they are only as good as the network's own set, or a set that the verifier was told of.
 * A link is the finality proof of a block that announces the next set: signed by a trusted set, it makes that one trusted (HotStuff-2 reference, 4.6).
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import { Reader } from '../../../base/postcard/reader.ts';
import { Writer } from '../../../base/postcard/writer.ts';
import { ByteReader } from '../wire/byte-reader.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { decodeFinalityProof, encodeFinalityProof } from '../wire/finality-proof.ts';
import type { FinalityProof } from '../wire/finality-proof.ts';
import { readStateProof, writeStateProof } from '../wire/state-proof-body.ts';
import type { StateProofBody } from '../wire/state-proof-body.ts';
import { decodeValidatorSet, encodeValidatorSet } from '../wire/validator-set.ts';
import type { ValidatorSet } from '../wire/validator-set.ts';
import { WireError } from '../wire/wire-error.ts';

const MAGIC = 'HS2PROOF';
const VERSION = 1;
/** Hand-overs in a file at most. A chain that changes its validators every week has as many in a year. */
export const MAX_LINKS = 64;
/** Sets in a file at most: a pair of blocks names two, and each link one more. */
const MAX_SETS = MAX_LINKS + 2;
/** Bytes of a file at most: two sets of 1024 BLS keys, certificates of all of them, and an entry of 4 MiB with its neighbour. */
export const MAX_PROOF_FILE_BYTES = 16 * 1024 * 1024;

export interface Hs2ProofFile {
  readonly chainId: Hash;
  readonly key: Uint8Array;
  readonly finality: FinalityProof;
  readonly sets: readonly ValidatorSet[];
  /** In the order of the hand-overs. Undefined: as none. */
  readonly links?: readonly FinalityProof[] | undefined;
  readonly state: StateProofBody;
}

/** Whether bytes begin as such a file, of any version. */
export function isHotStuff2ProofFile(bytes: Uint8Array): boolean {
  return bytes.length > MAGIC.length && [...MAGIC].every((letter, i) => bytes[i] === letter.charCodeAt(0));
}

export function encodeProofFile({ chainId, key, finality, sets, links = [], state }: Hs2ProofFile): Uint8Array {
  const proof = encodeFinalityProof(finality);
  const writer = new ByteWriter(4096).ascii(MAGIC).u8(VERSION).hash(chainId).u16(key.length).bytes(key).u32(proof.length).bytes(proof);
  if (sets.length > MAX_SETS) throw new WireError('length', `${sets.length} sets`);
  writer.u8(sets.length);
  for (const set of sets) {
    const bytes = encodeValidatorSet(set);
    writer.u32(bytes.length).bytes(bytes);
  }
  if (links.length > MAX_LINKS) throw new WireError('length', `${links.length} links`);
  writer.u8(links.length);
  for (const link of links) {
    const bytes = encodeFinalityProof(link);
    writer.u32(bytes.length).bytes(bytes);
  }
  const body = new Writer();
  writeStateProof(body, state);
  return writer.bytes(body.finish()).done();
}

/** Throws only coded errors. Nothing is verified. */
export function decodeProofFile(bytes: Uint8Array): Hs2ProofFile {
  if (bytes.length > MAX_PROOF_FILE_BYTES) throw new WireError('length', `file of ${bytes.length} bytes`);
  const reader = new ByteReader(bytes);
  reader.magic(MAGIC);
  const version = reader.u8('version');
  if (version !== VERSION) throw new WireError('version', `proof file version ${version}`);
  const chainId = reader.hash('chain id');
  const key = reader.bytes(reader.u16('key length'), 'key');
  if (key.length === 0) throw new WireError('empty-key', 'a proof is of a key');
  const finality = decodeFinalityProof(reader.bytes(reader.u32('finality proof length'), 'finality proof'));
  const count = reader.u8('set count');
  if (count > MAX_SETS) throw new WireError('length', `${count} sets`);
  const sets = Array.from({ length: count }, () => decodeValidatorSet(reader.bytes(reader.u32('set length'), 'set')));
  const linkCount = reader.u8('link count');
  if (linkCount > MAX_LINKS) throw new WireError('length', `${linkCount} links`);
  const links = Array.from({ length: linkCount }, () => decodeFinalityProof(reader.bytes(reader.u32('link length'), 'link')));
  const body = new Reader(reader.rest());
  const state = readStateProof(body);
  if (body.remaining > 0) throw new WireError('trailing', `${body.remaining} bytes after the state proof`);
  return { chainId, key, finality, sets, links, state };
}
