import type { BackEnd } from '../bridge/back-end.ts';
import type { VerificationCounts, VerifierView } from '../bridge/contract.ts';
import type { VerifierPurpose } from '../bridge/control-messages.ts';
import type { JobResult, VerificationJob, Verify } from '../crypto/jobs.ts';
import type { Clock } from '../engine/clock.ts';
import { createTurnTaker, type TurnTaker } from './yield-turn.ts';

/** A verifier worker as the hub holds it: somebody else started it, and it can vanish at any time. */
export interface VerifierPort {
  /** Rejects when the worker is gone or broke down; the job is then done elsewhere. */
  verify(job: VerificationJob): Promise<JobResult>;
  close(): void;
  /** What it computes on, once it has said so. */
  backEnd?(): BackEnd | undefined;
}

/** `queue-full`: the bound on waiting jobs is reached. `closed`: the pool was shut down. */
class VerifierPoolError extends Error {
  override readonly name = 'VerifierPoolError';
  readonly code: 'queue-full' | 'closed';
  constructor(code: VerifierPoolError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export interface VerifierPoolOptions {
  readonly clock: Clock;
  /** The jobs' runner as slices; `crypto/run-job.ts`. */
  readonly runJob: (job: VerificationJob) => Generator<void, JobResult>;
  /**
   * Most jobs waiting, in jobs. Callers wait for their result, which is the back-pressure; the light chain has a handful at a time,
   * so that this bound is reached by mistakes only.
   */
  readonly maxWaiting?: number | undefined;
  /** How long our own thread works before it takes a breath, in milliseconds. Half a frame of 60 Hz: nothing notices. */
  readonly sliceTime?: number | undefined;
  /**
   * A worker that has not answered after this many milliseconds is given up, however alive it seems: by default three times what the largest job,
   * 512 voting keys, takes on a phone (9 s here, five times as long there). One that hangs is noticed by its silence (`MAX_SILENCE` of the job port).
   */
  readonly jobTimeout?: number | undefined;
  /** Whether a worker for proofs is on its way: they wait for it. When this changes, `recheck` is to be called. */
  readonly expectsZkp?: (() => boolean) | undefined;
  readonly turns?: (() => TurnTaker) | undefined;
  readonly log?: ((level: 'info' | 'warning', code: string, data: Readonly<Record<string, string | number>>) => void) | undefined;
}

/** So many workers lost over one job, and it is not given to another: it might be the job. */
const MAX_LOSSES = 3;

interface Task {
  readonly job: VerificationJob;
  readonly signal: AbortSignal | undefined;
  /** Whatever else waits goes first. */
  readonly background: boolean;
  resolve(result: JobResult): void;
  reject(reason: unknown): void;
  settled: boolean;
  /** The worker that called it invalid, and where. */
  doubt: { readonly lane: Lane; readonly at: number | undefined } | undefined;
  /** It was called invalid, or workers die of it: our own thread has the last word. */
  ownOnly: boolean;
  /** Workers that were lost over this job. */
  losses: number;
}

interface Lane {
  readonly port: VerifierPort;
  readonly purpose: VerifierPurpose;
  /** What it is at. */
  busy: Task | undefined;
  gone: boolean;
  /** Jobs answered, and how long that took, in milliseconds. */
  done: number;
  time: number;
}

/**
 * Verification on as many lent workers as there are, and in slices on our own thread when there is none. Zero-knowledge proofs go to the
 * worker for them, or to any other when there is none; other jobs never go to it. A worker's `valid` counts;
 * its `invalid` would get an honest peer banned, so it is asked of somebody else first.
 */
export class VerifierPool {
  readonly #options: VerifierPoolOptions;
  readonly #lanes = new Set<Lane>();
  readonly #waiting: Task[] = [];
  readonly #running = new Set<Task>();
  /** Ends the wait for a lane's answer. */
  readonly #onDrop = new Map<Lane, () => void>();
  #ownBusy = false;
  #done = 0;
  #failed = 0;
  #closed = false;

  constructor(options: VerifierPoolOptions) {
    this.#options = options;
  }

  /** Workers lent at the moment. */
  get size(): number {
    return this.#lanes.size;
  }

  get counts(): VerificationCounts {
    return { queued: this.#waiting.length, running: this.#running.size, done: this.#done, failed: this.#failed, workers: this.#lanes.size, verifiers: Array.from(this.#lanes, viewOf) };
  }

  /** Takes a worker in. The returned function gives it back; its job, if it has one, is done elsewhere. */
  lend(port: VerifierPort, purpose: VerifierPurpose = 'signatures'): () => void {
    const lane: Lane = { port, purpose, busy: undefined, gone: this.#closed, done: 0, time: 0 };
    if (this.#closed) {
      port.close();
      return () => undefined;
    }
    this.#lanes.add(lane);
    this.#dispatch();
    return () => this.#drop(lane);
  }

  /** No worker for proofs is on its way any more. */
  recheck(): void {
    this.#dispatch();
  }

  /** Rejects with the signal's reason, or with `VerifierPoolError`. */
  readonly verify: Verify = (job, options = {}) =>
    new Promise((resolve, reject) => {
      const { signal, background = false } = options;
      if (signal?.aborted) return reject(signal.reason as Error);
      if (this.#closed) return reject(new VerifierPoolError('closed', 'the verifier pool is closed'));
      const bound = this.#options.maxWaiting ?? 1_024;
      if (this.#waiting.length >= bound) return reject(new VerifierPoolError('queue-full', `${bound} jobs are waiting`));
      const onAbort = (): void => {
        const index = this.#waiting.indexOf(task);
        if (index >= 0) this.#waiting.splice(index, 1);
        task.reject(signal?.reason);
      };
      const settle = (act: () => void): void => {
        if (task.settled) return;
        task.settled = true;
        signal?.removeEventListener('abort', onAbort);
        act();
      };
      const task: Task = {
        job,
        signal,
        background,
        settled: false,
        doubt: undefined,
        ownOnly: false,
        losses: 0,
        resolve: (result) =>
          settle(() => {
            this.#done++;
            if (!result.valid) this.#failed++;
            resolve(result);
          }),
        reject: (reason) => settle(() => reject(reason as Error)),
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(task);
      this.#dispatch();
    });

  /** Gives every worker back and rejects what is not done. */
  close(): void {
    this.#closed = true;
    const error = new VerifierPoolError('closed', 'the verifier pool is closed');
    for (const task of [...this.#waiting.splice(0), ...this.#running]) task.reject(error);
    for (const lane of this.#lanes) this.#drop(lane);
  }

  #dispatch(): void {
    for (const lane of this.#lanes) {
      if (lane.busy) continue;
      const task = this.#next((waiting) => !waiting.ownOnly && this.#suits(lane, waiting));
      if (task) void this.#runOn(lane, task);
    }
    if (this.#ownBusy) return;
    const task = this.#next(this.#isOurs);
    if (!task) return;
    this.#ownBusy = true;
    void this.#runHere(task).then(() => {
      this.#ownBusy = false;
      this.#dispatch();
    });
  }

  /** Our own thread helps out only where no worker can: none is lent, its own word is asked for, or all are at work in the background, which can take a second. */
  readonly #isOurs = (task: Task): boolean => task.ownOnly || this.#homeless(task) || (!task.background && isShort(task.job) && this.#suiting(task).every(({ busy }) => busy?.background));

  /** Takes the first that fits off the queue; what is in the background comes last. */
  #next(fits: (task: Task) => boolean): Task | undefined {
    const urgent = this.#waiting.findIndex((task) => !task.background && fits(task));
    const index = urgent >= 0 ? urgent : this.#waiting.findIndex(fits);
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  #suits(lane: Lane, { job }: Task): boolean {
    if (job.kind !== 'zk-proof') return lane.purpose === 'signatures';
    return lane.purpose === 'zkp' || !this.#waitsForZkp();
  }

  /** There is a worker for proofs, or one is on its way. */
  #waitsForZkp(): boolean {
    return this.#options.expectsZkp?.() === true || [...this.#lanes].some(({ purpose }) => purpose === 'zkp');
  }

  /** No worker there is, or is to come, takes it. */
  #homeless(task: Task): boolean {
    if (task.job.kind === 'zk-proof' && this.#waitsForZkp()) return false;
    return this.#suiting(task).length === 0;
  }

  #suiting(task: Task): Lane[] {
    return [...this.#lanes].filter((lane) => this.#suits(lane, task));
  }

  async #runOn(lane: Lane, task: Task): Promise<void> {
    lane.busy = task;
    const begun = this.#options.clock.monotonic();
    this.#running.add(task);
    let result: JobResult | undefined;
    try {
      result = await this.#answerOf(lane, task.job);
      lane.done++;
      lane.time += this.#options.clock.monotonic() - begun;
    } catch (error) {
      this.#options.log?.('info', 'verifier-lost', { reason: error instanceof Error ? error.name : String(error) });
      this.#drop(lane);
    }
    lane.busy = undefined;
    this.#running.delete(task);
    if (!task.settled) {
      if (result) this.#weigh(task, result, lane);
      else this.#again(task);
    }
    this.#dispatch();
  }

  /** The lane's answer; rejects when it takes too long, is dropped meanwhile or says something that is not a result. */
  #answerOf(lane: Lane, job: VerificationJob): Promise<JobResult> {
    return new Promise((resolve, reject) => {
      const cancel = this.#options.clock.after(this.#options.jobTimeout ?? 120_000, () => reject(new DOMException('the verifier does not answer', 'TimeoutError')));
      this.#onDrop.set(lane, () => reject(new DOMException('the verifier was taken back', 'AbortError')));
      let answer: Promise<JobResult>;
      try {
        answer = lane.port.verify(job);
      } catch (error) {
        answer = Promise.reject(error as Error);
      }
      answer.then((result) => (isResultOf(job, result) ? resolve(result) : reject(new TypeError('not a result'))), reject).finally(() => {
        cancel();
        this.#onDrop.delete(lane);
      });
    });
  }

  /** An "invalid" gets a peer blamed, so our own thread has the last word on it: however many workers agree, one page lent them all. */
  #weigh(task: Task, result: JobResult, lane: Lane): void {
    if (result.valid) return task.resolve(result);
    task.doubt = { lane, at: task.job.kind === 'justifications' ? result.at : undefined };
    task.ownOnly = true;
    this.#waiting.unshift(task);
  }

  /** To somebody else, and to our own thread when workers seem to be lost over this job. */
  #again(task: Task): void {
    task.losses++;
    task.ownOnly = task.losses >= MAX_LOSSES;
    this.#waiting.unshift(task);
  }

  async #runHere(task: Task): Promise<void> {
    this.#running.add(task);
    const turns = (this.#options.turns ?? createTurnTaker)();
    try {
      const { clock } = this.#options;
      const slices = this.#options.runJob(doubtfulPart(task.job, task.doubt?.at));
      let until = clock.monotonic() + (this.#options.sliceTime ?? 8);
      for (;;) {
        const step = slices.next();
        if (step.done) {
          this.#judge(task, step.value);
          break;
        }
        if (task.settled) {
          slices.return(undefined as never);
          break;
        }
        if (clock.monotonic() < until) continue;
        await turns.turn();
        if (task.background) await this.#runUrgent();
        until = clock.monotonic() + (this.#options.sliceTime ?? 8);
      }
    } catch (error) {
      task.reject(error);
    }
    turns.close();
    this.#running.delete(task);
  }

  /** What came in while our own thread is busy in the background is done in between. */
  async #runUrgent(): Promise<void> {
    for (;;) {
      const task = this.#next((waiting) => !waiting.background && this.#isOurs(waiting));
      if (!task) return;
      await this.#runHere(task);
    }
  }

  /**
   * Our own result counts. A worker that called the same job invalid is not asked again. That of one item of many says nothing of the others: the first
   * `at` of them are valid by the worker's word, as all are when it says so of all; and what it was wrong about is done again from the beginning.
   */
  #judge(task: Task, result: JobResult): void {
    const { doubt } = task;
    if (!doubt) return task.resolve(result);
    if (!result.valid) return task.resolve(doubt.at === undefined ? result : { ...result, at: doubt.at });
    this.#options.log?.('warning', 'verifier-wrong', { kind: task.job.kind });
    this.#drop(doubt.lane);
    if (doubt.at === undefined) return task.resolve(result);
    task.doubt = undefined;
    this.#again(task);
  }

  #drop(lane: Lane): void {
    if (lane.gone) return;
    lane.gone = true;
    this.#lanes.delete(lane);
    this.#onDrop.get(lane)?.();
    this.#onDrop.delete(lane);
    try {
      lane.port.close();
    } catch {
      // It is gone either way.
    }
    if (!this.#closed) this.#dispatch();
  }
}

/** What our own thread verifies to confirm an "invalid": of many justifications the one in question, which on BigInt takes a hundredth of the time of all. */
function doubtfulPart(job: VerificationJob, at: number | undefined): VerificationJob {
  return job.kind === 'justifications' && at !== undefined ? { ...job, items: job.items.slice(at, at + 1) } : job;
}

/** What a live block needs: some milliseconds, or some tens of them. */
function isShort(job: VerificationJob): boolean {
  return job.kind === 'proposer' || (job.kind === 'multi-signature' && job.signers.every(({ decoded }) => decoded));
}

function viewOf({ port, purpose, busy, done, time }: Lane): VerifierView {
  const backEnd = port.backEnd?.() ?? ({ backend: 'bigint', reason: 'starting' } as const);
  return { ...backEnd, purpose, busy: busy?.job.kind, done, millisecondsPerJob: done === 0 ? undefined : time / done };
}

/** What comes from a worker is checked for its form: a page lent it. */
function isResultOf(job: VerificationJob, value: unknown): value is JobResult {
  if (typeof value !== 'object' || value === null) return false;
  const { valid, decoded, roots, at } = value as Readonly<Record<string, unknown>>;
  if (typeof valid !== 'boolean' || !Array.isArray(decoded)) return false;
  if (job.kind === 'justifications' && !valid) return Number.isInteger(at) && (at as number) >= 0 && (at === 0 || (at as number) < job.items.length);
  if (job.kind === 'key-roots' && valid) {
    return Array.isArray(roots) && roots.length === job.lists.length && roots.every((root) => root instanceof Uint8Array && root.length === 32);
  }
  return true;
}
