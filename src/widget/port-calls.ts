import { fieldsOf, plainCopy } from './plain-data.ts';
import { MAX_OPEN, type ToFrame } from './protocol.ts';
import { codes, ProviderError } from './provider-error.ts';

/** The part of a port that requests need. */
export type Sender = Pick<MessagePort, 'postMessage'>;

interface Open {
  readonly message: ToFrame;
  readonly settle: (answer: { readonly result: unknown } | { readonly error: unknown }) => void;
}

/** The requests of a host that wait for their answer. Those made before there is a port are sent as soon as there is one. */
export class PortCalls {
  readonly #open = new Map<number, Open>();
  #port: Sender | undefined;
  #lastId = 0;

  /** From now on requests go to this port; those that wait for one are sent. */
  connect(port: Sender): void {
    this.#port = port;
    for (const { message } of this.#open.values()) port.postMessage(message, []);
  }

  /** Without a port; every request that was made so far fails with 4900. */
  disconnect(reason: string): void {
    this.#port = undefined;
    for (const { settle } of this.#open.values()) settle({ error: new ProviderError(codes.disconnected, reason) });
    this.#open.clear();
  }

  /** @throws ProviderError, or the signal's reason. */
  request(method: string, params: unknown, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const copy = plainCopy(params);
      if (!copy) throw new ProviderError(codes.badParams, 'not-plain');
      if (this.#open.size >= MAX_OPEN) throw new ProviderError(codes.busy, 'busy');
      this.#lastId += 1;
      const id = this.#lastId;
      const message = { id, method, params: copy.value };
      const abort = () => {
        this.#open.delete(id);
        this.#port?.postMessage({ abort: id } satisfies ToFrame, []);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#open.set(id, {
        message,
        settle: (answer) => {
          signal?.removeEventListener('abort', abort);
          if ('error' in answer) reject(answer.error);
          else resolve(answer.result);
        },
      });
      this.#port?.postMessage(message, []);
    });
  }

  /** Takes the answer to a request. False if it answers none that is open. */
  answer(id: unknown, answer: Readonly<Record<string, unknown>>): boolean {
    const open = typeof id === 'number' ? this.#open.get(id) : undefined;
    if (!open) return false;
    this.#open.delete(id as number);
    open.settle('error' in answer ? { error: errorOf(answer['error']) } : { result: answer['result'] });
    return true;
  }
}

function errorOf(wire: unknown): ProviderError {
  const { code, data } = fieldsOf(wire) ?? {};
  const { reason, field } = fieldsOf(data) ?? {};
  return new ProviderError(typeof code === 'number' ? code : codes.failed, typeof reason === 'string' ? reason : 'failed', typeof field === 'string' ? field : undefined);
}
