import type { Readable, Writable } from 'node:stream';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly sessionId?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Pending {
  readonly method: string;
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The Chrome DevTools Protocol over `--remote-debugging-pipe`: JSON texts, each ended by a zero byte. It enables no domain by
 * itself, so that the measured page runs as it does for a user.
 */
export class DevtoolsPipe {
  readonly #output: Writable;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(method: string, params: unknown, session: string | undefined) => void>();
  #nextId = 1;
  #rest: Buffer[] = [];

  /** @param output the stream that the browser reads. @param input the stream that it writes. */
  constructor(output: Writable, input: Readable) {
    this.#output = output;
    // Writing fails after the browser has ended; the end of `input` reports that.
    output.on('error', () => undefined);
    input.on('data', (chunk: Buffer) => this.#read(chunk));
    input.on('close', () => this.#fail(new Error('the browser has ended')));
  }

  send<Result = unknown>(method: string, params: object = {}, session?: string): Promise<Result> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise<Result>((resolve, reject) => {
      this.#pending.set(id, { method, resolve, reject });
      this.#output.write(`${JSON.stringify({ id, method, params, ...(session === undefined ? {} : { sessionId: session }) })}\0`);
    });
  }

  /** Calls the listener with every event from now on. Returns a function that stops it. */
  listen(listener: (method: string, params: unknown, session: string | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #read(chunk: Buffer): void {
    let begin = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, begin)) {
      this.#take(JSON.parse(Buffer.concat([...this.#rest, chunk.subarray(begin, end)]).toString()) as Message);
      this.#rest = [];
      begin = end + 1;
    }
    if (begin < chunk.length) this.#rest.push(chunk.subarray(begin));
  }

  #take({ id, method, params, sessionId, result, error }: Message): void {
    if (id === undefined) {
      if (method !== undefined) for (const listener of this.#listeners) listener(method, params, sessionId);
      return;
    }
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) pending?.reject(new Error(`${pending.method}: ${error.message}`));
    else pending?.resolve(result as never);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
