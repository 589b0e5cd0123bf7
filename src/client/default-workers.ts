/**
 * The only place that starts workers. A SharedWorker's options must be the same for every start under one name (otherwise the second page
 * gets an error and no worker).
 * @module
 */

// oxlint-disable import/default -- the bundler makes these modules
import hubUrl from '../../workers/hub.ts?worker&url';
import pumpUrl from '../../workers/pump.ts?worker&url';
import verifierUrl from '../../workers/verifier.ts?worker&url';
// oxlint-enable import/default
import { scriptUrl } from './script-url.ts';

declare global {
  interface WorkerOptions {
    /**
     * The SharedWorker continues for a while after the last page has left (Chromium 148).
     * https://developer.mozilla.org/docs/Web/API/SharedWorker/SharedWorker
     */
    readonly extendedLifetime?: boolean;
  }
}

/** The URL of the hub's script, for the error that says that it could not be loaded. */
export function hubScript(): string | undefined {
  return new URL(hubUrl, location.href).href;
}

/** With `extendedLifetime`, a reload of the only tab finds the same hub. Browsers that do not know the option ignore it. */
export function startSharedHub({ name }: { readonly name: string }): SharedWorker {
  return new SharedWorker(scriptUrl(hubUrl), { type: 'module', name, extendedLifetime: true });
}

/**
 * Starts the same hub in a worker of this tab; depending on its name it serves this tab or all tabs. The owner lock keeps two of them from
 * working at once.
 */
export function startDedicatedHub({ name }: { readonly name: string }): Worker {
  return new Worker(scriptUrl(hubUrl), { type: 'module', name });
}

export function startSignatures(): Worker {
  return new Worker(scriptUrl(verifierUrl), { type: 'module', name: 'petrel/signatures' });
}

export function startZkp(): Worker {
  return new Worker(scriptUrl(verifierUrl), { type: 'module', name: 'petrel/zkp' });
}

export function startPump(): Worker {
  return new Worker(scriptUrl(pumpUrl), { type: 'module', name: 'petrel/pump' });
}
