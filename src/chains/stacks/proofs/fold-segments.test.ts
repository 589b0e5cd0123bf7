import { describe, expect, it } from 'vitest';
import { headerOfBlock, madeProofs, recordedProofs } from '../../../../test/support/stacks-proof-vectors.ts';
import { verifyHere } from '../../../../test/support/verify-here.ts';
import { decodeMarfProof } from '../wire/marf-proof.ts';
import type { MarfEntry } from '../wire/marf-proof.ts';
import { idAndRootOf } from './block-root.ts';
import { foldSegments } from './fold-segments.ts';
import { verifyMarfProof } from './verify-marf-proof.ts';

const rootOfBlock = (block: string) => {
  const header = headerOfBlock(block);
  return header && idAndRootOf(header).stateRoot;
};
const some = [...recordedProofs.slice(0, 6), ...madeProofs.filter(({ segments }) => segments > 1).slice(0, 4)];

describe('the root nodes of a proof by a job', () => {
  it.each(some.map((proof) => [proof.name, proof] as const))('%s: the verdict is the same as without', async (_, { key, value, root, bytes }) => {
    const entries = decodeMarfProof(bytes);
    const nodeRoots = await foldSegments(entries, { verify: verifyHere });
    const claim = { key, value, root, rootOfBlock };
    expect(verifyMarfProof(entries, { ...claim, nodeRoots })).toEqual(verifyMarfProof(entries, claim));
    expect(verifyMarfProof(entries, { ...claim, nodeRoots })).toMatchObject({ ok: true });
  });

  it('an altered hash of a node leads to another root', async () => {
    const { key, value, root, bytes } = some[0]!;
    const entries = decodeMarfProof(bytes).map((entry): MarfEntry => (entry.kind === 'node' ? { ...entry, hashes: entry.hashes.map((hash, i) => (i === 7 ? hash.map((byte) => byte ^ 1) : hash)) } : entry));
    expect(verifyMarfProof(entries, { key, value, root, rootOfBlock, nodeRoots: await foldSegments(entries, { verify: verifyHere }) }).ok).toBe(false);
  });

  it('entries of no such form have none', async () => {
    const entries = decodeMarfProof(some[0]!.bytes);
    expect(await foldSegments(entries.slice(1), { verify: verifyHere })).toBeUndefined();
    const twoWays = entries.map((entry): MarfEntry => (entry.kind === 'node' ? { ...entry, pointers: entry.pointers.map((pointer) => ({ ...pointer, chr: entry.chr, id: 1 })) } : entry));
    expect(await foldSegments(twoWays, { verify: verifyHere })).toBeUndefined();
  });
});
