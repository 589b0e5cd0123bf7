import { WebSocket as NodeSocket } from 'ws';

interface Message {
  readonly type?: 'success' | 'error' | 'event';
  readonly id?: number | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
}

interface Pending {
  readonly method: string;
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** WebDriver BiDi (w3.org/TR/webdriver-bidi) over its WebSocket: commands with their answers, and events. */
export class Bidi {
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, (params: never) => void>();
  #nextId = 1;
  #gone: Error | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data)) as Message));
    socket.addEventListener('close', () => this.#fail(new Error('the browser has ended')));
  }

  /** Node 20 has no WebSocket of its own, so this uses the one of `ws`, in the same way. */
  static async connect(url: string): Promise<Bidi> {
    const socket = new NodeSocket(url) as unknown as WebSocket;
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => reject(new Error(`${url}: no connection`)));
    });
    return new Bidi(socket);
  }

  send<Result = unknown>(method: string, params: object = {}): Promise<Result> {
    if (this.#gone) return Promise.reject(this.#gone);
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise<Result>((resolve, reject) => {
      this.#pending.set(id, { method, resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** Sets the one listener of an event. The event also needs a subscription. */
  on<Params>(method: string, listener: (params: Params) => void): void {
    this.#listeners.set(method, listener);
  }

  #take({ type, id, method, params, result, error, message }: Message): void {
    if (type === 'event') return this.#listeners.get(method ?? '')?.(params as never);
    const pending = this.#pending.get(id ?? 0);
    this.#pending.delete(id ?? 0);
    if (type === 'success') pending?.resolve(result as never);
    else pending?.reject(new Error(`${pending.method}: ${error}: ${message}`));
  }

  #fail(error: Error): void {
    this.#gone = error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
