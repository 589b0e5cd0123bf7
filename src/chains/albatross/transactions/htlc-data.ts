/**
 * The data of a transaction that creates a hashed time-locked contract (HTLC): the recipient gets the money for a pre-image of a hash,
 * the sender gets it back after a timeout (Albatross proofs reference, 4.4).
 * @module
 */
import { coin, fixed, struct, u8 } from '../../../base/postcard/codec.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { DecodeError, EncodeError } from '../../../base/postcard/errors.ts';

/** The hash functions, by their numbers on the wire. */
const numbers = { blake2b: 1, sha256: 3, sha512: 4 } as const;

export type HashAlgorithm = keyof typeof numbers;

/** A hash and how it was made. */
export interface AnyHash {
  readonly algorithm: HashAlgorithm;
  /** 64 bytes for SHA-512, else 32. */
  readonly hash: Uint8Array;
}

export interface HtlcData {
  /** 20 bytes: gets the money back after the timeout. */
  readonly sender: Uint8Array;
  /** 20 bytes: gets it for the pre-image. */
  readonly recipient: Uint8Array;
  readonly hashRoot: AnyHash;
  /** How often the last pre-image is hashed; each step down releases an equal part. */
  readonly hashCount: number;
  /** Unix milliseconds, at most 2^53 - 1. */
  readonly timeout: number;
}

const hash32 = fixed(32);
const hash64 = fixed(64);
const lengthOf = (algorithm: HashAlgorithm) => (algorithm === 'sha512' ? hash64 : hash32);
const algorithms = Object.keys(numbers) as HashAlgorithm[];

/** Number of the algorithm (one byte), then the hash. */
export const anyHash: Codec<AnyHash> = {
  read: (r) => {
    const start = r.offset;
    const number = r.u8();
    const algorithm = algorithms.find((each) => numbers[each] === number);
    if (algorithm === undefined) throw new DecodeError('invalid-value', start, `hash algorithm ${number}`);
    return { algorithm, hash: lengthOf(algorithm).read(r) };
  },
  write: (w, { algorithm, hash }) => {
    w.u8(numbers[algorithm]);
    lengthOf(algorithm).write(w, hash);
  },
  minSize: 33,
};

/** A byte with the length, 32 or 64, then the bytes. */
export const preImage: Codec<Uint8Array> = {
  read: (r) => {
    const start = r.offset;
    const length = r.u8();
    if (length !== 32 && length !== 64) throw new DecodeError('invalid-value', start, `pre-image of ${length} bytes`);
    return r.fixed(length);
  },
  write: (w, bytes) => {
    if (bytes.length !== 32 && bytes.length !== 64) throw new EncodeError('wrong-length', `pre-image of ${bytes.length} bytes`);
    w.u8(bytes.length);
    w.raw(bytes);
  },
  minSize: 33,
};

/** Bytes; the longer one with SHA-512. */
export const htlcDataLengths: readonly number[] = [82, 114];

/** 82 bytes, or 114 with SHA-512. */
export const htlcData = struct<HtlcData>({ sender: fixed(20), recipient: fixed(20), hashRoot: anyHash, hashCount: u8, timeout: coin });
