import { decode, encode, list, struct, type Codec, type DecodeOptions } from './codec.ts';
import { event, type MolochEvent } from './event.ts';
import { header, type MolochHeader } from './header.ts';

/** A block as it travels: a header and its events (Moloch reference, 2.2). It holds no validator's signature. */
export interface WireBlock {
  readonly header: MolochHeader;
  readonly events: readonly MolochEvent[];
}

export const block: Codec<WireBlock> = struct<WireBlock>({ header, events: list(event) });

export function encodeBlock(value: WireBlock): Uint8Array {
  return encode(block, value);
}

/** Throws `MolochCodecError`. */
export function decodeBlock(data: Uint8Array, options?: DecodeOptions): WireBlock {
  return decode(block, data, options);
}
