import { concatBytes, fromHex } from '../../src/base/bytes.ts';
import { hashBytes, validatorsHash } from '../../src/chains/moloch/chain/hash.ts';
import { encodeSnapshotFile } from '../../src/chains/moloch/wire/snapshot-file.ts';
import { encodeTrustedHeader } from '../../src/chains/moloch/wire/trusted-header.ts';
import type { SnapshotManifest } from '../../src/chains/moloch/wire/manifest.ts';
import { signaturesOf, type DevBlock } from './dev-block.ts';
import { MountainRange } from './dev-trees.ts';

/** A snapshot in its chunks (Moloch reference, 4.4). */
export interface DevSnapshot {
  readonly manifest: SnapshotManifest;
  readonly chunks: readonly Uint8Array[];
}

const STATE_TAG = new TextEncoder().encode('moloch-ext/1 state\0');

/** Little-endian. */
function bytesOf(value: number, length: 4 | 8): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  if (length === 4) view.setUint32(0, value, true);
  else view.setBigUint64(0, BigInt(value), true);
  return bytes;
}

/** Makes the snapshot at the last block of `chain`, which must have enough votes. */
export function makeSnapshot(chain: readonly DevBlock[], { chainId, validators, chunkSize }: { readonly chainId: string; readonly validators: readonly string[]; readonly chunkSize: number }): DevSnapshot {
  const last = chain.at(-1)!;
  const { header } = last.block;
  const trusted = encodeTrustedHeader({ header, signatures: signaturesOf(last), mmrRoot: header.mmrRoot });
  const range = concatBytes(...new MountainRange(chain.slice(0, -1).map(({ hash }) => hash)).nodes.map(fromHex));
  const first = new Map<string, Uint8Array>();
  for (const { height, eventIds } of chain) {
    for (const [index, id] of eventIds.entries()) if (!first.has(id)) first.set(id, concatBytes(fromHex(id), bytesOf(height, 8), bytesOf(index, 4)));
  }
  const index = concatBytes(...Array.from(first.keys()).toSorted().map((id) => first.get(id)!));
  const events = chain.reduce((sum, { eventIds }) => sum + eventIds.length, 0);
  const shared = { height: last.height, blockHash: last.hash, mmrRoot: header.mmrRoot, events, blocks: chain.length };
  const file = encodeSnapshotFile({
    header: { ...shared, version: 1, chainId, index: true, size: trusted.length + range.length + index.length, dataHash: hashBytes(trusted, range, index), created: header.time },
    bodies: [trusted, range, index],
  });
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < file.length; at += chunkSize) chunks.push(file.slice(at, at + chunkSize));
  const stateRoot = hashBytes(STATE_TAG, fromHex(hashBytes(range)), fromHex(hashBytes(index)));
  const manifest: SnapshotManifest = {
    ...shared, stateRoot, validatorsHash: validatorsHash(validators), chunkSize, totalSize: file.length, chunkHashes: chunks.map((chunk) => hashBytes(chunk)),
  };
  return { manifest, chunks };
}
