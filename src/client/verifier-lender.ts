import { readVerifierRequest, type ControlReport, type VerifierPurpose } from '../bridge/control-messages.ts';
import { serveMessage } from '../bridge/job-port.ts';
import { listen, type Port } from '../bridge/port.ts';
import { workerPort } from '../bridge/worker-port.ts';

/** As many as the hub may ever want: four for signatures, one for proofs. */
const MAX_LENT = 5;

/**
 * Starts verifier workers when the hub asks on `control`, and ends them when it gives them back or when they fail. The bound on their number
 * is the hub's; `MAX_LENT` only keeps a hub that runs wild from starting any number.
 *
 * A worker that cannot be loaded is of a build that is no longer on the server, most likely: the page lends none any more, and `onFilesGone` is called.
 */
export function lendVerifiers(control: Port, start: Readonly<Record<VerifierPurpose, () => Worker>>, onFilesGone: () => void): { close(): void } {
  const lent = new Map<number, Worker>();
  let filesGone = false;
  const report = (message: ControlReport, transfer: Transferable[] = []) => control.postMessage(message, transfer);

  const end = (id: number) => {
    lent.get(id)?.terminate();
    lent.delete(id);
  };
  const fail = (id: number) => {
    if (!lent.has(id)) return;
    end(id);
    report({ kind: 'no-verifier', id });
  };
  const lend = (id: number, purpose: VerifierPurpose) => {
    if (filesGone || lent.has(id) || lent.size >= MAX_LENT) return report({ kind: 'no-verifier', id });
    let worker: Worker;
    try {
      worker = start[purpose]();
    } catch {
      return report({ kind: 'no-verifier', id });
    }
    lent.set(id, worker);
    worker.addEventListener('error', (event) => {
      // What went wrong while it ran has a message; a file that could not be loaded has none.
      if (!filesGone && !(event as Partial<ErrorEvent>).message) {
        filesGone = true;
        onFilesGone();
      }
      fail(id);
    });
    const port = workerPort(control);
    worker.postMessage(serveMessage(port.workerEnd), [...port.transfer]);
    port.report({ kind: 'verifier', id });
  };

  const stop = listen(control, (data) => {
    const request = readVerifierRequest(data);
    if (request?.kind === 'lend-verifier') lend(request.id, request.purpose);
    else if (request) end(request.id);
  });
  return {
    close() {
      stop();
      for (const id of Array.from(lent.keys())) end(id);
    },
  };
}
