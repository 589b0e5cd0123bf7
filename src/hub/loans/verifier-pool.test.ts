import { describe, expect, it } from 'vitest';
import { ed25519PublicKey, signEd25519 } from '../../crypto/ed25519.ts';
import type { JobResult, JustificationsJob, KeysJob, ProposerJob, VerificationJob, ZkProofJob } from '../../crypto/jobs.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { VerifierPool, type VerifierPoolOptions, type VerifierPort } from './verifier-pool.ts';

const valid: JobResult = { valid: true, decoded: [] };
const invalid: JobResult = { valid: false, failure: 'voting-key', decoded: [] };

/** A job identified by its own number. */
function job(n: number): KeysJob {
  return { kind: 'keys', keys: [Uint8Array.of(n)] };
}
function proofJob(n: number): ZkProofJob {
  const nothing = new Uint8Array(0);
  return { kind: 'zk-proof', proof: Uint8Array.of(n), verifyingKey: nothing, keysCommitment: nothing, genesisHash: nothing, finalHash: nothing };
}
function numberOf(given: VerificationJob): number {
  if (given.kind === 'zk-proof') return given.proof[0]!;
  return given.kind === 'keys' ? given.keys[0]![0]! : -1;
}

/** A lent worker whose answers the test gives. */
class FakePort implements VerifierPort {
  readonly asked: { n: number; answer: (result: JobResult) => void; fail: (error: Error) => void }[] = [];
  closed = false;
  verify(given: VerificationJob): Promise<JobResult> {
    return new Promise((answer, fail) => this.asked.push({ n: numberOf(given), answer, fail }));
  }
  close(): void {
    this.closed = true;
  }
}

function setup(options: Partial<VerifierPoolOptions> = {}) {
  const clock = new ManualClock();
  const own: number[] = [];
  const log: string[] = [];
  const pool = new VerifierPool({
    clock,
    *runJob(given) {
      own.push(numberOf(given));
      for (let slice = 0; slice < 3; slice++) {
        clock.advance(5);
        yield;
      }
      return valid;
    },
    log: (_, code) => log.push(code),
    ...options,
  });
  return { pool, clock, own, log };
}

/** Lets everything that is due run. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

describe('VerifierPool', () => {
  it("works in slices on the hub's thread when no worker is lent", async () => {
    let turns = 0;
    const { pool, own } = setup({ turns: () => ({ turn: async () => void turns++, close: () => undefined }) });
    expect(await Promise.all([pool.verify(job(1)), pool.verify(job(2))])).toEqual([valid, valid]);
    expect(own).toEqual([1, 2]);
    expect(turns).toBeGreaterThan(1);
  });

  it('lets long jobs wait for a requested worker, and verifies a block meanwhile', async () => {
    let expected = true;
    const { pool, own } = setup({ expects: (purpose) => purpose === 'signatures' && expected });
    const long = pool.verify(job(1));
    expect(await pool.verify({ kind: 'proposer', publicKey: new Uint8Array(32), seed: new Uint8Array(96), previousSeed: new Uint8Array(96), blockNumber: 7 })).toEqual(valid);
    expect(own).toHaveLength(1);
    expected = false;
    pool.recheck();
    expect(await long).toEqual(valid);
    expect(own).toHaveLength(2);
  });

  it('spreads jobs over the lent workers, one at a time each', async () => {
    const { pool, own } = setup();
    const [a, b] = [new FakePort(), new FakePort()];
    pool.lend(a);
    pool.lend(b);
    expect(pool.size).toBe(2);
    const results = [1, 2, 3].map((n) => pool.verify(job(n)));
    const busy = { backend: 'bigint', reason: 'starting', purpose: 'signatures', busy: 'keys', done: 0 };
    expect(pool.counts).toEqual({ queued: 1, running: 2, done: 0, failed: 0, workers: 2, verifiers: [busy, busy] });
    expect([a.asked.length, b.asked.length]).toEqual([1, 1]);
    b.asked[0]!.answer(valid);
    await results[1];
    expect(b.asked[1]!.n).toBe(3);
    b.asked[1]!.answer(valid);
    a.asked[0]!.answer(valid);
    expect(await Promise.all(results)).toEqual([valid, valid, valid]);
    expect(own).toEqual([]);
    await settle();
    expect(pool.counts).toMatchObject({ queued: 0, running: 0, done: 3, failed: 0, workers: 2, verifiers: [{ done: 1 }, { done: 2, busy: undefined }] });
  });

  it("gives the job of a vanished worker to another worker, or runs it on the hub's thread", async () => {
    const { pool, own } = setup();
    const [a, b] = [new FakePort(), new FakePort()];
    const takeBack = pool.lend(a);
    const result = pool.verify(job(1));
    pool.lend(b);
    takeBack();
    await settle();
    expect(a.closed).toBe(true);
    expect(b.asked[0]!.n).toBe(1);
    b.asked[0]!.fail(new Error('gone'));
    expect(await result).toEqual(valid);
    expect(own).toEqual([1]);
    expect(pool.size).toBe(0);
    // The late answer of the first worker changes nothing.
    a.asked[0]!.answer(invalid);
  });

  it('gives up a worker that does not answer, or sends nonsense', async () => {
    const { pool, clock, own } = setup({ jobTimeout: 100 });
    const [a, b] = [new FakePort(), new FakePort()];
    pool.lend(a);
    const first = pool.verify(job(1));
    clock.advance(100);
    expect(await first).toEqual(valid);
    pool.lend(b);
    const second = pool.verify(job(2));
    b.asked[0]!.answer('yes' as never);
    expect(await second).toEqual(valid);
    expect([a.closed, b.closed, own]).toEqual([true, true, [1, 2]]);
  });

  it('gives up a worker whose answer does not belong to the job', async () => {
    const item = { sigHash: new Uint8Array(32), signature: new Uint8Array(95), signers: [] };
    const batch: VerificationJob = { kind: 'justifications', keys: [], items: [item, item] };
    const lists: VerificationJob = { kind: 'key-roots', lists: [[], []] };
    const root = new Uint8Array(32);
    const nonsense: [VerificationJob, unknown][] = [
      ...[undefined, 2, -1, 0.5, '0'].map((at): [VerificationJob, unknown] => [batch, { ...invalid, at }]),
      ...[undefined, [], [root], [root, root, root], [root, new Uint8Array(31)], [root, 'root']].map((roots): [VerificationJob, unknown] => [lists, { ...valid, roots }]),
      [batch, { valid: true }],
    ];
    for (const [given, answer] of nonsense) {
      const { pool, own } = setup();
      const port = new FakePort();
      pool.lend(port);
      const result = pool.verify(given);
      port.asked[0]!.answer(answer as JobResult);
      await result;
      expect([port.closed, own.length]).toEqual([true, 1]);
    }
    for (const [given, answer] of [[batch, valid], [lists, { ...valid, roots: [root, root] }]] as [VerificationJob, JobResult][]) {
      const { pool, own } = setup();
      const port = new FakePort();
      pool.lend(port);
      const result = pool.verify(given);
      port.asked[0]!.answer(answer);
      expect([await result, port.closed, own.length]).toEqual([answer, false, 0]);
    }
    const { pool } = setup();
    const port = new FakePort();
    pool.lend(port);
    const result = pool.verify(batch);
    port.asked[0]!.answer({ ...invalid, at: 1 });
    // The answer is checked, not treated as nonsense: the hub's thread decides, and finds that the worker was wrong.
    expect(await result).toEqual(valid);
  });

  it('does not ask another worker about an `invalid`, because both may lie', async () => {
    const { pool, own } = setup();
    const [a, b] = [new FakePort(), new FakePort()];
    pool.lend(a);
    pool.lend(b);
    const result = pool.verify(job(1));
    a.asked[0]!.answer(invalid);
    expect(await result).toEqual(valid);
    expect([own, b.asked.length]).toEqual([[1], 0]);
  });

  it("confirms an `invalid` on the hub's thread, whose result counts, and drops a wrong worker", async () => {
    const { pool, own, log } = setup();
    const a = new FakePort();
    pool.lend(a);
    const result = pool.verify(job(1));
    a.asked[0]!.answer(invalid);
    expect(await result).toEqual(valid);
    expect([own, a.closed, pool.size]).toEqual([[1], true, 0]);
    expect(log).toContain('verifier-wrong');
  });

  it("reports each worker's back end, current job and speed", async () => {
    const { pool, clock } = setup();
    const port: VerifierPort & FakePort = new FakePort();
    pool.lend(port, 'signatures');
    pool.lend(Object.assign(new FakePort(), { backEnd: () => ({ backend: 'wasm' }) as const }), 'zkp');
    const results = [pool.verify(job(1)), pool.verify(job(2))];
    clock.advance(30);
    port.asked[0]!.answer(valid);
    await results[0];
    await settle();
    clock.advance(10);
    port.asked[1]!.answer(valid);
    await results[1];
    port.backEnd = () => ({ backend: 'bigint', reason: 'csp' });
    await settle();
    expect(pool.counts.verifiers).toEqual([
      { backend: 'bigint', reason: 'csp', purpose: 'signatures', busy: undefined, done: 2, millisecondsPerJob: 20 },
      { backend: 'wasm', purpose: 'zkp', busy: undefined, done: 0, millisecondsPerJob: undefined },
    ]);
  });

  describe('an `invalid` about one of many justifications', () => {
    const batch = (count: number): JustificationsJob => {
      const items = Array.from({ length: count }, (_, n) => ({ sigHash: new Uint8Array(32).fill(n), signature: new Uint8Array(95), signers: [] }));
      return { kind: 'justifications', keys: [], items };
    };
    const bad = (at: number): JobResult => ({ valid: false, failure: 'multi-signature', decoded: [], at });
    /** The hub's thread, which finds the item with this number invalid; records the items it gets. */
    const judge = (badItem: number) => {
      const given: number[][] = [];
      const runJob = function* (job: VerificationJob): Generator<void, JobResult> {
        const items = (job as JustificationsJob).items.map(({ sigHash }) => sigHash[0]!);
        given.push(items);
        yield;
        const at = items.indexOf(badItem);
        return at < 0 ? valid : { valid: false, failure: 'voting-key', decoded: [], at };
      };
      return { given, runJob };
    };

    it('is confirmed by a check of that item alone', async () => {
      const { given, runJob } = judge(2);
      const { pool } = setup({ runJob });
      const port = new FakePort();
      pool.lend(port);
      const result = pool.verify(batch(5));
      port.asked[0]!.answer(bad(2));
      // The reason comes from the hub's thread; the index is that of the whole job.
      expect(await result).toEqual({ valid: false, failure: 'voting-key', decoded: [], at: 2 });
      expect([given, port.closed]).toEqual([[[2]], false]);
    });

    it('that is wrong makes the pool drop the worker, and give the whole job to another', async () => {
      const { given, runJob } = judge(3);
      const { pool, log } = setup({ runJob });
      const [liar, honest] = [new FakePort(), new FakePort()];
      pool.lend(liar);
      const result = pool.verify(batch(5));
      pool.lend(honest);
      liar.asked[0]!.answer(bad(1));
      await settle();
      expect([liar.closed, log, honest.asked.length]).toEqual([true, ['verifier-wrong'], 1]);
      honest.asked[0]!.answer(bad(3));
      expect(await result).toEqual({ valid: false, failure: 'voting-key', decoded: [], at: 3 });
      expect(given).toEqual([[1], [3]]);
    });

    it("is accepted from at most three wrong workers; then the hub's thread runs the whole job", async () => {
      const { given, runJob } = judge(4);
      const { pool } = setup({ runJob });
      const ports = Array.from({ length: 4 }, () => new FakePort());
      for (const port of ports) pool.lend(port);
      const result = pool.verify(batch(5));
      for (const port of ports.slice(0, 3)) {
        port.asked[0]!.answer(bad(0));
        await settle();
      }
      expect(await result).toEqual({ valid: false, failure: 'voting-key', decoded: [], at: 4 });
      expect(given).toEqual([[0], [0], [0], [0, 1, 2, 3, 4]]);
      expect(ports[3]!.asked).toEqual([]);
    });
  });

  it("runs a job on the hub's thread if workers die on it", async () => {
    const { pool, own } = setup();
    const ports = Array.from({ length: 5 }, () => new FakePort());
    for (const port of ports) pool.lend(port);
    const result = pool.verify(job(1));
    for (const port of ports.slice(0, 3)) {
      port.asked[0]!.fail(new Error('crashed'));
      await settle();
    }
    expect(await result).toEqual(valid);
    expect(own).toEqual([1]);
    expect(pool.size).toBe(2);
  });

  it('aborts waiting and running jobs', async () => {
    const { pool } = setup();
    const a = new FakePort();
    pool.lend(a);
    const running = new AbortController();
    const waiting = new AbortController();
    const results = [pool.verify(job(1), { signal: running.signal }), pool.verify(job(2), { signal: waiting.signal }), pool.verify(job(3))];
    const outcomes = Promise.allSettled(results);
    waiting.abort(new Error('two'));
    running.abort(new Error('one'));
    a.asked[0]!.answer(valid);
    await settle();
    expect(a.asked[1]!.n).toBe(3);
    a.asked[1]!.answer(valid);
    expect(await outcomes).toMatchObject([{ reason: { message: 'one' } }, { reason: { message: 'two' } }, { value: valid }]);
    await expect(pool.verify(job(4), { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
  });

  it("stops work on the hub's thread when aborted", async () => {
    const controller = new AbortController();
    let cleaned = false;
    const { pool } = setup({
      *runJob() {
        try {
          for (;;) yield;
        } finally {
          cleaned = true;
        }
      },
      sliceTime: 0,
    });
    const result = pool.verify(job(1), { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 0);
    await expect(result).rejects.toThrow('enough');
    await settle();
    expect(cleaned).toBe(true);
  });

  it('refuses jobs above its bound and after close', async () => {
    const { pool } = setup({ maxWaiting: 2 });
    const a = new FakePort();
    pool.lend(a);
    const results = Promise.allSettled([1, 2, 3].map((n) => pool.verify(job(n))));
    await expect(pool.verify(job(4))).rejects.toMatchObject({ name: 'VerifierPoolError', code: 'queue-full' });
    pool.close();
    await expect(pool.verify(job(5))).rejects.toMatchObject({ code: 'closed' });
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(a.closed).toBe(true);
    const late = new FakePort();
    pool.lend(late);
    expect(late.closed).toBe(true);
  });

  it('gives background jobs to a worker last', async () => {
    const { pool } = setup();
    const port = new FakePort();
    pool.lend(port);
    const first = pool.verify(job(1));
    const late = pool.verify(job(2), { background: true });
    const live = pool.verify(job(3));
    for (const expected of [1, 3, 2]) {
      await settle();
      expect(port.asked.at(-1)!.n).toBe(expected);
      port.asked.at(-1)!.answer(valid);
    }
    expect(await Promise.all([first, late, live])).toEqual([valid, valid, valid]);
  });

  it("runs a job for a live block on the hub's thread while all workers have background jobs", async () => {
    const bytes = new Uint8Array(0);
    const proposer: VerificationJob = { kind: 'proposer', publicKey: bytes, seed: bytes, previousSeed: bytes, blockNumber: 1 };
    const votes = (decoded: Uint8Array | undefined): VerificationJob => ({ kind: 'multi-signature', sigHash: bytes, signature: bytes, signers: [{ compressed: bytes, decoded, weight: 1 }] });
    const given: string[] = [];
    const { pool } = setup({
      *runJob({ kind }) {
        given.push(kind);
        yield;
        return valid;
      },
    });
    const [a, b] = [new FakePort(), new FakePort()];
    pool.lend(a);
    pool.lend(b);
    const background = [pool.verify(job(1), { background: true }), pool.verify(job(2))];
    // The second worker will soon be free.
    const first = pool.verify(proposer);
    await settle();
    expect(given).toEqual([]);
    b.asked[0]!.answer(valid);
    await settle();
    b.asked[1]!.answer(valid);
    await first;
    await settle();
    background.push(pool.verify(job(3), { background: true }));
    // Decoding keys takes longer than the wait.
    const slow = [pool.verify(votes(undefined)), pool.verify(job(4))];
    await Promise.all([pool.verify(proposer), pool.verify(votes(bytes))]);
    expect(given).toEqual(['proposer', 'multi-signature']);
    expect([a.asked.length, b.asked.length]).toEqual([1, 3]);
    pool.close();
    await Promise.allSettled([...slow, ...background]);
  });

  it('issue 11: runs a job for a live block at once, however many long jobs are as urgent', async () => {
    const bytes = new Uint8Array(0);
    const proposer: VerificationJob = { kind: 'proposer', publicKey: bytes, seed: bytes, previousSeed: bytes, blockNumber: 1 };
    const epochs: VerificationJob = { kind: 'justifications', keys: [], items: [] };
    const given: string[] = [];
    const { pool } = setup({
      *runJob({ kind }) {
        given.push(kind);
        yield;
        return valid;
      },
    });
    const port = new FakePort();
    pool.lend(port);
    const long = [pool.verify(epochs), pool.verify(epochs), pool.verify(epochs)];
    expect(await pool.verify(proposer)).toEqual(valid);
    expect(given).toEqual(['proposer']);
    // A short job that no live block needs still runs before the long ones.
    const keys = pool.verify(job(7));
    port.asked[0]!.answer(valid);
    await settle();
    expect(port.asked.map(({ n }) => n)).toEqual([-1, 7]);
    pool.close();
    await Promise.allSettled([...long, keys]);
  });

  it("on the hub's thread, runs new jobs between the slices of background jobs", async () => {
    const finished: number[] = [];
    const { pool, own } = setup();
    const background = pool.verify(job(1), { background: true }).then(() => finished.push(1));
    const live = pool.verify(job(2)).then(() => finished.push(2));
    await Promise.all([background, live]);
    expect(own).toEqual([1, 2]);
    expect(finished).toEqual([2, 1]);
    expect(pool.counts).toMatchObject({ queued: 0, running: 0, done: 2 });
  });

  describe('zero-knowledge proofs', () => {
    it('go to the worker for proofs, and no other job does', async () => {
      const { pool } = setup();
      const [any, zkp] = [new FakePort(), new FakePort()];
      pool.lend(any);
      pool.lend(zkp, 'zkp');
      const results = [pool.verify(proofJob(1)), pool.verify(proofJob(2)), pool.verify(job(3)), pool.verify(job(4))];
      expect(zkp.asked.map(({ n }) => n)).toEqual([1]);
      expect(any.asked.map(({ n }) => n)).toEqual([3]);
      zkp.asked[0]!.answer(valid);
      await results[0];
      await settle();
      zkp.asked[1]!.answer(valid);
      await results[1];
      await settle();
      expect(zkp.asked.map(({ n }) => n)).toEqual([1, 2]);
      any.asked[0]!.answer(valid);
      await results[2];
      await settle();
      any.asked[1]!.answer(valid);
      expect(await Promise.all(results)).toEqual([valid, valid, valid, valid]);
    });

    it('go to any worker when there is none for proofs', async () => {
      const { pool, own } = setup();
      const any = new FakePort();
      pool.lend(any);
      const result = pool.verify(proofJob(1));
      expect(any.asked.map(({ n }) => n)).toEqual([1]);
      any.asked[0]!.answer(valid);
      expect(await result).toEqual(valid);
      expect(own).toEqual([]);
    });

    it('are verified in slices when no worker is lent', async () => {
      const { pool, own } = setup();
      expect(await pool.verify(proofJob(1))).toEqual(valid);
      expect(own).toEqual([1]);
    });

    it('wait for the worker that is on its way', async () => {
      let expected = true;
      const { pool, own } = setup({ expects: (purpose) => purpose === 'zkp' && expected });
      const [any, zkp] = [new FakePort(), new FakePort()];
      pool.lend(any);
      const result = pool.verify(proofJob(1));
      expect([any.asked.length, own.length]).toEqual([0, 0]);
      expected = false;
      pool.lend(zkp, 'zkp');
      expect(zkp.asked.map(({ n }) => n)).toEqual([1]);
      zkp.asked[0]!.answer(valid);
      expect(await result).toEqual(valid);
    });

    it('go elsewhere when that worker does not come, or is gone', async () => {
      let expected = true;
      const { pool, own } = setup({ expects: (purpose) => purpose === 'zkp' && expected });
      const [any, zkp] = [new FakePort(), new FakePort()];
      const takeBack = pool.lend(any);
      const result = pool.verify(proofJob(1));
      expected = false;
      pool.recheck();
      expect(any.asked.map(({ n }) => n)).toEqual([1]);
      pool.lend(zkp, 'zkp');
      takeBack();
      await settle();
      expect(zkp.asked.map(({ n }) => n)).toEqual([1]);
      zkp.asked[0]!.fail(new Error('gone'));
      expect(await result).toEqual(valid);
      expect(own).toEqual([1]);
    });

    it("leave other jobs to the hub's thread when only the worker for proofs is lent", async () => {
      const { pool, own } = setup();
      pool.lend(new FakePort(), 'zkp');
      expect(await pool.verify(job(5))).toEqual(valid);
      expect(own).toEqual([5]);
    });

    it("that the worker calls invalid are verified on the hub's thread", async () => {
      const { pool, own } = setup();
      const zkp = new FakePort();
      pool.lend(zkp, 'zkp');
      const result = pool.verify(proofJob(1));
      zkp.asked[0]!.answer({ valid: false, failure: 'zk-proof', decoded: [] });
      expect(await result).toEqual(valid);
      expect(own).toEqual([1]);
      expect(zkp.closed).toBe(true);
    });
  });
});

it('leaves a signature that WebCrypto has verified out of what our own thread runs', async () => {
  const [key, hash] = [new Uint8Array(32).fill(7), new Uint8Array(32).fill(1)];
  const given: VerificationJob[] = [];
  const pool = new VerifierPool({
    clock: new ManualClock(),
    *runJob(one) {
      given.push(one);
      yield;
      return valid;
    },
  });
  const job: ProposerJob = { kind: 'proposer', publicKey: ed25519PublicKey(key), seed: new Uint8Array(96), previousSeed: new Uint8Array(96), blockNumber: 7, signature: { hash, bytes: signEd25519(key, hash) } };
  const forged = { ...job, signature: { hash, bytes: new Uint8Array(64) } };
  await pool.verify(job);
  await pool.verify(forged);
  expect(given).toEqual([{ ...job, signature: undefined }, forged]);
});
