import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import type { JobResult, ZkProofJob } from '../../crypto/jobs.ts';
import { ZkpDemand } from './zkp-demand.ts';

const valid: JobResult = { valid: true, decoded: [] };
const nothing = new Uint8Array(0);
const proof: ZkProofJob = { kind: 'zk-proof', proof: nothing, verifyingKey: nothing, keysCommitment: nothing, genesisHash: nothing, finalHash: nothing };

function setUp() {
  const clock = new ManualClock();
  const told: string[] = [];
  const answers: { resolve: (result: JobResult) => void; reject: (error: Error) => void }[] = [];
  const demand = new ZkpDemand({
    clock,
    want: (wanted) => told.push(wanted ? 'wanted' : 'not wanted'),
    verify: (job) => {
      told.push(job.kind);
      return new Promise((resolve, reject) => answers.push({ resolve, reject }));
    },
  });
  return { clock, told, answers, demand };
}

/** Lets the code that follows an answer run. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('ZkpDemand', () => {
  it('wants the worker from before the first proof until a while after the last', async () => {
    const { clock, told, answers, demand } = setUp();
    const results = [demand.verify(proof), demand.verify(proof)];
    expect(told).toEqual(['wanted', 'zk-proof', 'zk-proof']);
    answers[0]!.resolve(valid);
    expect(await results[0]).toEqual(valid);
    await settle();
    expect(clock.waiting).toBe(0);
    answers[1]!.reject(new Error('closed'));
    await expect(results[1]).rejects.toThrow('closed');
    clock.advance(9_999);
    expect(told).toHaveLength(3);
    const third = demand.verify(proof);
    clock.advance(60_000);
    answers[2]!.resolve(valid);
    await third;
    await settle();
    clock.advance(10_000);
    expect(told).toEqual(['wanted', 'zk-proof', 'zk-proof', 'zk-proof', 'not wanted']);
  });

  it('does not want it for other jobs', async () => {
    const { clock, told, answers, demand } = setUp();
    const result = demand.verify({ kind: 'keys', keys: [] });
    answers[0]!.resolve(valid);
    await result;
    expect(told).toEqual(['keys']);
    expect(clock.waiting).toBe(0);
  });

  it('lets a background proof wait for consensus', async () => {
    const { clock, told, answers, demand } = setUp();
    const first = demand.verify(proof, { background: true });
    await settle();
    expect(told).toEqual([]);
    demand.established();
    await settle();
    expect(told).toEqual(['wanted', 'zk-proof']);
    const second = demand.verify(proof, { background: true });
    await settle();
    for (const { resolve } of answers) resolve(valid);
    expect(await Promise.all([first, second])).toEqual([valid, valid]);
    demand.close();
    expect(clock.waiting).toBe(0);
  });

  it("does not let it wait without limit, nor beyond its own end or the client's", async () => {
    const { clock, told, demand } = setUp();
    void demand.verify(proof, { background: true });
    clock.advance(5_000);
    await settle();
    expect(told).toEqual(['wanted', 'zk-proof']);
    const ending = new AbortController();
    void demand.verify(proof, { background: true, signal: ending.signal });
    ending.abort();
    await settle();
    expect(told).toHaveLength(3);
    void demand.verify(proof, { background: true });
    demand.close();
    await settle();
    expect(told).toHaveLength(4);
    expect(clock.waiting).toBe(0);
  });

  it('leaves no timer behind', async () => {
    const { clock, answers, demand } = setUp();
    const result = demand.verify(proof);
    answers[0]!.resolve(valid);
    await result;
    await settle();
    expect(clock.waiting).toBe(1);
    demand.close();
    expect(clock.waiting).toBe(0);
    const late = demand.verify(proof);
    answers[1]!.reject(new Error('closed'));
    await expect(late).rejects.toThrow('closed');
    expect(clock.waiting).toBe(0);
  });
});
