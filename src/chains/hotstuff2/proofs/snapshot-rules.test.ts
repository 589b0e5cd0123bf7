import { describe, expect, it } from 'vitest';
import { itemOfVector } from '../../../../test/support/hotstuff2/items.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { fromHex } from '../../../base/bytes.ts';
import type { Fault } from '../../../engine/sync/sync-chain.ts';
import type { Header } from '../wire/header.ts';
import { encodeManifest } from '../wire/manifest.ts';
import type { Manifest } from '../wire/manifest.ts';
import { decodeChunk, encodeChunk } from '../wire/state-entry.ts';
import type { StateEntry } from '../wire/state-entry.ts';
import { stateRoot } from '../chain/state-root.ts';
import { checkManifest, joinChunks, snapshotRules } from './snapshot-rules.ts';

const { snapshot, n4 } = vectors;
const block = itemOfVector(n4.blocks[snapshot.height]!);
const manifest: Manifest = {
  height: snapshot.height, blockHash: fromHex(snapshot.blockHash), stateRoot: fromHex(snapshot.stateRoot), entries: snapshot.entries,
  entriesPerChunk: snapshot.entriesPerChunk, chunkRoots: snapshot.chunkRoots.map(fromHex),
};
const chunks = snapshot.chunks.map(fromHex);
const { signal } = new AbortController();

function setup(finalHeader: Header | undefined = block.block.header) {
  const replaced: (readonly StateEntry[])[] = [];
  const rules = snapshotRules({
    finalHeader: async (height, hash) => (height === block.height && hash === block.id ? finalHeader : undefined),
    replace: async (_, entries) => void replaced.push(entries),
  });
  const accepted = async () => {
    const result = await rules.checkManifest(encodeManifest(manifest), signal);
    expect(result).toMatchObject({ height: 150, chunks: 5 });
    return result as Exclude<typeof result, Fault>;
  };
  return { rules, replaced, accepted };
}

describe('validate_state_snapshot: the manifest against a final header', () => {
  it('vector: accepted, with an id that names height, block, root and division', async () => {
    const { accepted } = setup();
    expect((await accepted()).id).toBe(`150/${snapshot.blockHash}/${snapshot.stateRoot}/16`);
  });

  it('refuses another block, another root, another count, a changed or missing chunk root, and what is no manifest', async () => {
    const { rules } = setup();
    const code = (changed: Partial<Manifest>) => checkManifest({ ...manifest, ...changed }, block.id, block.block.header)?.code;
    expect(code({})).toBeUndefined();
    expect(code({ height: 149 })).toBe('manifest-block');
    expect(code({ blockHash: new Uint8Array(32) })).toBe('manifest-block');
    expect(code({ stateRoot: new Uint8Array(32) })).toBe('manifest-root');
    expect(code({ entries: 70 })).toBe('manifest-chunks');
    expect(code({ chunkRoots: manifest.chunkRoots.toReversed() })).toBe('manifest-chunks');
    expect(await rules.checkManifest(encodeManifest(manifest).slice(1), signal)).toMatchObject({ code: 'manifest-form', weight: 'lie' });
  });

  it('waits for a final header: without one it is no lie', async () => {
    const { rules } = setup();
    expect(await rules.checkManifest(encodeManifest({ ...manifest, height: 151 }), signal)).toMatchObject({ code: 'manifest-not-final', weight: 'offence' });
  });
});

describe('validate_snapshot_integrity: each chunk as it comes, then all', () => {
  it('vector: in any order, and the imported entries have the root of the header', async () => {
    const { rules, replaced, accepted } = setup();
    const taken = await accepted();
    for (const index of [3, 0, 4, 1, 2]) expect(rules.checkChunk(taken, index, chunks[index]!)).toBeUndefined();
    expect(await rules.import(taken, chunks)).toBeUndefined();
    expect(replaced.map(stateRoot)).toEqual([snapshot.stateRoot]);
  });

  it('a bad chunk is refused by itself: flipped byte, missing or extra entry, reordered keys, other place, no chunk', async () => {
    const { rules, replaced, accepted } = setup();
    const taken = await accepted();
    const entries = decodeChunk(chunks[0]!);
    const flipped = chunks[0]!.with(chunks[0]!.length - 1, chunks[0]!.at(-1)! ^ 1);
    const code = (index: number, chunk: Uint8Array) => rules.checkChunk(taken, index, chunk)?.code;
    expect(code(0, flipped)).toBe('chunk-root');
    expect(code(0, encodeChunk(entries.slice(1)))).toBe('chunk-count');
    expect(code(0, encodeChunk([...entries, { key: fromHex('7a'), value: fromHex('00') }]))).toBe('chunk-count');
    expect(code(0, encodeChunk(entries.toReversed()))).toBe('chunk-form');
    expect(code(1, chunks[0]!)).toBe('chunk-root');
    expect(code(5, chunks[0]!)).toBe('chunk-form');
    for (let length = 0; length < chunks[0]!.length; length += 1) expect(code(0, chunks[0]!.slice(0, length))).toBe('chunk-form');
    expect(await rules.import(taken, [flipped, ...chunks.slice(1)])).toMatchObject({ code: 'chunk-root' });
    expect(await rules.import(taken, chunks.slice(1))).toMatchObject({ code: 'chunk-count' });
    expect(replaced).toEqual([]);
  });

  it('keys must ascend from chunk to chunk', () => {
    expect(joinChunks(chunks)).toHaveLength(snapshot.entries);
    expect(joinChunks(chunks.toReversed())).toMatchObject({ code: 'chunk-order' });
  });
});
