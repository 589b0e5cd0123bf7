import { decode, encode, hash, key, list, struct, u64, type Codec, type DecodeOptions } from './codec.ts';
import { trustedHeader, type TrustedHeader } from './trusted-header.ts';

/** A block that is trusted because it is pinned (Moloch reference, 2.7). */
export interface Checkpoint {
  readonly height: number;
  readonly hash: string;
  readonly mmrRoot: string;
  /** The hash of all keys in order (`validatorsHash` in `chain/hash.ts`). */
  readonly validatorsHash: string;
  readonly totalEvents: number;
}

export interface TrustedCheckpoint extends Checkpoint {
  readonly trusted: TrustedHeader;
  readonly validators: readonly string[];
}

const fields = { height: u64, hash, mmrRoot: hash, validatorsHash: hash, totalEvents: u64 };

export const checkpoint: Codec<Checkpoint> = struct<Checkpoint>(fields);

const trustedCheckpoint: Codec<TrustedCheckpoint> = struct<TrustedCheckpoint>({ ...fields, trusted: trustedHeader, validators: list(key) });

export function encodeCheckpoint(value: Checkpoint): Uint8Array {
  return encode(checkpoint, value);
}

/** Throws `MolochCodecError`. */
export function decodeCheckpoint(data: Uint8Array): Checkpoint {
  return decode(checkpoint, data);
}

export function encodeTrustedCheckpoint(value: TrustedCheckpoint): Uint8Array {
  return encode(trustedCheckpoint, value);
}

/** Throws `MolochCodecError`. */
export function decodeTrustedCheckpoint(data: Uint8Array, options?: DecodeOptions): TrustedCheckpoint {
  return decode(trustedCheckpoint, data, options);
}
