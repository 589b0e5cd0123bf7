import { describe, expect, it } from 'vitest';
import { FakeChain } from '../../../../../test/support/fake-chain.ts';
import type { KeyRootsJob, Verify } from '../../../../crypto/jobs.ts';
import { keyTreeRoot } from '../../../../crypto/key-tree.ts';
import { blockHash } from '../../chain/hashes.ts';
import type { MacroBlock } from '../../wire/types.ts';
import { KeyRoots } from './key-roots.ts';

const { signal } = new AbortController();

/** New copies, so that no root of theirs is cached. */
function blocks(count: number): MacroBlock[] {
  const { block } = new FakeChain().growTo(328).at(328);
  const macro = block as MacroBlock;
  return Array.from({ length: count }, () => ({ ...macro, header: { ...macro.header, validators: [...macro.header.validators!] } }));
}

function verifier(change: (roots: Uint8Array[]) => Uint8Array[] = (roots) => roots) {
  const jobs: KeyRootsJob[] = [];
  const verify: Verify = async (job) => {
    if (job.kind !== 'key-roots') throw new Error('not asked for');
    jobs.push(job);
    await new Promise((resolve) => setTimeout(resolve, 1));
    return { valid: true, decoded: [], roots: change(job.lists.map((list) => keyTreeRoot(list))) };
  };
  return { verify, jobs };
}

describe('the roots of voting-key trees', () => {
  it('are computed many at once: requests of one turn go into one job, requests during a job into the next', async () => {
    const { verify, jobs } = verifier();
    const roots = new KeyRoots(verify);
    const first = blocks(34).map((block) => roots.prepare(block, true, signal));
    await Promise.resolve();
    expect(jobs).toHaveLength(1);
    await Promise.all([...first, ...blocks(6).map((block) => roots.prepare(block, true, signal))]);
    expect(jobs.map(({ lists }) => lists.length)).toEqual([32, 8]);
  });

  it("are the same as those in the block's hash", async () => {
    const hash = blockHash(blocks(1)[0]!);
    const [good, bad] = blocks(2);
    await new KeyRoots(verifier().verify).prepare(good!, false, signal);
    expect(blockHash(good!)).toBe(hash);
    await new KeyRoots(verifier((roots) => roots.map(() => new Uint8Array(32))).verify).prepare(bad!, false, signal);
    expect(blockHash(bad!)).not.toBe(hash);
  });

  it('are not requested where hashing is cheap, or where there is no list', async () => {
    const { verify, jobs } = verifier();
    const roots = new KeyRoots(verify);
    const [block] = blocks(1);
    await roots.prepare({ ...block!, header: { ...block!.header, version: 2 } }, false, signal);
    await roots.prepare({ ...block!, header: { ...block!.header, validators: undefined } }, false, signal);
    expect(jobs).toEqual([]);
  });

  it('are computed during hashing if they do not arrive; the failure of a verifier is reported', async () => {
    const [first, second] = blocks(2);
    await new KeyRoots(verifier(() => []).verify).prepare(first!, false, signal);
    expect(blockHash(first!)).toBe(blockHash(second!));
    const failing = new KeyRoots(() => Promise.reject(new Error('closed')));
    await expect(failing.prepare(second!, false, signal)).rejects.toThrow('closed');
    await expect(failing.prepare(second!, false, signal)).rejects.toThrow('closed');
  });
});
