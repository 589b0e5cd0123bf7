/**
 * A vote, and the bytes that its signature covers (HotStuff-2 reference, 1.1).
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { WireError } from './wire-error.ts';

export interface Vote {
  readonly view: number;
  readonly hash: Hash;
  /** Index of the validator. */
  readonly index: number;
  /** Unix milliseconds; 0 in BLS votes. */
  readonly time: number;
  /** 64 bytes for Ed25519, 48 for BLS. */
  readonly signature: Uint8Array;
}

/** What a validator signs with Ed25519: view(4) hash(32) index(2) time(8), 46 bytes. */
export function ed25519VoteMessage({ view, hash, index, time }: Omit<Vote, 'signature'>): Uint8Array {
  return new ByteWriter(46).u32(view).hash(hash).u16(index).u64(time).done();
}

/** What all validators sign with BLS: view(4) hash(32), 36 bytes. */
export function blsVoteMessage({ view, hash }: Pick<Vote, 'view' | 'hash'>): Uint8Array {
  return new ByteWriter(36).u32(view).hash(hash).done();
}

export function encodeVote(vote: Vote): Uint8Array {
  const writer = new ByteWriter(114).u32(vote.view).u16(32).hash(vote.hash).u16(vote.index).u64(vote.time);
  return writer.u16(vote.signature.length).bytes(vote.signature).done();
}

export function decodeVote(bytes: Uint8Array): Vote {
  const reader = new ByteReader(bytes);
  const view = reader.u32('view');
  const hash = readLongHash(reader);
  const index = reader.u16('index');
  const time = reader.u64('time');
  const signature = reader.bytes(reader.u16('signature length'), 'signature');
  reader.end('the vote');
  return { view, hash, index, time, signature };
}

/** length(2), which is 32, and a hash. */
export function readLongHash(reader: ByteReader): Hash {
  const length = reader.u16('hash length');
  if (length !== 32) throw new WireError('length', `hash of ${length} bytes`);
  return reader.hash('hash');
}
