import type { Clock } from '../../base/clock.ts';
import { CallError, fromWireError, toWireError, type WireError } from '../errors.ts';
import { openChannel } from './named-port.ts';
import { fieldsOf, listen, type Port } from './port.ts';
import { openWorkerEnd, type WorkerEnd } from './worker-port.ts';

/**
 * Milliseconds without a sign of life after which a worker that runs a job counts as gone. A worker sends one per second (`BEAT_INTERVAL`).
 * A frozen page's workers are frozen too and send none, although the page's lock is still held.
 */
export const MAX_SILENCE = 10_000;

/** Milliseconds between two signs of life. */
export const BEAT_INTERVAL = 1_000;

/** A worker that runs jobs, as its user sees it. */
export interface JobPort<Job, Result> {
  /** Rejects with `CallError` `closed` when the worker is gone: the job must then be done elsewhere. */
  run(job: Job): Promise<Result>;
  /** Resolves once, when the worker is gone or was closed. */
  readonly ended: Promise<void>;
  close(): void;
}

/**
 * Runs jobs over `port`. The user decides how many run at a time; the worker takes them in order. `onTold`: called with what the worker
 * reports of itself, unchecked.
 */
export function openJobPort<Job, Result>(port: Port, clock: Clock, onTold: (facts: unknown) => void = () => undefined): JobPort<Job, Result> {
  const pending = new Map<number, { resolve(result: Result): void; reject(error: Error): void }>();
  let lastId = 0;
  let cancelWatch: (() => void) | undefined;
  let onEnded: () => void = () => {};
  const ended = new Promise<void>((resolve) => (onEnded = resolve));
  let closed = false;

  const watch = () => {
    cancelWatch?.();
    cancelWatch = pending.size > 0 ? clock.after(MAX_SILENCE, close) : undefined;
  };
  const close = () => {
    if (closed) return;
    closed = true;
    stop();
    cancelWatch?.();
    for (const job of pending.values()) job.reject(new CallError('closed'));
    pending.clear();
    port.close?.();
    onEnded();
  };
  const stop = listen(
    port,
    (data) => {
      const { kind, id, result, error, facts } = fieldsOf(data) ?? {};
      if (kind === 'about') onTold(facts);
      const job = typeof id === 'number' ? pending.get(id) : undefined;
      if (!job) return;
      if (kind !== 'beat') pending.delete(id as number);
      watch();
      if (kind === 'done') job.resolve(result as Result);
      else if (kind === 'failed') job.reject(fromWireError(error as WireError));
    },
    close,
  );

  return {
    ended,
    close,
    run(job) {
      if (closed) return Promise.reject(new CallError('closed'));
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        pending.set(id, { resolve, reject });
        port.postMessage({ kind: 'job', id, job }, []);
        watch();
      });
    },
  };
}

/** The worker's side of a port. */
export interface JobServer {
  /** Reports something about the worker, as a plain value. */
  tell(facts: object): void;
}

/**
 * The worker's side: `run` is called for each job, in order, one after the other. It may call `beat` at any time (at most one message per
 * second is sent). A job that fails is answered with its error.
 */
export function serveJobs<Job, Result>(port: Port, run: (job: Job, beat: () => void) => Result | Promise<Result>, clock: Clock): JobServer {
  const serve = async (id: number, job: Job) => {
    const send = (message: object) => port.postMessage({ ...message, id }, []);
    let beatAt = clock.monotonic();
    const beat = () => {
      if (clock.monotonic() - beatAt < BEAT_INTERVAL) return;
      beatAt = clock.monotonic();
      send({ kind: 'beat' });
    };
    send({ kind: 'beat' });
    try {
      send({ kind: 'done', result: await run(job, beat) });
    } catch (error) {
      send({ kind: 'failed', error: toWireError(error) });
    }
  };
  let last = Promise.resolve();
  listen(port, (data) => {
    const { kind, id, job } = fieldsOf(data) ?? {};
    if (kind === 'job' && typeof id === 'number') last = last.then(() => serve(id, job as Job));
  });
  return { tell: (facts) => port.postMessage({ kind: 'about', facts }, []) };
}

/** The message of a page to a worker that it has started: serve jobs on this port. */
export function serveMessage(port: WorkerEnd): object {
  return { kind: 'serve', port };
}

/** Reads that message in the worker. */
export function readServeMessage(data: unknown, open = openChannel): Port | undefined {
  const { kind, port } = fieldsOf(data) ?? {};
  return kind === 'serve' ? openWorkerEnd(port, open) : undefined;
}
