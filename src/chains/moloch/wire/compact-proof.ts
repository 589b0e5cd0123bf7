/**
 * The proof that an event is in a block, and the block in the chain; and the messages that ask for it (Moloch reference, 2.6).
 * @module
 */
import { decode, encode, hash, kinds, list, option, struct, text, u64, type Codec, type DecodeOptions } from './codec.ts';

/** The place of the block's hash among all blocks before a header. Siblings bottom up; all peaks, left to right (our definition). */
export interface MmrPart {
  /** Position of the leaf, in post-order. */
  readonly position: number;
  /** Positions in all. */
  readonly size: number;
  readonly siblings: readonly string[];
  readonly peaks: readonly string[];
}

export interface CompactProof {
  readonly eventId: string;
  readonly height: number;
  readonly blockHash: string;
  /** Bottom up, to the events root of the block. */
  readonly siblings: readonly string[];
  /** Of the event in its block. */
  readonly index: number;
  readonly mmr: MmrPart | undefined;
}

export type ProofRequest =
  | { readonly kind: 'Event'; readonly id: string }
  | { readonly kind: 'EventAt'; readonly height: number; readonly index: number }
  | { readonly kind: 'Batch'; readonly ids: readonly string[] }
  | { readonly kind: 'Consistency'; readonly from: number; readonly to: number };

/** `Consistency` proves nothing: the crates accept any chain of hashes that begins with the old root. It is read, and never used. */
export type ProofAnswer =
  | { readonly kind: 'Event'; readonly proof: CompactProof }
  | { readonly kind: 'Batch'; readonly proofs: readonly CompactProof[] }
  | { readonly kind: 'Consistency'; readonly fromSize: number; readonly toSize: number; readonly hashes: readonly string[] }
  | { readonly kind: 'NotFound' }
  | { readonly kind: 'Error'; readonly text: string };

const mmrPart: Codec<MmrPart> = struct<MmrPart>({ position: u64, size: u64, siblings: list(hash), peaks: list(hash) });

export const compactProof: Codec<CompactProof> = struct<CompactProof>({ eventId: hash, height: u64, blockHash: hash, siblings: list(hash), index: u64, mmr: option(mmrPart) });

export const proofRequest: Codec<ProofRequest> = kinds<ProofRequest>({
  Event: { id: hash },
  EventAt: { height: u64, index: u64 },
  Batch: { ids: list(hash) },
  Consistency: { from: u64, to: u64 },
});

export const proofAnswer: Codec<ProofAnswer> = kinds<ProofAnswer>({
  Event: { proof: compactProof },
  Batch: { proofs: list(compactProof) },
  Consistency: { fromSize: u64, toSize: u64, hashes: list(hash) },
  NotFound: {},
  Error: { text },
});

export function encodeCompactProof(value: CompactProof): Uint8Array {
  return encode(compactProof, value);
}

/** Throws `MolochCodecError`. */
export function decodeCompactProof(data: Uint8Array, options?: DecodeOptions): CompactProof {
  return decode(compactProof, data, options);
}
