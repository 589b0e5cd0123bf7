import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../../base/bytes.ts';
import type { Fault } from '../../../engine/sync/sync-chain.ts';
import { makeChain, validators } from '../../../../test/support/moloch-chain-maker.ts';
import { molochVectors } from '../../../../test/support/moloch-vectors.ts';
import { decodeBlock } from '../wire/block.ts';
import { encodeManifest } from '../wire/manifest.ts';
import { decodeFrame } from '../wire/frame.ts';
import { decodeSnapshotFile, encodeSnapshotFile, type SnapshotBodies } from '../wire/snapshot-file.ts';
import { decodeTrustedHeader } from '../wire/trusted-header.ts';
import { decodeEventIndex, encodeEventIndex, indexEvents } from './event-index.ts';
import { hashBytes, validatorsHash } from './hash.ts';
import { Mmr } from './mmr.ts';
import { trustedHeaderOf } from './moloch-block.ts';
import { makeSnapshot, MAX_CHUNKS, MAX_SNAPSHOT_SIZE, stateRoot, type MadeSnapshot } from './snapshot.ts';
import { anchorOf, createSnapshotRules, type SnapshotAnchor, type SnapshotContent } from './snapshot-rules.ts';
import { verifySignature } from './verify-signature.ts';

const { signal } = new AbortController();

describe('vectors: ext, the snapshot', () => {
  const { ext } = molochVectors;
  const blocks = molochVectors.blocks.map(({ blockBytes }) => decodeBlock(fromHex(blockBytes)));
  const message = decodeFrame(fromHex(ext.manifest), { extended: true });
  if (message.kind !== 'Manifest') throw new Error(message.kind);
  const { kind: _kind, requestId: _id, ...manifest } = message;
  const chunks = ext.chunks.map((frame) => {
    const chunk = decodeFrame(fromHex(frame), { extended: true });
    if (chunk.kind !== 'Chunk') throw new Error(chunk.kind);
    return chunk.bytes;
  });

  it('is made byte for byte from the blocks', () => {
    const mmr = new Mmr();
    for (const { hash } of molochVectors.blocks.slice(0, -1)) mmr.append(hash);
    const file = decodeSnapshotFile(concatBytes(...chunks));
    const made = makeSnapshot({
      chainId: molochVectors.chainId,
      validators: molochVectors.validators,
      trusted: decodeTrustedHeader(file.bodies[0]),
      mmrNodes: mmr.nodes,
      index: indexEvents(blocks.map(({ header, events }) => ({ height: header.height, events }))),
      events: 40,
      created: file.header.created,
      chunkSize: 1024,
    });
    expect(made.manifest).toEqual(manifest);
    expect(made.chunks.map(toHex)).toEqual(chunks.map(toHex));
    expect(file.header.dataHash).toBe(ext.dataHash);
    expect(manifest.stateRoot).toBe(ext.stateRoot);
    expect(decodeEventIndex(file.bodies[2])).toHaveLength(ext.indexEntries);
  });

  it('is taken, chunk by chunk in any order', async () => {
    const taken: SnapshotContent[] = [];
    const rules = createSnapshotRules({
      chainId: molochVectors.chainId,
      validators: molochVectors.validators,
      verify: verifySignature,
      anchorAt: () => Promise.resolve({ ...anchorOf(blocks[23]!.header, molochVectors.blocks[23]!.hash, molochVectors.validators), stateRoot: ext.stateRoot }),
      importContent: (content) => {
        taken.push(content);
        return Promise.resolve(undefined);
      },
    });
    const snapshot = await rules.checkManifest(encodeManifest(manifest), signal);
    if ('code' in snapshot) throw new Error(snapshot.code);
    for (const index of [3, 0, 2, 1]) expect(rules.checkChunk(snapshot, index, chunks[index]!)).toBeUndefined();
    expect(await rules.import(snapshot, chunks)).toBeUndefined();
    expect(taken).toHaveLength(1);
    expect(taken[0]!).toMatchObject({ indexProven: true, events: 40 });
    expect(taken[0]!.mmr.leaves).toBe(23);
  });
});

const chain = makeChain(6);
const top = chain.at(-1)!;
const rangeBefore = new Mmr();
for (const { item } of chain.slice(0, -1)) rangeBefore.append(item.id);
const parts = {
  chainId: 'moloch-devnet',
  validators,
  trusted: trustedHeaderOf(top.item.block),
  mmrNodes: rangeBefore.nodes,
  index: indexEvents(chain.map(({ item }) => ({ height: item.height, events: item.block.events! }))),
  events: 6,
  created: 1,
  chunkSize: 500,
};
const good = makeSnapshot(parts);
const anchor: SnapshotAnchor = { ...anchorOf(top.item.block.header, top.item.id, validators), stateRoot: good.manifest.stateRoot };

/** What becomes of a snapshot; `imports` counts how often something was taken. */
async function take({ manifest, chunks }: MadeSnapshot, at: SnapshotAnchor | undefined = anchor): Promise<{ readonly fault: Fault | undefined; readonly imports: number }> {
  let imports = 0;
  const importContent = () => {
    imports += 1;
    return Promise.resolve(undefined);
  };
  const rules = createSnapshotRules({ chainId: 'moloch-devnet', validators, verify: verifySignature, anchorAt: () => Promise.resolve(at), importContent });
  const snapshot = await rules.checkManifest(encodeManifest(manifest), signal);
  if ('code' in snapshot) return { fault: snapshot, imports };
  for (const [index, chunk] of chunks.entries()) {
    const fault = rules.checkChunk(snapshot, index, chunk);
    if (fault) return { fault, imports };
  }
  return { fault: await rules.import(snapshot, chunks), imports };
}

/** The same file with other bodies, whose hashes and state root are made to fit. */
function withBodies(change: (bodies: SnapshotBodies) => SnapshotBodies): MadeSnapshot {
  const file = decodeSnapshotFile(concatBytes(...good.chunks));
  const bodies = change(file.bodies);
  return withFile(encodeSnapshotFile({ header: { ...file.header, size: bodies[0].length + bodies[1].length + bodies[2].length, dataHash: hashBytes(...bodies) }, bodies }), stateRoot(bodies[1], bodies[2]));
}

function withFile(file: Uint8Array, root = good.manifest.stateRoot): MadeSnapshot {
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < file.length; start += 500) chunks.push(file.slice(start, start + 500));
  return { chunks, manifest: { ...good.manifest, stateRoot: root, totalSize: file.length, chunkHashes: chunks.map((chunk) => hashBytes(chunk)) } };
}

const flipped = (bytes: Uint8Array, at: number) => bytes.with(at, bytes[at]! ^ 1);
const noRoot = { ...anchor, stateRoot: undefined };

describe('6.4 warp: what is refused, before anything is imported', () => {
  it('a good one is taken, with and without a state root in the anchor', async () => {
    expect(await take(good)).toEqual({ fault: undefined, imports: 1 });
    expect(await take(good, noRoot)).toEqual({ fault: undefined, imports: 1 });
  });

  it.each(['height', 'blockHash', 'mmrRoot', 'stateRoot', 'validatorsHash'] as const)('a manifest with another %s than the checkpoint', async (field) => {
    const manifest = { ...good.manifest, [field]: field === 'height' ? 5 : '11'.repeat(32), ...(field === 'height' ? { blocks: 6 } : {}) };
    const { fault, imports } = await take({ ...good, manifest });
    expect([fault?.code, fault?.data?.['field'], imports]).toEqual(['other-anchor', field === 'blockHash' ? 'hash' : field, 0]);
  });

  it.each<readonly [string, Partial<MadeSnapshot['manifest']>, string]>([
    ['too many chunks', { chunkHashes: Array.from({ length: MAX_CHUNKS + 1 }, () => '11'.repeat(32)) }, 'snapshot-too-large'],
    ['too many bytes', { totalSize: MAX_SNAPSHOT_SIZE + 1 }, 'snapshot-too-large'],
    ['a wrong total', { totalSize: good.manifest.totalSize + 500 }, 'chunk-count'],
    ['a chunk missing', { chunkHashes: good.manifest.chunkHashes.slice(0, -1) }, 'chunk-count'],
    ['chunks of no size', { chunkSize: 0 }, 'chunk-count'],
    ['a wrong number of blocks', { blocks: 6 }, 'block-count'],
  ])('a manifest with %s', async (_name, change, code) => {
    expect(await take({ ...good, manifest: { ...good.manifest, ...change } })).toMatchObject({ fault: { code }, imports: 0 });
  });

  it('a manifest at a height where nothing is final, or that is damaged', async () => {
    const rules = createSnapshotRules({ chainId: 'x', validators, verify: verifySignature, anchorAt: () => Promise.resolve(undefined), importContent: () => Promise.resolve(undefined) });
    expect(await rules.checkManifest(encodeManifest(good.manifest), signal)).toMatchObject({ code: 'unknown-anchor' });
    expect(await rules.checkManifest(encodeManifest(good.manifest).slice(1), signal)).toMatchObject({ weight: 'lie' });
  });

  it('a chunk that is changed, or that there is not', async () => {
    const { fault } = await take({ ...good, chunks: good.chunks.with(1, flipped(good.chunks[1]!, 9)) });
    expect(fault).toMatchObject({ code: 'chunk-hash', data: { index: 1 } });
    expect((await take({ ...good, chunks: [...good.chunks, new Uint8Array()] })).fault?.code).toBe('chunk-index');
  });

  it('the last chunk missing', async () => {
    expect(await take({ ...good, chunks: good.chunks.slice(0, -1) })).toMatchObject({ fault: { code: 'snapshot-size' }, imports: 0 });
  });

  it('a file of another magic, chain, or header', async () => {
    const file = concatBytes(...good.chunks);
    expect((await take(withFile(flipped(file, 0)))).fault?.code).toBe('bad-magic');
    const opened = decodeSnapshotFile(file);
    const other = (change: Partial<typeof opened.header>) => take(withFile(encodeSnapshotFile({ header: { ...opened.header, ...change }, bodies: opened.bodies })));
    expect((await other({ chainId: 'moloch-other1' })).fault?.code).toBe('other-chain-id');
    expect((await other({ events: 5 })).fault?.code).toBe('other-manifest');
    expect((await other({ dataHash: '11'.repeat(32) })).fault?.code).toBe('data-hash');
  });

  it('a range with a wrong leaf, a wrong node, or a node too many', async () => {
    expect((await take(withBodies(([a, b, c]) => [a, flipped(b, 0), c]), noRoot)).fault?.code).toBe('mmr-node');
    // Position 2 is the parent of the first two leaves.
    expect((await take(withBodies(([a, b, c]) => [a, flipped(b, 64), c]), noRoot)).fault?.code).toBe('mmr-node');
    expect((await take(withBodies(([a, b, c]) => [a, concatBytes(b, new Uint8Array(32)), c]), noRoot)).fault?.code).toBe('mmr-size');
    const others = new Mmr();
    for (const { item } of makeChain(5)) others.append(item.parent);
    expect((await take(withBodies(([a, , c]) => [a, fromHex(others.nodes.join('')), c]), noRoot)).fault?.code).toBe('mmr-root');
  });

  it('bytes moved between bodies, which the data hash does not notice', async () => {
    const { fault, imports } = await take(withBodies(([a, b, c]) => [a, concatBytes(b, c.subarray(0, 32)), c.subarray(32)]), noRoot);
    expect([fault?.code, imports]).toEqual(['mmr-size', 0]);
  });

  it('an index that is changed, out of order, or points past the snapshot', async () => {
    const index = parts.index;
    expect((await take(withBodies(([a, b, c]) => [a, b, flipped(c, 33)]))).fault?.code).toBe('other-anchor');
    const withIndex = (entries: typeof index) => take(withBodies(([a, b]) => [a, b, encodeEventIndex(entries)]), noRoot);
    expect((await withIndex(index.toReversed())).fault?.code).toBe('not-ascending');
    expect((await withIndex([index[0]!, ...index])).fault?.code).toBe('not-ascending');
    expect((await withIndex([{ ...index[0]!, height: 7 }, ...index.slice(1)])).fault?.code).toBe('index-height');
    expect((await take(withBodies(([a, b, c]) => [a, b, c.subarray(0, -1)]), noRoot)).fault?.code).toBe('unexpected-end');
    // The state root of the manifest is that of the bodies.
    const file = withBodies(([a, b, c]) => [a, b, flipped(c, 33)]);
    expect((await take({ ...file, manifest: { ...file.manifest, stateRoot: good.manifest.stateRoot } })).fault?.code).toBe('state-root');
  });

  it('another header, or one that too few sign', async () => {
    const withHeader = (trusted: typeof parts.trusted) => take(makeSnapshot({ ...parts, trusted }));
    const { fault } = await take(withBodies(([, b, c]) => [makeHeaderBody(chain[5]!.item.block), b, c]), noRoot);
    expect(fault?.code).toBe('other-header');
    expect(await withHeader({ ...parts.trusted, signatures: parts.trusted.signatures.slice(1) })).toMatchObject({ fault: { code: 'too-few-signatures' }, imports: 0 });
    expect((await withHeader({ ...parts.trusted, mmrRoot: '11'.repeat(32) })).fault?.code).toBe('mmr-root-field');
  });

  it('the anchor of a header names the validators', () => {
    expect(anchor.validatorsHash).toBe(validatorsHash(validators));
  });
});

function makeHeaderBody(block: Parameters<typeof trustedHeaderOf>[0]): Uint8Array {
  return decodeSnapshotFile(concatBytes(...makeSnapshot({ ...parts, trusted: trustedHeaderOf(block) }).chunks)).bodies[0];
}
