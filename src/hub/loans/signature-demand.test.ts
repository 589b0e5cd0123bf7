import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import type { JobResult, VerificationJob } from '../../crypto/jobs.ts';

import { SignatureDemand } from './signature-demand.ts';

const block: VerificationJob = { kind: 'proposer', publicKey: new Uint8Array(32), seed: new Uint8Array(96), previousSeed: new Uint8Array(96), blockNumber: 1 };
const keys: VerificationJob = { kind: 'keys', keys: [] };
const proof = { kind: 'zk-proof' } as VerificationJob;

function setUp({ proofsApart = true } = {}) {
  const clock = new ManualClock();
  const answers: (() => void)[] = [];
  const want = vi.fn<(wanted: boolean) => void>();
  const verify = () => new Promise<JobResult>((resolve) => answers.push(() => resolve({ valid: true, decoded: [] })));
  return { clock, answers, want, demand: new SignatureDemand({ clock, verify, proofsApart, want }) };
}

describe('demand for signature verifiers', () => {
  it('exists from the start until some seconds after consensus', async () => {
    const { clock, want, demand } = setUp();
    demand.start();
    clock.advance(60_000);
    expect(want.mock.calls).toEqual([[true]]);
    demand.established();
    await Promise.resolve();
    await Promise.resolve();
    clock.advance(2_499);
    expect(want).toHaveBeenCalledTimes(1);
    clock.advance(1);
    expect(want.mock.calls).toEqual([[true], [false]]);
  });

  it('is not raised by a live block', async () => {
    const { answers, want, demand } = setUp();
    const result = demand.verify(block);
    answers[0]!();
    expect(await result).toEqual({ valid: true, decoded: [] });
    expect(want).not.toHaveBeenCalled();
  });

  it('exists before long work is queued, and as long as that takes', async () => {
    const { clock, answers, want, demand } = setUp();
    const result = demand.verify(keys);
    expect([want.mock.calls, answers.length]).toEqual([[[true]], 1]);
    clock.advance(60_000);
    expect(want).toHaveBeenCalledTimes(1);
    answers[0]!();
    await result;
    clock.advance(2_500);
    expect(want.mock.calls).toEqual([[true], [false]]);
  });

  it.each([
    [true, 0],
    [false, 1],
  ])('is raised by a proof if there is no separate verifier for proofs (apart: %s)', (proofsApart, times) => {
    const { want, demand } = setUp({ proofsApart });
    void demand.verify(proof);
    expect(want).toHaveBeenCalledTimes(times);
  });

  it('ends when it is closed', async () => {
    const { clock, want, demand } = setUp();
    demand.start();
    demand.close();
    await Promise.resolve();
    clock.advance(60_000);
    expect(want.mock.calls).toEqual([[true]]);
    expect(clock.waiting).toBe(0);
  });
});
