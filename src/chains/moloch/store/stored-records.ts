/**
 * What the store of a chain keeps besides blocks: the base that the blocks stand on, and why the chain stands still. The forms are ours.
 * @module
 */
// Tests: `src/chains/moloch/store/moloch-store.test.ts`.
import { fromHex, toHex } from '../../../base/bytes.ts';
import type { Halt } from '../../../engine/follow/followed-chain.ts';
import { hashBytes } from '../chain/hash.ts';
import type { MolochNetwork } from '../chain/network.ts';
import { bool, bytes, decode, encode, hash, struct, u64, type Codec } from '../wire/codec.ts';
import { trustedHeader, type TrustedHeader } from '../wire/trusted-header.ts';

/** The block up to which nothing is kept whole, with what makes it final. */
export interface BaseRecord {
  /** Whether the trust rests on genesis, or on a pinned block, and which. */
  readonly fromGenesis: boolean;
  readonly anchorHeight: number;
  readonly anchorHash: string;
  /** Final blocks that were checked from the anchor up to the base. */
  readonly checked: number;
  readonly trusted: TrustedHeader;
  /** Events of all blocks up to the base, that too. */
  readonly events: number;
  /** Entries of the index; its rows must have as many. */
  readonly entries: number;
  /** Whether the index names every event up to the base. */
  readonly indexed: boolean;
}

const baseRecord: Codec<BaseRecord> = struct<BaseRecord>({
  fromGenesis: bool, anchorHeight: u64, anchorHash: hash, checked: u64, trusted: trustedHeader, events: u64, entries: u64, indexed: bool,
});

export function encodeBaseRecord(record: BaseRecord): Uint8Array {
  return encode(baseRecord, record);
}

/** Throws `MolochCodecError`. */
export function decodeBaseRecord(data: Uint8Array): BaseRecord {
  return decode(baseRecord, data);
}

interface HaltRecord {
  readonly height: number;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

const haltRecord: Codec<HaltRecord> = struct<HaltRecord>({ height: u64, ours: bytes, theirs: bytes });

export function encodeHalt({ height, evidence: [ours, theirs] }: Halt): Uint8Array {
  return encode(haltRecord, { height, ours, theirs });
}

/** Throws `MolochCodecError`. */
export function decodeHalt(data: Uint8Array): Halt {
  const { height, ours, theirs } = decode(haltRecord, data);
  return { height, evidence: [ours, theirs] };
}

export function encodeSpent(milliseconds: number): Uint8Array {
  return encode(u64, Math.round(milliseconds));
}

/** Throws `MolochCodecError`. */
export function decodeSpent(data: Uint8Array): number {
  return decode(u64, data);
}

/** The hash of all parameters that the rows are verified with: rows of another network, validators or checkpoint are not read. */
export function parametersHash({ chainId, genesisHash, validators, checkpoint }: MolochNetwork): Uint8Array {
  const pinned = checkpoint && [checkpoint.height, checkpoint.hash, checkpoint.mmrRoot, checkpoint.validatorsHash, checkpoint.totalEvents, checkpoint.stateRoot ?? ''];
  return fromHex(hashBytes(new TextEncoder().encode(JSON.stringify(['moloch', 1, chainId, genesisHash, validators, pinned ?? []]))));
}

/** Hashes in one row of bytes. */
export const joinHashes = (hashes: readonly string[]): Uint8Array => fromHex(hashes.join(''));

/** Undefined if the length fits no hashes. */
export function splitHashes(data: Uint8Array): readonly string[] | undefined {
  if (data.length % 32 !== 0) return undefined;
  return Array.from({ length: data.length / 32 }, (_, index) => toHex(data.subarray(32 * index, 32 * index + 32)));
}
