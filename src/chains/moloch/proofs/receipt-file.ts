/**
 * The receipt of an event, as a file that a person takes away (Moloch reference, 6.10): the 8 bytes "MRCPT001", and in bincode what a verifier needs that has only the network's
 * parameters. The format is ours.
 * @module
 */
// Tests: `src/chains/moloch/proofs/verify-receipt.test.ts`.
import { concatBytes, equalBytes } from '../../../base/bytes.ts';
import { checkpoint, type Checkpoint } from '../wire/checkpoint.ts';
import { bytes, decode, encode, hash, list, struct, text, type Codec, type DecodeOptions } from '../wire/codec.ts';
import { MolochCodecError } from '../wire/codec-error.ts';
import { compactProof, type CompactProof } from '../wire/compact-proof.ts';
import { header, type MolochHeader } from '../wire/header.ts';
import { trustedHeader, type TrustedHeader } from '../wire/trusted-header.ts';

export interface MolochReceipt {
  readonly chainId: string;
  readonly genesisHash: string;
  /** The pinned checkpoint of the network, or genesis in this form. It names the validators that sign. */
  readonly checkpoint: Checkpoint;
  /** Final headers, ascending. The newest one is the block itself, or proves it by the range. */
  readonly trusted: readonly TrustedHeader[];
  /** Of the event's block. */
  readonly header: MolochHeader;
  readonly proof: CompactProof;
  /** The whole event, with its attestation. */
  readonly event: Uint8Array;
}

/** Bytes of a receipt, at most: a proof of a long chain, and an event with large metadata. */
export const MAX_RECEIPT = 4 * 1024 * 1024;
const MAGIC = new TextEncoder().encode('MRCPT001');

const receipt: Codec<MolochReceipt> = struct<MolochReceipt>({
  chainId: text, genesisHash: hash, checkpoint, trusted: list(trustedHeader), header, proof: compactProof, event: bytes,
});

/** Whether bytes begin as a receipt does. */
export function isMolochReceipt(file: Uint8Array): boolean {
  return equalBytes(file.subarray(0, MAGIC.length), MAGIC);
}

export function encodeReceipt(value: MolochReceipt): Uint8Array {
  return concatBytes(MAGIC, encode(receipt, value));
}

/** Throws `MolochCodecError`. */
export function decodeReceipt(file: Uint8Array, options?: DecodeOptions): MolochReceipt {
  if (file.length > MAX_RECEIPT) throw new MolochCodecError('too-large', 0, `${file.length} bytes, at most ${MAX_RECEIPT}`);
  if (!isMolochReceipt(file)) throw new MolochCodecError('bad-magic', 0, 'not MRCPT001');
  return decode(receipt, file.subarray(MAGIC.length), options);
}
