import { fieldsOf, type Plain } from '../widget/plain-data.ts';
import { type FrameEvent, type FromFrame, MAX_OPEN, MAX_PER_SECOND, type WireError } from '../widget/protocol.ts';
import { codes, ProviderError } from '../widget/provider-error.ts';

export interface PortServerOptions {
  /** Answers a request; what it throws becomes the error. */
  readonly handle: (method: string, params: Plain, signal: AbortSignal) => Promise<unknown>;
  readonly onOptions: (options: Plain) => void;
  /** Called with the number of open requests whenever it changes. */
  readonly onOpen?: ((open: number) => void) | undefined;
  /** Milliseconds. */
  readonly now: () => number;
}

/** The frame's end of the port: answers the host's requests, as many as the limits allow. */
export class PortServer {
  /** Messages of no known form. */
  ignored = 0;
  readonly #port: MessagePort;
  readonly #options: PortServerOptions;
  readonly #open = new Map<number, AbortController>();
  #left = MAX_PER_SECOND;
  #since: number;

  constructor(port: MessagePort, options: PortServerOptions) {
    this.#port = port;
    this.#options = options;
    this.#since = options.now();
    port.addEventListener('message', ({ data }) => this.#take(data));
  }

  /** From now on requests are taken. @param version the version of the protocol that both speak. */
  start(version: number): void {
    this.#send({ ready: version });
    this.#port.start();
  }

  emit(event: FrameEvent, data: unknown): void {
    this.#send({ event, data });
  }

  #send(message: FromFrame): void {
    this.#port.postMessage(message, []);
  }

  #take(data: unknown): void {
    const allowed = this.#spend();
    const id = idOf(data);
    // In a flood nothing but the id is read.
    const fields = allowed ? fieldsOf(data) : undefined;
    if (!fields) {
      // Too large or too strange, but the one who waits for the answer gets one.
      if (id === undefined) this.ignored += 1;
      else this.#fail(id, allowed ? new ProviderError(codes.badParams, 'not-plain') : new ProviderError(codes.busy, 'busy'));
      return;
    }
    if (typeof fields['abort'] === 'number') this.#open.get(fields['abort'])?.abort();
    else if ('options' in fields) this.#options.onOptions(fields['options']);
    else if (id !== undefined && typeof fields['method'] === 'string' && !this.#open.has(id)) void this.#serve(id, fields['method'], fields['params']);
    else this.ignored += 1;
  }

  async #serve(id: number, method: string, params: Plain): Promise<void> {
    if (this.#open.size >= MAX_OPEN) return this.#fail(id, new ProviderError(codes.busy, 'busy'));
    const abort = new AbortController();
    this.#open.set(id, abort);
    this.#options.onOpen?.(this.#open.size);
    try {
      const result = await this.#options.handle(method, params, abort.signal);
      if (!abort.signal.aborted) this.#send({ id, result });
    } catch (error) {
      if (!abort.signal.aborted) this.#fail(id, error);
    } finally {
      this.#open.delete(id);
      this.#options.onOpen?.(this.#open.size);
    }
  }

  #fail(id: number, thrown: unknown): void {
    const { code, message, data } = thrown instanceof ProviderError ? thrown : new ProviderError(codes.failed, 'failed');
    this.#send({ id, error: { code, message, data } satisfies WireError });
  }

  /** A bucket that holds the messages of one second and fills evenly. */
  #spend(): boolean {
    const now = this.#options.now();
    this.#left = Math.min(MAX_PER_SECOND, this.#left + ((now - this.#since) / 1000) * MAX_PER_SECOND);
    this.#since = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

/** The id of a request. What arrived through a port has no getters. */
function idOf(data: unknown): number | undefined {
  const id = typeof data === 'object' && data !== null && Object.hasOwn(data, 'id') ? (data as { readonly id?: unknown }).id : undefined;
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : undefined;
}
