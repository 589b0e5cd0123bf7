import { decode, encode, hash, key, option, signature, struct, text, time, u32, u64, type Codec, type DecodeOptions } from './codec.ts';

/** What the sealer signs of a header, and what is hashed to the block's hash (Moloch reference, 2.2). */
export interface HeaderContent {
  readonly height: number;
  /** Hash of the block before; zeros in the genesis. */
  readonly parent: string;
  readonly eventsRoot: string;
  readonly eventsCount: number;
  /** Root over the hashes of all blocks before this one (Moloch reference, 4.2); zeros in the genesis. */
  readonly mmrRoot: string;
  /** Unix milliseconds. */
  readonly time: number;
  /** The sealer's key. */
  readonly sealer: string;
  readonly sealerName: string | undefined;
}

export interface MolochHeader extends HeaderContent {
  /** The sealer's signature over the signing bytes: 64 bytes. */
  readonly seal: Uint8Array;
}

const contentFields = { height: u64, parent: hash, eventsRoot: hash, eventsCount: u32, mmrRoot: hash, time, sealer: key, sealerName: option(text) };
const content: Codec<HeaderContent> = struct<HeaderContent>(contentFields);

export const header: Codec<MolochHeader> = struct<MolochHeader>({ ...contentFields, seal: signature });

/** The bytes that the sealer signs, and that are hashed to the block's hash: 149, or 157 and the name's length. */
export function headerSigningBytes(value: HeaderContent): Uint8Array {
  return encode(content, value);
}

export function encodeHeader(value: MolochHeader): Uint8Array {
  return encode(header, value);
}

/** Throws `MolochCodecError`. */
export function decodeHeader(data: Uint8Array, options?: DecodeOptions): MolochHeader {
  return decode(header, data, options);
}
