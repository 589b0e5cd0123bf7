import { decode, encode, list, option, struct, type Codec, type DecodeOptions } from './codec.ts';
import { event, type MolochEvent } from './event.ts';
import { header, type MolochHeader } from './header.ts';
import { finalitySignatures, type FinalitySignature } from './trusted-header.ts';

/** A block with what makes it final, in one piece: for the store, and for those who give blocks to be verified. The form is ours. */
export interface SignedBlock {
  readonly header: MolochHeader;
  /** Undefined: only the header is there. */
  readonly events: readonly MolochEvent[] | undefined;
  readonly signatures: readonly FinalitySignature[];
}

const signedBlock: Codec<SignedBlock> = struct<SignedBlock>({ header, events: option(list(event)), signatures: finalitySignatures });

export function encodeSignedBlock(value: SignedBlock): Uint8Array {
  return encode(signedBlock, value);
}

/** Throws `MolochCodecError`. */
export function decodeSignedBlock(data: Uint8Array, options?: DecodeOptions): SignedBlock {
  return decode(signedBlock, data, options);
}
