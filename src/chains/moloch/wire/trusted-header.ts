import { decode, encode, hash, key, list, signature, struct, type Codec, type DecodeOptions } from './codec.ts';
import { header, type MolochHeader } from './header.ts';

/** A validator's signature over the 32 bytes of a block's hash (Moloch reference, 2.4). */
export interface FinalitySignature {
  readonly key: string;
  readonly signature: Uint8Array;
}

/** A header with what makes it final. */
export interface TrustedHeader {
  readonly header: MolochHeader;
  readonly signatures: readonly FinalitySignature[];
  /** Must be the header's. */
  readonly mmrRoot: string;
}

export const finalitySignatures: Codec<readonly FinalitySignature[]> = list(struct<FinalitySignature>({ key, signature }));

export const trustedHeader: Codec<TrustedHeader> = struct<TrustedHeader>({ header, signatures: finalitySignatures, mmrRoot: hash });

export function encodeTrustedHeader(value: TrustedHeader): Uint8Array {
  return encode(trustedHeader, value);
}

/** Throws `MolochCodecError`. */
export function decodeTrustedHeader(data: Uint8Array, options?: DecodeOptions): TrustedHeader {
  return decode(trustedHeader, data, options);
}
