/**
 * The header of a Nakamoto block, versions 0 and 1 (Stacks reference, 1).
 * Tests: `src/chains/stacks/wire/codecs.test.ts`, `src/chains/stacks/chain/hash.test.ts`.
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import { readBitVector, writeBitVector, type BitVector } from './bit-vector.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { StacksWireError } from './wire-error.ts';

/** Bytes of a recoverable secp256k1 signature: recovery id, r, s. */
export const SIGNATURE_LENGTH = 65;
/** Entries of a signer set, hence signatures and bits of the treatment, at most (Stacks reference, 1). */
export const MAX_SIGNERS = 4000;
/** Bit of the version of a block that has no signatures and that a node counts as fully signed. */
const SHADOW = 0x80;
/** The newest version that this client knows: that of Epoch 4.0. */
const NEWEST = 1;
/** Transactions that a header can name: a block has at most 2 MiB, and a transaction at least 32 bytes. */
const MAX_PROBLEMATIC = 65_536;

export interface ProblematicTransaction {
  /** Position in the block. */
  readonly index: number;
  readonly category: number;
}

export interface NakamotoHeader {
  /** 0 before Epoch 4.0, 1 from it on; bit 0x80: a shadow block. */
  readonly version: number;
  /** Height of the block in the Stacks chain. */
  readonly chainLength: number;
  /** Satoshis spent by miners up to the sortition of the tenure. */
  readonly burnSpent: number;
  /** Names the tenure: 40 hex digits. */
  readonly consensusHash: string;
  readonly parentBlockId: Hash;
  readonly transactionRoot: Hash;
  /** Root of the MARF after this block. */
  readonly stateRoot: Hash;
  /** Unix seconds. */
  readonly timestamp: number;
  /** 65 bytes: recovery id (0 to 3), r, s. */
  readonly minerSignature: Uint8Array;
  /** 65 bytes each. No hash covers them. */
  readonly signerSignatures: readonly Uint8Array[];
  readonly poxTreatment: BitVector;
  /** Of version 1 only; of version 0 it is empty. */
  readonly problematic: readonly ProblematicTransaction[];
}

/** Whether a node counts this block as signed without signatures. A light client refuses it unless it is pinned. */
export function isShadow({ version }: Pick<NakamotoHeader, 'version'>): boolean {
  return (version & SHADOW) !== 0;
}

/** The version without the bit of shadow blocks. */
export function plainVersion({ version }: Pick<NakamotoHeader, 'version'>): number {
  return version & ~SHADOW;
}

/** Unix seconds of the last date that there is in JavaScript (ECMA-262, 21.4.1.1). A later one could not be shown. */
export const LAST_TIME = 8_640_000_000_000;

function readTime(reader: ByteReader): number {
  const seconds = reader.u64('timestamp');
  if (seconds > LAST_TIME) throw new StacksWireError('number', `timestamp ${seconds}`);
  return seconds;
}

/** Throws `StacksWireError`: `number` for a time that is no date, `version` above 1, `length` for a list or a bit vector that is too long. */
export function readHeader(reader: ByteReader): NakamotoHeader {
  const version = reader.u8('version');
  if (plainVersion({ version }) > NEWEST) throw new StacksWireError('version', `header version ${version}`);
  return {
    version,
    chainLength: reader.u64('chain length'),
    burnSpent: reader.u64('burn spent'),
    consensusHash: reader.hex(20, 'consensus hash'),
    parentBlockId: reader.hex(32, 'parent block id'),
    transactionRoot: reader.hex(32, 'transaction root'),
    stateRoot: reader.hex(32, 'state root'),
    timestamp: readTime(reader),
    minerSignature: reader.bytes(SIGNATURE_LENGTH, 'miner signature'),
    signerSignatures: readSignatures(reader),
    poxTreatment: readBitVector(reader, MAX_SIGNERS, 'PoX treatment'),
    problematic: plainVersion({ version }) >= 1 ? readProblematic(reader) : [],
  };
}

export function writeHeader(writer: ByteWriter, header: NakamotoHeader): void {
  writeUnsigned(writer, header);
  writer.bytes(header.minerSignature, SIGNATURE_LENGTH);
  if (header.signerSignatures.length > MAX_SIGNERS) throw new StacksWireError('length', `${header.signerSignatures.length} signatures`);
  writer.u32(header.signerSignatures.length);
  for (const signature of header.signerSignatures) writer.bytes(signature, SIGNATURE_LENGTH);
  writeTreatment(writer, header);
}

/** Of exactly one header. */
export function decodeHeader(bytes: Uint8Array): NakamotoHeader {
  const reader = new ByteReader(bytes);
  const header = readHeader(reader);
  reader.end('the header');
  return header;
}

export function encodeHeader(header: NakamotoHeader): Uint8Array {
  const writer = new ByteWriter(1024 + header.signerSignatures.length * SIGNATURE_LENGTH);
  writeHeader(writer, header);
  return writer.done();
}

/** The bytes whose SHA-512/256 the miner signs: neither the miner's nor the signers' signatures are in them. */
export function minerPreimage(header: NakamotoHeader): Uint8Array {
  const writer = new ByteWriter(1024);
  writeUnsigned(writer, header);
  writeTreatment(writer, header);
  return writer.done();
}

/** The bytes whose SHA-512/256 is the block's hash and what the signers sign: without the signers' signatures. */
export function signerPreimage(header: NakamotoHeader): Uint8Array {
  const writer = new ByteWriter(1024);
  writeUnsigned(writer, header);
  writer.bytes(header.minerSignature, SIGNATURE_LENGTH);
  writeTreatment(writer, header);
  return writer.done();
}

/** The first 141 bytes. */
function writeUnsigned(writer: ByteWriter, header: NakamotoHeader): void {
  if (plainVersion(header) > NEWEST) throw new StacksWireError('version', `header version ${header.version}`);
  writer.u8(header.version).u64(header.chainLength).u64(header.burnSpent).hex(header.consensusHash, 20).hex(header.parentBlockId, 32);
  writer.hex(header.transactionRoot, 32).hex(header.stateRoot, 32).u64(header.timestamp);
}

function writeTreatment(writer: ByteWriter, header: NakamotoHeader): void {
  const { problematic } = header;
  writeBitVector(writer, header.poxTreatment, MAX_SIGNERS, 'PoX treatment');
  if (plainVersion(header) === 0) {
    if (problematic.length > 0) throw new StacksWireError('version', 'a header of version 0 names no transactions');
    return;
  }
  if (problematic.length > MAX_PROBLEMATIC) throw new StacksWireError('length', `${problematic.length} problematic transactions`);
  writer.u32(problematic.length);
  for (const { index, category } of problematic) writer.u32(index).u8(category);
}

function readSignatures(reader: ByteReader): readonly Uint8Array[] {
  const count = reader.count('signature count', MAX_SIGNERS, SIGNATURE_LENGTH);
  // One buffer for all of them: one each would take more memory than the header.
  const all = reader.bytes(count * SIGNATURE_LENGTH, 'signer signatures');
  return Array.from({ length: count }, (_, i) => all.subarray(i * SIGNATURE_LENGTH, (i + 1) * SIGNATURE_LENGTH));
}

function readProblematic(reader: ByteReader): readonly ProblematicTransaction[] {
  const count = reader.count('count of problematic transactions', MAX_PROBLEMATIC, 5);
  return Array.from({ length: count }, () => ({ index: reader.u32('index'), category: reader.u8('category') }));
}
