/**
 * What proves that a block is final: block B and its child C of the next view, each with its certificate (HotStuff-2 reference, 3).
 * @module
 */
import { concatBytes } from '../../../base/bytes.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { decodeHeaderOnly } from './block.ts';
import type { Block } from './block.ts';
import { HEADER_LENGTH } from './header.ts';
import { decodeQc } from './qc.ts';
import type { Qc } from './qc.ts';

/** A header with its certificate, both also as they came. */
export interface CertifiedHeader extends Block {
  readonly qc: Qc;
  readonly qcBytes: Uint8Array;
}

export interface FinalityProof {
  /** B: the block that is final. */
  readonly final: CertifiedHeader;
  /** C: its child, of the next view. */
  readonly child: CertifiedHeader;
}

/** header B, qc length(2), QC(B), header C, qc length(2), QC(C). */
export function encodeFinalityProof({ final, child }: FinalityProof): Uint8Array {
  return concatBytes(encodeCertifiedHeader(final), encodeCertifiedHeader(child));
}

/** header, qc length(2), QC: also what is shown of a block that contradicts another. */
export function encodeCertifiedHeader({ headerBytes, qcBytes }: Pick<CertifiedHeader, 'headerBytes' | 'qcBytes'>): Uint8Array {
  return new ByteWriter(1024).bytes(headerBytes).u16(qcBytes.length).bytes(qcBytes).done();
}

/** The form only. */
export function decodeCertifiedHeader(bytes: Uint8Array): CertifiedHeader {
  const reader = new ByteReader(bytes);
  const block = readCertifiedHeader(reader);
  reader.end('the certified header');
  return block;
}

/** The form only; the rules are in `chain/verify-finality.ts`. */
export function decodeFinalityProof(bytes: Uint8Array): FinalityProof {
  const reader = new ByteReader(bytes);
  const proof = readFinalityProof(reader);
  reader.end('the finality proof');
  return proof;
}

export function readFinalityProof(reader: ByteReader): FinalityProof {
  const final = readCertifiedHeader(reader);
  return { final, child: readCertifiedHeader(reader) };
}

function readCertifiedHeader(reader: ByteReader): CertifiedHeader {
  const block = decodeHeaderOnly(reader.bytes(HEADER_LENGTH, 'header'));
  const qcBytes = reader.bytes(reader.u16('certificate length'), 'certificate');
  return { ...block, qc: decodeQc(qcBytes), qcBytes };
}
