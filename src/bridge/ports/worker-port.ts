import { NamedPort, openChannel, type OpenChannel } from './named-port.ts';
import { isPort, type Port } from './port.ts';

/** One end of a port as it is given to a worker: the port itself, to be transferred, or the name under which the worker opens it. */
export type WorkerEnd = MessagePort | string;

/** A new port between a worker of this page and the hub behind `control`. */
export interface WorkerPort {
  readonly workerEnd: WorkerEnd;
  /** The part of it that must be transferred. */
  readonly transfer: readonly Transferable[];
  /** Sends `message` to the hub, with the other end as its field `port`. */
  report(message: object): void;
}

/** Messages never pass through the page: if it had to forward them, a busy page would delay the hub. */
export function workerPort(control: Port): WorkerPort {
  if (control instanceof NamedPort) {
    const name = crypto.randomUUID();
    return { workerEnd: name, transfer: [], report: (message) => control.postNames(message, { port: name }) };
  }
  const { port1, port2 } = new MessageChannel();
  return { workerEnd: port1, transfer: [port1], report: (message) => control.postMessage({ ...message, port: port2 }, [port2]) };
}

/** Opens the end in the worker; `undefined` if it is neither a port nor a name. */
export function openWorkerEnd(end: unknown, open: OpenChannel = openChannel): Port | undefined {
  if (typeof end === 'string') return new NamedPort(open, end, 'near');
  return isPort(end) ? end : undefined;
}
