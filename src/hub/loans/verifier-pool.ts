import type { BackEnd } from '../../bridge/life/back-end.ts';
import type { VerificationCounts, VerifierView } from '../../bridge/contract.ts';
import type { VerifierPurpose } from '../../bridge/life/control-messages.ts';
import type { JobResult, VerificationJob, Verify } from '../../crypto/jobs.ts';
import type { Clock } from '../../base/clock.ts';
import type { LogCode } from '../../base/log-codes.ts';
import { createTurnTaker, type TurnTaker } from '../../base/yield-turn.ts';
import { CodedError } from '../../base/coded-error.ts';
import { spareSignature } from '../../crypto/spare-signature.ts';
import { stepsOf } from '../../crypto/steps-of.ts';

/** A verifier worker as the hub sees it: a page started it, and it can vanish at any time. */
export interface VerifierPort {
  /** Rejects when the worker is gone or failed; another worker then does the job. */
  verify(job: VerificationJob): Promise<JobResult>;
  close(): void;
  /** What the worker computes on, once it has reported it. */
  backEnd?(): BackEnd | undefined;
}

/** `queue-full`: the bound on waiting jobs is reached. `closed`: the pool was shut down. */
class VerifierPoolError extends CodedError<'queue-full' | 'closed'> {
  override readonly name = 'VerifierPoolError';
}

export interface VerifierPoolOptions {
  readonly clock: Clock;
  /** Runs a job in slices; `crypto/run-job.ts`. */
  readonly runJob: (job: VerificationJob) => Generator<void, JobResult>;
  /**
   * Maximum number of waiting jobs. Callers wait for their results, and that limits the load; the light chain has a handful of jobs at a
   * time. So only a bug reaches this bound.
   */
  readonly maxWaiting?: number | undefined;
  /** Milliseconds that our own thread works before it yields. Half a frame of 60 Hz, so that nothing else is delayed noticeably. */
  readonly sliceTime?: number | undefined;
  /**
   * A worker that has not answered after this many milliseconds is given up, even if it seems alive. The default is three times what the
   * largest job, 512 voting keys, takes on a phone (9 s here, five times as long there). A worker that hangs is noticed by its silence
   * (`MAX_SILENCE` of the job port).
   */
  readonly jobTimeout?: number | undefined;
  /** Whether a worker is about to come: jobs that take long wait for it. When this changes, call `recheck`. */
  readonly expects?: ((purpose: VerifierPurpose) => boolean) | undefined;
  readonly turns?: (() => TurnTaker) | undefined;
  readonly log?: ((level: 'info' | 'warning', code: LogCode, data: Readonly<Record<string, string | number>>) => void) | undefined;
}

/** After this many workers were lost over a job, no worker gets it any more: the job itself may be the cause. */
const MAX_LOSSES = 3;

interface Task {
  readonly job: VerificationJob;
  readonly signal: AbortSignal | undefined;
  /** All other waiting jobs go first. */
  readonly background: boolean;
  resolve(result: JobResult): void;
  reject(reason: unknown): void;
  settled: boolean;
  /** The worker that called the job invalid, and at which item. */
  doubt: { readonly lane: Lane; readonly at: number | undefined } | undefined;
  /** A worker called the job invalid, or workers are lost over it: only our own thread decides. */
  ownOnly: boolean;
  /** Workers that were lost over this job. */
  losses: number;
}

interface Lane {
  readonly port: VerifierPort;
  readonly purpose: VerifierPurpose;
  /** The job that the worker runs now. */
  busy: Task | undefined;
  gone: boolean;
  /** Jobs answered, and the time they took in total, in milliseconds. */
  done: number;
  time: number;
}

/**
 * Verifies on the lent workers, and in slices on our own thread when there is none. Zero-knowledge proofs go to the proof worker, or to any
 * other worker when there is none; other jobs never go to the proof worker. A worker's `valid` is accepted. Its `invalid` could get an
 * honest peer banned, so our own thread computes that job again first.
 */
export class VerifierPool {
  readonly #options: VerifierPoolOptions;
  readonly #lanes = new Set<Lane>();
  readonly #waiting: Task[] = [];
  readonly #running = new Set<Task>();
  /** Ends the wait for a worker's answer. */
  readonly #onDrop = new Map<Lane, () => void>();
  #ownBusy = false;
  #done = 0;
  #failed = 0;
  #closed = false;

  constructor(options: VerifierPoolOptions) {
    this.#options = options;
  }

  /** Workers lent now. */
  get size(): number {
    return this.#lanes.size;
  }

  get counts(): VerificationCounts {
    return { queued: this.#waiting.length, running: this.#running.size, done: this.#done, failed: this.#failed, workers: this.#lanes.size, verifiers: Array.from(this.#lanes, viewOf) };
  }

  /** Adds a worker. The returned function gives it back; a job that it was running is done elsewhere. */
  lend(port: VerifierPort, purpose: VerifierPurpose = 'signatures'): () => void {
    const lane: Lane = { port, purpose, busy: undefined, gone: this.#closed, done: 0, time: 0 };
    if (this.#closed) {
      port.close();
      return () => undefined;
    }
    this.#lanes.add(lane);
    this.#dispatch();
    return () => {
      const { backend, reason, done } = viewOf(lane);
      if (!lane.gone) this.#options.log?.('info', 'verifier-ended', { purpose, backend, jobs: done, ...(reason && { reason }) });
      this.#drop(lane);
    };
  }

  /** To be called when a requested worker will not come any more: jobs that waited for it are then run elsewhere. */
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

  /** Gives every worker back and rejects all unfinished jobs. */
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

  /**
   * Our own thread runs a job only where no worker can: none is lent; the job needs our own result; or all workers run background jobs or
   * jobs that take a second. The last case occurs when peers contradict each other, because whole epochs are then verified at once.
   */
  readonly #isOurs = (task: Task): boolean => task.ownOnly || this.#homeless(task) || (!task.background && isShort(task.job) && this.#suiting(task).every(({ busy }) => busy && (busy.background || isLong(busy.job))));

  /** Takes the first fitting job from the queue. Jobs that take a second come after shorter ones, and background jobs last. */
  #next(fits: (task: Task) => boolean): Task | undefined {
    const places = [(task: Task) => !task.background && !isLong(task.job), (task: Task) => !task.background, () => true];
    const index = places.map((first) => this.#waiting.findIndex((task) => first(task) && fits(task))).find((at) => at >= 0) ?? -1;
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  #suits(lane: Lane, { job }: Task): boolean {
    if (job.kind !== 'zk-proof') return lane.purpose === 'signatures';
    return lane.purpose === 'zkp' || !this.#waitsForZkp();
  }

  /** Whether there is a worker for proofs, or one is about to come. */
  #waitsForZkp(): boolean {
    return this.#options.expects?.('zkp') === true || [...this.#lanes].some(({ purpose }) => purpose === 'zkp');
  }

  /** Whether no worker that exists, or is about to come, takes this job. */
  #homeless(task: Task): boolean {
    if (task.job.kind === 'zk-proof' && this.#waitsForZkp()) return false;
    if (!isShort(task.job) && this.#options.expects?.('signatures')) return false;
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

  /**
   * The worker's answer. Rejects when it takes too long, when the worker is dropped meanwhile, or when the answer is not a valid result.
   */
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

  /** An "invalid" gets a peer blamed, so our own thread checks it. Agreement among workers is no proof: one page may have lent them all. */
  #weigh(task: Task, result: JobResult, lane: Lane): void {
    if (result.valid) return task.resolve(result);
    task.doubt = { lane, at: itemsOf(task.job) === undefined ? undefined : result.at };
    task.ownOnly = true;
    this.#waiting.unshift(task);
  }

  /** Gives the job to another worker, or to our own thread if too many workers were lost over it. */
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
      const slices = await stepsOf(await spareSignature(doubtfulPart(task.job, task.doubt?.at)), this.#options.runJob);
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

  /** Runs urgent jobs that arrive while our own thread is busy with a background job. */
  async #runUrgent(): Promise<void> {
    for (;;) {
      const task = this.#next((waiting) => !waiting.background && this.#isOurs(waiting));
      if (!task) return;
      await this.#runHere(task);
    }
  }

  /**
   * Our own result counts. A worker that wrongly called a job invalid is dropped. If only item `at` was computed again: when it is invalid,
   * the first `at` items count as valid by the worker's word, as they would after a plain `valid`. When it is valid, the whole job starts
   * again from the beginning.
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
      // The worker is gone either way.
    }
    if (!this.#closed) this.#dispatch();
  }
}

/**
 * The part of a job that our own thread verifies to confirm an "invalid". Of many justifications it is only the disputed one, which on
 * BigInt takes a hundredth of the time of all.
 */
function doubtfulPart(job: VerificationJob, at: number | undefined): VerificationJob {
  if (at === undefined) return job;
  if (job.kind === 'ed25519-strict') return { ...job, signatures: job.signatures.slice(at, at + 1) };
  return job.kind === 'justifications' ? { ...job, items: job.items.slice(at, at + 1) } : job;
}

/** How many items a job has whose "invalid" names the first invalid one. */
function itemsOf(job: VerificationJob): number | undefined {
  if (job.kind === 'ed25519-strict') return job.signatures.length;
  return job.kind === 'justifications' ? job.items.length : undefined;
}

/** Ed25519 signatures that take some tens of milliseconds where WebCrypto has none; a certificate of up to 22 validators. */
const SHORT_SIGNATURES = 15;

/** Whether a live block needs this job: it takes at most some tens of milliseconds. No worker is started for it. */
export function isShort(job: VerificationJob): boolean {
  if (job.kind === 'ed25519-strict') return job.signatures.length <= SHORT_SIGNATURES;
  return job.kind === 'proposer' || job.kind === 'bls12-381' || (job.kind === 'multi-signature' && job.signers.every(({ decoded }) => decoded));
}

/** Whether a job takes a second: up to 128 justifications, a proof, or hundreds of keys to decode. */
function isLong(job: VerificationJob): boolean {
  return job.kind === 'justifications' || job.kind === 'zk-proof' || ((job.kind === 'multi-signature' || job.kind === 'ed25519-strict') && !isShort(job));
}

function viewOf({ port, purpose, busy, done, time }: Lane): VerifierView {
  const backEnd = port.backEnd?.() ?? ({ backend: 'bigint', reason: 'starting' } as const);
  return { ...backEnd, purpose, busy: busy?.job.kind, done, millisecondsPerJob: done === 0 ? undefined : time / done };
}

/** Checks the form of a worker's result, because a page lent the worker and cannot be trusted. */
function isResultOf(job: VerificationJob, value: unknown): value is JobResult {
  if (typeof value !== 'object' || value === null) return false;
  const { valid, decoded, roots, at } = value as Readonly<Record<string, unknown>>;
  if (typeof valid !== 'boolean' || !Array.isArray(decoded)) return false;
  const items = itemsOf(job);
  if (!valid && items !== undefined) return Number.isInteger(at) && (at as number) >= 0 && (at === 0 || (at as number) < items);
  if (job.kind === 'key-roots' && valid) {
    return Array.isArray(roots) && roots.length === job.lists.length && roots.every((root) => root instanceof Uint8Array && root.length === 32);
  }
  return true;
}
