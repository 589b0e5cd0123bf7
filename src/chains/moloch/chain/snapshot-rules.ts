/**
 * Taking a snapshot (Moloch reference, 4.4), in this order: the manifest against the anchor; each chunk by its hash; magic, header and data hash; the range and its root; the
 * state root; the trusted header; then the import in one transaction. Nothing is imported before the last check.
 * @module
 */
// Tests: `src/chains/moloch/chain/snapshot.test.ts`.
import { concatBytes, hexOfRange } from '../../../base/bytes.ts';
import type { Fault, Snapshot, SnapshotRules } from '../../../engine/sync/sync-chain.ts';
import { MolochCodecError } from '../wire/codec-error.ts';
import { decodeManifest, type SnapshotManifest } from '../wire/manifest.ts';
import { decodeSnapshotFile, type SnapshotFile } from '../wire/snapshot-file.ts';
import { decodeTrustedHeader, type TrustedHeader } from '../wire/trusted-header.ts';
import { decodeEventIndex, type EventPlaceEntry } from './event-index.ts';
import { blockHash, hashBytes, validatorsHash } from './hash.ts';
import { Mmr } from './mmr.ts';
import { leafPosition, mmrSize } from './mmr-shape.ts';
import { MAX_CHUNKS, MAX_SNAPSHOT_SIZE, stateRoot } from './snapshot.ts';
import { checkTrustedHeader } from './trusted-header-rules.ts';
import type { VerifySignature } from './verify-signature.ts';

/** What a manifest must equal: a pinned checkpoint, or a final header. */
export interface SnapshotAnchor {
  readonly height: number;
  readonly hash: string;
  readonly mmrRoot: string;
  readonly validatorsHash: string;
  /** Undefined: the index is a hint, and each of its entries must be proved when it is used. */
  readonly stateRoot: string | undefined;
}

export interface MolochSnapshot extends Snapshot {
  readonly manifest: SnapshotManifest;
  /** Whether the anchor has the state root, so that the index is bound to it. */
  readonly indexProven: boolean;
}

/** What a snapshot brings. */
export interface SnapshotContent {
  readonly trusted: TrustedHeader;
  /** The range over the blocks before the header. */
  readonly mmr: Mmr;
  readonly index: readonly EventPlaceEntry[];
  readonly indexProven: boolean;
  /** Events of all blocks up to the header. */
  readonly events: number;
}

export interface SnapshotContext {
  readonly chainId: string;
  readonly validators: readonly string[];
  readonly verify: VerifySignature;
  /** The anchor at a height; undefined where no block is known to be final. */
  readonly anchorAt: (height: number) => Promise<SnapshotAnchor | undefined>;
  /** Takes the content in one transaction: wholly or not at all. A fault says why not. */
  readonly importContent: (content: SnapshotContent) => Promise<Fault | undefined>;
}

export function createSnapshotRules({ chainId, validators, verify, anchorAt, importContent }: SnapshotContext): SnapshotRules<MolochSnapshot> {
  return {
    async checkManifest(bytes, signal) {
      const manifest = decoded(() => decodeManifest(bytes));
      if ('code' in manifest) return manifest;
      const fault = checkForm(manifest);
      if (fault) return fault;
      const anchor = await anchorAt(manifest.height);
      signal.throwIfAborted();
      if (!anchor) return { code: 'unknown-anchor', weight: 'offence', data: { height: manifest.height } };
      return checkAnchor(manifest, anchor) ?? { ...snapshotOf(manifest), indexProven: anchor.stateRoot !== undefined };
    },

    checkChunk({ manifest }, index, chunk) {
      const expected = manifest.chunkHashes[index];
      if (expected === undefined) return { code: 'chunk-index', weight: 'offence', data: { index, chunks: manifest.chunkHashes.length } };
      const hash = hashBytes(chunk);
      return hash === expected ? undefined : { code: 'chunk-hash', weight: 'lie', data: { index, hash, expected } };
    },

    async import(snapshot, chunks) {
      const content = openSnapshot(snapshot, chunks, chainId);
      if ('code' in content) return content;
      const fault = await checkTrustedHeader(content.trusted, validators, verify);
      return fault ?? importContent(content);
    },
  };
}

/** The anchor that a final header is. */
export function anchorOf(header: { readonly height: number; readonly mmrRoot: string }, hash: string, validators: readonly string[]): SnapshotAnchor {
  return { height: header.height, hash, mmrRoot: header.mmrRoot, validatorsHash: validatorsHash(validators), stateRoot: undefined };
}

function snapshotOf(manifest: SnapshotManifest) {
  const { height, blockHash: hash, stateRoot: root, chunkHashes, totalSize } = manifest;
  // Peers may cut the same file into other chunks.
  return { id: `${height}/${hash}/${root}/${hashBytes(new TextEncoder().encode(chunkHashes.join('')))}`, height, chunks: chunkHashes.length, size: totalSize, manifest };
}

function checkForm({ height, blocks, chunkSize, totalSize, chunkHashes }: SnapshotManifest): Fault | undefined {
  if (chunkHashes.length > MAX_CHUNKS || totalSize > MAX_SNAPSHOT_SIZE) return { code: 'snapshot-too-large', weight: 'offence', data: { chunks: chunkHashes.length, size: totalSize } };
  if (chunkSize === 0 || chunkHashes.length !== Math.ceil(totalSize / chunkSize) || chunkHashes.length === 0) {
    return { code: 'chunk-count', weight: 'lie', data: { chunks: chunkHashes.length, chunkSize, size: totalSize } };
  }
  return blocks === height + 1 ? undefined : { code: 'block-count', weight: 'lie', data: { blocks, height } };
}

function checkAnchor(manifest: SnapshotManifest, anchor: SnapshotAnchor): Fault | undefined {
  const pairs = [
    ['height', manifest.height, anchor.height],
    ['hash', manifest.blockHash, anchor.hash],
    ['mmrRoot', manifest.mmrRoot, anchor.mmrRoot],
    ['validatorsHash', manifest.validatorsHash, anchor.validatorsHash],
    ['stateRoot', manifest.stateRoot, anchor.stateRoot ?? manifest.stateRoot],
  ] as const;
  for (const [field, value, expected] of pairs) if (value !== expected) return { code: 'other-anchor', weight: 'lie', data: { field, value, expected } };
  return undefined;
}

function decoded<T>(read: () => T): T | Fault {
  try {
    return read();
  } catch (error) {
    if (error instanceof MolochCodecError) return { code: error.code, weight: 'lie', data: error.data };
    throw error;
  }
}

/** A whole file, as a person carries it: everything is checked but the signatures. Its own header is the anchor, and nothing else binds its index. */
export function openSnapshotFile(bytes: Uint8Array, chainId: string, validators: readonly string[]): SnapshotContent | Fault {
  if (bytes.length > MAX_SNAPSHOT_SIZE) return { code: 'snapshot-too-large', weight: 'offence', data: { size: bytes.length } };
  const file = decoded(() => decodeSnapshotFile(bytes));
  if ('code' in file) return file;
  const { height, blockHash: hash, mmrRoot, events, blocks } = file.header;
  const manifest: SnapshotManifest = {
    height, blockHash: hash, mmrRoot, events, blocks, stateRoot: stateRoot(file.bodies[1], file.bodies[2]), validatorsHash: validatorsHash(validators), chunkSize: bytes.length, totalSize: bytes.length, chunkHashes: [hashBytes(bytes)],
  };
  return checkForm(manifest) ?? openSnapshot({ ...snapshotOf(manifest), indexProven: false }, [bytes], chainId);
}

/** The content, after every check that needs no signature. */
function openSnapshot({ manifest, indexProven }: MolochSnapshot, chunks: readonly Uint8Array[], chainId: string): SnapshotContent | Fault {
  const bytes = concatBytes(...chunks);
  if (bytes.length !== manifest.totalSize) return { code: 'snapshot-size', weight: 'lie', data: { size: bytes.length, expected: manifest.totalSize } };
  const file = decoded(() => decodeSnapshotFile(bytes));
  if ('code' in file) return file;
  const fault = checkHeader(file, manifest, chainId);
  if (fault) return fault;
  const [headerBody, mmrBody, indexBody] = file.bodies;
  const mmr = rebuildMmr(mmrBody, manifest.height);
  if ('code' in mmr) return mmr;
  if (mmr.root !== manifest.mmrRoot) return { code: 'mmr-root', weight: 'lie', data: { root: mmr.root, expected: manifest.mmrRoot } };
  const root = stateRoot(mmrBody, indexBody);
  if (root !== manifest.stateRoot) return { code: 'state-root', weight: 'lie', data: { root, expected: manifest.stateRoot } };
  const index = decoded(() => decodeEventIndex(indexBody));
  if ('code' in index) return index;
  const outside = index.find(({ height }) => height > manifest.height);
  if (outside) return { code: 'index-height', weight: 'lie', data: { height: outside.height, limit: manifest.height } };
  const trusted = decoded(() => decodeTrustedHeader(headerBody));
  if ('code' in trusted) return trusted;
  const hash = blockHash(trusted.header);
  if (hash !== manifest.blockHash) return { code: 'other-header', weight: 'lie', data: { hash, expected: manifest.blockHash } };
  return { trusted, mmr, index, indexProven, events: manifest.events };
}

function checkHeader({ header, bodies }: SnapshotFile, manifest: SnapshotManifest, chainId: string): Fault | undefined {
  if (header.chainId !== chainId) return { code: 'other-chain-id', weight: 'lie', data: { chainId: header.chainId, expected: chainId } };
  for (const field of ['height', 'blockHash', 'mmrRoot', 'events', 'blocks'] as const) {
    if (header[field] !== manifest[field]) return { code: 'other-manifest', weight: 'lie', data: { field, value: header[field], expected: manifest[field] } };
  }
  const hash = hashBytes(...bodies);
  return hash === header.dataHash ? undefined : { code: 'data-hash', weight: 'lie', data: { hash, expected: header.dataHash } };
}

/** The range of the second body: made from its leaves, and compared node by node. */
function rebuildMmr(body: Uint8Array, leaves: number): Mmr | Fault {
  if (body.length !== 32 * mmrSize(leaves)) return { code: 'mmr-size', weight: 'lie', data: { size: body.length, leaves } };
  const nodeAt = (position: number) => hexOfRange(body, 32 * position, 32 * position + 32);
  const mmr = new Mmr();
  for (let leaf = 0; leaf < leaves; leaf += 1) mmr.append(nodeAt(leafPosition(leaf)));
  const wrong = mmr.nodes.findIndex((node, position) => node !== nodeAt(position));
  return wrong < 0 ? mmr : { code: 'mmr-node', weight: 'lie', data: { position: wrong } };
}
