import { fieldsOf, isPort, listen, type Port } from './port.ts';

/** Messages kept until the other end is open: a page sends four or five before it has its answer. At the bound the port fails. */
export const MAX_QUEUED = 64;

/** The used part of a `BroadcastChannel`. */
export type Channel = Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'removeEventListener' | 'close'>;
export type OpenChannel = (name: string) => Channel;

export const openChannel: OpenChannel = (name) => new BroadcastChannel(name);

/** `near`: the end that made the name. `far`: the end that was told it. */
type End = 'near' | 'far';

interface Frame {
  readonly kind: 'open' | 'data' | 'close';
  readonly from: End;
  /** The sender (`id`) and the recipient (`to`). Before the ends have met there is no recipient. */
  readonly id: string;
  readonly to?: string | undefined;
  readonly data?: unknown;
  /** Ports among the fields of `data`, by field: each is replaced by the name of another named port. */
  readonly ports?: Readonly<Record<string, string>>;
}

/**
 * A port between two threads that share only names: each opens a `BroadcastChannel` of one random name that no other thread knows. The two
 * ends greet each other when they are started, in any order; a third end is turned away. It behaves like a `MessagePort`, but copies what
 * is transferred. A `BroadcastChannel` cannot carry ports. So for a port, the near end of another named port is bridged to it here, and
 * that name is sent. This works only for a port that is a field of the message itself.
 *
 * Nothing shows that the other thread is gone; the locks do that (`liveness-lock.ts`). Closing one end closes the other.
 */
export class NamedPort implements Port {
  readonly name: string;
  /** Resolves when the other end has answered. */
  readonly opened: Promise<void>;
  /** Resolves when either end was closed. */
  readonly closed: Promise<void>;
  readonly #open: OpenChannel;
  readonly #end: End;
  readonly #id = crypto.randomUUID();
  readonly #events = new EventTarget();
  readonly #carried = new Set<NamedPort>();
  #channel: Channel | undefined;
  #peer: string | undefined;
  #queue: unknown[][] | undefined = [];
  #onOpened: () => void = () => {};
  #onClosed: () => void = () => {};

  constructor(open: OpenChannel, name: string, end: End) {
    this.#open = open;
    this.name = name;
    this.#end = end;
    this.opened = new Promise((resolve) => (this.#onOpened = resolve));
    this.closed = new Promise((resolve) => (this.#onClosed = resolve));
  }

  postMessage(message: unknown, transfer: Transferable[]): void {
    if (!this.#queue && !this.#channel) return;
    if (this.#peer !== undefined) return this.#send(message, transfer);
    this.#queue?.push([message, transfer]);
    if ((this.#queue?.length ?? 0) > MAX_QUEUED) {
      this.close();
      this.#events.dispatchEvent(new MessageEvent('messageerror'));
    }
  }

  /**
   * Sends names of ports, by the field where the port should appear. Their near ends are opened in another thread than this one. Only for
   * an open port.
   */
  postNames(message: object, ports: Readonly<Record<string, string>>): void {
    this.#post({ kind: 'data', to: this.#peer, data: message, ports });
  }

  addEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void {
    this.#events.addEventListener(type, listener as (event: Event) => void);
  }

  removeEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void {
    this.#events.removeEventListener(type, listener as (event: Event) => void);
  }

  /** Greets the other end, which keeps its messages until then. */
  start(): void {
    if (this.#channel || !this.#queue) return;
    this.#channel = this.#open(this.name);
    this.#channel.addEventListener('message', this.#onFrame);
    this.#post({ kind: 'open' });
  }

  close(): void {
    this.#post({ kind: 'close', to: this.#peer });
    this.#shut();
  }

  readonly #onFrame = ({ data: frame }: MessageEvent): void => {
    const { kind, from, id, to, data, ports } = (fieldsOf(frame) ?? {}) as Partial<Frame>;
    if (from === this.#end || typeof id !== 'string') return;
    if (kind === 'open') {
      if (this.#peer !== undefined && this.#peer !== id) return this.#post({ kind: 'close', to: id });
      this.#peer = id;
      if (to !== this.#id) this.#post({ kind: 'open', to: id });
      this.#flush();
    } else if (kind === 'close') {
      if (to === this.#id || (to === undefined && this.#peer === undefined)) this.#shut();
    } else if (kind === 'data' && id === this.#peer && to === this.#id) {
      this.#events.dispatchEvent(new MessageEvent('message', { data: ports ? this.#withPorts(data, ports) : data }));
    }
  };

  #flush(): void {
    const queue = this.#queue;
    if (!queue) return;
    this.#queue = undefined;
    for (const [message, transfer] of queue) this.#send(message, transfer as Transferable[]);
    this.#onOpened();
  }

  #send(message: unknown, transfer: Transferable[]): void {
    if (!transfer.some(isPort)) return this.#post({ kind: 'data', to: this.#peer, data: message });
    const data: Record<string, unknown> = { ...fieldsOf(message) };
    const ports: Record<string, string> = {};
    for (const [field, value] of Object.entries(data)) {
      if (!isPort(value) || !transfer.includes(value)) continue;
      const end = this.#carry(new NamedPort(this.#open, crypto.randomUUID(), 'near'));
      bridge(value, end);
      ports[field] = end.name;
      delete data[field];
    }
    this.#post({ kind: 'data', to: this.#peer, data, ports });
  }

  #withPorts(data: unknown, ports: Readonly<Record<string, string>>): unknown {
    return { ...fieldsOf(data), ...Object.fromEntries(Object.entries(ports).map(([field, name]) => [field, this.#carry(new NamedPort(this.#open, name, 'far'))])) };
  }

  /** Ports that came or went over this port end with it. */
  #carry(port: NamedPort): NamedPort {
    this.#carried.add(port);
    void port.closed.then(() => this.#carried.delete(port));
    return port;
  }

  #post(frame: Omit<Frame, 'from' | 'id'>): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has none: it is of one origin
    this.#channel?.postMessage({ ...frame, from: this.#end, id: this.#id });
  }

  #shut(): void {
    this.#queue = undefined;
    this.#channel?.removeEventListener('message', this.#onFrame);
    this.#channel?.close();
    this.#channel = undefined;
    for (const port of this.#carried) port.close();
    this.#onClosed();
  }
}

/** Forwards messages between the two ports, until the named one is closed. */
function bridge(port: MessagePort, named: NamedPort): void {
  listen(port, (data) => named.postMessage(data, []));
  listen(named, (data) => port.postMessage(data));
  void named.closed.then(() => port.close());
}
