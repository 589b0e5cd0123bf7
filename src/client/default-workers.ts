/**
 * The only place that starts workers. The constructors are written out, with literal options, because the bundler looks for exactly this form;
 * and a SharedWorker's options must never vary under one name (the second page gets an error and no worker).
 * @module
 */

declare global {
  interface WorkerOptions {
    /** The SharedWorker goes on for a while when the last page has left (Chromium 148). https://developer.mozilla.org/docs/Web/API/SharedWorker/SharedWorker */
    readonly extendedLifetime?: boolean;
  }
}

export interface WorkerFactories {
  /** Starts, or connects to, the worker `workers/hub.ts` under `name`. */
  readonly hub: (options: { readonly name: string }) => SharedWorker | Worker;
  /** Starts `workers/verifier.ts`, for signatures. */
  readonly signatures: () => Worker;
  /** The same, for zero-knowledge proofs. */
  readonly zkp: () => Worker;
  /** Starts `workers/pump.ts`. */
  readonly pump: () => Worker;
}

/** With `extendedLifetime` the reload of the only tab meets the same hub. Where it is unknown it means nothing. */
export function startSharedHub({ name }: { readonly name: string }): SharedWorker {
  return new SharedWorker(new URL('../../workers/hub.ts', import.meta.url), { type: 'module', name, extendedLifetime: true });
}

/** The same hub in a worker of this tab's, for itself or, by its name, for all; the owner lock keeps two of them from working at once. */
export function startDedicatedHub({ name }: { readonly name: string }): Worker {
  return new Worker(new URL('../../workers/hub.ts', import.meta.url), { type: 'module', name });
}

export function startSignatures(): Worker {
  return new Worker(new URL('../../workers/verifier.ts', import.meta.url), { type: 'module', name: 'petrel/signatures' });
}

export function startZkp(): Worker {
  return new Worker(new URL('../../workers/verifier.ts', import.meta.url), { type: 'module', name: 'petrel/zkp' });
}

export function startPump(): Worker {
  return new Worker(new URL('../../workers/pump.ts', import.meta.url), { type: 'module', name: 'petrel/pump' });
}
