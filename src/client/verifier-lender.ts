import { readVerifierRequest, type ControlReport, type VerifierPurpose } from '../bridge/life/control-messages.ts';
import { serveMessage } from '../bridge/ports/job-port.ts';
import { listen, type Port } from '../bridge/ports/port.ts';
import { workerPort } from '../bridge/ports/worker-port.ts';

/** Maximum that a hub needs: four for signatures, one for proofs. */
const MAX_LENT = 5;

/**
 * Starts verifier workers when the hub asks on `control`, and ends them when the hub gives them back or when they fail. The hub limits
 * their number; `MAX_LENT` only keeps a faulty hub from starting any number.
 *
 * If a worker cannot be loaded, its build is most likely no longer on the server: `onFilesGone` is called, once. The server may also be
 * away for a moment only, so a later request is tried all the same; the hub waits before it asks again.
 */
export function lendVerifiers(control: Port, start: Readonly<Record<VerifierPurpose, () => Worker>>, onFilesGone: () => void): { close(): void } {
  const lent = new Map<number, Worker>();
  let told = false;
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
    if (lent.has(id) || lent.size >= MAX_LENT) return report({ kind: 'no-verifier', id });
    let worker: Worker;
    try {
      worker = start[purpose]();
    } catch {
      return report({ kind: 'no-verifier', id });
    }
    lent.set(id, worker);
    worker.addEventListener('error', (event) => {
      // An error at run time has a message; a file that could not be loaded has none.
      if (!told && !(event as Partial<ErrorEvent>).message) {
        told = true;
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
