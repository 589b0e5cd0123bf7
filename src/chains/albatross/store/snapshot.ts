import { CodedError, type ErrorData } from '../../../base/coded-error.ts';
import { block, macroBlock } from '../wire/blocks.ts';
import { concatBytes, equalBytes } from '../../../base/bytes.ts';
import { decode, encode, fixed, hash32, option, struct, vec } from '../../../base/postcard/codec.ts';
import type { Block, MacroBlock } from '../wire/types.ts';
import type { Hash } from '../../../base/hash.ts';
import { blake2b } from '../../../crypto/blake2b.ts';

/** Maximum size of a snapshot in bytes: what a store holds of one chain (two validator lists, one batch) is always below it. */
export const MAX_SNAPSHOT = 8 * 1_048_576;
/** `petrelsn`, and the format number. */
const MAGIC = Uint8Array.of(0x70, 0x65, 0x74, 0x72, 0x65, 0x6c, 0x73, 0x6e, 1);
const CHECKSUM_LENGTH = 32;
/** Maximum number of blocks of a running batch, as in the store. */
const MAX_TAIL = 4_096;

/** A chain to transfer elsewhere. It carries no trust: the client that reads it verifies it again. */
export interface Snapshot {
  readonly genesisHash: Hash;
  /** The newest election block, whole; undefined: genesis. */
  readonly election: MacroBlock | undefined;
  /** The newest checkpoint after it. */
  readonly checkpoint: MacroBlock | undefined;
  /** The micro blocks after the newest macro block, ascending. */
  readonly tail: readonly Block[];
}

/**
 * Why a snapshot was refused. Nothing was changed.
 * - `too-large`, `not-a-snapshot` (or of another format), `damaged` (checksum or encoding), `other-network`: faults of the bytes
 * - `not-newer`: the head here is as high or higher
 * - `not-linked`: it does not follow from what was verified here; the sync gets there by itself
 * - `not-confirmed`: too few live peers confirm its election block
 * - `refused`: a block breaks the rule `data.rule`
 */
export type SnapshotErrorCode = 'too-large' | 'not-a-snapshot' | 'damaged' | 'other-network' | 'not-newer' | 'not-linked' | 'not-confirmed' | 'refused';

export class SnapshotError extends CodedError<SnapshotErrorCode> {
  override readonly name = 'SnapshotError';
  constructor(code: SnapshotErrorCode, data: ErrorData = {}) {
    super(code, `the snapshot cannot be used: ${code}`, data);
  }
}

const codec = struct<Snapshot & { readonly magic: Uint8Array }>({
  magic: fixed(MAGIC.length), genesisHash: hash32, election: option(macroBlock), checkpoint: option(macroBlock), tail: vec(block, MAX_TAIL),
});

/** magic and format (9), genesis hash (32), postcard of the rest without bodies, Blake2b of all that (32). */
export function encodeSnapshot(snapshot: Snapshot): Uint8Array {
  const { election, checkpoint, tail, genesisHash } = snapshot;
  const payload = encode(codec, {
    magic: MAGIC, genesisHash,
    election: election && { ...election, body: undefined },
    checkpoint: checkpoint && { ...checkpoint, body: undefined },
    tail: tail.map((item) => ({ ...item, body: undefined })),
  });
  return concatBytes(payload, blake2b(payload));
}

/** The content of the bytes, unverified. Throws `SnapshotError`. */
export function decodeSnapshot(bytes: Uint8Array, genesisHash: Hash): Snapshot {
  if (bytes.length > MAX_SNAPSHOT) throw new SnapshotError('too-large', { bytes: bytes.length, limit: MAX_SNAPSHOT });
  if (!equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) throw new SnapshotError('not-a-snapshot');
  const payload = bytes.slice(0, -CHECKSUM_LENGTH);
  if (bytes.length < MAGIC.length + CHECKSUM_LENGTH || !equalBytes(bytes.slice(-CHECKSUM_LENGTH), blake2b(payload))) throw new SnapshotError('damaged');
  let snapshot: Snapshot;
  try {
    snapshot = decode(codec, payload);
  } catch {
    throw new SnapshotError('damaged');
  }
  if (snapshot.genesisHash !== genesisHash) throw new SnapshotError('other-network', { expected: genesisHash, came: snapshot.genesisHash });
  return snapshot;
}
