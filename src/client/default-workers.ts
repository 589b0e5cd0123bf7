/**
 * The only place that starts workers. The constructors are written out, with literal options, because the bundler looks for exactly this form;
 * and a SharedWorker's options must never vary under one name (the second page gets an error and no worker).
 * @module
 */

export interface WorkerFactories {
  /** Starts, or connects to, the worker `workers/hub.ts` under `name`. */
  readonly hub: (options: { readonly name: string }) => SharedWorker | Worker;
  /** Starts `workers/signatures.ts`. */
  readonly signatures: () => Worker;
  /** Starts `workers/zkp.ts`. */
  readonly zkp: () => Worker;
  /** Starts `workers/pump.ts`. */
  readonly pump: () => Worker;
}

/** A SharedWorker where there is one. */
export function startHub({ name }: { readonly name: string }): SharedWorker | Worker {
  return typeof SharedWorker === 'undefined' ? startDedicatedHub({ name }) : new SharedWorker(new URL('../../workers/hub.ts', import.meta.url), { type: 'module', name });
}

/** The same hub for this tab alone; the owner lock keeps two of them from working at once. */
export function startDedicatedHub({ name }: { readonly name: string }): Worker {
  return new Worker(new URL('../../workers/hub.ts', import.meta.url), { type: 'module', name });
}

export function startSignatures(): Worker {
  return new Worker(new URL('../../workers/signatures.ts', import.meta.url), { type: 'module', name: 'petrel/signatures' });
}

export function startZkp(): Worker {
  return new Worker(new URL('../../workers/zkp.ts', import.meta.url), { type: 'module', name: 'petrel/zkp' });
}

export function startPump(): Worker {
  return new Worker(new URL('../../workers/pump.ts', import.meta.url), { type: 'module', name: 'petrel/pump' });
}
