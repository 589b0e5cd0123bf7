import { describe, expect, it } from 'vitest';
import { FakeChain, fakeDraw, fakeVerify } from '../../../../test/support/fake-chain.ts';
import { settle } from '../../../../test/support/settling-clock.ts';
import { VirtualClock } from '../../../../test/support/virtual-clock.ts';
import type { VerificationJob, Verify } from '../../../crypto/jobs.ts';
import { macroVoteHash } from '../chain/hashes.ts';
import { LightChain } from '../chain/light-chain.ts';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import { BulkVerifier } from '../sync/past/bulk-verifier.ts';
import type { MacroBlock } from '../wire/types.ts';
import { checkStored, type StoredCheckOptions } from './stored-check.ts';
import { restoreChain } from './stored-chain.ts';

const made = new FakeChain().growTo(590);
const hash = (height: number) => made.at(height).hash;
const election = (height: number) => made.at(height).block as MacroBlock;
const proofOf = (height: number) => {
  const proof = new Uint8Array(475);
  proof.set(macroVoteHash(election(height).header));
  return { message: { blockNumber: height, proof }, block: hash(height) };
};

/** A chain restored from a store that has the elections at 328, 456 and 584, a proof of the first, and six blocks after the last. */
async function restored(change: Partial<StoredCheckOptions['way']> = {}) {
  const waiting: { readonly job: VerificationJob; readonly answer: () => void }[] = [];
  let held = false;
  const verify: Verify = async (job, options) => {
    if (held) await new Promise<void>((answer) => waiting.push({ job, answer }));
    return fakeVerify(job, options);
  };
  const network = unitAlbatross;
  const clock = new VirtualClock(made.head.block.header.timestamp);
  const chain = new LightChain({ network, verify, clock, draw: fakeDraw });
  const tail = Array.from({ length: 6 }, (_, index) => made.at(585 + index).block);
  const anchor = { kind: 'genesis', height: 200, hash: hash(200), witnesses: [], fewWitnesses: false } as const;
  const outcome = await restoreChain(chain, {
    kind: 'chain',
    chain: { anchor, checked: { ...chain.checked, electionBlocks: 3, justifications: 3, microBlocks: 6 }, election: election(584), previousElection: election(456), checkpoint: undefined, tail },
  });
  expect(outcome.kind).toBe('restored');
  held = true;
  const way = {
    get: (wanted: string) => [328, 456, 584].map(election).find((_, index) => hash([328, 456, 584][index]!) === wanted),
    below: () => new Map([[456, hash(456)], [328, hash(328)]]),
    proof: proofOf(328),
    ...change,
  };
  const known = outcome.kind === 'restored' ? outcome.known : undefined;
  const check = () => checkStored({ chain, bulk: new BulkVerifier({ network, verify, clock }), clock, way, claims: [], restored: chain.electionHead, known, signal: new AbortController().signal });
  /** Answers everything that waits, or only the jobs of one kind; resolves with the kinds of all jobs that waited. */
  const answer = async (kind?: VerificationJob['kind']) => {
    await settle();
    const jobs = waiting.splice(0);
    waiting.push(...jobs.filter(({ job }) => kind !== undefined && job.kind !== kind));
    for (const job of jobs) if (kind === undefined || job.job.kind === kind) job.answer();
    return jobs.map(({ job }) => (job.kind === 'justifications' ? `${job.items.length} justifications` : job.kind));
  };
  return { check, answer };
}

describe('the verification of what was stored', () => {
  it('runs proof, steps and the blocks of the batch in parallel, the longest jobs first, and verifies nothing twice', async () => {
    const { check, answer } = await restored();
    const verdict = check();
    // What decides the level begins at once.
    expect(await answer()).toEqual(['zk-proof', 'key-roots', ...Array(6).fill('proposer')]);
    // The step to the newest election block was verified when the chain was restored.
    expect(await answer()).toEqual(['1 justifications']);
    expect(await answer()).toEqual(['keys']);
    expect(await verdict).toMatchObject({ kind: 'checked', records: [{ origin: 'genesis', head: { hash: hash(584) }, checked: { electionBlocks: 2, justifications: 2, proofs: 1 } }] });
  });

  it('verifies the newest step again if the stored way says other than what was restored', async () => {
    const other = { ...election(584), justification: { ...election(584).justification!, round: 1 } };
    const { check, answer } = await restored({ get: (wanted) => (wanted === hash(584) ? other : [328, 456].map(election).find((_, index) => hash([328, 456][index]!) === wanted)) });
    const verdict = check();
    await answer();
    expect(await answer()).toEqual(['2 justifications']);
    expect(await verdict).toMatchObject({ kind: 'refused', code: 'invalid-justification', height: 584 });
  });

  it('refuses everything if the proof is false, without waiting for the steps', async () => {
    const { check, answer } = await restored({ proof: { ...proofOf(328), message: { ...proofOf(456).message, blockNumber: 328 } } });
    const verdict = check();
    await answer('zk-proof');
    expect(await verdict).toMatchObject({ kind: 'refused', code: 'zkp-invalid', height: 328 });
    expect(await answer()).toContain('key-roots');
  });
});
