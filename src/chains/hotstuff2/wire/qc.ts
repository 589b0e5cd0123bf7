/**
 * The quorum certificate of a block, with Ed25519 or BLS (HotStuff-2 reference, 1.2). A certificate has one form in bytes: signers ascend strictly, no
 * bytes are left over. Whether its signers suffice, and whether they signed, is for `chain/verify-qc.ts`.
 * Tests: `src/chains/hotstuff2/wire/vectors.test.ts`.
 * @module
 */
import { equalBytes } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readLongHash } from './vote.ts';
import { WireError } from './wire-error.ts';

const ED25519_SIGNATURE = 64;
const BLS_SIGNATURE = 48;
/** The end of a BLS certificate without times: scheme length, "bls", aggregate length 48. */
const BLS_MARK = Uint8Array.of(3, 0x62, 0x6c, 0x73, 0, BLS_SIGNATURE);

interface Certified {
  readonly view: number;
  /** Of the block. */
  readonly hash: Hash;
  /** Indices into the validator set, strictly ascending. */
  readonly signers: readonly number[];
}

export interface Ed25519Qc extends Certified {
  readonly scheme: 'ed25519';
  /** Unix milliseconds that each signer signed, in the order of `signers`. */
  readonly times: readonly number[];
  /** 64 bytes each, in the order of `signers`. */
  readonly signatures: readonly Uint8Array[];
}

export interface BlsQc extends Certified {
  readonly scheme: 'bls';
  /** Compressed G1, 48 bytes. */
  readonly aggregate: Uint8Array;
  /** Whether eight zero bytes a signer stand where the Ed25519 form has times: the form that the Go library can read. */
  readonly padded: boolean;
}

export type Qc = Ed25519Qc | BlsQc;

export function encodeQc(qc: Qc): Uint8Array {
  requireAscending(qc.signers);
  const count = qc.signers.length;
  const writer = new ByteWriter(60 + count * 76).u32(qc.view).u16(32).hash(qc.hash).u16(count);
  for (const signer of qc.signers) writer.u16(signer);
  if (qc.scheme === 'bls') {
    if (qc.aggregate.length !== BLS_SIGNATURE) throw new WireError('length', `aggregate of ${qc.aggregate.length} bytes`);
    if (qc.padded) for (let i = 0; i < count; i += 1) writer.u64(0);
    return writer.bytes(BLS_MARK).bytes(qc.aggregate).done();
  }
  if (qc.times.length !== count || qc.signatures.length !== count) throw new WireError('mismatch', 'one time and one signature a signer');
  for (const time of qc.times) writer.u64(time);
  writer.u8(7).ascii('ed25519').u16(2 + count * (2 + ED25519_SIGNATURE)).u16(count);
  for (const signer of qc.signers) writer.u16(signer);
  for (const signature of qc.signatures) {
    if (signature.length !== ED25519_SIGNATURE) throw new WireError('length', `signature of ${signature.length} bytes`);
    writer.bytes(signature);
  }
  return writer.done();
}

export function decodeQc(bytes: Uint8Array): Qc {
  const reader = new ByteReader(bytes);
  const view = reader.u32('view');
  const hash = readLongHash(reader);
  const count = reader.u16('signer count');
  const signers = readIndices(reader, count);
  requireAscending(signers);
  const certified = { view, hash, signers };
  if (reader.remaining === BLS_MARK.length + BLS_SIGNATURE && equalBytes(reader.peek(BLS_MARK.length), BLS_MARK)) return { ...certified, ...readBls(reader, false) };
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) times.push(reader.u64('time'));
  if (equalBytes(reader.peek(BLS_MARK.length), BLS_MARK)) {
    if (times.some((time) => time !== 0)) throw new WireError('mismatch', 'a BLS certificate has no times');
    return { ...certified, ...readBls(reader, true) };
  }
  const scheme = String.fromCharCode(...reader.bytes(reader.u8('scheme length'), 'scheme'));
  if (scheme !== 'ed25519') throw new WireError('scheme', JSON.stringify(scheme.slice(0, 16)));
  const signatures = readAggregate(reader, signers);
  reader.end('the certificate');
  return { ...certified, scheme, times, signatures };
}

function readBls(reader: ByteReader, padded: boolean): Pick<BlsQc, 'scheme' | 'aggregate' | 'padded'> {
  reader.bytes(BLS_MARK.length, 'scheme');
  const aggregate = reader.bytes(BLS_SIGNATURE, 'aggregate');
  reader.end('the certificate');
  return { scheme: 'bls', aggregate, padded };
}

/** length(2), count(2), index(2) each, signature(64) each: count and indices are those of the certificate. */
function readAggregate(reader: ByteReader, signers: readonly number[]): readonly Uint8Array[] {
  const length = reader.u16('aggregate length');
  if (length !== reader.remaining) throw new WireError(length > reader.remaining ? 'truncated' : 'trailing', `aggregate of ${length} bytes, ${reader.remaining} left`);
  const count = reader.u16('aggregate count');
  if (count !== signers.length) throw new WireError('mismatch', `${count} signatures, ${signers.length} signers`);
  const wanted = 2 + count * (2 + ED25519_SIGNATURE);
  if (length !== wanted) throw new WireError('length', `aggregate of ${length} bytes for ${count} signers`);
  const indices = readIndices(reader, count);
  if (indices.some((index, i) => index !== signers[i])) throw new WireError('mismatch', 'the aggregate has other signers');
  return indices.map(() => reader.bytes(ED25519_SIGNATURE, 'signature'));
}

function readIndices(reader: ByteReader, count: number): readonly number[] {
  if (count * 2 > reader.remaining) throw new WireError('truncated', `${count} signers in ${reader.remaining} bytes`);
  return Array.from({ length: count }, () => reader.u16('signer'));
}

function requireAscending(signers: readonly number[]): void {
  if (signers.some((signer, i) => i > 0 && signer <= signers[i - 1]!)) throw new WireError('order', 'signers ascend strictly');
}
