import { ClientError } from '../bridge/errors.ts';
import type { Names } from '../bridge/life/names.ts';
import type { Port } from '../bridge/ports/port.ts';

/** One way to reach a hub. */
export interface HostKind {
  /** The names of its tier. */
  readonly names: Names;
  /** Starts, or connects to, the hub of this generation. @throws ClientError `worker-failed`. */
  readonly start: (generation: number) => Host;
  /** Only where a tab is elected: takes the seat for this tab, from any tab that has it. */
  readonly seize?: (least: number) => Promise<void>;
}

/** Starts, or connects to, the hub's worker under this name. */
export type StartHub = (options: { readonly name: string }) => SharedWorker | Worker;

/** The URL of the script that a `StartHub` starts; undefined if it is not known, as with an embedder's own function. */
export type HubScript = () => string | undefined;

const unknownScript: HubScript = () => undefined;

/** A host for the hub in a worker: shared, or the tab's own. */
export function workerHost(names: Names, factory: StartHub, script?: HubScript): HostKind {
  return { names, start: (generation) => startHost(factory, names.worker(generation), script) };
}

/** A started hub of any kind, as a page sees it. */
export interface Host {
  readonly port: Port;
  /** The worker ends with this page (a dedicated worker), so it is ended only after it has flushed. */
  readonly dedicated: boolean;
  /** Resolves with the reason if the worker could not be started. */
  readonly failed: Promise<ClientError>;
  /** Ends a dedicated worker, or disconnects from a shared one. */
  release(): void;
}

/** @throws ClientError `worker-failed` if the factory throws. The error names the script's URL (`data.url`) where it is known. */
export function startHost(factory: StartHub, name: string, script: HubScript = unknownScript): Host {
  const failure = (reason: string) => {
    const url = script();
    return new ClientError('worker-failed', { ...(reason && { reason }), ...(url !== undefined && { url }) });
  };
  let worker: SharedWorker | Worker;
  try {
    worker = factory({ name });
  } catch (error) {
    throw failure(String(error));
  }
  const failed = new Promise<ClientError>((resolve) => {
    // The event has no message if the script could not be loaded.
    worker.addEventListener('error', (event) => resolve(failure((event as Partial<ErrorEvent>).message ?? '')));
  });
  if ('port' in worker) {
    const { port } = worker;
    return { port, dedicated: false, failed, release: () => port.close() };
  }
  return { port: worker, dedicated: true, failed, release: () => worker.terminate() };
}
