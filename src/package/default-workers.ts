/**
 * The package's own `src/client/default-workers.ts`: the workers are files beside the entry. Bundlers find a worker only if `new URL` with a
 * literal and `import.meta.url` stands in the constructor itself.
 * @module
 */

/** The same text as in the constructors below. */
const HUB = './workers/hub.js';

/**
 * The URL of the hub's script, for the error that says that it could not be loaded. A bundler that knows workers has replaced the text in
 * the function, and the URL is then the bundler's: unknown here. If the text is still there, the browser resolves it as below.
 */
export function hubScript(): string | undefined {
  const base = import.meta.url;
  return String(startDedicatedHub).includes(HUB) && base.startsWith('http') ? new URL(HUB, base).href : undefined;
}

export function startSharedHub({ name }: { readonly name: string }): SharedWorker {
  return new SharedWorker(new URL('./workers/hub.js', import.meta.url), { type: 'module', name, extendedLifetime: true });
}

export function startDedicatedHub({ name }: { readonly name: string }): Worker {
  return new Worker(new URL('./workers/hub.js', import.meta.url), { type: 'module', name });
}

export function startSignatures(): Worker {
  return new Worker(new URL('./workers/verifier.js', import.meta.url), { type: 'module', name: 'petrel/signatures' });
}

export function startZkp(): Worker {
  return new Worker(new URL('./workers/verifier.js', import.meta.url), { type: 'module', name: 'petrel/zkp' });
}

export function startPump(): Worker {
  return new Worker(new URL('./workers/pump.js', import.meta.url), { type: 'module', name: 'petrel/pump' });
}
