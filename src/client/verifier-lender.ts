import { readControlRequest, type ControlReport } from '../bridge/control-messages.ts';
import { serveMessage } from '../bridge/job-port.ts';
import { listen, type Port } from '../bridge/port.ts';

/**
 * Starts verifier workers when the hub asks on `control`, and ends them when it gives them back or when they fail. The bound on their number
 * is the hub's; `max` only keeps a hub that runs wild from starting any number.
 */
export function lendVerifiers(control: Port, start: () => Worker, max = 4): { close(): void } {
  const lent = new Map<number, Worker>();
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
  const lend = (id: number) => {
    if (lent.has(id) || lent.size >= max) return report({ kind: 'no-verifier', id });
    let worker: Worker;
    try {
      worker = start();
    } catch {
      return report({ kind: 'no-verifier', id });
    }
    lent.set(id, worker);
    worker.addEventListener('error', () => fail(id));
    const { port1, port2 } = new MessageChannel();
    const serve = serveMessage(port1);
    worker.postMessage(serve.message, serve.transfer);
    report({ kind: 'verifier', id, port: port2 }, [port2]);
  };

  const stop = listen(control, (data) => {
    const request = readControlRequest(data);
    if (request?.kind === 'lend-verifier') lend(request.id);
    else if (request) end(request.id);
  });
  return {
    close() {
      stop();
      for (const id of Array.from(lent.keys())) end(id);
    },
  };
}
